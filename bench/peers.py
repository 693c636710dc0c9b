"""Peers in processes of their own: CPU time of those processes, asked through the judges."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measure import Timer

from tests.interop.judges import Judge, Judges, Key, not_installed

PEERS = {
    "openbadgeslib low level": Judge.OPENBADGESLIB,
    "@digitalbazaar/vc": Judge.DIGITALBAZAAR_RDFC,
}


def absent() -> str:
    """Why no peer can be asked, "" if they can."""
    missing = not_installed()
    return f"not installed: {', '.join(missing)} (make interop)" if missing else ""


def issuing(judges: Judges, judge: Judge, document: dict[str, Any], key: Key) -> Timer:
    """`judge` signs the document."""
    return _timer(judges, judge, lambda: judges.issue(judge, document, key=key))


def verifying(judges: Judges, judge: Judge, document: dict[str, Any]) -> Timer:
    """`judge` checks the signature and the purpose of the key, and nothing else."""

    def ask() -> None:
        verdict = judges.verdict(judge, document, checks="proof")
        assert verdict.verified, verdict

    return _timer(judges, judge, ask)


def _timer(judges: Judges, judge: Judge, ask: Callable[[], object]) -> Timer:
    ask()  # starts the process

    def timed(count: int) -> float:
        start = _cpu_seconds(judges.process_id(judge))
        for _ in range(count):
            ask()
        return _cpu_seconds(judges.process_id(judge)) - start

    return timed


def _cpu_seconds(process: int) -> float:
    """Of all threads of a process, to the nanosecond (Linux)."""
    folder = Path(f"/proc/{process}/task")
    times = [(folder / thread / "schedstat").read_text() for thread in os.listdir(folder)]
    return sum(int(text.split()[0]) for text in times) / 1e9
