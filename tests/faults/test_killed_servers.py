"""F2, F3, F4: the web, the database and the broker are killed; what they serve goes on after it."""

import json
import time
import urllib.error
import urllib.request
from random import Random
from threading import Thread
from typing import Any

import pytest

from tests.faults.conftest import ROWS, Seeded
from tests.faults.finish import finish
from tests.faults.installation import CAIRN, Installation, kill, running, wait_for
from tests.faults.letters import Letters
from tests.faults.servers import Broker, PostgreSql
from tests.ports import free_port

pytestmark = pytest.mark.faults
UPLOADS = 5
MEANWHILE = 60  # rows of a batch that is planned while the broker is away
SWEEP_SECONDS = 60  # until a message that was lost is sent again


def test_a_killed_web_keeps_an_upload_whole_or_not_at_all(
    on_sqlite: Seeded, chance: Random
) -> None:
    installation = on_sqlite.installation
    told = installation.act("program", on_sqlite.issuer)
    batches = 1
    for number in range(UPLOADS):
        api = _Api(installation, told, f"key-{number}")
        server = api.serve()
        with running(server):
            began = time.monotonic()
            asked = Thread(target=api.upload)
            asked.start()
            time.sleep(chance.uniform(0, 0.8))
            kill(server)
            asked.join(60)
            struck_after = time.monotonic() - began
        kept = installation.ask("SELECT count(*) FROM issuing_batch")
        assert kept in (batches, batches + 1), f"killed after {struck_after:.2f} s"
        with running(api.serve()):
            first, second = api.upload(), api.upload()
        assert first is not None
        assert second is not None
        assert first["id"] == second["id"], "the same key is the same batch"
        batches += 1
        assert installation.ask("SELECT count(*) FROM issuing_batch") == batches
    rows = "SELECT count(*) FROM issuing_batchrow"
    assert installation.ask(rows) == ROWS + UPLOADS * len(_PEOPLE)


def test_workers_outlive_a_database_that_is_killed(
    on_postgresql: Seeded, postgresql: PostgreSql, letters: Letters, chance: Random
) -> None:
    installation = on_postgresql.installation
    workers = [installation.start_worker(f"worker{number}") for number in range(2)]
    with running(*workers):
        wait_for(installation.signed, 60, "something is signed")
        for _ in range(3):
            time.sleep(chance.uniform(0, 1))
            postgresql.kill()
            time.sleep(chance.uniform(0, 1))
            postgresql.resume()
        taken = finish(on_postgresql, letters, ROWS)
        assert all(worker.poll() is None for worker in workers), "no worker was started again"
    assert taken <= 60


def test_a_broker_that_is_killed_and_emptied_costs_time_alone(
    on_celery: Seeded, broker: Broker, letters: Letters
) -> None:
    installation = on_celery.installation
    worker = installation.start_worker()
    with running(worker):
        wait_for(installation.signed, 60, "something is signed")
        broker.kill()
        meanwhile = installation.act("seed", MEANWHILE)
        broker.wipe()
        broker.start()
        taken = finish(on_celery, letters, ROWS + MEANWHILE, seconds=2 * SWEEP_SECONDS)
        assert worker.poll() is None
    assert not installation.act("audit", meanwhile["batch"])["problems"]
    assert taken <= 2 * SWEEP_SECONDS


_PEOPLE = [f"Ada {number},ada{number}@example.org" for number in range(40)]


class _Api:
    """A program that uploads one table under one key."""

    def __init__(self, installation: Installation, told: dict[str, Any], key: str) -> None:
        self.port = free_port()
        self._installation, self._told, self._key = installation, told, key

    def serve(self) -> Any:
        """Start the web; it answers when this returns."""
        command = (str(CAIRN), "serve", "--port", str(self.port), "--no-worker")
        server = self._installation.start(*command, log="serve")
        wait_for(self._answers, 60, "the web answers")
        return server

    def upload(self) -> dict[str, Any] | None:
        """The answer to the upload; None if the web died over it."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{self._told['path']}?{self._told['query']}",
            data="\n".join(["name,email", *_PEOPLE, ""]).encode(),
            headers={
                "Host": self._told["host"],
                "Authorization": f"Bearer {self._told['token']}",
                "Content-Type": "text/csv",
                "Idempotency-Key": self._key,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                said: dict[str, Any] = json.load(answer)
                return said
        except urllib.error.HTTPError as err:
            raise AssertionError(f"{err.code}: {err.read()!r}") from err
        except OSError:
            return None

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
