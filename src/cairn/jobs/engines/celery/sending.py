"""Which deliveries the broker is told of, and again if nothing came of it.

A delivery is marked as sent in one transaction and sent after it: a sender that dies in between is
as a message that was lost, and costs `RESEND_AFTER`.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from amqp.exceptions import AMQPError, NotFound
from celery import Celery
from django.db import transaction
from django.db.models import Q, QuerySet
from kombu import Connection, Producer
from kombu.exceptions import KombuError

from cairn.jobs.engines.celery.app import TASK
from cairn.jobs.models import Delivery

# A message of which nothing came: it was lost, or there is more to do than can be done by then.
RESEND_AFTER = timedelta(seconds=60)
# The same, if the broker has no message left: then it was lost.
RESEND_SOON = timedelta(seconds=10)
AT_ONCE = 200  # messages between two looks at the rest of what there is to do
# Deliveries that the broker may know at a time, so that a long queue is not sent again and again.
WINDOW = 500
_CONFIRMED_WITHIN_SECONDS = 10
_log = logging.getLogger(__name__)


@transaction.atomic
def mark_unsent(now: datetime, *, is_queue_empty: bool = False) -> list[int]:
    """Mark the deliveries that are due and of which nobody was told; their numbers, at most 200.

    What was sent long enough ago comes after what never was: `RESEND_SOON` if the broker's queue
    is empty, else `RESEND_AFTER`.
    """
    due = _due(now)
    room = max(WINDOW - due.exclude(sent_at=None).count(), 0)
    long_ago = now - (RESEND_SOON if is_queue_empty else RESEND_AFTER)
    free = due.order_by("sent_at", "due_at").select_for_update(skip_locked=True)
    found = list(free.filter(sent_at=None).values_list("id", flat=True)[: min(AT_ONCE, room)])
    lost = free.filter(sent_at__lte=long_ago).values_list("id", flat=True)
    found += lost[: AT_ONCE - len(found)]
    Delivery.objects.filter(id__in=found).update(sent_at=now)
    return found


def has_unsent(now: datetime) -> bool:
    """Whether `mark_unsent` may find something.  One read, and no lock."""
    wanted = Q(sent_at=None) | Q(sent_at__lte=now - RESEND_SOON)
    return _due(now).filter(wanted).exists()


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)


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
                self._app.send_task(
                    TASK,
                    args=(delivery_id,),
                    producer=self._opened(),
                    confirm_timeout=_CONFIRMED_WITHIN_SECONDS,
                )
            except (AMQPError, KombuError, OSError) as err:
                self._fail(err)
                return count
        if delivery_ids:
            self._note("")
        return len(delivery_ids)

    def is_queue_empty(self) -> bool:
        """Whether the broker has no message that it could hand out; False if it is away."""
        try:
            channel = self._opened().channel
            declared = channel.queue_declare(self._app.conf.task_default_queue, passive=True)
        except NotFound:  # who sends next declares it
            self.close()
            return True
        except (AMQPError, KombuError, OSError) as err:
            self._fail(err)
            return False
        return int(declared.message_count) == 0

    def close(self) -> None:
        """Part from the broker."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            connection.release()

    def _opened(self) -> Producer:
        if self._producer is None:
            self._connection = self._app.connection_for_write()
            self._connection.connect()
            self._producer = Producer(self._connection, auto_declare=False)
        return self._producer

    def _fail(self, err: Exception) -> None:
        self._note(type(err).__name__)
        self.close()

    def _note(self, problem: str) -> None:
        if problem != self.problem:
            if problem:
                _log.warning("the broker cannot be reached (%s); trying again", problem)
            else:
                _log.warning("the broker is reached again")
        self.problem = problem
