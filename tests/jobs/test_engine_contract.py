"""The laws of every engine: each effect once, whatever is lost, doubled, reordered or killed.

Of the order in which deliveries are carried out nothing is promised.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from cairn.jobs import queue
from cairn.jobs.models import Delivery
from tests.jobs import contract
from tests.jobs.contract import FAIL, FAIL_ONCE, LATE, NOTE, attempts, effects, emit
from tests.jobs.engines_under_test import (
    Database,
    EngineUnderTest,
    Inline,
    RabbitMQ,
    is_settled,
    why_no_broker,
)

pytestmark = pytest.mark.django_db(transaction=True)
ENGINES = [
    "inline",
    f"queue in {connection.vendor}",
    pytest.param("rabbitmq", marks=pytest.mark.broker),
]


@pytest.fixture(scope="module")
def rabbitmq(django_db_setup: None, django_db_blocker: object) -> Iterator[RabbitMQ]:
    if why := why_no_broker():
        pytest.skip(f"Celery on RabbitMQ: {why}")
    one = RabbitMQ()
    yield one
    one.end()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> EngineUnderTest:
    name = request.param
    monkeypatch.setattr(queue, "LEASE", queue.LEASE)
    monkeypatch.setattr(queue, "BACKOFF", queue.BACKOFF)
    contract.hasten()
    if name == "inline":
        return Inline()
    if name == "rabbitmq":
        from cairn.jobs.engines.celery import sending

        monkeypatch.setattr(sending, "RESEND_SOON", timedelta(seconds=1))
        found: RabbitMQ = request.getfixturevalue("rabbitmq")
        return found
    return Database()


def test_each_effect_of_each_event_happens_once(engine: EngineUnderTest) -> None:
    with engine.running():
        events = [emit(NOTE) for _ in range(12)]
        engine.settle()
    assert [effects(event) for event in events] == [2] * 12
    assert [attempts(event) for event in events] == [2] * 12


def test_what_a_failing_consumer_did_is_undone_and_it_is_tried_again(
    engine: EngineUnderTest,
) -> None:
    with engine.running():
        event = emit(FAIL_ONCE)
        engine.settle()
    assert (effects(event), attempts(event)) == (1, 2)


def test_what_fails_five_times_is_parked_with_its_reason_and_who_gives_up_is_told_once(
    engine: EngineUnderTest,
) -> None:
    with engine.running():
        event = emit(FAIL)
        engine.settle()
    parked = Delivery.objects.get()
    assert (parked.state, parked.attempts) == (Delivery.State.FAILED, 5)
    assert parked.problem == "the world moved on"
    assert (effects(event), effects(event, "contract.give_up")) == (0, 1)


def test_what_fails_keeps_nothing_from_the_others(engine: EngineUnderTest) -> None:
    with engine.running():
        emit(FAIL)
        event = emit(NOTE)
        engine.settle()
    assert effects(event) == 2


def test_a_message_that_comes_again_or_out_of_order_does_nothing(engine: EngineUnderTest) -> None:
    with engine.running():
        events = [emit(NOTE) for _ in range(5)]
        engine.repeat_all()
        engine.settle()
        engine.repeat_all()
    assert [effects(event) for event in events] == [2] * 5
    assert [attempts(event) for event in events] == [2] * 5


def test_a_message_that_was_lost_costs_time_and_nothing_else(engine: EngineUnderTest) -> None:
    event = engine.lose_a_message()
    with engine.running():
        engine.settle()
    assert effects(event) == 2


def test_a_worker_that_is_killed_at_work_loses_its_transaction_and_nothing_else(
    engine: EngineUnderTest,
) -> None:
    event = engine.die_at_work()
    assert effects(event) == 0
    with engine.running():
        engine.settle()
    assert (effects(event), attempts(event)) == (1, 2)


def test_connections_that_are_cut_are_survived(engine: EngineUnderTest) -> None:
    with engine.running():
        before = emit(NOTE)
        engine.settle()
        engine.cut_connections()
        after = emit(NOTE)
        engine.settle()
    assert (effects(before), effects(after)) == (2, 2)


def test_what_was_undone_never_happened(engine: EngineUnderTest) -> None:
    with engine.running():
        with transaction.atomic():
            event = emit(NOTE)
            transaction.set_rollback(True)
        engine.settle()
    assert effects(event) == attempts(event) == 0


def test_what_is_due_later_waits(engine: EngineUnderTest) -> None:
    with engine.running():
        event = emit(LATE)
        engine.settle()
    assert is_settled()
    assert Delivery.objects.get(state=Delivery.State.WAITING).event.subject_id == event
    assert effects(event) == attempts(event) == 0
