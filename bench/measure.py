"""Measuring one side against the other: CPU time, one core, alternating, medians."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median

RUNS = 9
RUN_SECONDS = 0.05  # of one run of one side

Timer = Callable[[int], float]  # does it so many times; CPU seconds that took


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `ratio` is value to value of the other side, None without it.

    Without a `floor` a row is there for its figure, and nothing holds or fails.
    """

    name: str
    value: float
    unit: str
    against: str
    ratio: float | None
    floor: float | None
    holds: bool | None

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def pin() -> None:
    """Stay on one core; processes started later stay there too."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def timer(work: Callable[[], object]) -> Timer:
    """Times `work` in this process, without the collector's pauses but with its own garbage."""

    def timed(count: int) -> float:
        gc.collect()
        start = time.process_time()
        for _ in range(count):
            work()
        return time.process_time() - start

    return timed


def alternate(ours: Timer, other: Timer) -> tuple[float, float]:
    """CPU seconds that one of each takes: medians of runs in turn."""
    counts = [_count(side) for side in (ours, other)]
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for side, count, times in zip((ours, other), counts, found, strict=True):
            times.append(side(count) / count)
    return median(found[0]), median(found[1])


def rate_row(name: str, against: str, floor: float | None, ours: Timer, other: Timer) -> Row:
    """How many a second, and how that is to the other's; at least `floor`."""
    mine, theirs = alternate(ours, other)
    ratio = theirs / mine
    holds = None if floor is None else ratio >= floor
    return Row(name, round(1 / mine, 1), "1/s", against, round(ratio, 3), floor, holds)


def time_row(name: str, against: str, ceiling: float | None, ours: Timer, other: Timer) -> Row:
    """How long it takes, and how that is to the other's; at most `ceiling`."""
    mine, theirs = alternate(ours, other)
    ratio = mine / theirs
    holds = None if ceiling is None else ratio <= ceiling
    return Row(name, round(mine * 1e6, 1), "us", against, round(ratio, 3), ceiling, holds)


def absent_row(name: str, unit: str, against: str, floor: float) -> Row:
    """A row whose other side is not there; `against` says why."""
    return Row(name, 0.0, unit, against, None, floor, None)


def _count(side: Timer) -> int:
    count, taken = 1, side(1)
    while taken < RUN_SECONDS / 4:
        count *= 2
        taken = side(count)
    return max(1, round(count * RUN_SECONDS / taken))
