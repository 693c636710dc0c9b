"""Workers say that they are there, for the page of the operator; nothing is decided by it."""

import os
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import Error
from django.db.models import Q

from cairn.jobs.models import Presence

EVERY = timedelta(seconds=15)
# A worker in the middle of something long says nothing meanwhile.
IS_THERE = timedelta(minutes=2)
_FORGOTTEN = timedelta(days=1)


class Sign:
    """The presence of one worker: written anew every `EVERY`, and when its problem changes."""

    def __init__(self, engine: str) -> None:
        self._id = uuid4()
        self._engine = engine
        self._place = f"{socket.gethostname()}, process {os.getpid()}"[:200]
        self._since: datetime | None = None
        self._next: datetime | None = None
        self._problem = ""

    def give(self, now: datetime, problem: str = "") -> None:
        """Be seen, if it is time."""
        if self._next is not None and now < self._next and problem == self._problem:
            return
        self._since = self._since or now
        self._next, self._problem = now + EVERY, problem
        Presence.objects.update_or_create(
            id=self._id,
            defaults={
                "engine": self._engine,
                "place": self._place,
                "started_at": self._since,
                "seen_at": now,
                "problem": problem[:200],
            },
        )

    def remove(self) -> None:
        """Be gone, and take along those that were killed long ago.

        A database that is away is not waited for.
        """
        if self._next is None:
            return
        gone = Q(id=self._id) | Q(seen_at__lt=self._next - _FORGOTTEN)
        with suppress(Error):
            Presence.objects.filter(gone).delete()
