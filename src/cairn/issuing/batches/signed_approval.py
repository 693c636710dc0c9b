"""Approve a batch by the answer of a passkey: kept and planned in one commit, or neither."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.issuing.batches import services
from cairn.issuing.batches.approval import finish_approval
from cairn.issuing.models import Batch
from cairn.people.models import User


@transaction.atomic
def approve_with_passkey(*, batch_id: UUID, answer: str, actor: User, now: datetime) -> Batch:
    """Approve as `services.approve` does, and as `approval.finish_approval` asks."""
    finish_approval(batch_id=batch_id, answer=answer, actor=actor, now=now)
    return services.approve(batch_id=batch_id, actor=actor, now=now)
