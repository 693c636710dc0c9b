"""The control: a worker as Celery is by default, which acknowledges what it has not done yet.

What it was told is told once, and never again: messages that a killed one took are lost.
"""

import threading
import time
from typing import Any

from cairn.cli import installation


def main() -> None:
    """Tell of what nobody was told of, and consume."""
    settings = installation.open_installation(needs_master_key=True)

    from cairn.jobs.engines.celery.app import make_app
    from cairn.jobs.engines.celery.pool import consume
    from cairn.jobs.registry import standard_consumers

    consumers = standard_consumers()
    app = make_app(settings.broker, settings.broker_queue, consumers)
    app.conf.update(
        task_acks_late=False, task_reject_on_worker_lost=False, worker_prefetch_multiplier=100
    )
    threading.Thread(target=_tell, args=(app, consumers), daemon=True).start()
    consume(app, 2)


def _tell(app: Any, consumers: Any) -> None:
    from cairn.jobs import clock, queue
    from cairn.jobs.engines.celery import sending
    from cairn.jobs.models import Delivery

    sender = sending.Sender(app)
    told: set[int] = set(Delivery.objects.exclude(sent_at=None).values_list("id", flat=True)) | set(
        Delivery.objects.filter(attempts__gt=0).values_list("id", flat=True)
    )
    while True:
        while queue.relay(consumers, clock.now()):
            pass
        new = sorted(set(Delivery.objects.values_list("id", flat=True)) - told)
        Delivery.objects.filter(id__in=new).update(sent_at=clock.now())
        sender.send(new)
        told |= set(new)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
