"""`cairn.wallet.reminders`: few, in time, and only while there is something to do."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail

from cairn.issuing import renewing
from cairn.issuing import services as issuing
from cairn.issuing.acts import Order
from cairn.issuing.changes import RENEWED, Act
from cairn.issuing.models import Award
from cairn.issuing.renewal_rules import RenewalRule
from cairn.organisations.models import Organisation, Role
from cairn.wallet import mailing, reminders, services
from cairn.wallet.models import Mail, MailSettings
from tests import world
from tests.wallet.mailbox import held, newest_token, offered

pytestmark = pytest.mark.django_db
NOW = world.NOW


def reminded(now: datetime) -> int:
    """How many reminders to claim are sent at `now`, looked for twice."""
    ordered = reminders.remind_unclaimed(now)
    assert reminders.remind_unclaimed(now) == 0
    assert mailing.send_waiting(now) == ordered
    return ordered


@pytest.fixture
def issuer() -> Organisation:
    return world.organisation()


def test_unclaimed_is_called_to_mind_after_7_and_21_days_and_never_again(
    issuer: Organisation,
) -> None:
    offered(issuer)
    found = {day: reminded(NOW + timedelta(days=day, minutes=1)) for day in range(0, 90, 1)}
    assert {day for day, number in found.items() if number} == {7, 21}
    letter = mail.outbox[-1]
    assert "is still waiting for you" in letter.subject
    late = NOW + timedelta(days=21, minutes=2)
    opened = services.open_claim(token=newest_token(), user=None, now=late)
    assert opened is not None
    assert opened.step == "make_account"  # the link is a fresh one


def test_nobody_is_reminded_of_what_is_claimed_handed_back_withdrawn_or_off(
    issuer: Organisation,
) -> None:
    held(issuer)
    _, token = offered(issuer)
    services.refuse(token=token, user=None, now=NOW)
    withdrawn, _ = offered(issuer)
    issuing.withdraw_award(
        award=withdrawn,
        reason=Award.Reason.ERROR,
        note="",
        actor=world.member(issuer, Role.REGISTRAR),
        now=NOW,
    )
    other = world.organisation()
    MailSettings.objects.create(organisation=other, reminder_days=[])
    offered(other)
    assert reminded(NOW + timedelta(days=8)) == 0


def test_what_was_sent_again_lately_is_left_alone_for_three_days(issuer: Organisation) -> None:
    award, _ = offered(issuer)
    Mail.objects.filter(award=award).update(created_at=NOW + timedelta(days=6))
    assert reminded(NOW + timedelta(days=7, hours=1)) == 0
    assert reminded(NOW + timedelta(days=9, hours=1)) == 1


def test_what_was_missed_for_weeks_is_not_made_up_for(issuer: Organisation) -> None:
    offered(issuer)
    assert reminded(NOW + timedelta(days=60)) == 0


def test_a_reminder_that_waits_dies_with_the_claim(issuer: Organisation) -> None:
    _, token = offered(issuer)
    later = NOW + timedelta(days=7, minutes=1)
    assert reminders.remind_unclaimed(later) == 1
    services.claim(token=token, user=None, adds_address=False, browser="", now=NOW)
    assert mailing.send_waiting(later) == 0
    assert Mail.objects.get(kind="reminder").state == Mail.State.VOID


def rule(award: Award, **changes: object) -> RenewalRule:
    values = {"how": "request", "days_before": 60, "texts": {}, "edited_at": NOW, **changes}
    return RenewalRule.objects.create(achievement=award.version.achievement, **values)


def ended(now: datetime) -> list[str]:
    """Subjects of the letters about what ends, sent at `now`, looked for twice."""
    mail.outbox.clear()
    reminders.remind_ending(now)
    assert reminders.remind_ending(now) == 0
    mailing.send_waiting(now)
    return [str(letter.subject) for letter in mail.outbox]


def test_a_holder_is_told_when_the_window_opens_and_a_week_before_the_end(
    issuer: Organisation,
) -> None:
    version = world.published_version(issuer, valid_for_months=12)
    holding = held(issuer, version=version)
    rule(holding.award, texts={"en": "Write to the desk."})
    end = holding.award.valid_until
    assert end is not None
    assert not ended(end - timedelta(days=61))
    assert ended(end - timedelta(days=60)) == ["“Air Quality Basics” ends on 1 June 2027"]
    assert "Write to the desk." in mail.outbox[0].body
    assert not ended(end - timedelta(days=30))
    assert len(ended(end - timedelta(days=7))) == 1
    assert not ended(end + timedelta(days=1))


def test_what_was_renewed_is_told_of_again_before_its_new_end(issuer: Organisation) -> None:
    version = world.published_version(issuer, valid_for_months=12)
    holding = held(issuer, version=version)
    rule(holding.award)
    end = holding.award.valid_until
    assert end is not None
    assert len(ended(end - timedelta(days=60))) == 1
    now = end - timedelta(days=50)
    renewing.renew_awards(
        issuer=issuer,
        award_ids=[holding.award_id],
        order=Order(Act.REPLACE, uuid4(), RENEWED),
        actor=world.member(issuer, Role.REGISTRAR),
        now=now,
    )
    world.sign_orders(now=now)
    assert not ended(end - timedelta(days=7))
    holding.award.refresh_from_db()
    assert holding.award.valid_until is not None
    assert len(ended(holding.award.valid_until - timedelta(days=60))) == 1


def test_without_a_rule_or_a_holder_nobody_is_told(issuer: Organisation) -> None:
    version = world.published_version(issuer, valid_for_months=1)
    award, _ = offered(issuer, version=version)
    assert award.valid_until is not None
    soon = award.valid_until - timedelta(days=6)
    assert not ended(soon)
    rule(award)
    assert not ended(soon)
    held(issuer, version=version)
    assert len(ended(soon)) == 1
