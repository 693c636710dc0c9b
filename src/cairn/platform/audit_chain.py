"""What the seals upon the audit say: pure rules, the same for sealing and for checking.

A seal is SHA-256 over a domain tag, the seal before it (32 zero bytes for the first) and the JCS
form (RFC 8785) of {chain, sequence, sealed_at, entry}; so no entry, and no seal, can be changed,
left out, put in or moved without changing every later one.  Whoever keeps the newest seal of a
chain elsewhere can tell later that nothing before it was rewritten.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from cairn.core.codec.jcs import canonicalize
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed

INSTALLATION = UUID(int=0)  # the chain of entries that belong to no organisation
BEFORE_THE_FIRST = "0" * 64
COLUMNS = ("organisation_id", "actor_id", "action", "subject_kind", "subject_id", "at", "details")
_TAG = b"cairn audit seal v1\n"
_HEAD = "cairn-audit-v1"
_SAFE = 2**53  # whole numbers that every reader of JSON keeps whole
_MARK = 8  # hexadecimal digits a column: enough to tell which one differs


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit as it stands in its table."""

    id: int
    organisation_id: UUID | None
    actor_id: UUID | None
    action: str
    subject_kind: str
    subject_id: UUID
    at: datetime
    details: Json

    @property
    def chain(self) -> UUID:
        """The chain that it belongs to."""
        return self.organisation_id or INSTALLATION

    def said(self) -> dict[str, Json]:
        """Its columns as they are hashed."""
        return {
            "organisation_id": str(self.organisation_id) if self.organisation_id else None,
            "actor_id": str(self.actor_id) if self.actor_id else None,
            "action": self.action,
            "subject_kind": self.subject_kind,
            "subject_id": str(self.subject_id),
            "at": _moment(self.at),
            "details": self.details,
        }

    def marks(self) -> str:
        """A few digits of the digest of each column, in the order of `COLUMNS`."""
        said = self.said()
        return "".join(
            hashlib.sha256(canonical(said[name])).hexdigest()[:_MARK] for name in COLUMNS
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal of a chain: what to keep elsewhere."""

    chain: UUID
    sequence: int
    sha256: str

    def __str__(self) -> str:
        return f"{_HEAD} {self.chain} {self.sequence} {self.sha256}"

    @classmethod
    def read(cls, line: str) -> "Head":
        """What `str` wrote; words after it are left.  Raises `Malformed`."""
        parts = line.split()
        try:
            tag, chain, sequence, sha256 = parts[:4]
            found = cls(UUID(chain), int(sequence), sha256)
        except ValueError as err:
            raise Malformed(f"{line!r:.200} is no head of the audit") from err
        if tag != _HEAD or len(sha256) != len(BEFORE_THE_FIRST) or found.sequence < 1:
            raise Malformed(f"{line!r:.200} is no head of the audit")
        return found


def seal_of(entry: Entry, *, chain: UUID, sequence: int, before: str, sealed_at: datetime) -> str:
    """The seal upon `entry` at this place of `chain`, whose seal before it is `before`."""
    said: dict[str, Json] = {
        "chain": str(chain),
        "sequence": sequence,
        "sealed_at": _moment(sealed_at),
        "entry": {"id": entry.id, **entry.said()},
    }
    return hashlib.sha256(_TAG + bytes.fromhex(before) + canonical(said)).hexdigest()


def canonical(value: Json) -> bytes:
    """The JCS form of `value`; by a writer six times as fast where both write the same.

    That is where no number is a fraction or large, and no key beyond ASCII, whose order they see
    differently.
    """
    if _is_plain(value):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return canonicalize(value)


def differing(entry: Entry, marks: str) -> list[str]:
    """The columns in which `entry` is not what it was when its seal took these marks."""
    now = entry.marks()
    places = ((name, slice(i * _MARK, (i + 1) * _MARK)) for i, name in enumerate(COLUMNS))
    return [name for name, place in places if now[place] != marks[place]]


def _is_plain(value: Json) -> bool:
    if isinstance(value, dict):
        return all(key.isascii() and _is_plain(each) for key, each in value.items())
    if isinstance(value, int):
        return -_SAFE < value < _SAFE
    return value is None or isinstance(value, str)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
