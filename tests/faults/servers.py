"""The database and the broker as processes that can be killed, emptied and started again."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.installation import ROOT
from tests.ports import free_port

_LOWEST_PORT = 15_000  # `.ci/rabbitmq` takes another one 20,000 above


@dataclass(frozen=True, slots=True)
class PostgreSql:
    """A server of our own, as `.ci/postgresql` starts it."""

    folder: Path
    port: int

    @classmethod
    @contextmanager
    def started(cls) -> Iterator["PostgreSql"]:
        """A new server.  Not below pytest's folder, which its owner could not enter."""
        with tempfile.TemporaryDirectory(prefix="cairn-pg-") as folder:
            server = cls(Path(folder), free_port())
            server._do("start")
            try:
                yield server
            finally:
                server._do("stop")

    @property
    def address(self) -> str:
        """Where it listens, with a database that is always there."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def kill(self) -> None:
        """SIGKILL to the server and all its processes."""
        lock = self.folder / "data" / "postmaster.pid"
        pid = lock.read_text().split()[0]
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *children):
            with suppress(ProcessLookupError):
                os.kill(int(one), signal.SIGKILL)
        # Where nobody collects the dead (containers), the server would take itself for alive.
        lock.unlink()
        (self.folder / f".s.PGSQL.{self.port}.lock").unlink()

    def resume(self) -> None:
        """Start it again on what it left."""
        self._do("resume")

    def _do(self, act: str) -> None:
        _run("postgresql", act, self.folder, CAIRN_CI_POSTGRESQL_PORT=str(self.port))


@dataclass(frozen=True, slots=True)
class Broker:
    """A RabbitMQ node of our own, as `.ci/rabbitmq` starts it."""

    folder: Path
    port: int

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator["Broker"]:
        """A new node."""
        node = cls(folder, _LOWEST_PORT + free_port() % 10_000)
        node.start()
        try:
            yield node
        finally:
            node.kill()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, on what it left."""
        _run("rabbitmq", "start", self.folder, CAIRN_CI_RABBITMQ_PORT=str(self.port))

    def kill(self) -> None:
        """SIGKILL to it."""
        with suppress(ProcessLookupError):
            os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)

    def wipe(self) -> None:
        """Forget everything that it kept."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)


def _run(script: str, act: str, folder: Path, **environment: str) -> None:
    subprocess.run(  # noqa: S603 - our own scripts
        [str(ROOT / ".ci" / script), act, str(folder)],
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
