"""Write to the outbox.  Reading it is the business of `cairn.jobs`."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.platform.models import OutboxEvent

# A worker in this process waits on it, so that what one request orders is done before the next.
woken = threading.Event()
_after_commit: ContextVar[Callable[[], object] | None] = ContextVar("after_commit", default=None)
_AT_ONCE = 1000  # rows in one statement

Plain = str | int | bool | None


def emit(
    kind: str, /, *, organisation_id: UUID | None, subject_id: UUID, at: datetime, **payload: Plain
) -> OutboxEvent:
    """Record a fact; refuses to run outside a transaction, where it could outlive a rollback."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{kind} emitted outside a transaction")
    event = OutboxEvent.objects.create(
        kind=kind, organisation_id=organisation_id, subject_id=subject_id, at=at, payload=payload
    )
    transaction.on_commit(_wake)
    return event


def emit_each(
    kind: str,
    /,
    *,
    organisation_id: UUID | None,
    subjects: Iterable[tuple[UUID, Mapping[str, Plain]]],
    at: datetime,
) -> None:
    """Record one fact of many subjects, each with its payload: one event a subject."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{kind} emitted outside a transaction")
    OutboxEvent.objects.bulk_create(
        (
            OutboxEvent(
                kind=kind,
                organisation_id=organisation_id,
                subject_id=subject_id,
                at=at,
                payload=dict(payload),
            )
            for subject_id, payload in subjects
        ),
        batch_size=_AT_ONCE,
    )
    transaction.on_commit(_wake)


@contextmanager
def after_each_commit(act: Callable[[], object]) -> Iterator[None]:
    """Inside, `act` in this thread after each transaction that recorded something."""
    token = _after_commit.set(act)
    try:
        yield
    finally:
        _after_commit.reset(token)


def _wake() -> None:
    woken.set()
    act = _after_commit.get()
    if act is not None:
        act()
