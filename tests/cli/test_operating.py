"""The commands of whoever runs an installation, each in a process of its own as in production."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.command import Ran
from tests.jobs.engines_under_test import BROKER, remove_queue, why_no_broker
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
KEY = base64.urlsafe_b64encode(bytes(32)).decode()
FOUND = """
import sys, django
django.setup()
from datetime import UTC, datetime
from cairn.organisations.models import Organisation
from cairn.platform.models import OutboxEvent
from cairn.jobs.models import Delivery
from cairn.signing.services import create_keys
now = datetime.now(UTC)
made = Organisation.objects.create(slug="north", name="North", created_at=now)
create_keys(organisation=made, actor=None, now=now)
event = OutboxEvent.objects.create(kind="k", subject_id=made.id, at=now, is_relayed=True)
Delivery.objects.create(event=event, consumer="c", state="failed", due_at=now, problem="[b]why")
print(made.id)
"""


class Installation:
    """A folder with its environment, and commands run in it."""

    def __init__(self, folder: Path) -> None:
        plain = {name: value for name, value in os.environ.items() if "CAIRN" not in name}
        plain.pop("DJANGO_SETTINGS_MODULE", None)
        self.environment: Mapping[str, str] = {
            **plain,
            "CAIRN_DATA_DIR": str(folder / "data"),
            "CAIRN_STATE_DIR": str(folder / "state"),
            "CAIRN_MASTER_KEY": KEY,
            "COLUMNS": "200",
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONWARNINGS": "default",
        }

    def start(self, *arguments: str, **changes: str) -> subprocess.Popen[str]:
        script = "from cairn.cli.main import main; main()"
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-c", script, *arguments],
            env={**self.environment, **changes},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def cairn(self, *arguments: str, **changes: str) -> Ran:
        with self.start(*arguments, **changes) as process:
            out, err = process.communicate(timeout=60)
        return Ran(process.returncode, out, err)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with an organisation with keys and a delivery that was given up; its id."""
    folder = tmp_path_factory.mktemp("founded")
    made = Installation(folder)
    assert made.cairn("migrate").code == 0
    done = subprocess.run(  # noqa: S603 - the script above
        [sys.executable, "-c", FOUND],
        env={**made.environment, "DJANGO_SETTINGS_MODULE": "cairn.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return folder, done.stdout.strip()


@pytest.fixture
def here(tmp_path: Path, founded: tuple[Path, str]) -> Installation:
    folder = tmp_path / "installation"
    shutil.copytree(founded[0], folder)
    return Installation(folder)


@pytest.fixture
def started(here: Installation) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **changes: str) -> subprocess.Popen[str]:
        running.append(here.start(*arguments, **changes))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def _read(url: str, process: subprocess.Popen[str]) -> bytes:
    """What is served at `url`, as soon as something is."""
    deadline = time.monotonic() + 40
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
                data: bytes = answer.read()
                return data
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_new_master_key_is_printed_and_each_is_another(here: Installation) -> None:
    once, twice = here.cairn("keys", "master"), here.cairn("keys", "master")
    assert once.out != twice.out
    assert len(base64.urlsafe_b64decode(once.out.strip() + "=")) == 32


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_without_a_master_key_and_it_says_how_to_make_one(
    here: Installation, command: str
) -> None:
    ran = here.cairn(command, CAIRN_MASTER_KEY="")
    assert ran.code == 3
    assert "cairn keys master" in ran.err
    assert ran.err.count("\n") == 1


def test_nothing_starts_with_a_master_key_that_opens_no_key_here(here: Installation) -> None:
    other = base64.urlsafe_b64encode(bytes(range(32))).decode()
    ran = here.cairn("serve", CAIRN_MASTER_KEY=other)
    assert ran.code == 3
    assert "2 keys of issuers are wrapped under another master key" in ran.err


def test_what_is_served_and_worked_on(
    founded: tuple[Path, str], started: Callable[..., subprocess.Popen[str]]
) -> None:
    organisation, port = founded[1], free_port()
    base_url = f"http://localhost:{port}"
    process = started("serve", "--port", str(port), CAIRN_BASE_URL=base_url)
    document = json.loads(_read(f"{base_url}/i/{organisation}/did.json", process))
    assert document["id"] == f"did:web:localhost%3A{port}:i:{organisation}"
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert "Traceback" not in err


def test_a_worker_ends_when_it_is_asked_to(
    started: Callable[..., subprocess.Popen[str]],
) -> None:
    process = started("worker")
    assert process.stdout
    assert "running" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err


@pytest.mark.broker
def test_a_worker_takes_jobs_over_the_broker_and_all_of_it_ends_with_it(
    started: Callable[..., subprocess.Popen[str]],
) -> None:
    if why := why_no_broker():
        pytest.skip(f"Celery on RabbitMQ: {why}")
    host = f"{uuid4()}.example"
    chosen = {"CAIRN_ENGINE": "celery", "CAIRN_BROKER": BROKER, "CAIRN_BASE_URL": f"https://{host}"}
    process = started("worker", "--processes", "2", **chosen)
    assert process.stdout
    assert "running over RabbitMQ" in process.stdout.readline()
    time.sleep(6)  # until there is a pool
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)  # which waits for the last of its processes
    remove_queue(BROKER, f"cairn.{host}")
    assert process.returncode == 0, err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"CAIRN_ENGINE": "cellery"}, "'cellery' is none of database, celery"),
        ({"CAIRN_ENGINE": "celery"}, "needs the address of RabbitMQ in CAIRN_BROKER"),
        ({"CAIRN_BROKER": "redis://:hunter2@host"}, "CAIRN_BROKER is not an address like amqp:"),
    ],
)
def test_settings_of_the_engine_that_are_wrong_are_named_and_no_secret_is(
    here: Installation, changes: dict[str, str], said: str
) -> None:
    ran = here.cairn("worker", **changes)
    assert ran.code == 3
    assert said in ran.err
    assert "hunter2" not in ran.err


def test_several_processes_are_for_several_workers_unless_a_broker_parts_the_work(
    here: Installation,
) -> None:
    ran = here.cairn("worker", "--processes", "2")
    assert ran.code == 3
    assert "run cairn worker several times" in ran.err


def test_operators_are_made_listed_and_unmade(here: Installation) -> None:
    assert "/operator/jobs" in here.cairn("operators", "add", "Ops@example.org").out
    assert here.cairn("operators", "list").out == "ops@example.org\n"
    assert here.cairn("operators", "remove", "ops@example.org").code == 0
    assert here.cairn("operators", "list").out == ""
    assert here.cairn("operators", "remove", "ops@example.org").code == 3


def test_keys_are_rotated_by_the_name_of_the_organisation(here: Installation) -> None:
    ran = here.cairn("keys", "rotate", "--organisation", "north")
    assert ran.code == 0, ran.err
    assert re.search(r"They sign from \d{4}-\d\d-\d\d", ran.out)
    assert "within a day" in here.cairn("keys", "rotate", "--organisation", "north").err
    assert "'south'" in here.cairn("keys", "rotate", "--organisation", "south").err
    assert here.cairn("keys", "rotate", "--organisation", "north", "--at-once").code == 0


def test_the_master_key_is_changed(here: Installation) -> None:
    new = here.cairn("keys", "master").out.strip()
    ran = here.cairn("keys", "rewrap", CAIRN_NEW_MASTER_KEY=new)
    assert ran.out.startswith("2 keys are wrapped anew.")
    assert new not in ran.out + ran.err
    assert here.cairn("keys", "rotate", "--organisation", "north", CAIRN_MASTER_KEY=new).code == 0


def test_a_new_master_key_that_is_none_is_refused_without_repeating_it(
    here: Installation,
) -> None:
    ran = here.cairn("keys", "rewrap", CAIRN_NEW_MASTER_KEY="hunter2")
    assert ran.code == 3
    assert "CAIRN_NEW_MASTER_KEY is not 32 bytes" in ran.err
    assert "hunter2" not in ran.err


def test_what_was_given_up_is_listed_and_tried_again(here: Installation) -> None:
    listed = here.cairn("jobs", "list")
    assert listed.code == 1
    assert "k to c: [b]why" in listed.out
    assert here.cairn("jobs", "retry").out == "1 will be tried again.\n"
    assert here.cairn("jobs", "list").code == 0
