"""Check the audit against its seals: what was altered, is missing, or was put in afterwards.

Streams: one page of seals and its entries is in memory at a time.  Who can rewrite the database can
rewrite every seal as well; that is found by a head that was kept elsewhere, and by nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from cairn.platform.audit_chain import BEFORE_THE_FIRST, Entry, Head, differing, seal_of
from cairn.platform.audit_sealing import read, unsealed
from cairn.platform.models import AuditEntry, AuditSeal

# An entry says when its act was; sealing follows within minutes, or when the jobs run again.
LATE = timedelta(hours=1)
_PAGE = 5000  # seals
_AT_ONCE = 900  # ids in one statement: SQLite takes 999


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed."""

    chain: UUID
    sequence: int  # 0: it has no place in the chain
    entry_id: int | None
    at: datetime | None  # when the entry said it was
    what: str


def chains() -> list[UUID]:
    """All chains that have a seal."""
    found = AuditSeal.objects.order_by("chain").values_list("chain", flat=True)
    return list(found.distinct())


def check_chain(chain: UUID, kept: Mapping[UUID, Head] | None = None) -> Iterator[Finding]:
    """What is wrong in one chain, first things first; nothing if it is whole.

    `kept`: heads that were kept elsewhere.
    """
    check = _Check(chain, (kept or {}).get(chain))
    yield from check.findings()


def check_unsealed(chains: Iterable[UUID] | None = None) -> Iterator[Finding]:
    """Entries without a seal that were put in after the sealer had passed their time.

    What was written since it ran last waits for it, and is nothing wrong.
    """
    passed = AuditSeal.objects.aggregate(Max("sealed_at"))["sealed_at__max"]
    if passed is None:
        return
    wanted = None if chains is None else frozenset(chains)
    for entry in read(unsealed().filter(at__lt=passed - LATE).order_by("id")[:_PAGE]):
        if wanted is None or entry.chain in wanted:
            yield Finding(entry.chain, 0, entry.id, entry.at, "has no seal: put in afterwards")


def count_waiting() -> int:
    """How many entries have no seal yet."""
    return unsealed().count()


class _Check:
    """One pass over a chain."""

    def __init__(self, chain: UUID, kept: Head | None) -> None:
        self._chain = chain
        self._kept = kept
        self._sequence = 0
        self._before: str | None = BEFORE_THE_FIRST  # None: the seal before is not there
        # When the sealer ran last, and the time before that.
        self._ran: datetime | None = None
        self._ran_before: datetime | None = None

    def findings(self) -> Iterator[Finding]:
        """What is wrong, in the order of the chain."""
        while page := self._page():
            entries = _entries([seal.entry_id for seal in page])
            for seal in page:
                yield from self._seal(seal, entries.get(seal.entry_id))
        if self._kept is not None and self._kept.sequence > self._sequence:
            yield Finding(
                self._chain,
                self._kept.sequence,
                None,
                None,
                f"the kept head is missing: the chain ends at {self._sequence}",
            )

    def _page(self) -> list[AuditSeal]:
        rows = AuditSeal.objects.filter(chain=self._chain, sequence__gt=self._sequence)
        return list(rows.order_by("sequence")[:_PAGE])

    def _seal(self, seal: AuditSeal, entry: Entry | None) -> Iterator[Finding]:
        if seal.sequence != self._sequence + 1:
            missing = f"the seals {self._sequence + 1} to {seal.sequence - 1} are missing"
            yield Finding(self._chain, self._sequence + 1, None, None, missing)
            self._before = None
        if entry is None:
            yield self._finding(seal, "is missing")
        elif not self._fits(seal, entry):
            columns = ", ".join(differing(entry, seal.marks))
            yield self._finding(
                seal, f"was altered: {columns}" if columns else "fits, but its seal was altered"
            )
        elif self._is_late(seal):
            yield self._finding(seal, "was put in afterwards: the sealer had passed its time")
        kept = self._kept
        if kept is not None and kept.sequence == seal.sequence and kept.sha256 != seal.sha256:
            yield self._finding(seal, "has another seal than the kept head: it was rewritten")
        self._pass(seal)

    def _fits(self, seal: AuditSeal, entry: Entry) -> bool:
        if self._before is None:  # what the seal was made over is gone
            return not differing(entry, seal.marks)
        return seal.sha256 == seal_of(
            entry,
            chain=seal.chain,
            sequence=seal.sequence,
            before=self._before,
            sealed_at=seal.sealed_at,
        )

    def _is_late(self, seal: AuditSeal) -> bool:
        """Whether an earlier run of the sealer should have found it."""
        earlier = self._ran if self._ran != seal.sealed_at else self._ran_before
        return earlier is not None and earlier - seal.entry_at > LATE

    def _pass(self, seal: AuditSeal) -> None:
        if self._ran != seal.sealed_at:
            self._ran, self._ran_before = seal.sealed_at, self._ran
        self._sequence, self._before = seal.sequence, seal.sha256

    def _finding(self, seal: AuditSeal, what: str) -> Finding:
        return Finding(self._chain, seal.sequence, seal.entry_id, seal.entry_at, what)


def _entries(ids: list[int]) -> dict[int, Entry]:
    return {
        entry.id: entry
        for start in range(0, len(ids), _AT_ONCE)
        for entry in read(AuditEntry.objects.filter(id__in=ids[start : start + _AT_ONCE]))
    }
