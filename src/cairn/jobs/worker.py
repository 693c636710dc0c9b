"""Carry out what is due, one delivery after the other, in this thread."""

from datetime import datetime

from cairn.jobs import queue
from cairn.jobs.consumers import Consumers
from cairn.jobs.registry import standard_consumers


def run_until_idle(now: datetime, consumers: Consumers | None = None) -> int:
    """Carry out all that is due at `now`; how many deliveries that were.

    What fails is due again later than `now`, so that this ends.
    """
    known = standard_consumers() if consumers is None else consumers
    carried_out = 0
    while run_once(now, known):
        carried_out += 1
    return carried_out


def run_once(now: datetime, consumers: Consumers) -> bool:
    """Carry out one delivery; whether there was one."""
    if not queue.has_work(now):
        return False
    while queue.relay(consumers, now):
        pass
    claimed = queue.claim(now)
    if claimed is None:
        return False
    queue.carry_out(claimed, consumers, now)
    return True
