"""Workers side by side, killed ones and failing ones, on a database that really commits."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction

from cairn.core.errors import Conflict
from cairn.jobs import queue
from cairn.jobs.consumers import Consumer, Consumers, Schedule
from cairn.jobs.engines.database import Worker
from cairn.jobs.models import Delivery
from cairn.jobs.signer import SignerJob
from cairn.jobs.worker import run_until_idle
from cairn.platform.models import OutboxEvent
from cairn.signing.models import SigningOrder
from cairn.signing.orders import place
from cairn.signing.signer import Signer
from tests import world
from tests.jobs.conftest import KIND, NOW, consumed_by, emit, note, noted

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)
Started = Callable[[Consumers], Worker]


@pytest.fixture
def started() -> Iterator[Callable[..., Worker]]:
    """Starts workers that look at the queue by themselves once a minute, and stops them."""
    workers: list[Worker] = []

    def start(consumers: Consumers, schedules: tuple[Schedule, ...] = ()) -> Worker:
        worker = Worker(consumers, schedules, poll_seconds=60)
        workers.append(worker)
        worker.start()
        return worker

    yield start
    for worker in workers:
        worker.stop()
        worker.join(timeout=20)
        assert not worker.is_alive()


def _wait_for(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not is_true():
        assert time.monotonic() < deadline, "not in 15 seconds"
        time.sleep(0.02)


def _run_in_threads(work: Callable[[], object], count: int) -> None:
    def run() -> None:
        work()
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()


@pytest.mark.parametrize("moment", ["claimed", "in the middle"])
def test_a_worker_that_was_killed_is_run_again_with_the_same_result(moment: str) -> None:
    event = emit()
    script = Path(__file__).with_name("killed_worker.py")
    killed = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(script), str(connection.settings_dict["NAME"]), moment],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert noted(event.subject_id) == 0
    consumers = consumed_by(note)
    assert run_until_idle(NOW, consumers) == 0
    assert run_until_idle(NOW + queue.LEASE, consumers) == 1
    assert noted(event.subject_id) == 1
    assert run_until_idle(NOW + timedelta(days=1), consumers) == 0


def test_workers_never_do_one_delivery_at_the_same_time_nor_twice() -> None:
    events = [emit() for _ in range(12)]
    at_work: Counter[UUID] = Counter()
    together: list[UUID] = []
    # So late that each claim of the others has run out: only the lock of the row is left.
    moments = iter(range(10_000))

    def slow(event: OutboxEvent, now: datetime) -> None:
        at_work[event.subject_id] += 1
        if at_work[event.subject_id] > 1:
            together.append(event.subject_id)
        time.sleep(0.02)
        note(event, now)
        at_work[event.subject_id] -= 1

    def work() -> None:
        while run_until_idle(NOW + next(moments) * queue.LEASE, consumed_by(slow)):
            pass

    _run_in_threads(work, 3)
    run_until_idle(NOW + timedelta(days=30), consumed_by(slow))
    assert together == []
    assert [noted(event.subject_id) for event in events] == [1] * 12
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.DONE}


def test_an_event_wakes_the_worker_of_its_process(started: Started) -> None:
    started(consumed_by(note))
    time.sleep(0.3)  # it has found nothing, and would look again in a minute
    event = emit()
    _wait_for(lambda: noted(event.subject_id) == 1)


def test_a_failing_consumer_does_not_stop_the_worker(started: Started) -> None:
    def fail(event: OutboxEvent, now: datetime) -> None:
        raise ZeroDivisionError

    worker = started({"thing.failed": consumed_by(fail)[KIND], **consumed_by(note)})
    emit("thing.failed")
    _wait_for(lambda: Delivery.objects.filter(problem__startswith="ZeroDivisionError").exists())
    event = emit()
    _wait_for(lambda: noted(event.subject_id) == 1)
    assert worker.is_alive()


def test_a_failing_schedule_stops_neither_the_worker_nor_other_schedules(
    started: Callable[..., Worker],
) -> None:
    ran: list[datetime] = []

    def fail(now: datetime) -> None:
        raise Conflict("again")

    often = timedelta(hours=1)
    started(
        consumed_by(note),
        (Schedule("fails", often, fail), Schedule("runs", often, ran.append)),
    )
    event = emit()
    _wait_for(lambda: noted(event.subject_id) == 1)
    assert len(ran) == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: nobody changes anything then"
)
def test_a_change_while_the_signer_is_at_work_is_ordered_again() -> None:
    organisation = world.organisation()
    subject_id = uuid4()
    begun, changed = threading.Event(), threading.Event()
    signed: list[UUID] = []

    def handler(order: SigningOrder, signer: Signer, now: datetime) -> None:
        begun.set()
        assert signed or changed.wait(20)
        signed.append(order.id)

    def order() -> UUID:
        with transaction.atomic():
            return place(
                organisation=organisation,
                kind="status_list",
                subject_id=subject_id,
                requester=None,
                now=NOW,
            ).id

    job = SignerJob({"status_list": handler})
    consumers = {"signing.ordered": (Consumer("signer", job.sign),)}
    first = order()
    assert order() == first  # nobody has begun
    thread = threading.Thread(
        target=_run_in_threads, args=(lambda: run_until_idle(NOW, consumers), 1)
    )
    thread.start()
    assert begun.wait(20)
    second = order()  # does not wait for the signer
    changed.set()
    thread.join(timeout=30)
    run_until_idle(NOW, consumers)
    assert signed == [first, second]
