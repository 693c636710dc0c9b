"""What is done by the clock is done by one worker at a time."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cairn.jobs.consumers import Schedule
from cairn.jobs.models import Presence, Turn
from cairn.jobs.presence import EVERY, Sign
from cairn.jobs.timetable import Timetable, take_turn
from tests.jobs.conftest import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Runs:
    """A schedule that notes when it was run."""

    def __init__(self) -> None:
        self.at: list[datetime] = []
        self.schedule = Schedule("noted", HOUR, self.at.append)


@pytest.fixture
def runs() -> Runs:
    return Runs()


def test_of_two_workers_one_runs_a_schedule(runs: Runs) -> None:
    for worker in (Timetable([runs.schedule]), Timetable([runs.schedule])):
        worker.run_due(NOW)
    assert runs.at == [NOW]


def test_a_schedule_is_run_again_after_its_interval_by_whoever_comes_first(runs: Runs) -> None:
    one, other = Timetable([runs.schedule]), Timetable([runs.schedule])
    for minutes in (0, 30, 59, 60, 61, 119, 120):
        one.run_due(NOW + timedelta(minutes=minutes))
        other.run_due(NOW + timedelta(minutes=minutes))
    assert runs.at == [NOW, NOW + HOUR, NOW + 2 * HOUR]


def test_a_worker_that_died_holds_up_a_schedule_for_one_interval(runs: Runs) -> None:
    is_ours, _ = take_turn(runs.schedule, NOW)  # and dies
    assert is_ours
    other = Timetable([runs.schedule])
    other.run_due(NOW + timedelta(minutes=59))
    other.run_due(NOW + HOUR)
    assert runs.at == [NOW + HOUR]


def test_a_clock_that_ran_ahead_holds_up_nothing(runs: Runs) -> None:
    take_turn(runs.schedule, NOW + timedelta(days=365))
    Timetable([runs.schedule]).run_due(NOW)
    assert runs.at == [NOW]
    assert Turn.objects.get().next_at == NOW + HOUR


def test_the_database_is_asked_only_when_a_schedule_may_be_due(
    runs: Runs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    timetable = Timetable([runs.schedule])
    timetable.run_due(NOW)
    with django_assert_num_queries(0):
        timetable.run_due(NOW + timedelta(minutes=59))


def test_a_worker_is_seen_now_and_then_and_not_after_it_ended(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sign = Sign("database")
    sign.give(NOW)
    with django_assert_num_queries(0):
        sign.give(NOW + EVERY - timedelta(seconds=1))
    sign.give(NOW + EVERY)
    seen = Presence.objects.get()
    assert (seen.started_at, seen.seen_at) == (NOW, NOW + EVERY)
    sign.remove()
    assert not Presence.objects.exists()


def test_a_new_problem_is_seen_at_once() -> None:
    sign = Sign("celery")
    sign.give(NOW)
    sign.give(NOW, "ConnectionRefusedError")
    assert Presence.objects.get().problem == "ConnectionRefusedError"


def test_who_was_killed_is_forgotten_when_another_ends() -> None:
    Sign("database").give(NOW - timedelta(days=2))
    killed_lately = Sign("database")
    killed_lately.give(NOW - timedelta(hours=1))
    ending = Sign("database")
    ending.give(NOW)
    ending.remove()
    assert [seen.started_at for seen in Presence.objects.all()] == [NOW - timedelta(hours=1)]
