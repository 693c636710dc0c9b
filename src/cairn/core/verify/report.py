"""What a verification says: checks, facts and one outcome above them.

Source: the product's table of outcomes.  A check is pass, warning, fail or not checked; "could not
reach" is *not checked*, never *fail*.  Sentences live in `cairn.core.wording`, keyed by the values
of `CheckId` and `Reason`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Result(StrEnum):
    """How one check ended."""

    PASS = "pass"  # noqa: S105 - an outcome of a check, not a password
    WARNING = "warning"
    FAIL = "fail"
    NOT_CHECKED = "not_checked"


class CheckId(StrEnum):
    """What is checked, in the order in which a report lists it."""

    CONTEXT = "context"
    DOCUMENT = "document"
    PROOF = "proof"
    ISSUER = "issuer"
    VALIDITY = "validity"
    STATUS = "status"
    REPLACEMENT = "replacement"
    REGISTER = "register"
    ENDORSEMENTS = "endorsements"
    HOLDER = "holder"


class Reason(StrEnum):
    """Why a check ended as it did; each belongs to one check and has one sentence."""

    CONTEXT_KNOWN = "context_known"
    CONTEXT_UNKNOWN = "context_unknown"  # facts: url
    CONTEXT_INLINE = "context_inline"  # facts: path
    CONTEXT_ORDER = "context_order"  # facts: sequence
    DOCUMENT_COVERED = "document_covered"
    DOCUMENT_UNCOVERED = "document_uncovered"  # facts: path, problem
    PROOF_HOLDS = "proof_holds"  # facts: cryptosuite, method
    PROOF_MISMATCH = "proof_mismatch"  # facts: cryptosuite, method
    PROOF_MISSING = "proof_missing"
    PROOF_UNREADABLE = "proof_unreadable"  # facts: problem
    PROOF_EXPIRED = "proof_expired"  # facts: expires
    PROOF_UNSUPPORTED = "proof_unsupported"  # facts: cryptosuite
    PROOF_KEY_UNOBTAINABLE = "proof_key_unobtainable"  # facts: method, problem
    ISSUER_CONTROLS_KEY = "issuer_controls_key"  # facts: issuer
    ISSUER_OTHER_KEY = "issuer_other_key"  # facts: issuer, controller
    ISSUER_KEY_NOT_FOR_ASSERTIONS = "issuer_key_not_for_assertions"  # facts: issuer, method
    ISSUER_KEY_REVOKED = "issuer_key_revoked"  # facts: method, since
    ISSUER_NOT_CHECKED = "issuer_not_checked"
    VALIDITY_CURRENT = "validity_current"  # facts: since, until
    VALIDITY_OPEN_ENDED = "validity_open_ended"  # facts: since
    VALIDITY_NOT_YET = "validity_not_yet"  # facts: since
    VALIDITY_EXPIRED = "validity_expired"  # facts: until
    STATUS_NONE = "status_none"
    STATUS_GOOD = "status_good"  # facts: purposes, as_of
    STATUS_REVOKED = "status_revoked"  # facts: as_of
    STATUS_SUSPENDED = "status_suspended"  # facts: as_of
    STATUS_NEWER_AVAILABLE = "status_newer_available"  # facts: as_of
    STATUS_UNOBTAINABLE = "status_unobtainable"  # facts: url, problem
    STATUS_LIST_INVALID = "status_list_invalid"  # facts: url, problem
    STATUS_LIST_EXPIRED = "status_list_expired"  # facts: url, until
    STATUS_ROLLED_BACK = "status_rolled_back"  # facts: url, seen, got
    STATUS_UNSUPPORTED = "status_unsupported"  # facts: type
    STATUS_NOT_CHECKED = "status_not_checked"
    REPLACED = "replaced"  # facts: replacement
    REPLACEMENT_NOT_CHECKED = "replacement_not_checked"  # facts: url, problem
    REGISTER_LISTED = "register_listed"  # facts: issuer, register, operator
    REGISTER_NOT_LISTED = "register_not_listed"  # facts: issuer, registers
    REGISTER_NONE_ASKED = "register_none_asked"  # facts: issuer
    ENDORSEMENTS_NOT_CHECKED = "endorsements_not_checked"  # facts: count
    HOLDER_UNPROVEN = "holder_unproven"  # facts: recipient
    HOLDER_MATCHES = "holder_matches"  # facts: recipient, matched
    HOLDER_DIFFERS = "holder_differs"  # facts: recipient, matched


class Outcome(StrEnum):
    """The one answer above the checks.  Only `ALTERED` is red."""

    IN_FORCE = "in_force"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    EXPIRED = "expired"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"
    NOT_CHECKED = "could_not_be_checked"
    NO_CREDENTIAL = "no_credential"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: which, how it ended, why, and the values its sentence names."""

    id: CheckId
    result: Result
    reason: Reason
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the credential says of itself, "" where it says nothing; a stranger's words all."""

    credential_id: str = ""
    title: str = ""
    achievement_id: str = ""
    issuer_id: str = ""
    issuer_name: str = ""
    recipient: str = ""
    valid_from: str = ""
    valid_until: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to "is this true?"."""

    outcome: Outcome
    checks: tuple[Check, ...]
    facts: Facts
    checked_at: str  # YYYY-MM-DDTHH:MM:SSZ
