"""`cairn.issuing.reissuing`: a key is given up, and what it signed is issued again by another."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import Count

from cairn.core.errors import Conflict, NotAllowed
from cairn.core.verify.report import CheckId, Outcome, Reason, Report, Result
from cairn.issuing import acts, reissuing, selectors
from cairn.issuing.acts import Order
from cairn.issuing.changes import Act, Change
from cairn.issuing.models import Award, Credential, SignedForm, StatusEntry
from cairn.issuing.reissues import Reissue
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Organisation, Role
from cairn.people.models import User
from cairn.platform.models import AuditEntry
from cairn.signing import orders
from cairn.verification.services import check
from tests import world

pytestmark = pytest.mark.django_db
NOW, LATER = world.NOW, world.NOW + timedelta(hours=1)
JSON = SignedForm.Form.DATA_INTEGRITY


@dataclass(frozen=True, slots=True)
class Signed:
    """An issuer, who owns it, and four awards: in force twice, suspended, withdrawn."""

    issuer: Organisation
    owner: User
    awards: list[Award]
    bodies: dict[UUID, bytes]  # of each award, as its first key signed it

    @property
    def fragment(self) -> str:
        """Of the key that signed all of it."""
        return (
            self.issuer.signing_keys.order_by("created_at")
            .get(algorithm="Ed25519", created_at=NOW)
            .fragment
        )

    def give_up(self, *, is_reissued: bool = True) -> Reissue | None:
        return reissuing.give_up_key(
            organisation=self.issuer,
            fragment=self.fragment,
            is_reissued=is_reissued,
            actor=self.owner,
            now=LATER,
        )


@pytest.fixture
def signed(db: None) -> Signed:
    issuer = world.organisation()
    owner = world.member(issuer, Role.OWNER, Role.REGISTRAR)
    version = world.published_version(issuer, is_suspendable=True)
    awards = [world.issued_award(issuer, version) for _ in range(4)]
    for award, act in ((awards[2], Act.SUSPEND), (awards[3], Act.WITHDRAW)):
        order = Order(act, uuid4(), "other")
        acts.act_on(issuer=issuer, award_ids=[award.id], order=order, actor=owner, now=NOW)
    world.sign_orders()
    run_until_idle(NOW)
    for award in awards:
        award.refresh_from_db()
    return Signed(issuer, owner, awards, {award.id: _body(award) for award in awards})


def _body(award: Award) -> bytes:
    credential = selectors.last_signed(award)
    assert credential is not None
    return selectors.form_body(credential, JSON) or b""


def _report(data: bytes) -> Report:
    (answer,) = check(data, now=LATER)
    assert answer.report is not None
    return answer.report


def _outcome(data: bytes) -> Outcome:
    return _report(data).outcome


def test_what_giving_up_touches_is_said_before(signed: Signed) -> None:
    assert reissuing.reach_of(signed.issuer, signed.fragment) == reissuing.Reach(4, 3, 3)


def test_awards_in_force_are_issued_again_as_the_same_awards(signed: Signed) -> None:
    signed.give_up()
    run_until_idle(LATER)
    states = [Award.objects.get(pk=award.pk).state for award in signed.awards]
    assert states == ["issued", "issued", "suspended", "withdrawn"]
    (reissue,) = Reissue.objects.all()
    assert (reissue.awards, reissue.done_at) == (3, LATER)
    for award in signed.awards[:3]:
        old, new = Credential.objects.filter(award=award).order_by("planned_at")
        assert (old.is_current, new.is_current) == (False, True)
        forms = SignedForm.objects.filter(credential=new)
        assert forms.count() == 3
        assert not forms.filter(key_fragment=signed.fragment).exists()
        change = Change.objects.get(award=award, act=Act.REPLACE)
        assert (change.replaced_id, change.successor_id, change.reason) == (old.id, new.id, "key")
        assert selectors.newest_of(old.id) == new
    assert Credential.objects.filter(award=signed.awards[3]).count() == 1


def test_the_old_no_longer_hold_and_the_new_do(signed: Signed) -> None:
    assert [_outcome(signed.bodies[each.id]) for each in signed.awards[:3]] == [
        Outcome.IN_FORCE,
        Outcome.IN_FORCE,
        Outcome.SUSPENDED,
    ]
    signed.give_up()
    run_until_idle(LATER)
    for award in signed.awards:
        assert _outcome(signed.bodies[award.id]) is Outcome.ALTERED
    new = [_outcome(_body(award)) for award in signed.awards[:3]]
    assert new == [Outcome.IN_FORCE, Outcome.IN_FORCE, Outcome.SUSPENDED]


def test_no_entry_of_a_status_list_is_used_twice(signed: Signed) -> None:
    signed.give_up()
    run_until_idle(LATER)
    doubled = StatusEntry.objects.values("status_list", "index").annotate(n=Count("id"))
    assert not doubled.filter(n__gt=1).exists()
    assert StatusEntry.objects.filter(issuer=signed.issuer).count() == 2 * (4 + 3)


def test_planning_and_signing_twice_does_it_once(signed: Signed) -> None:
    reissue = signed.give_up()
    assert reissue is not None
    assert reissuing.plan(reissue_id=reissue.id, now=LATER) == 3
    assert reissuing.plan(reissue_id=reissue.id, now=LATER) == 3
    run_until_idle(LATER)
    before = set(SignedForm.objects.values_list("id", flat=True))
    with transaction.atomic():
        orders.place(
            organisation=signed.issuer,
            kind="reissue_chunk",
            subject_id=reissue.chunks.get().id,
            requester=None,
            now=LATER,
        )
    run_until_idle(LATER)
    assert set(SignedForm.objects.values_list("id", flat=True)) == before
    assert Change.objects.filter(act=Act.REPLACE).count() == 3


def test_an_award_that_is_withdrawn_meanwhile_is_not_signed(signed: Signed) -> None:
    reissue = signed.give_up()
    assert reissue is not None
    reissuing.plan(reissue_id=reissue.id, now=LATER)
    order = Order(Act.WITHDRAW, uuid4(), "error")
    award = signed.awards[0]
    acts.act_on(
        issuer=signed.issuer, award_ids=[award.id], order=order, actor=signed.owner, now=LATER
    )
    run_until_idle(LATER)
    assert Credential.objects.filter(award=award).exclude(signed_at=None).count() == 1
    assert Reissue.objects.get().done_at == LATER


def test_a_key_can_be_given_up_without_issuing_again(signed: Signed) -> None:
    assert signed.give_up(is_reissued=False) is None
    run_until_idle(LATER)
    assert not Reissue.objects.exists()
    assert Credential.objects.filter(issuer=signed.issuer).count() == 4


def test_the_order_is_in_the_audit_with_who_gave_it(signed: Signed) -> None:
    reissue = signed.give_up()
    assert reissue is not None
    run_until_idle(LATER)
    acted = AuditEntry.objects.filter(subject_id=reissue.id).order_by("id")
    assert [(entry.action, entry.actor_id) for entry in acted] == [
        ("reissue.order", signed.owner.id),
        ("reissue.sign_chunk", None),
    ]


def test_only_who_manages_keys_gives_one_up(signed: Signed) -> None:
    awarder = world.member(signed.issuer, Role.AWARDER)
    with pytest.raises(NotAllowed):
        reissuing.give_up_key(
            organisation=signed.issuer,
            fragment=signed.fragment,
            is_reissued=True,
            actor=awarder,
            now=LATER,
        )
    signed.give_up()
    with pytest.raises(Conflict, match="already"):
        signed.give_up()


def test_why_the_old_one_fails_is_said(signed: Signed) -> None:
    signed.give_up()
    run_until_idle(LATER)
    report = _report(signed.bodies[signed.awards[0].id])
    failed = {one.id: one.reason for one in report.checks if one.result is Result.FAIL}
    assert failed[CheckId.ISSUER] is Reason.ISSUER_KEY_REVOKED
