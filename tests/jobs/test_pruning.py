"""What was told long ago is removed, but for what somebody reads or failed."""

from datetime import timedelta

import pytest

from cairn.issuing.selectors import handed_back
from cairn.jobs import pruning
from cairn.jobs.models import Delivery
from cairn.jobs.pruning import KEPT_FOR, prune
from cairn.jobs.worker import run_until_idle
from cairn.platform.models import OutboxEvent
from tests.jobs.conftest import KIND, NOW, consumed_by, emit, note

pytestmark = pytest.mark.django_db
LATER = NOW + KEPT_FOR + timedelta(seconds=1)


def test_what_was_done_is_removed_after_thirty_days_and_not_before() -> None:
    emit()
    run_until_idle(NOW, consumed_by(note, note))
    assert prune(NOW + KEPT_FOR) == 0
    assert prune(LATER) == 3  # two deliveries and their event
    assert not OutboxEvent.objects.exists()


def test_what_nobody_consumes_is_removed_too() -> None:
    emit("thing.nobody_wants")
    run_until_idle(NOW, {})
    assert prune(LATER) == 1


def test_what_was_never_told_stays() -> None:
    emit()
    assert prune(LATER) == 0


@pytest.mark.parametrize("state", [Delivery.State.FAILED, Delivery.State.WAITING])
def test_what_failed_or_waits_stays_with_its_event(state: str) -> None:
    event = emit()
    run_until_idle(NOW, consumed_by(note, note))
    first = Delivery.objects.order_by("id")[0]
    Delivery.objects.filter(id=first.id).update(state=state)
    assert prune(LATER) == 1
    assert Delivery.objects.get().event == event


def test_what_other_rooms_read_stays() -> None:
    claimed, back = emit("credential.claimed"), emit("credential.handed_back")
    OutboxEvent.objects.filter(id=back.id).update(subject_id=claimed.subject_id)
    run_until_idle(NOW, {})
    assert prune(LATER) == 0
    assert handed_back([claimed.subject_id]) == {claimed.subject_id}


def test_many_are_removed_in_short_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "AT_ONCE", 2)
    for _ in range(5):
        emit()
    run_until_idle(NOW, consumed_by(note))
    assert prune(LATER) == 10


def test_one_turn_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "AT_ONCE", 1)
    monkeypatch.setattr(pruning, "AT_MOST", 2)
    for _ in range(3):
        emit(KIND)
    run_until_idle(NOW, consumed_by(note))
    assert prune(LATER) == 4
    assert Delivery.objects.count() == 1
