"""Events reach each consumer once, whatever consumers do."""

import logging
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from cairn.core.errors import Conflict
from cairn.jobs import queue
from cairn.jobs.consumers import Consumer
from cairn.jobs.models import Delivery
from cairn.jobs.worker import run_until_idle
from cairn.platform.models import OutboxEvent
from tests.jobs.conftest import KIND, NOW, consumed_by, emit, note, noted

SECRET = "ada@example.org"


def _raise(event: OutboxEvent, now: datetime) -> None:
    raise Conflict("the world moved on")


def _raise_foreign(event: OutboxEvent, now: datetime) -> None:
    note(event, now)
    raise IntegrityError(f"Key (email)=({SECRET}) already exists")


def test_an_event_reaches_each_of_its_consumers(event: OutboxEvent) -> None:
    assert run_until_idle(NOW, consumed_by(note, note)) == 2
    assert noted(event.subject_id) == 2


def test_what_was_delivered_is_not_delivered_again(event: OutboxEvent) -> None:
    consumers = consumed_by(note)
    run_until_idle(NOW, consumers)
    assert run_until_idle(NOW + timedelta(days=1), consumers) == 0
    assert noted(event.subject_id) == 1


def test_an_event_without_consumers_is_passed_over(event: OutboxEvent) -> None:
    assert run_until_idle(NOW, {}) == 0
    event.refresh_from_db()
    assert event.is_relayed


def test_an_event_that_commits_late_with_a_low_id_is_relayed(event: OutboxEvent) -> None:
    later = emit()
    run_until_idle(NOW, consumed_by(note))
    # As if the transaction of the first had committed only now.
    Delivery.objects.filter(event=event).delete()
    OutboxEvent.objects.filter(id=event.id).update(is_relayed=False)
    assert event.id < later.id
    assert run_until_idle(NOW, consumed_by(note)) == 1


def test_an_event_relayed_twice_is_delivered_once(event: OutboxEvent) -> None:
    consumers = consumed_by(note)
    queue.relay(consumers, NOW)
    OutboxEvent.objects.update(is_relayed=False)
    run_until_idle(NOW, consumers)
    assert noted(event.subject_id) == 1


def test_a_delayed_consumer_waits(event: OutboxEvent) -> None:
    consumers = {KIND: (Consumer("late", note, delay=timedelta(hours=24)),)}
    assert run_until_idle(NOW, consumers) == 0
    assert run_until_idle(NOW + timedelta(hours=24), consumers) == 1


def test_what_a_failing_consumer_wrote_is_undone(event: OutboxEvent) -> None:
    run_until_idle(NOW, consumed_by(_raise_foreign))
    assert noted(event.subject_id) == 0


def test_a_failing_consumer_keeps_nothing_from_the_others(event: OutboxEvent) -> None:
    run_until_idle(NOW, consumed_by(_raise, note))
    assert noted(event.subject_id) == 1


def test_a_failed_delivery_is_tried_again_later_and_parked_after_five_attempts(
    event: OutboxEvent,
) -> None:
    consumers, now, tries = consumed_by(_raise), NOW, []
    for _ in range(8):
        tries.append(run_until_idle(now, consumers))
        assert run_until_idle(now, consumers) == 0
        now += timedelta(hours=1)
    assert tries == [1, 1, 1, 1, 1, 0, 0, 0]
    parked = Delivery.objects.get()
    assert (parked.state, parked.attempts) == (Delivery.State.FAILED, 5)
    assert parked.problem == "the world moved on"


def test_a_parked_delivery_can_be_retried(event: OutboxEvent) -> None:
    run_until_idle(NOW, consumed_by(_raise))
    Delivery.objects.update(state=Delivery.State.FAILED, attempts=5)
    assert [delivery.event for delivery in queue.failed()] == [event]
    assert queue.retry([delivery.id for delivery in queue.failed()], NOW) == 1
    run_until_idle(NOW, consumed_by(note))
    assert noted(event.subject_id) == 1


def test_who_gives_up_is_told_in_the_same_transaction(event: OutboxEvent) -> None:
    problems: list[str] = []

    def give_up(event: OutboxEvent, problem: str, now: datetime) -> None:
        problems.append(problem)

    consumers = {KIND: (Consumer("fails", _raise, give_up=give_up),)}
    for day in range(5):
        run_until_idle(NOW + timedelta(days=day), consumers)
    assert problems == ["the world moved on"]


def test_neither_log_nor_problem_repeats_what_a_library_quotes(
    event: OutboxEvent, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        run_until_idle(NOW, consumed_by(_raise_foreign))
    problem = Delivery.objects.get().problem
    assert problem.startswith("IntegrityError in test_queue.py, line ")
    assert "attempt 1" in caplog.text
    assert SECRET not in caplog.text + problem


def test_a_delivery_for_a_consumer_that_is_gone_waits_and_is_parked(event: OutboxEvent) -> None:
    queue.relay(consumed_by(note), NOW)
    for day in range(5):
        run_until_idle(NOW + timedelta(days=day), {})
    assert "no consumer 'consumer-0'" in Delivery.objects.get(state="failed").problem


def test_a_claim_keeps_others_away_until_its_lease_ends(event: OutboxEvent) -> None:
    consumers = consumed_by(note)
    queue.relay(consumers, NOW)
    first = queue.claim(NOW)
    assert first is not None
    assert queue.claim(NOW) is None
    second = queue.claim(NOW + queue.LEASE)
    assert second is not None
    assert second.attempt == 2


def test_a_worker_that_was_overtaken_does_nothing(event: OutboxEvent) -> None:
    consumers = consumed_by(note)
    queue.relay(consumers, NOW)
    first, second = queue.claim(NOW), queue.claim(NOW + queue.LEASE)
    assert first
    assert second
    queue.carry_out(first, consumers, NOW)
    assert noted(event.subject_id) == 0
    queue.carry_out(second, consumers, NOW)
    assert noted(event.subject_id) == 1


def test_an_event_of_a_transaction_that_was_undone_never_happened(db: None) -> None:
    with transaction.atomic():
        emit()
        transaction.set_rollback(True)
    assert run_until_idle(NOW, consumed_by(note)) == 0


def test_an_idle_worker_only_reads(
    event: OutboxEvent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run_until_idle(NOW, consumed_by(note))
    with django_assert_num_queries(2) as asked:
        assert run_until_idle(NOW, consumed_by(note)) == 0
    assert all(query["sql"].startswith("SELECT") for query in asked)


def test_a_delivery_that_no_worker_outlives_is_parked(event: OutboxEvent) -> None:
    consumers, now = consumed_by(note), NOW
    queue.relay(consumers, now)
    for _ in range(queue.MAX_CLAIMS):
        assert queue.claim(now)  # and its worker dies
        now += queue.LEASE
    run_until_idle(now, consumers)
    parked = Delivery.objects.get(state=Delivery.State.FAILED)
    assert parked.problem == "no worker outlived it in 10 attempts"
    assert noted(event.subject_id) == 0
