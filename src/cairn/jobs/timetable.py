"""What is done by the clock: by one worker at a time, whoever comes first."""

import logging
import threading
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import Error, close_old_connections, connections
from django.db.models import Q

from cairn.jobs import clock
from cairn.jobs.boundary import attempt, place_of
from cairn.jobs.consumers import Schedule
from cairn.jobs.models import Turn

LOOK_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Timetable:
    """The schedules as one worker sees them; it asks the database only when one may be due.

    A schedule is due again `every` after it was begun, so that one whose worker died is missed
    once.
    """

    def __init__(self, schedules: Iterable[Schedule]) -> None:
        self._schedules = tuple(schedules)
        self._next: dict[str, datetime] = {}

    def run_due(self, now: datetime) -> None:
        """Do what is due and nobody else does; what fails is logged and is due again later."""
        for schedule in self._schedules:
            if self._next.get(schedule.name, now) > now:
                continue
            is_ours, self._next[schedule.name] = take_turn(schedule, now)
            problem = attempt(partial(schedule.run, now)) if is_ours else None
            if problem is not None:
                _log.warning("schedule %s: %s", schedule.name, place_of(problem))


def take_turn(schedule: Schedule, now: datetime) -> tuple[bool, datetime]:
    """Whether it is for the caller to do this now, and when it is due next.  Two queries.

    A moment further away than one interval was written by a clock that ran ahead, and counts as
    due.
    """
    after = now + schedule.every
    _, is_first = Turn.objects.get_or_create(name=schedule.name, defaults={"next_at": after})
    if is_first:
        return True, after
    is_due = Q(next_at__lte=now) | Q(next_at__gt=after)
    if Turn.objects.filter(is_due, name=schedule.name).update(next_at=after):
        return True, after
    return False, Turn.objects.get(name=schedule.name).next_at


class Timekeeper:
    """A thread beside a worker, so that a long turn such as one of mail holds up no job."""

    def __init__(self, schedules: Iterable[Schedule]) -> None:
        self._timetable = Timetable(schedules)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cairn-timekeeper", daemon=True)

    def start(self) -> None:
        """Look at the clock until `stop`; a database that is away is waited for."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the turn at hand, and wait for its end."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._timetable.run_due(clock.now())
            except Error as err:
                _log.warning("the timetable cannot be read (%s)", type(err).__name__)
            close_old_connections()
            self._ending.wait(LOOK_SECONDS)
        connections.close_all()
