"""What exactly is approved: a digest over all that the credentials of a batch will say.

Rows → one digest each → parts of 1,000 rows → the plan.  So the signer can check a chunk by the
parts it touches, and the parts by the plan, without reading the other rows.  Each step has a tag of
its own, so that a digest of one kind is never one of another.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from cairn.core.codec import timestamps
from cairn.core.codec.jcs import canonicalize
from cairn.core.codec.strict_json import Json
from cairn.core.openbadges.terms import to_json
from cairn.issuing.documents import Described
from cairn.issuing.models import Batch, BatchRow

PART_ROWS = 1000
DIGEST_BYTES = 32
_ROW, _PART, _PARTS = b"cairn approved row 1\0", b"cairn approved part 1\0", b"cairn parts 1\0"
_PLAN, _CHALLENGE = b"cairn approved plan 1\0", b"cairn batch approval 1\0"
COLUMNS = ("id", "number", "email", "name", "student_number", "said")


@dataclass(frozen=True, slots=True)
class Part:
    """The digests of some rows, in their order."""

    first_row: int
    last_row: int
    row_digests: bytes

    @property
    def digest(self) -> bytes:
        return part_digest(self.row_digests)


def row_digest(row: BatchRow) -> bytes:
    """Over what a row says: who it is about, and all that its credential will say of them."""
    said = (str(row.id), row.number, row.email, row.name, row.student_number, row.said)
    return hashlib.sha256(_ROW + _spelt(said).encode()).digest()


# Of rows there are many, and RFC 8785 in Python takes six times as long.  Sorted keys, no
# spaces and ASCII are one spelling too; numbers are as Python writes them: 1 and 1.0 differ.
_spelt = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def part_digest(row_digests: bytes) -> bytes:
    """Over the digests of the rows of a part, one after the other."""
    return hashlib.sha256(_PART + row_digests).digest()


def parts_of(batch: Batch) -> Iterator[Part]:
    """The rows of `batch` that are ready, as parts; one query, read as it goes."""
    # Not `batch.rows`: it would ask for the column `batch` of each row by itself.
    ready = BatchRow.objects.filter(batch=batch, state=BatchRow.State.READY)
    ready = ready.order_by("number").only(*COLUMNS)
    for rows in _batched(ready.iterator(chunk_size=PART_ROWS)):
        digests = b"".join(map(row_digest, rows))
        yield Part(rows[0].number, rows[-1].number, digests)


def plan_digest(batch: Batch, *, row_count: int, part_digests: bytes) -> bytes:
    """Over the rows, what they share, and who brought them: 0 queries if `batch` has its version.

    Raises `Malformed` if the version is not written in the language of the batch.
    """
    described = Described.of(batch.version, batch.language, batch.issuer)
    plan: dict[str, Json] = {
        "batch": str(batch.id),
        "issuer": str(batch.issuer_id),
        "version": str(batch.version_id),
        "run": _id(batch.offering_id),
        "language": batch.language,
        "namesLearner": batch.version.names_learner,
        "achievement": to_json(described.achievement),
        "issuerProfile": to_json(described.issuer),
        "uploadedBy": _id(batch.uploaded_by_id),
        "submittedBy": _id(batch.submitted_by_id),
        "rows": row_count,
        "parts": hashlib.sha256(_PARTS + part_digests).hexdigest(),
    }
    return hashlib.sha256(_PLAN + canonicalize(plan)).digest()


def challenge(plan: bytes, *, approver_id: UUID, nonce: str, asked_at: datetime) -> bytes:
    """What the passkey signs: the plan, by whom, once, and when it was asked."""
    asked: dict[str, Json] = {
        "plan": plan.hex(),
        "approver": str(approver_id),
        "nonce": nonce,
        "askedAt": timestamps.write(asked_at),
    }
    return hashlib.sha256(_CHALLENGE + canonicalize(asked)).digest()


def _id(value: UUID | None) -> str:
    return str(value) if value else ""


def _batched(rows: Iterable[BatchRow]) -> Iterator[Sequence[BatchRow]]:
    left = iter(rows)
    while part := list(islice(left, PART_ROWS)):
        yield part
