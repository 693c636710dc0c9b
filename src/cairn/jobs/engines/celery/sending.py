"""Which deliveries the broker is told of, and again if nothing came of it.

A delivery is marked as sent in one transaction and sent after it: a sender that dies in between is
as a message that was lost, and costs `RESEND_AFTER`.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from amqp.exceptions import AMQPError
from celery import Celery
from django.db import transaction
from django.db.models import Q
from kombu import Connection, Producer
from kombu.exceptions import KombuError

from cairn.jobs.engines.celery.app import TASK
from cairn.jobs.models import Delivery

# A message of which nothing came: it was lost, or there is more to do than can be done by then.
RESEND_AFTER = timedelta(seconds=60)
AT_ONCE = 200  # messages between two looks at the rest of what there is to do
_CONFIRMED_WITHIN_SECONDS = 10
_log = logging.getLogger(__name__)


@transaction.atomic
def mark_unsent(now: datetime) -> list[int]:
    """Mark the deliveries that are due and of which nobody was told; their numbers, at most 200.

    What was sent longer than `RESEND_AFTER` ago comes after what never was.
    """
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)
    found: list[int] = []
    for wanted in (Q(sent_at=None), Q(sent_at__lte=now - RESEND_AFTER)):
        rows = due.filter(wanted).order_by("sent_at", "due_at").select_for_update(skip_locked=True)
        found += rows.values_list("id", flat=True)[: AT_ONCE - len(found)]
    Delivery.objects.filter(id__in=found).update(sent_at=now)
    return found


def has_unsent(now: datetime) -> bool:
    """Whether `mark_unsent` would find something.  One read, and no lock."""
    wanted = Q(sent_at=None) | Q(sent_at__lte=now - RESEND_AFTER)
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)
    return due.filter(wanted).exists()


def unmark(delivery_ids: Sequence[int], sent_at: datetime) -> None:
    """Say that these were not sent at `sent_at` after all."""
    Delivery.objects.filter(id__in=delivery_ids, sent_at=sent_at).update(sent_at=None)


class Sender:
    """A connection to the broker, made when there is something to send, and anew after an error."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Connection | None = None
        self._producer: Producer | None = None
        self.problem = ""  # why the last message was not sent; by kind, for it may hold an address

    def send(self, delivery_ids: Sequence[int]) -> int:
        """Tell the broker; how many numbers it confirmed, fewer than given if it is away."""
        for count, delivery_id in enumerate(delivery_ids):
            try:
                self._send(delivery_id)
            except (AMQPError, KombuError, OSError) as err:
                self._note(type(err).__name__)
                self.close()
                return count
        self._note("")
        return len(delivery_ids)

    def close(self) -> None:
        """Part from the broker."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            connection.release()

    def _send(self, delivery_id: int) -> None:
        if self._producer is None:
            self._connection = self._app.connection_for_write()
            self._connection.connect()
            self._producer = Producer(self._connection, auto_declare=False)
        self._app.send_task(
            TASK,
            args=(delivery_id,),
            producer=self._producer,
            confirm_timeout=_CONFIRMED_WITHIN_SECONDS,
        )

    def _note(self, problem: str) -> None:
        if problem != self.problem:
            if problem:
                _log.warning("the broker cannot be reached (%s); trying again", problem)
            else:
                _log.warning("the broker is reached again")
        self.problem = problem
