"""What an operator does about deliveries that were given up."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from cairn.jobs import queue
from cairn.jobs.models import Delivery
from cairn.people.models import User
from cairn.platform import audit

AT_ONCE = 1000  # of a kind; who wants more presses again


@transaction.atomic
def retry_one(*, delivery_id: int, actor: User, now: datetime) -> int:
    """Try a parked delivery again; 0 if it is none any more."""
    return _retry(Delivery.objects.filter(id=delivery_id), actor, now)


@transaction.atomic
def retry_kind(*, kind: str, consumer: str, actor: User, now: datetime) -> int:
    """Try the parked deliveries of one kind to one consumer again, at most 1,000; how many."""
    return _retry(Delivery.objects.filter(event__kind=kind, consumer=consumer), actor, now)


def _retry(wanted: QuerySet[Delivery], actor: User, now: datetime) -> int:
    parked = (
        wanted.filter(state=Delivery.State.FAILED)
        .select_related("event")
        .select_for_update(of=("self",))
        .order_by("id")[:AT_ONCE]
    )
    found = list(parked)
    by_organisation: dict[UUID | None, list[Delivery]] = defaultdict(list)
    for delivery in found:
        by_organisation[delivery.event.organisation_id].append(delivery)
    for organisation_id, deliveries in by_organisation.items():
        audit.record_each(
            "job.retry",
            organisation_id=organisation_id,
            actor_id=actor.id,
            subject_kind="event",
            subjects=[
                (one.event.subject_id, {"delivery": one.id, "consumer": one.consumer})
                for one in deliveries
            ],
            at=now,
        )
    return queue.retry([delivery.id for delivery in found], now)
