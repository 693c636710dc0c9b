"""Who issues, creates or vouches for an achievement.

Source: Open Badges 3.0, appendix B.1.20.  Endorsements are signed documents of their own and are
not a part of this value.  A person's date of birth (`dateOfBirth`) is left out on purpose: an
issuer's profile is published with every badge.
"""

from dataclasses import dataclass
from typing import ClassVar, Optional

from cairn.core.errors import Malformed
from cairn.core.openbadges.parts import Address, IdentifierEntry, Image
from cairn.core.openbadges.rules import Email, Iri, Line, Prose
from cairn.core.openbadges.terms import Part, check_terms

MAX_PARENTS = 4


@dataclass(frozen=True, slots=True)
class Profile(Part):
    """An organisation or a person, described by nobody but the issuer who writes it down."""

    TYPE: ClassVar[str] = "Profile"
    MAY_BE_IRI: ClassVar[bool] = True

    id: Iri
    name: Line = ""
    description: Prose = ""
    url: Iri = ""
    email: Email = ""
    phone: Line = ""
    official: Line = ""  # who signs in the organisation's name
    image: Image | None = None
    address: Address | None = None
    other_identifier: tuple[IdentifierEntry, ...] = ()
    parent_org: Optional["Profile"] = None
    family_name: Line = ""
    given_name: Line = ""
    additional_name: Line = ""
    patronymic_name: Line = ""
    honorific_prefix: Line = ""
    honorific_suffix: Line = ""
    family_name_prefix: Line = ""

    def __post_init__(self) -> None:
        check_terms(self)
        parent, depth = self.parent_org, 1
        while parent is not None:
            if depth > MAX_PARENTS:
                raise Malformed(
                    f"has more than {MAX_PARENTS} above it; leave some out", "/parentOrg"
                )
            parent, depth = parent.parent_org, depth + 1
