"""How the queue does, for the page of the operator: counts, kinds, reasons; never a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Min, Q

from cairn.jobs.models import Delivery, Presence
from cairn.jobs.presence import IS_THERE
from cairn.platform.models import OutboxEvent

SHOWN = 50  # parked deliveries, and those that are tried again
_SAMPLE = 1000  # deliveries whose waits the median is of
_State = Delivery.State


@dataclass(frozen=True, slots=True)
class Depth:
    """How much waits for one consumer."""

    consumer: str
    due: int  # may be carried out now
    under_way: int  # being carried out, or tried again after a pause
    later: int  # on purpose
    oldest: datetime | None  # the event that has been due for longest


@dataclass(frozen=True, slots=True)
class Throughput:
    """What was done lately."""

    last_minute: int
    last_hour: int
    last_day: int
    median_wait: timedelta | None  # from event to done, of the last 1,000 of the last day


@dataclass(frozen=True, slots=True)
class Group:
    """Parked deliveries of one kind of event to one consumer."""

    kind: str
    consumer: str
    count: int


def depth_by_consumer(now: datetime) -> list[Depth]:
    """What waits, by consumer, most first.  1 query."""
    is_due, is_tried = Q(due_at__lte=now), Q(attempts__gt=0)
    rows = (
        Delivery.objects.filter(state=_State.WAITING)
        .values("consumer")
        .annotate(
            due=Count("id", filter=is_due),
            under_way=Count("id", filter=~is_due & is_tried),
            later=Count("id", filter=~is_due & ~is_tried),
            oldest=Min("event__at", filter=is_due),
        )
        .order_by("-due", "consumer")
    )
    return [Depth(**row) for row in rows]


def count_events_to_relay() -> int:
    """Events that no consumer was told of yet.  1 query."""
    return OutboxEvent.objects.filter(is_relayed=False).count()


def throughput(now: datetime) -> Throughput:
    """What was done in the last minute, hour and day.  2 queries."""
    done = Delivery.objects.filter(state=_State.DONE, done_at__gt=now - timedelta(days=1))
    counts = done.aggregate(
        minute=Count("id", filter=Q(done_at__gt=now - timedelta(minutes=1))),
        hour=Count("id", filter=Q(done_at__gt=now - timedelta(hours=1))),
        day=Count("id"),
    )
    moments = done.order_by("-done_at").values_list("event__at", "done_at")[:_SAMPLE]
    waits = [(finished - happened).total_seconds() for happened, finished in moments if finished]
    wait = timedelta(seconds=median(waits)) if waits else None
    return Throughput(counts["minute"], counts["hour"], counts["day"], wait)


def parked_groups() -> list[Group]:
    """What was given up, by kind and consumer, most first.  1 query."""
    rows = (
        Delivery.objects.filter(state=_State.FAILED)
        .values("event__kind", "consumer")
        .annotate(count=Count("id"))
        .order_by("-count", "event__kind", "consumer")
    )
    return [Group(row["event__kind"], row["consumer"], row["count"]) for row in rows]


def parked() -> list[Delivery]:
    """The 50 deliveries that were given up last, with their events.  1 query."""
    found = Delivery.objects.filter(state=_State.FAILED).select_related("event")
    return list(found.order_by("-id")[:SHOWN])


def retried() -> list[Delivery]:
    """At most 50 deliveries that failed and will be tried again, with their events.  1 query."""
    waiting = Delivery.objects.filter(state=_State.WAITING).exclude(problem="")
    return list(waiting.select_related("event").order_by("due_at")[:SHOWN])


def workers(now: datetime) -> list[Presence]:
    """The workers that were there lately, newest first.  1 query."""
    seen = Presence.objects.filter(seen_at__gt=now - IS_THERE)
    return list(seen.order_by("-started_at"))
