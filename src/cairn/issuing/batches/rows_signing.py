"""Signs the rows of a chunk: what is alike from leaves alone, the rest one by one.

No query.  Rows with leaves in the same places are of one kind (`issuing.slots`); what doesn't vary
among those of a kind is written in once for the chunk.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from cairn.core.errors import Malformed
from cairn.core.rdf.outline import Leaf, Uncovered
from cairn.core.rdf.template import picker
from cairn.issuing.batches.planned import Entries
from cairn.issuing.documents import Described
from cairn.issuing.models import Batch
from cairn.issuing.slots import Row, Slots
from cairn.signing.bulk import Alike, BulkSigner, Signed

_FEW = 3  # rows of one kind for which a short way is not worth making

_Kind = list[tuple[Row, tuple[Leaf, ...]]]
_Sign = Callable[[dict[str, Any]], Signed]


@dataclass(slots=True)
class Outcome:
    """What became of the rows of a chunk."""

    signed: list[tuple[Row, Signed]] = field(default_factory=list)
    parked: dict[UUID, str] = field(default_factory=dict)  # by award: why it can't be signed


class RowsSigner:
    """Of one batch; made for a chunk."""

    def __init__(self, batch: Batch, entries: Entries, bulk: BulkSigner) -> None:
        self._batch, self._entries, self._bulk = batch, entries, bulk
        self._described = Described.of(batch.version, batch.language, batch.issuer)
        self._slots = Slots(self._described, batch.version.names_learner)
        self._outcome = Outcome()

    def sign(self, rows: Sequence[Row]) -> Outcome:
        """Sign `rows`; one that can't be signed stops nobody."""
        odd, kinds = self._sorted(rows)
        for places, kind in kinds.items():
            self._sign_kind(places, kind)
        for row in odd:
            self._sign_alone(row)
        return self._outcome

    def _sorted(self, rows: Sequence[Row]) -> tuple[list[Row], dict[tuple[str, ...], _Kind]]:
        odd: list[Row] = []
        kinds: dict[tuple[str, ...], _Kind] = defaultdict(list)
        for row in rows:
            leaves = self._slots.of(row, self._entries.get(row.credential_key, ()))
            if leaves is None:
                odd.append(row)
            else:
                kinds[tuple(leaves)].append((row, tuple(leaves.values())))
        return odd, kinds

    def _sign_kind(self, places: tuple[str, ...], kind: _Kind) -> None:
        varying = _varying([leaves for _, leaves in kind])
        alike = None
        if len(kind) >= _FEW:
            alike = self._alike(kind[0][0], [places[place] for place in varying])
        pick: Callable[[Any], tuple[Any, ...]] = picker(varying)
        last = len(kind) - 1
        for number, (row, leaves) in enumerate(kind):
            if alike is None:
                self._sign_alone(row)
            elif number in (0, last):
                self._sign_alone(row, partial(self._bulk.prove, alike, pick(leaves)))
            elif short := alike.sign(pick(leaves)):
                self._outcome.signed.append((row, short))
            else:
                self._sign_alone(row)

    def _sign_alone(self, row: Row, sign: _Sign | None = None) -> None:
        """Lay the row out and sign it, or say why that can't be."""
        try:
            signed = (sign or self._bulk.sign)(self._document(row))
            self._outcome.signed.append((row, signed))
        except (Malformed, Uncovered) as err:
            self._outcome.parked[row.award_id] = str(err)

    def _alike(self, sample: Row, varying: Sequence[str]) -> Alike | None:
        try:
            return self._bulk.alike(self._document(sample), varying)
        except (Malformed, Uncovered):
            return None  # the sample is parked when it is signed alone

    def _document(self, row: Row) -> dict[str, Any]:
        award = row.award(self._batch.version, self._batch.language)
        entries = self._entries.get(row.credential_key, ())
        return self._described.document(award, row.credential_id, row.salt, entries)


def _varying(leaves: Sequence[tuple[Leaf, ...]]) -> list[int]:
    """The places in which they differ."""
    columns: Iterator[tuple[Leaf, ...]] = zip(*leaves, strict=True)
    # By type too: 1 and True, or 1 and 1.0, are equal and are written differently.
    return [
        place
        for place, column in enumerate(columns)
        if len(set(column)) > 1 or len(set(map(type, column))) > 1
    ]
