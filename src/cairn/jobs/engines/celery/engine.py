"""What stands beside a pool of Celery: relays events, sends numbers, keeps the schedules.

Any number may run: rows are taken by whoever locks them first, turns of a schedule by whoever moves
them on.
"""

import logging
import subprocess
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from celery import Celery
from django.db import Error, close_old_connections, connections

from cairn.jobs import clock, queue
from cairn.jobs.consumers import Consumers, Schedule
from cairn.jobs.engines.celery import sending
from cairn.jobs.presence import Sign
from cairn.jobs.timetable import Timekeeper
from cairn.platform import outbox

POLL_SECONDS = 1.0
_BUSY_SECONDS = 0.1  # what was sent may soon be done, and lead to more
# A pool that dies so soon, so often in a row, will not live next time either.
_SHORT_LIFE_SECONDS = 5.0
_SHORT_LIVES = 5
_log = logging.getLogger(__name__)


class Pool(Protocol):
    """What consumes the messages."""

    def keep_alive(self) -> bool:
        """Start it unless it runs; False if that was tried often enough."""
        ...

    def stop(self) -> None:
        """Let it finish what is at hand, and wait for that."""
        ...


class CeleryEngine:
    """Sends what is due to the broker, and keeps a pool alive that carries it out."""

    def __init__(
        self,
        app: Celery,
        consumers: Consumers,
        schedules: tuple[Schedule, ...],
        pool: Pool,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._consumers = consumers
        self._timekeeper = Timekeeper(schedules)
        self._sender = sending.Sender(app)
        self._pool = pool
        self._poll_seconds = poll_seconds
        self._sign = Sign("celery")
        self._is_ending = False

    def work(self) -> int:
        """Work until `stop`; the exit code of the process, 1 if no pool would stay alive.

        Database and broker are waited for.
        """
        self._timekeeper.start()
        try:
            while not self._is_ending:
                outbox.woken.clear()
                if not self._pool.keep_alive():
                    _log.warning("the pool of workers does not stay alive")
                    return 1
                outbox.woken.wait(_BUSY_SECONDS if self._turn() else self._poll_seconds)
        finally:
            self._pool.stop()
            self._timekeeper.stop()
            self._sender.close()
            self._sign.remove()
            connections.close_all()
        return 0

    def stop(self) -> None:
        """Stop after what is at hand."""
        self._is_ending = True
        outbox.woken.set()

    def _turn(self) -> bool:
        """Do what there is to do once; whether something was sent."""
        try:
            now = clock.now()
            self._sign.give(now, self._sender.problem)
            if not (queue.has_events() or sending.has_unsent(now)):
                return False
            while queue.relay(self._consumers, now):
                pass
            return self._send(now)
        except Error as err:
            _log.warning("the queue cannot be read (%s); trying again", type(err).__name__)
            return False
        finally:
            close_old_connections()

    def _send(self, now: datetime) -> bool:
        is_empty = self._sender.is_queue_empty()
        marked = sending.mark_unsent(now, is_queue_empty=is_empty)
        confirmed = self._sender.send(marked)
        if confirmed < len(marked):
            sending.unmark(marked[confirmed:], now)
        return confirmed > 0


class PoolProcess:
    """A process of its own, started again when it dies."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self.process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._short_lives = 0

    def keep_alive(self) -> bool:
        """Start it unless it runs; False after five short lives in a row."""
        if self.process is not None and self.process.poll() is None:
            return True
        if self.process is not None:
            lived = time.monotonic() - self._started
            self._short_lives = self._short_lives + 1 if lived < _SHORT_LIFE_SECONDS else 0
            _log.warning("the pool of workers died (%s)", self.process.returncode)
            if self._short_lives >= _SHORT_LIVES:
                return False
        self._started = time.monotonic()
        self.process = subprocess.Popen(self._command)  # noqa: S603 - our own module
        return True

    def stop(self) -> None:
        """Let it finish what is at hand, and wait for that."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
