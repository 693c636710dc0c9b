"""From an order to signed bytes, and from a withdrawal to a published list."""

from datetime import timedelta

import pytest

from cairn.core.codec import strict_json
from cairn.core.proofs.data_integrity import read_proofs
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import NoDocuments, Sources
from cairn.core.verify.report import Outcome
from cairn.issuing.models import Award, StatusList
from cairn.issuing.services import withdraw_award
from cairn.jobs.models import Delivery
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Organisation, Role
from cairn.signing import orders
from cairn.signing.models import SigningOrder
from cairn.signing.services import mark_compromised, rotate_keys
from cairn.verification.own_documents import OwnDocuments
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return world.organisation()


@pytest.fixture
def keyless() -> Organisation:
    return world.organisation(has_keys=False)


def _withdraw(award: Award) -> None:
    actor = world.member(award.issuer, Role.OWNER)
    withdraw_award(award=award, reason=Award.Reason.ERROR, note="", actor=actor, now=NOW)


def test_an_award_is_signed_by_the_job(organisation: Organisation) -> None:
    award = world.planned_award(organisation)
    run_until_idle(NOW)
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED


def test_an_order_is_carried_out_once(organisation: Organisation) -> None:
    award = world.planned_award(organisation)
    run_until_idle(NOW)
    bodies = [bytes(form.body) for form in award.credentials.get().forms.all()]
    Delivery.objects.update(state=Delivery.State.WAITING, attempts=0)
    run_until_idle(NOW)
    assert [bytes(form.body) for form in award.credentials.get().forms.all()] == bodies


def test_several_withdrawals_are_one_signing(organisation: Organisation) -> None:
    awards = [world.planned_award(organisation) for _ in range(3)]
    run_until_idle(NOW)
    before = StatusList.objects.get().version
    for award in awards:
        _withdraw(award)
    run_until_idle(NOW)
    assert StatusList.objects.get().version == before + 1
    assert SigningOrder.objects.filter(kind="status_list").count() == 1


def test_an_order_that_cannot_be_carried_out_says_why_and_another_can_be_placed(
    keyless: Organisation,
) -> None:
    award = world.planned_award(keyless)
    for day in range(5):
        run_until_idle(NOW + timedelta(days=day))
    order = SigningOrder.objects.get(kind="credential")
    assert order.state == SigningOrder.State.FAILED
    assert "no active Ed25519 key" in order.problem
    again = orders.place(
        organisation=keyless,
        kind="credential",
        subject_id=order.subject_id,
        requester=None,
        now=NOW,
    )
    assert again.id != order.id
    award.refresh_from_db()
    assert award.state == Award.State.PLANNED


def test_new_keys_take_over_a_day_after_they_were_published(organisation: Organisation) -> None:
    rotate_keys(organisation=organisation, actor=None, now=NOW)
    early, late = NOW + timedelta(hours=23), NOW + timedelta(hours=25)
    run_until_idle(early)
    assert organisation.signing_keys.filter(state="next").count() == 2
    run_until_idle(late)
    assert organisation.signing_keys.filter(state="next").count() == 0
    assert organisation.signing_keys.filter(state="retired").count() == 2


def test_a_withdrawn_credential_is_withdrawn_for_everyone_who_checks(
    organisation: Organisation,
) -> None:
    award = world.planned_award(organisation)
    run_until_idle(NOW)
    body = bytes(award.credentials.get().forms.get(form="eddsa-rdfc-2022").body)
    assert _outcome(body) is Outcome.IN_FORCE
    _withdraw(award)
    run_until_idle(NOW)
    assert _outcome(body) is Outcome.WITHDRAWN


def test_lists_do_not_depend_on_a_key_that_was_given_up(organisation: Organisation) -> None:
    world.planned_award(organisation)
    run_until_idle(NOW)
    key = organisation.signing_keys.get(algorithm="Ed25519", state="active")
    mark_compromised(organisation=organisation, fragment=key.fragment, actor=None, now=NOW)
    run_until_idle(NOW)
    listed = strict_json.read(bytes(StatusList.objects.get().body))
    assert isinstance(listed, dict)
    method = read_proofs(listed)[0].verification_method
    assert not method.endswith(key.fragment)


def _outcome(body: bytes) -> Outcome:
    sources = Sources(documents=OwnDocuments(NoDocuments(), "https://cairn.test"))
    return verify(body, sources, now=NOW + timedelta(minutes=1)).outcome
