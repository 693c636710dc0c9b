"""The queue in the database: events become deliveries, deliveries are claimed and carried out.

A delivery is claimed in one short transaction, which counts the attempt and sets its due time to
the end of a lease, and carried out in a second one, which its effects share.  A worker that is
killed in between loses nothing: after the lease another one claims the delivery.  A worker that is
killed at work loses its transaction, and so all effects.  Which delivery is claimed, the one due
for longest or one that a broker named, is the business of `engines`.

Two workers never carry out one delivery at the same time: PostgreSQL locks its row for the length
of the second transaction and lets others pass (SKIP LOCKED), SQLite has one writer at a time
(transactions begin IMMEDIATE).  The lease only has to outlast the gap between the two.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from cairn.core.errors import CairnError, Unobtainable
from cairn.jobs.boundary import attempt, place_of
from cairn.jobs.consumers import Consumer, Consumers
from cairn.jobs.models import Delivery
from cairn.platform.models import OutboxEvent

LEASE = timedelta(seconds=10)
# Before each further attempt; after the last one a delivery is parked for the operator.
BACKOFF: tuple[timedelta, ...] = (
    timedelta(seconds=2),
    timedelta(seconds=15),
    timedelta(minutes=2),
    timedelta(minutes=10),
)
MAX_ATTEMPTS = len(BACKOFF) + 1
# Attempts of which nobody heard again, failed ones included: this delivery kills who works on it.
MAX_CLAIMS = 2 * MAX_ATTEMPTS
_RELAY_AT_ONCE = 100  # events
_PROBLEM_CHARACTERS = 500
_State = Delivery.State
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this worker may carry out, as long as nobody claimed it again."""

    delivery_id: int
    attempt: int  # from 1
    kind: str
    consumer: str


def has_work(now: datetime) -> bool:
    """Whether there is anything to relay or to claim.  Two reads at most, and no lock.

    An idle worker that asked by `relay` and `claim` would take SQLite's only write lock each time.
    """
    is_due = Delivery.objects.filter(state=_State.WAITING, due_at__lte=now)
    return has_events() or is_due.exists()


def has_events() -> bool:
    """Whether there is anything to relay.  One read, and no lock."""
    return OutboxEvent.objects.filter(is_relayed=False).exists()


def relay(consumers: Consumers, now: datetime) -> int:
    """Write the deliveries of events that have none yet; how many events there were, at most 100.

    Events of kinds that nobody consumes get none.
    """
    with transaction.atomic():
        events = list(
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(is_relayed=False)
            .order_by("id")[:_RELAY_AT_ONCE]
        )
        Delivery.objects.bulk_create(
            [
                Delivery(event=event, consumer=consumer.name, due_at=_due(event, consumer, now))
                for event in events
                for consumer in consumers.get(event.kind, ())
            ],
            ignore_conflicts=True,
        )
        OutboxEvent.objects.filter(id__in=[event.id for event in events]).update(is_relayed=True)
    return len(events)


def _due(event: OutboxEvent, consumer: Consumer, now: datetime) -> datetime:
    return event.at + consumer.delay if consumer.delay else now


def claim(now: datetime) -> Claim | None:
    """The delivery that has been due for longest, None if there is none that nobody works on."""
    return _claim(Delivery.objects.order_by("due_at", "id"), now)


def claim_named(delivery_id: int, now: datetime) -> Claim | None:
    """This delivery, None if it is done, not due, somebody else's or unknown here."""
    return _claim(Delivery.objects.filter(id=delivery_id), now)


@transaction.atomic
def _claim(wanted: QuerySet[Delivery], now: datetime) -> Claim | None:
    found = (
        wanted.select_for_update(skip_locked=True, of=("self",))
        .select_related("event")
        .filter(state=_State.WAITING, due_at__lte=now)
        .first()
    )
    if found is None:
        return None
    found.attempts += 1
    found.due_at, found.sent_at = now + LEASE, None
    found.save(update_fields=["attempts", "due_at", "sent_at"])
    return Claim(found.id, found.attempts, found.event.kind, found.consumer)


def carry_out(claimed: Claim, consumers: Consumers, now: datetime) -> bool:
    """Hand the event to its consumer; whether that went well, or was somebody else's by now.

    A consumer that raises is tried again later, and parked after `MAX_ATTEMPTS`.
    """
    consumer = _consumer(claimed, consumers)
    problem: Exception | None
    if claimed.attempt > MAX_CLAIMS:
        problem = Unobtainable(f"no worker outlived it in {MAX_CLAIMS} attempts")
    else:
        problem = attempt(lambda: _hand_over(claimed, consumer, now))
    if problem is not None:
        _put_back(claimed, consumer, problem, now)
    return problem is None


def _hand_over(claimed: Claim, consumer: Consumer | None, now: datetime) -> None:
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .filter(id=claimed.delivery_id, state=_State.WAITING, attempts=claimed.attempt)
            .first()
        )
        if delivery is None:  # the lease ran out, and another worker has it
            return
        if consumer is None:
            raise Unobtainable(f"this version has no consumer {claimed.consumer!r}")
        consumer.run(delivery.event, now)
        delivery.state, delivery.done_at, delivery.problem = _State.DONE, now, ""
        delivery.save(update_fields=["state", "done_at", "problem"])


def failed() -> Iterable[Delivery]:
    """The deliveries that were parked, with their events, oldest first.  One query."""
    return Delivery.objects.select_related("event").filter(state=_State.FAILED).order_by("id")


def retry(delivery_ids: Iterable[int], now: datetime) -> int:
    """Let parked deliveries be tried again, as if for the first time; how many there were."""
    parked = Delivery.objects.filter(id__in=list(delivery_ids), state=_State.FAILED)
    return parked.update(state=_State.WAITING, attempts=0, due_at=now, sent_at=None)


def _consumer(claimed: Claim, consumers: Consumers) -> Consumer | None:
    known = consumers.get(claimed.kind, ())
    return next((consumer for consumer in known if consumer.name == claimed.consumer), None)


def _put_back(claimed: Claim, consumer: Consumer | None, err: Exception, now: datetime) -> None:
    """Note the problem, and when to try again."""
    problem = _problem(err)
    is_last = claimed.attempt >= MAX_ATTEMPTS
    _log.warning(
        "delivery %d (%s to %s), attempt %d%s: %s",
        claimed.delivery_id,
        claimed.kind,
        claimed.consumer,
        claimed.attempt,
        ", the last" if is_last else "",
        place_of(err),
    )
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("event")
            .filter(id=claimed.delivery_id, state=_State.WAITING, attempts=claimed.attempt)
            .first()
        )
        if delivery is None:
            return
        delivery.problem = problem
        if is_last:
            delivery.state = _State.FAILED
            if consumer is not None and consumer.give_up is not None:
                consumer.give_up(delivery.event, problem, now)
        else:
            delivery.due_at = now + BACKOFF[claimed.attempt - 1]
        delivery.save(update_fields=["problem", "state", "due_at"])


def _problem(err: Exception) -> str:
    """What an operator reads.  Our own messages are fit to be shown, others' may quote anybody."""
    text = str(err) if isinstance(err, CairnError) else ""
    return (text or place_of(err))[:_PROBLEM_CHARACTERS]
