"""Bounds on processor time, for what a stranger sends.

A tracer (coverage) multiplies what a line costs, so that a bound is loosened under one; CI runs the
tests marked `timed` once more without it.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_TRACED = 12  # times as much, at most


def allowed(seconds: float) -> float:
    """The processor seconds that `seconds` come to as the tests run now."""
    return seconds * (_TRACED if sys.gettrace() is not None else 1)


@contextmanager
def cpu_within(seconds: float) -> Iterator[None]:
    """What happens inside must take less than `seconds` of processor time."""
    began = time.process_time()
    yield
    assert time.process_time() - began < allowed(seconds)
