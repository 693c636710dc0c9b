"""The decision to give one learner a badge: to whom, when, with what result and evidence.

Source: Open Badges 3.0, appendices B.1.2 (AchievementSubject), B.1.13 (Evidence), B.1.16
(IdentityObject) and section 8.6 (hashing of identities).

An IdentityObject has no property for a name in clear.  The practice of Open Badges 3.0, followed
here, is an entry of type `name` that is not hashed, with the name as its `identityHash`.
"""

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from cairn.core.errors import Malformed
from cairn.core.openbadges.parts import Image
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import Result
from cairn.core.openbadges.rules import (
    EMAIL,
    Credits,
    IdentifierType,
    Iri,
    Line,
    Moment,
    Prose,
    Truth,
)
from cairn.core.openbadges.terms import Part, check_terms

MIN_SALT = 8  # characters: a shared or guessable salt makes e-mails searchable


@dataclass(frozen=True, slots=True)
class IdentityObject(Part):
    """One thing by which the learner is known, in clear or hashed."""

    TYPE: ClassVar[str] = "IdentityObject"
    TYPE_IS_ARRAY: ClassVar[bool] = False

    hashed: Truth
    identity_hash: Line
    identity_type: IdentifierType
    salt: Line = ""

    def __post_init__(self) -> None:
        check_terms(self)


@dataclass(frozen=True, slots=True)
class Evidence(Part):
    """Something that shows the achievement; `id` is its address."""

    TYPE: ClassVar[str] = "Evidence"
    MAY_BE_IRI: ClassVar[bool] = True

    id: Iri = ""
    name: Line = ""
    description: Prose = ""
    narrative: Prose = ""
    genre: Line = ""
    audience: Line = ""

    def __post_init__(self) -> None:
        check_terms(self)
        said = (self.id, self.name, self.description, self.narrative, self.genre, self.audience)
        if not any(said):
            raise Malformed("says nothing; give its address or a narrative")


@dataclass(frozen=True, slots=True)
class Award(Part):
    """One award; terms are those of the subject, but for the dates and evidence of the credential.

    `id` is the learner's DID, only for a credential that a wallet asked to bind to itself.
    """

    TYPE: ClassVar[str] = "AchievementSubject"

    valid_from: Moment
    valid_until: Moment = ""
    awarded_date: Moment = ""
    id: Iri = ""
    identifier: tuple[IdentityObject, ...] = ()
    activity_start_date: Moment = ""
    activity_end_date: Moment = ""
    credits_earned: Credits = None
    role: Line = ""
    term: Line = ""
    license_number: Line = ""
    narrative: Prose = ""
    image: Image | None = None
    source: Profile | None = None
    result: tuple[Result, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        check_terms(self)
        if not (self.id or self.identifier):
            raise Malformed("names nobody; give a name, an e-mail address or a DID", "/identifier")
        # moments have one form, so their order is that of their characters
        if self.valid_until and self.valid_until <= self.valid_from:
            raise Malformed(f"is not after validFrom, {self.valid_from}; correct it", "/validUntil")
        start, end = self.activity_start_date, self.activity_end_date
        if start and end and end < start:
            raise Malformed(f"is before activityStartDate, {start}; correct it", "/activityEndDate")


def recipient(
    *, name: str = "", email: str = "", salt: str = "", others: tuple[IdentityObject, ...] = ()
) -> tuple[IdentityObject, ...]:
    """The identities of a learner; `name` is "" where names are switched off.

    `salt` is the caller's: fresh and random for every credential.  Raises `Malformed`.
    """
    named = (IdentityObject(False, name, "name"),) if name else ()
    return named + ((email_identity(email, salt),) if email else ()) + others


def email_identity(email: str, salt: str) -> IdentityObject:
    """An e-mail address that can be compared but not read: trimmed, lower case, salted, hashed."""
    folded = email.strip().lower()
    if flaw := EMAIL.flaw(folded):
        raise Malformed(flaw, "/email")
    return hashed_identity(folded, "emailAddress", salt)


def hashed_identity(value: str, identity_type: str, salt: str) -> IdentityObject:
    """`value` as `sha256$` and the hex digest of it with `salt` after it.  Raises `Malformed`."""
    if len(salt) < MIN_SALT:
        raise Malformed(f"is shorter than {MIN_SALT} characters; draw a longer one", "/salt")
    return IdentityObject(True, identity_hash(value, salt), identity_type, salt)


def identity_hash(value: str, salt: str) -> str:
    """`value` as an `identityHash` says it, hashed with a salt that was looked at."""
    return f"sha256${hashlib.sha256((value + salt).encode()).hexdigest()}"
