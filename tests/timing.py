"""Bounds on processor time, for what a stranger sends, that mean the same on every machine.

A bound is given in seconds of the machine that it was set on.  Where it is missed, a fixed piece
of work (the yardstick) is timed in the same process at once: a machine that is slower, or slowed
by whoever shares it, gets as many times the seconds; a faster one gets no fewer.  The objects of
the test session are kept from the garbage collector meanwhile: they are no part of the work.

A tracer (coverage) multiplies what a line costs, so that a bound is loosened under one; CI runs the
tests marked `timed`, and all properties, once more without it.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_T = TypeVar("_T")

YARDSTICK_SECONDS = 0.0075  # of the machine that the bounds were set on, undisturbed
_TRACED = 12  # times as much, at most
_ATTEMPTS = 3


def took_at_most(seconds: float, work: Callable[[], _T]) -> _T:
    """What `work` gives; the best of three runs must take less than `seconds`.

    `work` must do all of it each time: what it remembers would make the later runs cheap.
    """
    excess = ""
    for _ in range(_ATTEMPTS):
        with _own_garbage_only():
            began = time.process_time()
            result = work()
            excess = _excess(time.process_time() - began, seconds)
        if not excess:
            return result
    raise AssertionError(excess)


@contextmanager
def cpu_within(seconds: float) -> Iterator[None]:
    """What happens inside must take less than `seconds` of processor time."""
    with _own_garbage_only():
        began = time.process_time()
        yield
        excess = _excess(time.process_time() - began, seconds)
    assert not excess, excess


def _excess(taken: float, seconds: float) -> str:
    """By what the bound is missed, "" if it is kept."""
    allowed = seconds * (_TRACED if sys.gettrace() is not None else 1)
    if taken < allowed:
        return ""
    slowness = max(1.0, min(_yardstick() for _ in range(3)) / YARDSTICK_SECONDS)
    if taken < allowed * slowness:
        return ""
    return (
        f"{taken:.3f} s of processor time, at most {seconds} are allowed "
        f"(the yardstick takes {slowness:.2f} times what it took where they were set)"
    )


def _yardstick() -> float:
    """Seconds for a fixed piece of plain Python: calls, text, and objects made and dropped."""
    began = time.process_time()
    table: dict[str, list[str]] = {}
    for number in range(12_000):
        table[f"key{number}"] = [str(number), "x" * (number % 50)]
    pending: list[object] = list(table.values())
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
    ";".join(sorted(table, reverse=True)).encode().split(b";")
    return time.process_time() - began


@contextmanager
def _own_garbage_only() -> Iterator[None]:
    """Keep objects made so far out of collections: a large heap would make each of them dear."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
