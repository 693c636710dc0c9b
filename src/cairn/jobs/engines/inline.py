"""The engine without a worker: what a transaction emits is carried out after its commit.

For tests and small imports.  What fails, and what is due later, waits for a worker or for the next
commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from cairn.jobs import clock
from cairn.jobs.consumers import Consumers
from cairn.jobs.worker import run_until_idle
from cairn.platform import outbox


@contextmanager
def inline(
    consumers: Consumers | None = None, now: Callable[[], datetime] = clock.now
) -> Iterator[None]:
    """Inside, whatever this thread commits is carried out before the next line."""
    is_at_work = False

    def carry_out() -> None:
        nonlocal is_at_work
        if is_at_work:  # what consumers emit is found by the loop that runs already
            return
        is_at_work = True
        try:
            run_until_idle(now(), consumers)
        finally:
            is_at_work = False

    with outbox.after_each_commit(carry_out):
        yield
