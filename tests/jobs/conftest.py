"""Events, and consumers that note what they were handed."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from cairn.jobs.consumers import Consumer, Consumers
from cairn.platform import audit, outbox
from cairn.platform.models import AuditEntry, OutboxEvent

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
KIND = "thing.happened"


def emit(kind: str = KIND) -> OutboxEvent:
    with transaction.atomic():
        return outbox.emit(kind, organisation_id=None, subject_id=uuid4(), at=NOW)


def note(event: OutboxEvent, now: datetime) -> None:
    """An effect in the database, one row each time."""
    audit.record(
        "test.note",
        organisation_id=None,
        actor_id=None,
        subject_kind="event",
        subject_id=event.subject_id,
        at=now,
    )


def noted(subject_id: UUID) -> int:
    return AuditEntry.objects.filter(subject_id=subject_id).count()


def consumed_by(*runs: Callable[[OutboxEvent, datetime], None]) -> Consumers:
    return {KIND: tuple(Consumer(f"consumer-{n}", run) for n, run in enumerate(runs))}


@pytest.fixture
def event(db: None) -> OutboxEvent:
    return emit()
