"""Two at once, on a database that really commits: once is once, and no bit is lost."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from django.db import connections

from cairn.core.errors import Conflict
from cairn.core.status.bitstring import StatusList as Bits
from cairn.issuing import services, signing
from cairn.issuing.acts import Order, act_on
from cairn.issuing.changes import Act, Change
from cairn.issuing.models import Award, Credential, SignedForm, StatusEntry, StatusList
from cairn.issuing.replacing import Correction, replace_award
from cairn.organisations.models import Role
from cairn.people.models import Learner
from cairn.platform.models import OutboxEvent
from cairn.signing.models import SigningOrder
from cairn.signing.opening import open_signer
from cairn.wallet import services as wallet
from cairn.wallet.claims import digest
from cairn.wallet.models import ClaimLink, Holding
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
NOW = world.NOW


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave or raised, all begun together."""
    barrier = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        barrier.wait()
        try:
            found[index] = acts[index]()
        except Conflict as err:
            found[index] = err
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return found


def test_of_many_awards_to_one_learner_one_is_made() -> None:
    issuer = world.organisation()
    version, actor = world.published_version(issuer), world.member(issuer, Role.AWARDER)
    for run in (None, world.offering(version)):

        def award(run: Any = run) -> Award:
            return world.planned_award(
                issuer, version, actor=actor, email="ada@example.org", offering=run
            )

        found = at_once(*[award] * 6)
        assert sum(isinstance(one, Conflict) for one in found) == 5
        assert sum(isinstance(one, Award) for one in found) == 1
    assert Award.objects.count() == Credential.objects.count() == StatusEntry.objects.count() == 2
    assert Bits(bytes(StatusList.objects.get().taken)).count() == 2
    assert Learner.objects.count() == 1


def test_many_awards_share_one_list_and_no_entry() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, is_suspendable=True)
    actor = world.member(issuer, Role.AWARDER)

    def award(number: int) -> Callable[[], Award]:
        email = f"learner{number}@example.org"
        return lambda: world.planned_award(issuer, version, actor=actor, email=email)

    found = at_once(*[award(number) for number in range(8)])
    assert all(isinstance(one, Award) for one in found), found
    for listed in StatusList.objects.all():
        assert Bits(bytes(listed.taken)).count() == listed.entries.count() == 8
    assert StatusList.objects.count() == 2


def test_of_two_withdrawals_the_first_stands() -> None:
    issuer = world.organisation()
    award, actor = world.issued_award(issuer), world.member(issuer, Role.AWARDER)

    def withdraw(reason: Award.Reason) -> Callable[[], Award]:
        return lambda: services.withdraw_award(
            award=award, reason=reason, note="", actor=actor, now=NOW
        )

    found = at_once(*[withdraw(reason) for reason in Award.Reason])
    winner = next(one for one in found if isinstance(one, Award))
    assert sum(isinstance(one, Conflict) for one in found) == len(Award.Reason) - 1
    award.refresh_from_db()
    assert award.withdrawn_reason == winner.withdrawn_reason
    assert OutboxEvent.objects.filter(kind="credential.withdrawn").count() == 1


def test_a_set_sent_twice_at_once_is_acted_on_once() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, is_suspendable=True)
    awards = [world.issued_award(issuer, version).id for _ in range(5)]
    actor, order = world.member(issuer, Role.REGISTRAR), Order(Act.SUSPEND, uuid4(), "review")

    def suspend() -> object:
        return act_on(issuer=issuer, award_ids=awards, order=order, actor=actor, now=NOW)

    found = at_once(*[suspend] * 3)
    assert not any(isinstance(one, Conflict) for one in found), found
    assert OutboxEvent.objects.filter(kind="award.suspended").count() == 5
    assert Change.objects.count() == 5


def test_sets_that_share_awards_wait_for_each_other() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer)
    awards = [world.issued_award(issuer, version).id for _ in range(6)]
    actor = world.member(issuer, Role.REGISTRAR)

    def withdraw(chosen: list[UUID]) -> Callable[[], object]:
        order = Order(Act.WITHDRAW, uuid4(), "error")
        return lambda: act_on(issuer=issuer, award_ids=chosen, order=order, actor=actor, now=NOW)

    found = at_once(withdraw(awards[:4]), withdraw(awards[:1:-1]))
    assert sum(isinstance(one, Conflict) for one in found) == 1  # the second finds some withdrawn
    assert sum(isinstance(one, list) for one in found) == 1
    assert Change.objects.count() == 4


def test_a_correction_sent_twice_at_once_is_made_once() -> None:
    issuer = world.organisation()
    award, actor = world.issued_award(issuer), world.member(issuer, Role.REGISTRAR)
    said = Correction(award.version, "Ada King", services.Achieved(), award.valid_from, None)
    order = Order(Act.REPLACE, uuid4(), "name")

    def correct() -> object:
        return replace_award(award=award, correction=said, order=order, actor=actor, now=NOW)

    found = at_once(*[correct] * 3)
    assert not any(isinstance(one, Conflict) for one in found), found
    assert Credential.objects.filter(award=award).count() == 2
    assert Credential.objects.filter(award=award, is_current=True).count() == 1


def test_a_withdrawal_while_the_list_is_signed_is_published_all_the_same() -> None:
    issuer = world.organisation()
    version, actor = world.published_version(issuer), world.member(issuer, Role.AWARDER)
    awards = [world.issued_award(issuer, version) for _ in range(4)]
    listed = StatusList.objects.get()
    signer = open_signer(issuer, NOW)

    def withdraw(award: Award) -> Callable[[], object]:
        return lambda: services.withdraw_award(
            award=award, reason=Award.Reason.OTHER, note="", actor=actor, now=NOW
        )

    def sign() -> None:
        order = SigningOrder.objects.filter(kind="status_list").first()
        if order is not None:
            signing.sign_status_list(order, signer, NOW)

    services.withdraw_award(
        award=awards[0], reason=Award.Reason.OTHER, note="", actor=actor, now=NOW
    )
    at_once(sign, *[withdraw(award) for award in awards[1:]], sign)
    listed.refresh_from_db()
    assert Bits(bytes(listed.bits)).count() == 4
    # What was not signed yet has an order that waits.
    waiting = SigningOrder.objects.filter(
        kind="status_list", state=SigningOrder.State.PLACED
    ).exists()
    assert waiting or not listed.is_changed


def test_claimed_or_sent_elsewhere_but_never_both() -> None:
    issuer = world.organisation()
    award = world.issued_award(issuer, email="old@example.org")
    actor, learner = world.member(issuer, Role.AWARDER), world.user(email="old@example.org")
    EmailAddress.objects.filter(user=learner).update(verified=True)
    wallet.prepare_claim(award_id=award.id, now=NOW)
    ClaimLink.objects.update(token_sha256=digest("token"))

    def claim() -> None:
        wallet.claim(token="token", user=learner, adds_address=False, browser="b", now=NOW)

    def correct() -> None:
        services.correct_address(award=award, email="new@example.org", actor=actor, now=NOW)

    found = at_once(claim, correct)
    assert sum(isinstance(one, Conflict) for one in found) == 1
    award.refresh_from_db()
    is_held = Holding.objects.get(award=award).holder == learner
    assert is_held == (award.learner.email == "old@example.org")


def test_a_credential_signed_by_two_workers_is_signed_once() -> None:
    issuer = world.organisation()
    world.planned_award(issuer)
    order, signer = SigningOrder.objects.get(), open_signer(issuer, NOW)

    def sign() -> None:
        signing.sign_credential(order, signer, NOW)

    at_once(*[sign] * 3)
    assert SignedForm.objects.count() == 3
    assert OutboxEvent.objects.filter(kind="credential.issued").count() == 1


def test_signing_and_withdrawing_at_once_end_withdrawn() -> None:
    issuer = world.organisation()
    award, actor = world.planned_award(issuer), world.member(issuer, Role.AWARDER)
    order, signer = SigningOrder.objects.get(), open_signer(issuer, NOW)

    def withdraw() -> None:
        services.withdraw_award(
            award=award, reason=Award.Reason.OTHER, note="", actor=actor, now=NOW
        )

    at_once(lambda: signing.sign_credential(order, signer, NOW), withdraw)
    award.refresh_from_db()
    assert award.state == Award.State.WITHDRAWN
    assert Bits(bytes(StatusList.objects.get().bits)).count() == 1
    was_signed = Credential.objects.get().signed_at is not None
    told = OutboxEvent.objects.filter(kind="credential.withdrawn").count()
    assert told == int(was_signed)
