"""Work the queue: until it is empty, or for ever in a thread of the web process or on its own."""

import logging
import threading
from datetime import datetime
from functools import partial

from django.db import Error, close_old_connections, connections
from django.utils import timezone

from cairn.jobs import queue
from cairn.jobs.boundary import attempt, place_of
from cairn.jobs.consumers import Consumers, Schedule
from cairn.jobs.registry import SCHEDULES, standard_consumers
from cairn.platform import outbox

# Orders of another process wake nobody here, so the queue is looked at this often.
POLL_SECONDS = 1.0
_log = logging.getLogger(__name__)


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


class Worker(threading.Thread):
    """Works the queue until stopped; dies with its process, which loses nothing.

    Any number may run, in one process or several.
    """

    def __init__(
        self,
        consumers: Consumers | None = None,
        schedules: tuple[Schedule, ...] = SCHEDULES,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        super().__init__(name="cairn-worker", daemon=True)
        self._consumers = standard_consumers() if consumers is None else consumers
        self._schedules = schedules
        self._poll_seconds = poll_seconds
        self._next: dict[str, datetime] = {}
        self._ending = threading.Event()

    def run(self) -> None:
        """Work until `stop`; a database that is away is waited for."""
        while not self._ending.is_set():
            outbox.woken.clear()
            try:
                self._work()
            except Error as err:
                _log.warning("the queue cannot be read (%s); trying again", type(err).__name__)
            close_old_connections()
            outbox.woken.wait(self._poll_seconds)
        connections.close_all()

    def stop(self) -> None:
        """Stop after the delivery at hand."""
        self._ending.set()
        outbox.woken.set()

    def _work(self) -> None:
        for schedule in self._schedules:
            now = timezone.now()
            if self._next.get(schedule.name, now) <= now:
                self._next[schedule.name] = now + schedule.every
                problem = attempt(partial(schedule.run, now))
                if problem is not None:
                    _log.warning("schedule %s: %s", schedule.name, place_of(problem))
        while not self._ending.is_set() and run_once(timezone.now(), self._consumers):
            pass
