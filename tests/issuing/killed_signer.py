"""A worker in a process of its own that dies (SIGKILL) before or in the middle of a chunk."""

import os
import signal
import sys
from datetime import datetime

import django
from django.conf import settings


def main(database: str, moment: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from cairn.issuing.batches import execution
    from cairn.jobs import queue
    from cairn.jobs.consumers import Consumer
    from cairn.jobs.signer import SignerJob
    from cairn.signing.models import SigningOrder
    from cairn.signing.signer import Signer
    from tests.world import NOW

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def sign_and_die(order: SigningOrder, signer: Signer, now: datetime) -> None:
        execution.sign_chunk(order, signer, now)
        die()

    job = SignerJob({"batch_chunk": sign_and_die})
    consumers = {"signing.ordered": (Consumer("signer", job.sign, give_up=job.give_up),)}
    while queue.relay(consumers, NOW):
        pass
    claimed = queue.claim(NOW)
    assert claimed
    if moment == "claimed":
        die()
    queue.carry_out(claimed, consumers, NOW)


main(*sys.argv[1:])
