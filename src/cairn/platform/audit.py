"""Write to the audit: one row an act, in the transaction of the act."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.platform.models import AuditEntry
from cairn.platform.outbox import Plain

_AT_ONCE = 1000  # rows in one statement


def record(
    action: str,
    *,
    organisation_id: UUID | None,
    actor_id: UUID | None,
    subject_kind: str,
    subject_id: UUID,
    at: datetime,
    **details: Plain,
) -> AuditEntry:
    """Record an act; refuses to run outside a transaction, where it could outlive a rollback."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{action} recorded outside a transaction")
    return AuditEntry.objects.create(
        action=action,
        organisation_id=organisation_id,
        actor_id=actor_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        at=at,
        details=details,
    )


def record_each(
    action: str,
    *,
    organisation_id: UUID | None,
    actor_id: UUID | None,
    subject_kind: str,
    subjects: Iterable[tuple[UUID, Mapping[str, Plain]]],
    at: datetime,
) -> None:
    """Record one act on many subjects, each with its details: one row a subject."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{action} recorded outside a transaction")
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(
                action=action,
                organisation_id=organisation_id,
                actor_id=actor_id,
                subject_kind=subject_kind,
                subject_id=subject_id,
                at=at,
                details=dict(details),
            )
            for subject_id, details in subjects
        ),
        batch_size=_AT_ONCE,
    )
