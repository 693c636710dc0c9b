"""`cairn.wallet.notices` and `sending`: holders are told once, in their language, and why."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from cairn.core.errors import Conflict
from cairn.issuing import acts, reissuing, replacing, sending, services
from cairn.issuing.acts import Order
from cairn.issuing.changes import Act
from cairn.issuing.models import Award
from cairn.issuing.replacing import Correction
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Role
from cairn.platform.models import OutboxEvent
from cairn.wallet import mailing, notices
from cairn.wallet.models import ClaimLink, Holding, Mail
from cairn.wallet.sending import send_link_again
from tests import world
from tests.wallet.mailbox import committed, held, newest_token, offered

pytestmark = pytest.mark.django_db
NOW = world.NOW
_REASON = {Act.WITHDRAW: "misconduct", Act.SUSPEND: "review", Act.REINSTATE: "settled"}


def claimed() -> Holding:
    """A suspendable award that its learner holds; what was mailed so far is thrown away."""
    issuer = world.organisation(email="desk@university.example")
    version = world.published_version(issuer, is_suspendable=True)
    holding = held(issuer, version=version)
    with committed():
        run_until_idle(NOW)
    mail.outbox.clear()
    return holding


def do(award: Award, act: Act) -> None:
    acts.act_on(
        issuer=award.issuer,
        award_ids=[award.id],
        order=Order(act, uuid4(), _REASON[act], "internal words"),
        actor=world.member(award.issuer, Role.REGISTRAR),
        now=NOW,
    )
    with committed():
        run_until_idle(NOW)


def correct(award: Award) -> None:
    replacing.replace_award(
        award=award,
        correction=Correction(
            award.version, "Ada King", services.Achieved(), award.valid_from, award.valid_until
        ),
        order=Order(Act.REPLACE, uuid4(), "name"),
        actor=world.member(award.issuer, Role.REGISTRAR),
        now=NOW,
    )
    with committed():
        run_until_idle(NOW)


def letters() -> list[tuple[str, str]]:
    return [(str(letter.subject), str(letter.body)) for letter in mail.outbox]


def test_each_act_is_one_letter_with_the_public_reason_and_no_note() -> None:
    holding = claimed()
    for act in (Act.SUSPEND, Act.REINSTATE, Act.WITHDRAW):
        do(holding.award, act)
    assert [subject for subject, _ in letters()] == [
        "“Air Quality Basics” was suspended",
        "“Air Quality Basics” is in force again",
        "“Air Quality Basics” was withdrawn",
    ]
    reasons = ("It is being looked into", "The question is settled", "A rule of the assessment")
    for (_, body), reason in zip(letters(), reasons, strict=True):
        assert f"The reason given: {reason}" in body
        assert f"https://cairn.test/me/credentials/{holding.id}/" in body
        assert "internal words" not in body
    assert holding.holder is not None
    assert {tuple(letter.to) for letter in mail.outbox} == {(holding.holder.email,)}
    assert mail.outbox[0].reply_to == ["desk@university.example"]


def test_a_replacement_is_told_once_it_is_signed_and_the_learner_keeps_it() -> None:
    holding = claimed()
    correct(holding.award)
    assert [subject for subject, _ in letters()] == [
        "“Air Quality Basics” was replaced by a corrected one"
    ]
    assert "The learner has another name" in letters()[0][1]
    before = holding.holder
    holding.refresh_from_db()
    assert holding.holder == before
    assert ClaimLink.objects.filter(award=holding.award).count() == 1  # no new one is needed


def test_who_holds_one_that_was_signed_anew_is_told_once_and_why() -> None:
    holding = claimed()
    issuer = holding.award.issuer
    with committed():
        reissuing.give_up_key(
            organisation=issuer,
            fragment=issuer.signing_keys.get(algorithm="Ed25519").fragment,
            is_reissued=True,
            actor=world.member(issuer, Role.OWNER),
            now=NOW,
        )
    with committed():
        run_until_idle(NOW)
    ((subject, body),) = letters()
    assert subject == "“Air Quality Basics” was signed anew"
    assert "gave up the key" in body


def test_an_event_told_twice_is_one_letter() -> None:
    holding = claimed()
    do(holding.award, Act.SUSPEND)
    event = OutboxEvent.objects.get(kind="award.suspended")
    with committed():
        notices.tell_holder(event, NOW)
    assert len(mail.outbox) == 1


def test_the_letter_is_in_the_language_of_its_holder() -> None:
    holding = claimed()
    assert holding.holder is not None
    holding.holder.language = "fr"
    holding.holder.save()
    do(holding.award, Act.SUSPEND)
    assert 'lang="fr"' in mail.outbox[0].message().as_string()


def test_who_holds_nothing_is_told_nothing() -> None:
    award, _ = offered()
    mail.outbox.clear()
    do(award, Act.WITHDRAW)
    assert not mail.outbox
    assert not Mail.objects.exclude(kind="claim").exists()


def test_what_the_mail_service_did_not_take_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holding = claimed()
    with monkeypatch.context() as patch:
        patch.setattr("django.conf.settings.EMAIL_BACKEND", "tests.wallet.full_mailbox.Backend")
        do(holding.award, Act.SUSPEND)
    assert not mail.outbox
    later = NOW + timedelta(minutes=6)
    assert mailing.send_waiting(later) == 1
    assert mailing.send_waiting(later) == 0
    assert len(mail.outbox) == 1


def test_an_unclaimed_award_that_is_corrected_gets_a_new_link() -> None:
    award, old = offered()
    correct(award)
    assert newest_token() != old
    assert ClaimLink.objects.filter(award=award, state="open").count() == 1


def test_the_link_is_sent_again_and_the_earlier_one_closes() -> None:
    award, old = offered()
    actor = world.member(award.issuer, Role.AWARDER)
    later = NOW + timedelta(hours=1)
    for _ in range(sending.SENT_A_DAY):
        sending.send_again(award=award, actor=actor, now=later)
        with committed():
            run_until_idle(later)
        later += timedelta(minutes=1)
    assert newest_token() != old
    assert ClaimLink.objects.filter(award=award, state="open").count() == 1
    with pytest.raises(Conflict, match="often enough"):
        sending.send_again(award=award, actor=actor, now=later)
    count = len(mail.outbox)
    with committed():
        event = OutboxEvent.objects.filter(kind="award.link_wanted").latest("id")
        send_link_again(award_id=award.id, event_id=event.id, now=later)  # told once more
    assert len(mail.outbox) == count


def test_what_is_claimed_has_no_link_to_send() -> None:
    holding = claimed()
    with pytest.raises(Conflict, match="claimed"):
        sending.send_again(
            award=holding.award, actor=world.member(holding.award.issuer, Role.AWARDER), now=NOW
        )
