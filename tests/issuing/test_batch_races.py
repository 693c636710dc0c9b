"""Batches on a database that really commits: two at once, and a worker killed at work."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, connections

from cairn.core.errors import Conflict
from cairn.core.status.bitstring import StatusList as Bits
from cairn.issuing.batches import execution, planning, services
from cairn.issuing.models import (
    Award,
    Batch,
    BatchRow,
    Credential,
    SignedForm,
    StatusEntry,
    StatusList,
)
from cairn.jobs.models import Delivery
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Organisation, Role
from cairn.platform.models import OutboxEvent
from cairn.signing.models import SigningOrder
from cairn.signing.opening import open_signer
from cairn.wallet import mailing
from cairn.wallet.models import ClaimLink
from tests import world
from tests.issuing.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = world.NOW
WORKER = Path(__file__).with_name("killed_signer.py")
ROOT = Path(__file__).resolve().parents[2]


def submitted(issuer: Organisation, count: int) -> Batch:
    version, awarder = world.published_version(issuer), world.member(issuer, Role.AWARDER)
    people = "".join(f"Person {n},p{n}@example.org\n" for n in range(count))
    batch = services.upload(
        issuer=issuer,
        version=version,
        offering=None,
        language="en",
        data=f"name,email\n{people}".encode(),
        file_name="people.csv",
        actor=awarder,
        now=NOW,
    )
    return services.submit(batch_id=batch.id, actor=awarder, now=NOW)


def approve(batch: Batch) -> Callable[[], Batch]:
    actor = world.member(batch.issuer, Role.REGISTRAR)
    return lambda: services.approve(batch_id=batch.id, actor=actor, now=NOW)


def audit(batch: Batch, count: int) -> None:
    """Each learner each credential once, each entry once, one mail for each."""
    assert batch.rows.filter(state=BatchRow.State.ISSUED).count() == count
    assert Award.objects.filter(state=Award.State.ISSUED).count() == count
    assert Award.objects.values("learner").distinct().count() == count
    assert Credential.objects.exclude(signed_at=None).count() == count
    assert StatusEntry.objects.values("status_list", "index").distinct().count() == count
    assert Bits(bytes(StatusList.objects.get().taken)).count() == count
    assert SignedForm.objects.count() == count * len(SignedForm.Form.values)
    told = OutboxEvent.objects.filter(kind="batch.chunk_signed")
    assert sum(event.payload["awards"] for event in told) == count
    assert OutboxEvent.objects.filter(kind="batch.done").count() == 1
    assert ClaimLink.objects.count() == count
    assert len(mail.outbox) == count


def test_two_workers_share_the_chunks_and_sign_each_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "CHUNK_ROWS", 10)
    batch = submitted(world.organisation(), 60)
    approve(batch)()

    def work() -> int:
        return run_until_idle(NOW)

    at_once(work, work)
    work()
    mailing.send_waiting(NOW)
    audit(batch, 60)


def test_one_chunk_in_the_hands_of_three_signers_is_signed_once() -> None:
    issuer = world.organisation()
    batch = submitted(issuer, 20)
    approve(batch)()
    order, signer = SigningOrder.objects.get(kind="batch_chunk"), open_signer(issuer, NOW)
    at_once(*[lambda: execution.sign_chunk(order, signer, NOW)] * 3)
    assert SignedForm.objects.count() == 40
    run_until_idle(NOW)
    mailing.send_waiting(NOW)
    audit(batch, 20)


def test_of_two_approvals_at_once_one_plans() -> None:
    batch = submitted(world.organisation(), 10)
    found = at_once(approve(batch), approve(batch))
    assert sum(isinstance(one, Conflict) for one in found) == 1
    assert Award.objects.count() == Credential.objects.count() == StatusEntry.objects.count() == 10


def test_two_clicks_of_one_approver_at_once_plan_once() -> None:
    batch = submitted(world.organisation(), 10)
    click = approve(batch)
    assert all(isinstance(one, Batch) for one in at_once(click, click))
    assert Award.objects.count() == 10


def test_an_award_and_a_batch_at_once_give_the_learner_one() -> None:
    issuer = world.organisation()
    batch = submitted(issuer, 10)
    actor = world.member(issuer, Role.AWARDER)

    def alone() -> Award:
        return world.planned_award(issuer, batch.version, actor=actor, email="p3@example.org")

    at_once(approve(batch), alone)
    assert Award.objects.filter(learner__email="p3@example.org").count() == 1


@pytest.mark.parametrize("moment", ["claimed", "signed"])
def test_a_worker_killed_at_a_chunk_loses_nothing_and_doubles_nothing(moment: str) -> None:
    batch = submitted(world.organisation(), 20)
    approve(batch)()
    database = str(connection.settings_dict["NAME"])
    connections.close_all()
    command = [sys.executable, str(WORKER), database, moment]
    # Given whole: what the tests import from must not depend on how they were started.
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    ended = subprocess.run(command, env=environment, check=False, timeout=120)  # noqa: S603 - ours
    assert ended.returncode == -signal.SIGKILL
    assert SignedForm.objects.count() == 0
    assert Delivery.objects.filter(state=Delivery.State.WAITING, attempts=1).count() == 1
    Delivery.objects.update(due_at=NOW)  # the lease ran out
    run_until_idle(NOW)
    mailing.send_waiting(NOW)
    audit(batch, 20)
