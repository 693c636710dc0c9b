"""What operators see of the jobs, and what they can do about them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cairn.core.errors import Malformed
from cairn.jobs import selectors, services
from cairn.jobs.models import Delivery
from cairn.jobs.presence import IS_THERE, Sign
from cairn.people.models import User
from cairn.people.operators import add_operator, operators, remove_operator
from cairn.platform.models import AuditEntry
from tests import world
from tests.jobs.conftest import NOW, emit

pytestmark = pytest.mark.django_db
PAGE = "/operator/jobs"
State = Delivery.State


def delivery(consumer: str = "signer", kind: str = "signing.ordered", **fields: object) -> Delivery:
    made: dict[str, object] = {"state": State.WAITING, "due_at": NOW, **fields}
    return Delivery.objects.create(event=emit(kind), consumer=consumer, **made)


def parked(consumer: str = "signer", problem: str = "no active key") -> Delivery:
    return delivery(consumer, state=State.FAILED, attempts=5, problem=problem)


@pytest.fixture
def operator() -> User:
    return add_operator(email="ops@example.org", now=NOW)


@pytest.fixture
def client(operator: User) -> Client:
    client = Client()
    client.force_login(operator, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_what_waits_is_counted_by_consumer_and_by_what_it_waits_for() -> None:
    due = delivery("mail")
    delivery("mail", due_at=NOW + timedelta(days=1))
    delivery("mail", due_at=NOW + timedelta(seconds=30), attempts=1)
    delivery("mail", state=State.DONE)
    found = selectors.depth_by_consumer(NOW)
    assert found == [selectors.Depth("mail", 1, 1, 1, due.event.at)]


def test_throughput_counts_what_was_done_lately() -> None:
    for seconds in (10, 600, 7_200, 100_000):
        done_at = NOW + timedelta(days=2) - timedelta(seconds=seconds)
        delivery(state=State.DONE, done_at=done_at)
    found = selectors.throughput(NOW + timedelta(days=2))
    assert (found.last_minute, found.last_hour, found.last_day) == (1, 2, 3)
    assert found.median_wait == timedelta(days=2) - timedelta(seconds=600)


def test_a_worker_that_was_not_seen_for_two_minutes_is_not_there() -> None:
    Sign("database").give(NOW)
    assert len(selectors.workers(NOW + IS_THERE - timedelta(seconds=1))) == 1
    assert len(selectors.workers(NOW + IS_THERE)) == 0


def test_the_page_is_made_of_eight_queries_whatever_there_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    of_the_session = 2
    for count in range(2):
        for consumer in ("signer", "mail") * count:
            parked(consumer)
            delivery(consumer, attempts=1, problem="again")
        with django_assert_num_queries(8 + of_the_session):
            assert client.get(PAGE).status_code == 200


def test_the_page_says_that_nobody_works_and_that_nothing_failed(client: Client) -> None:
    text = client.get(PAGE).content.decode()
    assert "No worker is running." in text
    assert "Nothing waits." in text
    assert "Nothing was given up." in text


def test_the_page_shows_kind_attempts_and_reason_of_a_failure_and_no_person(
    client: Client,
) -> None:
    Sign("database").give(timezone.now())
    award = world.planned_award(world.organisation())
    parked(problem="no active Ed25519 key")
    text = client.get(PAGE).content.decode()
    assert "Jobs are carried out." in text
    assert "no active Ed25519 key" in text
    assert "signing.ordered" in text
    assert award.learner.email not in text
    assert award.recipient_name not in text


def test_a_broker_that_is_away_is_told(client: Client) -> None:
    Sign("celery").give(timezone.now(), "ConnectionRefusedError")
    text = client.get(PAGE).content.decode()
    assert "The broker cannot be reached." in text
    assert "ConnectionRefusedError" in text


def test_one_is_tried_again_and_it_is_noted_who_wanted_it(client: Client, operator: User) -> None:
    one, other = parked(), parked()
    assert client.post(f"{PAGE}/{one.id}/retry", follow=True).status_code == 200
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, one.attempts, other.state) == (State.WAITING, 0, State.FAILED)
    noted = AuditEntry.objects.get(action="job.retry")
    assert (noted.actor_id, noted.subject_id) == (operator.id, one.event.subject_id)
    assert noted.details == {"delivery": one.id, "consumer": "signer"}


def test_all_of_a_kind_are_tried_again_and_no_others(client: Client) -> None:
    wanted, other = [parked(), parked()], parked("mail")
    client.post(f"{PAGE}/retry", {"kind": "signing.ordered", "consumer": "signer"})
    states = {one.id: one.state for one in Delivery.objects.all()}
    assert [states[one.id] for one in wanted] == [State.WAITING] * 2
    assert states[other.id] == State.FAILED


def test_what_was_tried_again_already_is_not_tried_twice(client: Client, operator: User) -> None:
    one = parked()
    assert services.retry_one(delivery_id=one.id, actor=operator, now=NOW) == 1
    assert services.retry_one(delivery_id=one.id, actor=operator, now=NOW) == 0
    assert AuditEntry.objects.filter(action="job.retry").count() == 1
    page = client.post(f"{PAGE}/{one.id}/retry", follow=True).content.decode()
    assert "Nothing to try again" in page


def test_nobody_is_an_operator_until_the_command_line_says_so_and_it_is_noted() -> None:
    user = world.user()
    assert list(operators()) == []
    assert add_operator(email=user.email, now=NOW) == user
    assert list(operators()) == [user]
    remove_operator(email=user.email.upper(), now=NOW)
    assert list(operators()) == []
    actions = AuditEntry.objects.filter(subject_id=user.id).order_by("id")
    assert [one.action for one in actions] == ["operator.add", "operator.remove"]


def test_who_is_no_operator_is_not_removed_in_silence() -> None:
    with pytest.raises(Malformed, match="no operator's address"):
        remove_operator(email="nobody@example.org", now=NOW)
