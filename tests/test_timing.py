"""What bounds of processor time let pass, and what they don't (`tests.timing`)."""

import time

import pytest

from tests import timing
from tests.timing import cpu_within, took_at_most

pytestmark = pytest.mark.timed


@pytest.fixture(autouse=True)
def untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "_TRACED", 1)


def yardstick_takes(times: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is so many times as slow as the one that the bounds were set on."""
    monkeypatch.setattr(timing, "_yardstick", lambda: times * timing.YARDSTICK_SECONDS)


def busy(seconds: float) -> None:
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def test_what_takes_too_long_each_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    yardstick_takes(2, monkeypatch)
    with pytest.raises(AssertionError, match=r"at most 0\.01 are allowed .* 2\.00 times"):
        took_at_most(0.01, lambda: busy(0.03))
    with pytest.raises(AssertionError, match=r"at most 0\.01"), cpu_within(0.01):
        busy(0.03)


def test_a_slow_machine_has_as_much_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    yardstick_takes(8, monkeypatch)
    took_at_most(0.01, lambda: busy(0.03))
    with cpu_within(0.01):
        busy(0.03)


def test_a_fast_machine_has_no_less(monkeypatch: pytest.MonkeyPatch) -> None:
    yardstick_takes(1 / 8, monkeypatch)
    took_at_most(1, lambda: busy(0.02))


def test_one_run_in_three_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    yardstick_takes(1, monkeypatch)
    runs = iter((0.2, 0.2, 0))
    took_at_most(0.1, lambda: busy(next(runs)))
    assert next(runs, None) is None


def test_the_yardstick_is_the_work_of_milliseconds() -> None:
    began = time.process_time()
    timing._yardstick()
    assert 0.001 < time.process_time() - began < 1
