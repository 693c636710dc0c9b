"""Write to the audit: one row an act, in the transaction of the act."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.platform.models import AuditEntry
from cairn.platform.outbox import Plain


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
