"""Tells the broker of every delivery three times more, in any order; prints what it told.

`python -m tests.faults.repeater SEED`
"""

import sys
import time
from random import Random

from cairn.cli import installation


def main(seed: str) -> None:
    """Repeat for ever."""
    settings = installation.open_installation(needs_master_key=True)

    from cairn.jobs.engines.celery.app import make_app
    from cairn.jobs.engines.celery.sending import Sender
    from cairn.jobs.models import Delivery
    from cairn.jobs.registry import standard_consumers

    chance = Random(seed)  # noqa: S311 - an order, not a secret
    sender = Sender(make_app(settings.broker, settings.broker_queue, standard_consumers()))
    told: set[int] = set()
    while True:
        new = set(Delivery.objects.values_list("id", flat=True)) - told
        repeated = sorted(new) * 3
        chance.shuffle(repeated)
        sender.send(repeated)
        told |= new
        for delivery in sorted(new):
            print(delivery, flush=True)  # noqa: T201 - what the test reads
        time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1])
