"""The small objects of Open Badges 3.0 that others are made of.

Source: Open Badges 3.0, appendix B.1; terms as the 3.0.3 context defines them for each type.
"""

from dataclasses import dataclass
from typing import ClassVar

from cairn.core.errors import Malformed
from cairn.core.openbadges.rules import (
    IdentifierType,
    Iri,
    Language,
    Latitude,
    Line,
    Longitude,
    Prose,
    TargetType,
)
from cairn.core.openbadges.terms import Part, check_terms


@dataclass(frozen=True, slots=True)
class Image(Part):
    """A picture, by address or as a `data:` IRI."""

    TYPE: ClassVar[str] = "Image"
    TYPE_IS_ARRAY: ClassVar[bool] = False
    MAY_BE_IRI: ClassVar[bool] = True

    id: Iri
    caption: Prose = ""

    def __post_init__(self) -> None:
        check_terms(self)


@dataclass(frozen=True, slots=True)
class IdentifierEntry(Part):
    """A name that some register has for an achievement or an organisation."""

    TYPE: ClassVar[str] = "IdentifierEntry"
    TYPE_IS_ARRAY: ClassVar[bool] = False

    identifier: Line
    identifier_type: IdentifierType

    def __post_init__(self) -> None:
        check_terms(self)


@dataclass(frozen=True, slots=True)
class Alignment(Part):
    """A node of a framework (a skill, a level) that an achievement or a level of it stands for."""

    TYPE: ClassVar[str] = "Alignment"

    target_name: Line
    target_url: Iri
    target_code: Line = ""
    target_description: Prose = ""
    target_framework: Line = ""
    target_type: TargetType = ""

    def __post_init__(self) -> None:
        check_terms(self)


@dataclass(frozen=True, slots=True)
class Related(Part):
    """Another achievement: another version, or the same one in another language."""

    TYPE: ClassVar[str] = "Related"

    id: Iri
    in_language: Language = ""
    version: Line = ""

    def __post_init__(self) -> None:
        check_terms(self)


@dataclass(frozen=True, slots=True)
class Criteria(Part):
    """What must be done to earn the achievement: a page, a text, or both."""

    MAY_BE_IRI: ClassVar[bool] = True

    id: Iri = ""
    narrative: Prose = ""

    def __post_init__(self) -> None:
        check_terms(self)
        if not (self.id or self.narrative):  # an empty object would be signed by nobody
            raise Malformed("say nothing; give a narrative or the address of a page")


@dataclass(frozen=True, slots=True)
class GeoCoordinates(Part):
    """A position, in degrees of WGS 84."""

    TYPE: ClassVar[str] = "GeoCoordinates"
    TYPE_IS_ARRAY: ClassVar[bool] = False

    latitude: Latitude
    longitude: Longitude

    def __post_init__(self) -> None:
        check_terms(self)


@dataclass(frozen=True, slots=True)
class Address(Part):
    """Where an organisation is."""

    TYPE: ClassVar[str] = "Address"

    address_country: Line = ""
    address_country_code: Line = ""  # ISO 3166-1 alpha-2
    address_region: Line = ""
    address_locality: Line = ""
    street_address: Line = ""
    post_office_box_number: Line = ""
    postal_code: Line = ""
    geo: GeoCoordinates | None = None

    def __post_init__(self) -> None:
        check_terms(self)
