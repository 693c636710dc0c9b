"""Plans of large batches are made by the worker: whole or not at all, once, or sent back."""

import pytest
from django.db import transaction

from cairn.issuing.batches import planning, services
from cairn.issuing.models import Award, Batch, BatchChunk, BatchRow, Credential, StatusEntry
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Role
from cairn.people.models import Learner
from tests import world
from tests.issuing.desk import client_of
from tests.issuing.test_batches import Office, audit, people, states, work
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(services, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(planning, "CHUNK_ROWS", 4)
    return Office()


def planned_nothing() -> bool:
    made = (Award, Credential, StatusEntry, BatchChunk, Learner)
    return not any(model.objects.exists() for model in made)


def test_a_large_batch_is_planned_by_the_worker_in_parts_of_one_chunk(office: Office) -> None:
    batch = office.approved(people(10))
    assert batch.state == Batch.State.PLANNING
    assert planned_nothing()
    work()
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE
    chunks = BatchChunk.objects.order_by("first_row").values_list("first_row", "last_row")
    assert list(chunks) == [(2, 5), (6, 9), (10, 11)]
    assert not Award.objects.exclude(awarded_by=office.registrar).exists()
    audit(batch)


def test_a_plan_made_twice_is_made_once(office: Office) -> None:
    batch = office.approved(people(5))
    for _ in range(2):
        planning.plan_batch(batch_id=batch.id, now=NOW)
    assert Award.objects.count() == Credential.objects.count() == 5
    assert BatchChunk.objects.count() == 2


class Killed(Exception):
    """Stands for a worker that died."""


def test_a_plan_killed_before_its_commit_leaves_nothing_and_is_made_later(office: Office) -> None:
    batch = office.approved(people(5))

    @transaction.atomic
    def plan_and_die() -> None:
        planning.plan_batch(batch_id=batch.id, now=NOW)
        raise Killed

    with pytest.raises(Killed):
        plan_and_die()
    assert planned_nothing()
    assert states(batch) == {"ready": 5}
    work()
    audit(batch)


def test_a_batch_of_which_nobody_is_left_waits_for_approval_again_and_says_why(
    office: Office,
) -> None:
    batch = office.approved(people(4))
    for n in range(4):
        world.planned_award(office.issuer, office.version, email=f"p{n}@example.org")
    run_until_idle(NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.approved_by, batch.approval) == (Batch.State.SUBMITTED, None, "")
    assert "nobody is left" in batch.source.problem
    address = f"/console/{office.issuer.slug}/batches/{batch.id}/"
    assert b"nobody is left" in client_of(office.registrar).get(address).content
    assert states(batch) == {"ready": 4}
    assert not BatchChunk.objects.exists()


def test_who_was_awarded_between_approval_and_plan_is_held(office: Office) -> None:
    batch = office.approved(people(5))
    world.planned_award(office.issuer, office.version, email="p2@example.org")
    planning.plan_batch(batch_id=batch.id, now=NOW)
    assert states(batch) == {"planned": 4, "held": 1}


def test_a_worker_that_cannot_plan_gives_the_batch_back(office: Office) -> None:
    batch = office.approved(people(4))
    planning.give_up(batch_id=batch.id, now=NOW)
    batch.refresh_from_db()
    assert batch.state == Batch.State.SUBMITTED
    assert batch.source.problem
    services.approve(batch_id=batch.id, actor=world.member(office.issuer, Role.REGISTRAR), now=NOW)
    work()
    audit(batch)


def test_rows_that_were_left_out_are_in_no_plan(office: Office) -> None:
    batch = office.approved(people(4) + ",nobody@example.org\n" + "Again,p0@example.org\n")
    planning.plan_batch(batch_id=batch.id, now=NOW)
    assert batch.rows.filter(state=BatchRow.State.PLANNED).count() == 4
    assert Award.objects.count() == 4
