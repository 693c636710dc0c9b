"""The engine on RabbitMQ where it differs from the others: what is sent, when, and to whom."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from cairn.jobs import clock, queue
from cairn.jobs.engines.celery import sending
from cairn.jobs.engines.celery.app import make_app
from cairn.jobs.engines.celery.engine import PoolProcess
from cairn.jobs.models import Delivery, Presence
from cairn.platform.models import OutboxEvent
from tests.jobs import contract
from tests.jobs.conftest import NOW, consumed_by, emit, note
from tests.jobs.engines_under_test import (
    RabbitMQ,
    environment,
    remove_queue,
    wait_for,
    why_no_broker,
)

SECRET = "hunter2"
LATER = NOW + sending.RESEND_AFTER
needs_broker = pytest.mark.broker


@pytest.fixture
def delivery(event: OutboxEvent) -> Delivery:
    queue.relay(consumed_by(note), NOW)
    return Delivery.objects.get(event=event)


@pytest.fixture
def rabbitmq(transactional_db: None) -> Iterator[RabbitMQ]:
    if why := why_no_broker():
        pytest.skip(f"Celery on RabbitMQ: {why}")
    one = RabbitMQ()
    yield one
    one.end()


def test_what_was_sent_is_sent_again_after_a_minute_and_not_before(delivery: Delivery) -> None:
    assert sending.mark_unsent(NOW) == [delivery.id]
    assert sending.mark_unsent(LATER - timedelta(seconds=1)) == []
    assert sending.mark_unsent(LATER) == [delivery.id]


def test_what_was_sent_to_a_broker_that_has_nothing_left_is_sent_again_soon(
    delivery: Delivery,
) -> None:
    sending.mark_unsent(NOW)
    soon = NOW + sending.RESEND_SOON
    assert sending.mark_unsent(soon) == []
    assert sending.mark_unsent(soon, is_queue_empty=True) == [delivery.id]


def test_the_broker_is_told_of_so_many_at_a_time(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(sending, "WINDOW", 3)
    for _ in range(5):
        emit()
    queue.relay(consumed_by(note), NOW)
    first = sending.mark_unsent(NOW)
    assert len(first) == 3
    assert sending.mark_unsent(NOW) == []
    assert sending.mark_unsent(LATER) == first
    assert queue.claim_named(first[0], NOW)
    assert len(sending.mark_unsent(NOW)) == 1


def test_what_was_not_confirmed_is_sent_again_at_once(delivery: Delivery) -> None:
    sending.unmark(sending.mark_unsent(NOW), NOW)
    assert sending.mark_unsent(NOW) == [delivery.id]


def test_a_claim_that_came_to_nothing_is_sent_as_soon_as_its_lease_ended(
    delivery: Delivery,
) -> None:
    sending.mark_unsent(NOW)
    assert queue.claim_named(delivery.id, NOW)  # and its worker dies
    assert sending.mark_unsent(NOW) == []
    assert sending.mark_unsent(NOW + queue.LEASE) == [delivery.id]


def test_what_is_done_or_parked_is_not_sent(delivery: Delivery) -> None:
    for state in (Delivery.State.DONE, Delivery.State.FAILED):
        Delivery.objects.update(state=state)
        assert sending.mark_unsent(LATER) == []


def test_what_was_never_sent_goes_first(delivery: Delivery) -> None:
    sending.mark_unsent(NOW)
    emit()
    queue.relay(consumed_by(note), LATER)
    newer = Delivery.objects.exclude(id=delivery.id).get()
    assert sending.mark_unsent(LATER) == [newer.id, delivery.id]


def test_who_has_nothing_to_send_only_reads(
    delivery: Delivery, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert sending.has_unsent(NOW)
    sending.mark_unsent(NOW)
    with django_assert_num_queries(1) as asked:
        assert not sending.has_unsent(NOW)
    assert asked[0]["sql"].startswith("SELECT")


@pytest.mark.parametrize("claims", [None, "done", "leased", "unknown"])
def test_a_number_is_claimed_only_when_its_delivery_is_due(
    delivery: Delivery, claims: str | None
) -> None:
    if claims == "done":
        Delivery.objects.update(state=Delivery.State.DONE)
    elif claims == "leased":
        queue.claim(NOW)
    number = delivery.id + (1 if claims == "unknown" else 0)
    assert (queue.claim_named(number, NOW) is not None) is (claims is None)


def test_a_broker_that_is_away_is_named_by_the_kind_of_its_error_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sender = sending.Sender(make_app(f"amqp://guest:{SECRET}@127.0.0.1:1", "cairn.test", {}))
    with caplog.at_level(logging.DEBUG):
        assert sender.send([1, 2]) == 0
        assert sender.send([1, 2]) == 0
    assert sender.problem == "ConnectionRefusedError"
    assert caplog.text.count("the broker cannot be reached") == 1
    assert SECRET not in caplog.text


def test_a_pool_that_dies_is_started_again_but_not_for_ever() -> None:
    pool = PoolProcess([sys.executable, "-c", "raise SystemExit(1)"])
    lives = 0
    while pool.keep_alive():
        lives += 1
        assert pool.process
        pool.process.wait()
    assert lives == 5


def test_celery_is_not_imported_unless_it_was_chosen() -> None:
    script = (
        "import sys, django; django.setup(); import cairn.config.urls; import cairn.cli.main\n"
        "from cairn.cli.engines import engine_for; from django.conf import settings\n"
        "engine_for(settings.CAIRN, 1); print([m for m in sys.modules if 'celery' in m])"
    )
    done = subprocess.run(  # noqa: S603 - the script above
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@needs_broker
def test_a_message_is_the_number_of_a_delivery_and_is_kept_by_a_quorum_queue(
    rabbitmq: RabbitMQ,
) -> None:
    sender = sending.Sender(rabbitmq.app())
    assert sender.send([4711]) == 1
    sender.close()
    with rabbitmq.app().connection_for_read() as broker:
        message: Any = broker.default_channel.basic_get(rabbitmq.queue_name, no_ack=True)
        arguments = {"x-queue-type": "quorum"}
        # Refused, were the queue of another kind.
        broker.default_channel.queue_declare(
            rabbitmq.queue_name, durable=True, auto_delete=False, arguments=arguments
        )
    assert json.loads(message.body)[:2] == [[4711], {}]
    assert message.properties["content_type"] == "application/json"
    assert message.properties["delivery_mode"] == 2


@needs_broker
def test_a_queue_that_is_gone_is_empty_and_made_anew(rabbitmq: RabbitMQ) -> None:
    sender = sending.Sender(rabbitmq.app())
    assert sender.is_queue_empty()
    assert sender.send([1]) == 1
    wait_for(lambda: not sender.is_queue_empty())
    remove_queue(rabbitmq.broker, rabbitmq.queue_name)
    assert sender.is_queue_empty()
    assert sender.send([1]) == 1
    wait_for(lambda: not sender.is_queue_empty())
    sender.close()


@needs_broker
def test_while_the_broker_is_away_people_work_on_and_afterwards_all_is_done(
    rabbitmq: RabbitMQ, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "RESEND_SOON", timedelta(seconds=1))
    with rabbitmq.running():
        contract.emit(contract.NOTE)
        rabbitmq.settle()
        rabbitmq.proxy.shut()
        events = [contract.emit(contract.NOTE) for _ in range(5)]
        wait_for(lambda: Presence.objects.exclude(problem="").exists())
        assert [contract.effects(event) for event in events] == [0] * 5
        rabbitmq.proxy.open()
        rabbitmq.settle()
    assert [contract.effects(event) for event in events] == [2] * 5
    assert not Presence.objects.exists()


def test_several_engines_send_each_number_once(transactional_db: None) -> None:
    for _ in range(40):
        emit()
    queue.relay(consumed_by(note), clock.now())
    now, sent = clock.now(), []

    def send() -> None:
        sent.extend(sending.mark_unsent(now))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == len(set(sent)) == 40
