"""What the suite of the engines hands out: events, and consumers that note what they were given.

Consumers run in other processes too, so all they say stands in the database.
"""

import os
import signal
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from cairn.core.errors import Conflict
from cairn.jobs import clock, queue
from cairn.jobs.consumers import Consumer, Consumers
from cairn.jobs.models import Delivery
from cairn.platform import audit, outbox
from cairn.platform.models import AuditEntry, OutboxEvent

NOTE, FAIL, FAIL_ONCE, DIE_ONCE, LATE = (
    f"contract.{name}" for name in ("note", "fail", "fail_once", "die_once", "late")
)


def hasten() -> None:
    """Make leases and pauses short in this process."""
    queue.LEASE = timedelta(seconds=1)
    queue.BACKOFF = (timedelta(milliseconds=50),) * len(queue.BACKOFF)


def emit(kind: str, subject_id: UUID | None = None) -> UUID:
    """Record an event of this kind; its subject."""
    with transaction.atomic():
        return outbox.emit(
            kind, organisation_id=None, subject_id=subject_id or uuid4(), at=clock.now()
        ).subject_id


def effects(subject_id: UUID, action: str = "contract.note") -> int:
    """How many rows consumers have left of an event."""
    return AuditEntry.objects.filter(subject_id=subject_id, action=action).count()


def attempts(subject_id: UUID) -> int:
    """How often its deliveries were tried."""
    found = Delivery.objects.filter(event__subject_id=subject_id)
    return sum(found.values_list("attempts", flat=True))


def _leave(action: str, event: OutboxEvent, now: datetime) -> None:
    audit.record(
        action,
        organisation_id=None,
        actor_id=None,
        subject_kind="event",
        subject_id=event.subject_id,
        at=now,
    )


def _note(event: OutboxEvent, now: datetime) -> None:
    _leave("contract.note", event, now)


def _fail(event: OutboxEvent, now: datetime) -> None:
    _note(event, now)
    raise Conflict("the world moved on")


def _fail_once(event: OutboxEvent, now: datetime) -> None:
    _note(event, now)
    if attempts(event.subject_id) == 1:
        raise Conflict("not yet")


def _die_once(event: OutboxEvent, now: datetime) -> None:
    _note(event, now)
    if attempts(event.subject_id) == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def _give_up(event: OutboxEvent, problem: str, now: datetime) -> None:
    _leave("contract.give_up", event, now)


CONSUMERS: Consumers = {
    NOTE: (Consumer("one", _note), Consumer("other", _note)),
    FAIL: (Consumer("fails", _fail, give_up=_give_up),),
    FAIL_ONCE: (Consumer("fails_once", _fail_once),),
    DIE_ONCE: (Consumer("dies_once", _die_once),),
    LATE: (Consumer("late", _note, delay=timedelta(days=1)),),
}
