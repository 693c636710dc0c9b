"""Each engine behind the few words in which the contract speaks of it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db import connection, connections

from cairn.jobs import clock, queue
from cairn.jobs.engines.database import Worker
from cairn.jobs.engines.inline import inline
from cairn.jobs.models import Delivery
from cairn.jobs.worker import run_until_idle
from cairn.platform import outbox
from cairn.platform.models import OutboxEvent
from tests.jobs import contract
from tests.jobs.proxy import Proxy

ROOT = Path(__file__).resolve().parents[2]
BROKER = os.environ.get("CAIRN_TEST_BROKER") or "amqp://guest:guest@127.0.0.1:5672"


class EngineUnderTest(Protocol):
    """What the contract asks of an engine."""

    def running(self) -> AbstractContextManager[None]:
        """Inside the block it works."""
        ...

    def settle(self) -> None:
        """Wait until nothing is left to be done now."""
        ...

    def lose_a_message(self) -> UUID:
        """An event of which a worker should have heard, and did not.  Nobody works meanwhile."""
        ...

    def repeat_all(self) -> None:
        """Tell of all deliveries again, several times and the last one first, while it works."""
        ...

    def die_at_work(self) -> UUID:
        """An event whose first worker was killed in the middle.  Nobody else works meanwhile."""
        ...

    def cut_connections(self) -> None:
        """End all connections on which it depends, while it works."""
        ...


def wait_for(is_true: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not in {seconds} seconds"
        time.sleep(0.03)


def is_settled() -> bool:
    """Whether nothing is to be relayed, nor waits for a moment that is near."""
    near = clock.now() + 20 * queue.LEASE
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=near)
    return not (OutboxEvent.objects.filter(is_relayed=False).exists() or waiting.exists())


def process(*arguments: str) -> list[str]:
    """The command of a process in which an engine works on the database of this test."""
    name = str(connection.settings_dict["NAME"])
    return [sys.executable, "-m", "tests.jobs.engine_process", name, *arguments]


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }


def _killed(command: Sequence[str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        command,
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


class Inline:
    """In the thread that commits."""

    @contextmanager
    def running(self) -> Iterator[None]:
        with inline(contract.CONSUMERS):
            yield

    def settle(self) -> None:
        def is_done() -> bool:
            run_until_idle(clock.now(), contract.CONSUMERS)
            return is_settled()

        wait_for(is_done)

    def lose_a_message(self) -> UUID:
        return contract.emit(contract.NOTE)

    def repeat_all(self) -> None:
        for _ in range(3):
            OutboxEvent.objects.update(is_relayed=False)
            run_until_idle(clock.now(), contract.CONSUMERS)

    def die_at_work(self) -> UUID:
        subject_id = uuid4()
        _killed(process("inline", str(subject_id)))
        return subject_id

    def cut_connections(self) -> None:
        connections.close_all()


class Database:
    """Two threads that look into the queue."""

    @contextmanager
    def running(self) -> Iterator[None]:
        workers = [Worker(contract.CONSUMERS, (), poll_seconds=0.05) for _ in range(2)]
        for worker in workers:
            worker.start()
        try:
            yield
        finally:
            for worker in workers:
                worker.stop()
                worker.join(timeout=30)
                assert not worker.is_alive()

    def settle(self) -> None:
        wait_for(is_settled)

    def lose_a_message(self) -> UUID:
        subject_id = contract.emit(contract.NOTE)
        outbox.woken.clear()
        return subject_id

    def repeat_all(self) -> None:
        for _ in range(3):
            OutboxEvent.objects.update(is_relayed=False)
            outbox.woken.set()
            wait_for(is_settled)

    def die_at_work(self) -> UUID:
        subject_id = contract.emit(contract.DIE_ONCE)
        _killed(process("database"))
        return subject_id

    def cut_connections(self) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


class RabbitMQ:
    """A pool of Celery behind a door to the broker, and the engine that feeds it in a thread."""

    def __init__(self) -> None:
        parts = urlsplit(BROKER)
        self.proxy = Proxy((parts.hostname or "", parts.port or 5672))
        door = f"127.0.0.1:{self.proxy.port}"
        where = parts.netloc.rpartition("@")
        self.broker = parts._replace(netloc=f"{where[0]}{where[1]}{door}").geturl()
        self.queue_name = f"cairn.test.{uuid4()}"
        self._pool: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        from cairn.jobs.engines.celery.engine import CeleryEngine

        engine = CeleryEngine(self.app(), contract.CONSUMERS, (), self, poll_seconds=0.05)
        working = threading.Thread(target=engine.work)
        working.start()
        try:
            yield
        finally:
            engine.stop()
            working.join(timeout=30)
            assert not working.is_alive()

    def app(self) -> Any:
        """The application, for who sends and for who looks."""
        from cairn.jobs.engines.celery.app import make_app

        return make_app(self.broker, self.queue_name, contract.CONSUMERS)

    # As a `Pool` it outlives the engine: to start takes longer than a test.
    def keep_alive(self) -> bool:
        if self._pool is None or self._pool.poll() is not None:
            command = process("celery", self.broker, self.queue_name)
            self._pool = subprocess.Popen(command, cwd=ROOT, env=environment())  # noqa: S603
        return True

    def stop(self) -> None:
        return

    def settle(self) -> None:
        wait_for(is_settled)

    def lose_a_message(self) -> UUID:
        from cairn.jobs.engines.celery.sending import mark_unsent

        subject_id = contract.emit(contract.NOTE)
        queue.relay(contract.CONSUMERS, clock.now())
        assert len(mark_unsent(clock.now())) == 2
        return subject_id

    def repeat_all(self) -> None:
        from cairn.jobs.engines.celery.sending import Sender

        sender = Sender(self.app())
        numbers = list(Delivery.objects.order_by("-id").values_list("id", flat=True))
        assert sender.send(numbers * 3) == 3 * len(numbers)
        sender.close()
        self.settle()

    def die_at_work(self) -> UUID:
        with self.running():
            subject_id = contract.emit(contract.DIE_ONCE)
            wait_for(lambda: contract.attempts(subject_id) > 0)
        return subject_id

    def cut_connections(self) -> None:
        assert self.proxy.cut() > 0

    def end(self) -> None:
        """Stop the pool and remove from the broker what is ours."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.wait(timeout=30)
        remove_queue(BROKER, self.queue_name)
        self.proxy.shut()


def remove_queue(broker: str, name: str) -> None:
    """Remove from the broker what an engine left there."""
    from kombu import Connection

    with Connection(broker) as opened:
        opened.default_channel.queue_delete(name)
        opened.default_channel.exchange_delete(name)


def why_no_broker() -> str:
    """Why the broker can't be used, "" if it can."""
    parts = urlsplit(BROKER)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 5672), timeout=2).close()
    except OSError as err:
        return f"no broker at {parts.hostname}:{parts.port or 5672} ({type(err).__name__})"
    return ""
