"""One version of an achievement: what a badge is awarded for.

Source: Open Badges 3.0, appendix B.1.1, without `endorsement` and `endorsementJwt`: endorsements
are signed documents of their own and are joined to it elsewhere.
"""

from dataclasses import dataclass
from typing import ClassVar

from cairn.core.openbadges.parts import Alignment, Criteria, IdentifierEntry, Image, Related
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import ResultDescription
from cairn.core.openbadges.rules import AchievementType, Credits, Iri, Language, Line, Prose
from cairn.core.openbadges.terms import Part, check_terms, refuse_shared_ids, to_json


@dataclass(frozen=True, slots=True)
class Achievement(Part):
    """A published version, in one language; a change of any word is another version."""

    TYPE: ClassVar[str] = "Achievement"

    id: Iri
    name: Line
    description: Prose
    criteria: Criteria
    achievement_type: AchievementType = ""
    in_language: Language = ""
    version: Line = ""
    human_code: Line = ""
    field_of_study: Line = ""
    specialization: Line = ""
    credits_available: Credits = None
    image: Image | None = None
    creator: Profile | None = None
    tag: tuple[Line, ...] = ()
    alignment: tuple[Alignment, ...] = ()
    result_description: tuple[ResultDescription, ...] = ()
    related: tuple[Related, ...] = ()
    other_identifier: tuple[IdentifierEntry, ...] = ()

    def __post_init__(self) -> None:
        check_terms(self)
        refuse_shared_ids(to_json(self))
