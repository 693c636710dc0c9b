"""Seal the entries of the audit, after they were written: one chain an organisation.

What is sealed is what has no seal yet, not what is newer than the last seal: a slow transaction
commits late with a low id, and is sealed all the same.  The order of sealing is the sequence.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from cairn.platform.audit_chain import BEFORE_THE_FIRST, COLUMNS, INSTALLATION, Entry, Head, seal_of
from cairn.platform.models import AuditEntry, AuditSeal

# Further back than this `seal_recent` doesn't look: what commits so late waits for `seal_all`.
RECENT = 50_000  # entries
_AT_ONCE = 2000  # entries in one transaction


def seal_recent(now: datetime) -> int:
    """Seal what has no seal among the newest entries; how many there were.

    Its cost does not grow with the audit.
    """
    newest = AuditSeal.objects.aggregate(Max("entry_id"))["entry_id__max"] or 0
    return _seal(unsealed().filter(id__gt=newest - RECENT), now)


def seal_all(now: datetime) -> int:
    """Seal everything that has no seal; how many entries there were.  Reads two whole indexes."""
    return _seal(unsealed(), now)


def unsealed() -> QuerySet[AuditEntry]:
    """The entries that have no seal."""
    return AuditEntry.objects.filter(~Exists(AuditSeal.objects.filter(entry_id=OuterRef("id"))))


def heads(chains: Sequence[UUID] | None = None) -> Iterator[Head]:
    """The newest seal of each chain, or of these; two queries for each."""
    found = AuditSeal.objects.order_by("chain").values_list("chain", flat=True).distinct()
    for chain in found if chains is None else chains:
        head = _head(chain)
        if head is not None:
            yield head


def read(entries: QuerySet[AuditEntry]) -> list[Entry]:
    """`entries` as values."""
    return [Entry(*row) for row in entries.values_list("id", *COLUMNS)]


def _seal(waiting: QuerySet[AuditEntry], now: datetime) -> int:
    organisations = waiting.order_by().values_list("organisation_id", flat=True).distinct()
    count = 0
    for organisation_id in list(organisations):
        own = waiting.filter(organisation_id=organisation_id)
        while done := _seal_some(organisation_id or INSTALLATION, own, now):
            count += done
    return count


@transaction.atomic
def _seal_some(chain: UUID, waiting: QuerySet[AuditEntry], now: datetime) -> int:
    _lock(chain)
    head = _head(chain)
    sequence, before = (head.sequence, head.sha256) if head else (0, BEFORE_THE_FIRST)
    seals = []
    for entry in read(waiting.order_by("id")[:_AT_ONCE]):
        sequence += 1
        before = seal_of(entry, chain=chain, sequence=sequence, before=before, sealed_at=now)
        seals.append(
            AuditSeal(
                chain=chain,
                sequence=sequence,
                entry_id=entry.id,
                entry_at=entry.at,
                marks=entry.marks(),
                sha256=before,
                sealed_at=now,
            )
        )
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def _head(chain: UUID) -> Head | None:
    found = AuditSeal.objects.filter(chain=chain).order_by("-sequence")
    row = found.values_list("chain", "sequence", "sha256").first()
    return Head(*row) if row else None


def _lock(chain: UUID) -> None:
    """One at a time for each chain, to the end of the transaction; SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"cairn audit {chain}"]
            )
