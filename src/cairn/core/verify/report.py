"""What a verification says: checks, facts and one outcome above them.

Source: the product's table of outcomes.  A check is pass, warning, fail or not checked; "could not
reach" is *not checked*, never *fail*.  Sentences live in `cairn.core.wording`, keyed by the values
of `CheckId` and `Reason`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

MAX_FACT = 1_000  # characters of one fact


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
    SCHEMA = "schema"
    RESOURCES = "resources"
    ENDORSEMENTS = "endorsements"
    EMBEDDED = "embedded"
    NAMES = "names"
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
    PROOF_FORBIDDEN = "proof_forbidden"  # facts: problem
    PROOF_KEY_UNOBTAINABLE = "proof_key_unobtainable"  # facts: method, problem
    ISSUER_CONTROLS_KEY = "issuer_controls_key"  # facts: issuer
    ISSUER_OTHER_KEY = "issuer_other_key"  # facts: issuer, controller
    ISSUER_KEY_NOT_FOR_ASSERTIONS = "issuer_key_not_for_assertions"  # facts: issuer, method
    ISSUER_KEY_REVOKED = "issuer_key_revoked"  # facts: method, since
    ISSUER_KEYS_UNOBTAINABLE = "issuer_keys_unobtainable"  # facts: issuer, problem
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
    STATUS_MESSAGE = "status_message"  # facts: message, as_of
    STATUS_LIST_ELSEWHERE = "status_list_elsewhere"  # facts: url
    STATUS_UNOBTAINABLE = "status_unobtainable"  # facts: url, problem
    STATUS_LIST_INVALID = "status_list_invalid"  # facts: url, problem
    STATUS_LIST_EXPIRED = "status_list_expired"  # facts: url, until
    STATUS_ROLLED_BACK = "status_rolled_back"  # facts: url, seen, got
    STATUS_UNSUPPORTED = "status_unsupported"  # facts: type
    STATUS_NOT_CHECKED = "status_not_checked"
    REPLACED = "replaced"  # facts: replacement
    REPLACEMENT_NOT_CHECKED = "replacement_not_checked"  # facts: url, problem
    REGISTER_LISTED = "register_listed"  # facts: issuer, register, operator
    REGISTER_LISTED_HERE = "register_listed_here"  # facts: issuer, register, operator
    REGISTER_NOT_LISTED = "register_not_listed"  # facts: issuer, name, registers
    REGISTER_NONE_ASKED = "register_none_asked"  # facts: issuer, name
    ENDORSEMENTS_NOT_CHECKED = "endorsements_not_checked"  # facts: count
    SCHEMA_NOT_CHECKED = "schema_not_checked"  # facts: type, url
    RESOURCES_MATCH = "resources_match"  # facts: count
    RESOURCE_DIFFERS = "resource_differs"  # facts: url
    RESOURCE_NOT_CHECKED = "resource_not_checked"  # facts: url, problem
    ENDORSEMENT_HOLDS = "endorsement_holds"  # facts: issuer, about
    ENDORSEMENT_BY_ISSUER = "endorsement_by_issuer"  # facts: issuer
    ENDORSEMENT_DOUBTFUL = "endorsement_doubtful"  # facts: issuer, path
    ENDORSEMENT_OF_OTHER = "endorsement_of_other"  # facts: issuer, path
    EMBEDDED_IN_FORCE = "embedded_in_force"  # facts: count
    EMBEDDED_DOUBTFUL = "embedded_doubtful"  # facts: count
    EMBEDDED_NOT_CHECKED = "embedded_not_checked"  # facts: count
    ASSOCIATIONS_SHOWN = "associations_shown"  # facts: count
    ASSOCIATIONS_DANGLING = "associations_dangling"  # facts: count
    NAME_BIDI = "name_bidi"  # facts: name
    NAME_ZERO_WIDTH = "name_zero_width"  # facts: name
    NAME_UNREADABLE = "name_unreadable"  # facts: name
    NAME_MIXED_SCRIPTS = "name_mixed_scripts"  # facts: name
    CONTEXT_PLAIN = "context_plain"
    HOSTED_CONFIRMED = "hosted_confirmed"  # facts: url
    HOSTED_DIFFERS = "hosted_differs"  # facts: url, path
    HOSTED_UNOBTAINABLE = "hosted_unobtainable"  # facts: url, problem
    ISSUER_PUBLISHES = "issuer_publishes"  # facts: issuer
    ISSUER_ELSEWHERE = "issuer_elsewhere"  # facts: issuer, url
    ISSUER_UNOBTAINABLE = "issuer_unobtainable"  # facts: url, problem
    HOLDER_UNPROVEN = "holder_unproven"  # facts: recipient
    HOLDER_MATCHES = "holder_matches"  # facts: recipient, matched
    HOLDER_DIFFERS = "holder_differs"  # facts: recipient, matched
    HOLDER_PROVEN = "holder_proven"  # facts: holder
    HOLDER_PROOF_FAILED = "holder_proof_failed"  # facts: holder, problem
    HOLDER_PROOF_ELSEWHERE = "holder_proof_elsewhere"  # facts: holder, problem
    HOLDER_PROOF_NOT_CHECKED = "holder_proof_not_checked"  # facts: holder, problem
    HOLDER_IS_RECIPIENT = "holder_is_recipient"  # facts: holder
    HOLDER_NOT_RECIPIENT = "holder_not_recipient"  # facts: holder, recipient


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

    def __post_init__(self) -> None:
        # A stranger's address may be megabytes long, and a report is kept and sent on.
        for value in self.facts.values():
            if len(value) > MAX_FACT:
                clipped = {name: _clipped(each) for name, each in self.facts.items()}
                object.__setattr__(self, "facts", clipped)
                break


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
    subject_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Embedded:
    """A credential inside another, judged by its own proof alone."""

    path: str  # JSON Pointer into the outer document
    kind: Literal["endorsement", "credential"]
    report: "Report"


@dataclass(frozen=True, slots=True)
class Association:
    """How two achievements in a learner record belong together, as its assembler says."""

    kind: str  # isChildOf, isPartOf, precedes or another's own
    source_id: str
    target_id: str


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to "is this true?"."""

    outcome: Outcome
    checks: tuple[Check, ...]
    facts: Facts
    checked_at: str  # YYYY-MM-DDTHH:MM:SSZ
    embedded: tuple[Embedded, ...] = ()
    associations: tuple[Association, ...] = ()


def _clipped(text: str) -> str:
    return text if len(text) <= MAX_FACT else f"{text[: MAX_FACT - 1]}…"
