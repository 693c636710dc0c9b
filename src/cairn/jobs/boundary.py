"""The one boundary at which any exception is caught: a worker must outlive what it works on.

Everywhere else errors are caught by their kind.
"""

import traceback
from collections.abc import Callable
from pathlib import Path


def attempt(work: Callable[[], object]) -> Exception | None:
    """Do `work`; what it raised, None if nothing."""
    try:
        work()
    except Exception as err:  # noqa: BLE001 - see above
        return err
    return None


def place_of(err: Exception) -> str:
    """The kind of an error and where it arose: what may be logged, for it quotes no data."""
    frames = traceback.extract_tb(err.__traceback__)
    if not frames:
        return type(err).__name__
    last = frames[-1]
    return f"{type(err).__name__} in {Path(last.filename).name}, line {last.lineno}"
