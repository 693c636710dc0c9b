"""An award that somebody else claimed comes back, and goes to its learner: one letter to each."""

import pytest
from django.core import mail
from django.test import Client

from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.issuing import selectors
from cairn.issuing.models import Award
from cairn.issuing.moving_back import move_back
from cairn.issuing.services import correct_address
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Role
from cairn.platform.models import AuditEntry, OutboxEvent
from cairn.wallet import moving_back, services
from cairn.wallet.models import ClaimLink, Holding, Mail
from tests import world
from tests.wallet.mailbox import committed, offered

pytestmark = pytest.mark.django_db
NOW = world.NOW


def claimed() -> Holding:
    """An award that whoever reads the mail of its address has claimed, and shares."""
    _award, token = offered(world.organisation())
    holding, who = services.claim(token=token, user=None, adds_address=False, browser="b", now=NOW)
    services.set_visibility(
        holding_id=holding.id, actor=who, visibility=Holding.Visibility.LINK, now=NOW
    )
    work()
    mail.outbox.clear()
    return holding


def work() -> None:
    with committed():
        run_until_idle(NOW)


def take(award: Award, email: str) -> Award:
    registrar = world.member(award.issuer, Role.REGISTRAR)
    moved = move_back(award=award, email=email, reason="person", actor=registrar, now=NOW)
    work()
    return moved


def test_it_leaves_the_wrong_person_and_a_new_link_goes_to_the_same_address() -> None:
    holding = claimed()
    award, old = holding.award, selectors.current_credential(holding.award)
    take(award, award.learner.email)
    holding.refresh_from_db()
    assert (holding.holder, holding.share_key, holding.visibility) == (None, "", "private")
    told = {letter.subject for letter in mail.outbox}
    assert told == {
        "“Air Quality Basics” was taken back",
        f"{award.issuer.name} awarded you “Air Quality Basics”",
    }
    assert "claimed by somebody else" in str(mail.outbox[0].body) + str(mail.outbox[1].body)
    assert selectors.current_credential(award) == old  # it names the learner, whoever had it
    assert ClaimLink.objects.filter(award=award, state=ClaimLink.State.OPEN).count() == 1
    assert AuditEntry.objects.get(action="award.move_back").details == {"reason": "person"}


def test_with_another_address_what_was_saved_is_withdrawn() -> None:
    holding = claimed()
    award, wrong = holding.award, holding.award.learner.email
    old = selectors.current_credential(award)
    take(award, "right@example.org")
    holding.refresh_from_db()
    award.refresh_from_db()
    assert (holding.holder, award.state, award.learner.email) == (
        None,
        Award.State.ISSUED,
        "right@example.org",
    )
    assert selectors.current_credential(award) != old
    assert sorted((letter.to[0], letter.subject[:1]) for letter in mail.outbox) == sorted(
        [(wrong, "“"), ("right@example.org", award.issuer.name[:1])]
    )
    (link,) = ClaimLink.objects.filter(award=award, state=ClaimLink.State.OPEN)
    assert link.email == "right@example.org"


def test_it_is_done_once_however_often_it_is_told() -> None:
    holding = claimed()
    take(holding.award, holding.award.learner.email)
    event = OutboxEvent.objects.get(kind="award.moved_back")
    for _ in range(2):
        moving_back.take_back(event, NOW)
    assert Mail.objects.filter(kind=Mail.Kind.TAKEN_BACK).count() == 1
    assert Mail.objects.filter(kind=Mail.Kind.AGAIN).count() == 1


def test_what_nobody_holds_is_not_taken_back_and_its_address_can_be_corrected() -> None:
    award, _token = offered(world.organisation())
    with pytest.raises(Conflict):
        take(award, "x@example.org")
    holding = claimed()
    registrar = world.member(holding.award.issuer, Role.REGISTRAR)
    with pytest.raises(Conflict):
        correct_address(award=holding.award, email="x@example.org", actor=registrar, now=NOW)
    take(holding.award, holding.award.learner.email)
    correct_address(award=holding.award, email="x@example.org", actor=registrar, now=NOW)


def test_only_registrars_take_back_and_with_a_reason() -> None:
    award = claimed().award
    for role in (Role.AWARDER, Role.VIEWER):
        with pytest.raises(NotAllowed):
            move_back(
                award=award,
                email="x@example.org",
                reason="person",
                actor=world.member(award.issuer, role),
                now=NOW,
            )
    registrar = world.member(award.issuer, Role.REGISTRAR)
    with pytest.raises(Malformed):
        move_back(award=award, email="x@example.org", reason="", actor=registrar, now=NOW)


def test_the_page_of_the_award_offers_it() -> None:
    award = claimed().award
    client = Client()
    client.force_login(world.member(award.issuer, Role.REGISTRAR))
    base = f"/console/{award.issuer.slug}/awards/{award.id}/"
    assert "Take it back from the wrong person" in client.get(base).content.decode()
    page = client.get(f"{base}move-back/").content.decode()
    assert award.learner.email in page
    assert client.post(f"{base}move-back/", {"email": "no"}).status_code == 422
    answers = {"email": "right@example.org", "reason": "shared"}
    assert client.post(f"{base}move-back/", answers).status_code == 302
    work()
    page = client.get(base).content.decode()
    assert "Taken back from the wrong person" in page
    assert "right@example.org" in page
