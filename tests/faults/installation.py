"""An installation of its own in a folder, made of real processes that tests kill.

The database is a SQLite file or a new database of a PostgreSQL server; the test process looks into
it with plain SQL, so that what it sees does not depend on what it tests.
"""

import base64
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
CAIRN = Path(sys.executable).with_name("cairn")
_POLL_SECONDS = 0.1
Process = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it is, and the environment of all its processes."""

    folder: Path
    environment: Mapping[str, str]

    @classmethod
    def at(cls, folder: Path, mail: str = "", **changes: str) -> "Installation":
        """One in `folder`; `changes` are settings without their CAIRN_."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CAIRN_")}
        settings = {
            "BASE_URL": f"http://localhost:{free_port()}",  # also names its queue at a broker
            "DATA_DIR": str(folder),
            "MASTER_KEY": base64.urlsafe_b64encode(bytes(range(32))).decode(),
            "MAIL": mail,
            "MAIL_A_MINUTE": "100000",
            **changes,
        }
        ours = {f"CAIRN_{name}": text for name, text in settings.items()}
        python = {
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        }
        return cls(folder, {**kept, **ours, **python})

    @property
    def sqlite(self) -> Path:
        """The file of its database, if it has one."""
        return self.folder / "cairn.sqlite3"

    def act(self, act: str, *arguments: object) -> dict[str, Any]:
        """What `tests.faults.acts` does inside it, and answers."""
        command = [sys.executable, "-m", "tests.faults.acts", act, *map(str, arguments)]
        answer: dict[str, Any] = json.loads(self.run(command).splitlines()[-1])
        return answer

    def run(self, command: Sequence[str], *, may_fail: bool = False) -> str:
        """Run a command in it to its end; what it printed."""
        done = subprocess.run(  # noqa: S603 - our own commands
            command, env=dict(self.environment), cwd=ROOT, capture_output=True, timeout=600
        )
        said = f"{done.stdout.decode()}{done.stderr.decode()}"
        assert may_fail or not done.returncode, said
        return done.stdout.decode()

    def start(self, *command: str, log: str, **changes: str) -> Process:
        """Start a process of it in a group of its own, so that all of it can be killed."""
        with (self.folder / f"{log}.log").open("ab") as file:
            return subprocess.Popen(  # noqa: S603 - our own commands
                command,
                env={**self.environment, **changes},
                cwd=ROOT,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def start_worker(self, name: str = "worker", **changes: str) -> Process:
        """Start `cairn worker`."""
        return self.start(str(CAIRN), "worker", log=name, **changes)

    def start_python(self, module: str, *arguments: str) -> Process:
        """Start one of our own modules in it."""
        return self.start(sys.executable, "-m", module, *arguments, log=module)

    def log(self, name: str) -> str:
        """What the process with this log said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def ask(self, sql: str) -> int:
        """One number out of the database, by plain SQL."""
        address = self.environment.get("CAIRN_DATABASE", "")
        if address:
            with psycopg.connect(address, autocommit=True) as link:
                row = link.execute(sql).fetchone()
        else:
            with closing(sqlite3.connect(self.sqlite, timeout=30)) as link:
                row = link.execute(sql).fetchone()
        assert row
        return int(row[0])

    def signed(self) -> int:
        """How many credentials are signed."""
        return self.ask("SELECT count(*) FROM issuing_credential WHERE signed_at IS NOT NULL")

    def left(self) -> dict[str, int]:
        """What is left to do: of each kind how many, none if none."""
        counts = {name: self.ask(asked) for name, asked in _LEFT.items()}
        return {name: count for name, count in counts.items() if count}

    def wait_until_idle(self, seconds: float) -> float:
        """Wait until nothing is left to do; the seconds that took."""
        began = time.monotonic()
        while left := self.left():
            taken = time.monotonic() - began
            assert taken < seconds, f"after {taken:.0f} s there are left {left}"
            time.sleep(_POLL_SECONDS)
        return time.monotonic() - began


_LEFT = {
    "events": "SELECT count(*) FROM platform_outboxevent WHERE NOT is_relayed",
    "deliveries": "SELECT count(*) FROM jobs_delivery WHERE state = 'waiting'",
    "rows": "SELECT count(*) FROM issuing_batchrow WHERE state IN ('ready', 'planned')",
    "letters": "SELECT count(*) FROM wallet_mail WHERE state IN ('waiting', 'sending')",
}


def wait_for(holds: Callable[[], object], seconds: float, what: str) -> float:
    """Wait until `holds`; the seconds that took.  Fails after so many `seconds`."""
    began = time.monotonic()
    while not holds():
        taken = time.monotonic() - began
        assert taken < seconds, f"after {taken:.0f} s it is not so that {what}"
        time.sleep(_POLL_SECONDS)
    return time.monotonic() - began


def kill(process: Process) -> None:
    """SIGKILL to a process and all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


@contextmanager
def running(*processes: Process) -> Iterator[None]:
    """Kill what is left of `processes` at the end."""
    try:
        yield
    finally:
        for process in processes:
            kill(process)


@contextmanager
def new_database(server: str, like: str = "template1") -> Iterator[str]:
    """The address of a new database on a PostgreSQL `server`, a copy of another; then dropped."""
    name = f"cairn_faults_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
