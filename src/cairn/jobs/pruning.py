"""What was told long ago and is asked for by nobody is removed; what failed stays."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from cairn.jobs.models import Delivery
from cairn.platform.models import OutboxEvent

KEPT_FOR = timedelta(days=30)
# Read long after they were told: whether an award was handed back (`issuing.selectors`).
READ_LATER = ("credential.claimed", "credential.handed_back", "award.moved_back")
AT_ONCE = 1000  # rows in one transaction
AT_MOST = 200_000  # rows of a kind in one turn; the rest comes next time


def prune(now: datetime) -> int:
    """Remove deliveries done, and events told, more than 30 days ago; how many rows.

    Deliveries that were given up stay until somebody retries them, and so do their events.
    """
    before = now - KEPT_FOR
    return _repeat(_prune_deliveries, before) + _repeat(_prune_events, before)


def _repeat(remove: Callable[[datetime], int], before: datetime) -> int:
    removed = 0
    while removed < AT_MOST and (count := remove(before)):
        removed += count
    return removed


@transaction.atomic
def _prune_deliveries(before: datetime) -> int:
    done = Delivery.objects.filter(state=Delivery.State.DONE, done_at__lt=before)
    found = list(done.order_by("done_at").values_list("id", flat=True)[:AT_ONCE])
    Delivery.objects.filter(id__in=found).delete()
    return len(found)


@transaction.atomic
def _prune_events(before: datetime) -> int:
    told = OutboxEvent.objects.filter(is_relayed=True, at__lt=before, deliveries=None)
    found = list(told.exclude(kind__in=READ_LATER).values_list("id", flat=True)[:AT_ONCE])
    OutboxEvent.objects.filter(id__in=found).delete()
    return len(found)
