"""What a consumer of events is.  Which there are stands in `registry`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cairn.platform.models import OutboxEvent


@dataclass(frozen=True, slots=True)
class Consumer:
    """Is handed every event of some kinds, each at least once; so it must bear one twice.

    `run` works in a transaction that commits together with the note that the event was delivered:
    what it writes happens once.  `give_up` is called in the transaction that parks an event after
    the last attempt, with the problem.
    """

    name: str  # in the database; never changes
    run: Callable[[OutboxEvent, datetime], None]
    delay: timedelta = timedelta()  # after the event
    give_up: Callable[[OutboxEvent, str, datetime], None] | None = None


# By kind of event.
Consumers = Mapping[str, tuple[Consumer, ...]]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something to do every so often; it looks in the database whether there is anything to do."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]
