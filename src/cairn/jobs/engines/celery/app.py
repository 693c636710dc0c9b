"""How messages are handled: none is lost by us, and one that comes twice does no harm.

A message is the number of a delivery and nothing else; the queue in the database says whether
there is anything to do.  It is acknowledged when that is done, returned if its process dies, kept
by a quorum queue, confirmed to who sent it.  No result is kept: the database has it.
"""

import logging
import time
from typing import Any

from celery import Celery
from celery.exceptions import Reject
from celery.worker.consumer import Consumer
from django.db import Error, close_old_connections
from kombu import Exchange, Queue

from cairn.jobs import clock, queue
from cairn.jobs.consumers import Consumers

TASK = "cairn.carry_out"
# A database that is away: its messages go back, so slowly that the broker is not kept busy by it.
PAUSE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class PlainConsumer(Consumer):  # type: ignore[misc] # Celery has no types
    """Celery's own, but that it declares nothing for messages that are delivered later.

    Due times stand in the database; Celery would make 28 exchanges and queues for its own.
    """

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]
        default_steps = tuple(
            step for step in Consumer.Blueprint.default_steps if "DelayedDelivery" not in step
        )


def make_app(broker: str, queue_name: str, consumers: Consumers) -> Celery:
    """The application that carries out what `queue_name` at `broker` names."""
    app = Celery("cairn", broker=broker, set_as_current=False, fixups=[])
    app.conf.update(
        task_queues=[_queue(queue_name)],
        task_default_queue=queue_name,
        task_create_missing_queues=False,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_publish_retry=False,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_consumer=f"{__name__}:{PlainConsumer.__name__}",
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_timeout=4,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"confirm_publish": True},
        result_backend=None,
    )

    @app.task(name=TASK)  # type: ignore[untyped-decorator]
    def carry_out(delivery_id: int) -> None:
        _carry_out(delivery_id, consumers)

    return app


def _queue(name: str) -> Queue:
    arguments = {"x-queue-type": "quorum"}
    return Queue(name, Exchange(name), routing_key=name, queue_arguments=arguments, durable=True)


def _carry_out(delivery_id: Any, consumers: Consumers) -> None:
    if not isinstance(delivery_id, int):
        _log.warning("a message that is not the number of a delivery was dropped")
        return
    close_old_connections()
    try:
        now = clock.now()
        claimed = queue.claim_named(delivery_id, now)
        if claimed is not None:
            queue.carry_out(claimed, consumers, now)
    except Error as err:
        _log.warning("the database cannot be reached (%s); trying again", type(err).__name__)
        time.sleep(PAUSE_SECONDS)
        raise Reject(type(err).__name__, requeue=True) from err
    finally:
        close_old_connections()
