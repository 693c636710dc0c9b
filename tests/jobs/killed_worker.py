"""A worker in a process of its own that is killed (SIGKILL) at the moment its argument names."""

import os
import signal
import sys
from datetime import datetime

import django
from django.conf import settings


def main(database: str, moment: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from cairn.jobs import queue
    from cairn.platform.models import OutboxEvent
    from tests.jobs.conftest import NOW, consumed_by, note

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def note_and_die(event: OutboxEvent, now: datetime) -> None:
        note(event, now)
        die()

    consumers = consumed_by(note_and_die)
    queue.relay(consumers, NOW)
    claimed = queue.claim(NOW)
    assert claimed
    if moment == "claimed":
        die()
    queue.carry_out(claimed, consumers, NOW)


main(*sys.argv[1:])
