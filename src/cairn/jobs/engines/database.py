"""The engine that needs nothing but the database: workers that look into the queue.

A worker is a thread beside the web, or a process of its own.
"""

import logging
import threading

from django.db import Error, close_old_connections, connections

from cairn.jobs import clock
from cairn.jobs.consumers import Consumers, Schedule
from cairn.jobs.presence import Sign
from cairn.jobs.registry import SCHEDULES, standard_consumers
from cairn.jobs.timetable import Timekeeper
from cairn.jobs.worker import run_once
from cairn.platform import outbox

# Orders of another process wake nobody here, so the queue is looked at this often.
POLL_SECONDS = 1.0
_log = logging.getLogger(__name__)


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
        self._timekeeper = Timekeeper(schedules)
        self._poll_seconds = poll_seconds
        self._sign = Sign("database")
        self._ending = threading.Event()

    def run(self) -> None:
        """Work until `stop`; a database that is away is waited for."""
        self._timekeeper.start()
        while not self._ending.is_set():
            outbox.woken.clear()
            try:
                self._work()
            except Error as err:
                _log.warning("the queue cannot be read (%s); trying again", type(err).__name__)
            close_old_connections()
            outbox.woken.wait(self._poll_seconds)
        self._timekeeper.stop()
        self._sign.remove()
        connections.close_all()

    def work(self) -> int:
        """Work in this thread until `stop`; the exit code of its process."""
        self.run()
        return 0

    def stop(self) -> None:
        """Stop after the delivery at hand."""
        self._ending.set()
        outbox.woken.set()

    def _work(self) -> None:
        while not self._ending.is_set():
            now = clock.now()
            self._sign.give(now)
            if not run_once(now, self._consumers):
                return
