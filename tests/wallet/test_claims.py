"""`cairn.wallet.services`: who may claim what with which link."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from cairn.core.errors import Conflict, NotAllowed
from cairn.issuing import services as issuing
from cairn.issuing.models import Award
from cairn.organisations.models import Role
from cairn.people.models import User
from cairn.platform.models import AuditEntry, OutboxEvent
from cairn.wallet import mailing, services
from cairn.wallet.claims import ADDS_ADDRESS, LASTS, PROVES_ADDRESS, Step
from cairn.wallet.models import ClaimLink, Holding
from tests import world
from tests.wallet.mailbox import account, committed, held, newest_token, offered

pytestmark = pytest.mark.django_db
NOW = world.NOW


def _step(token: str, user: User | None = None, now: object = NOW) -> Step:
    opened = services.open_claim(token=token, user=user, now=now)  # type: ignore[arg-type] # a moment
    assert opened is not None
    return opened.step


def _claim(token: str, user: User | None = None, *, adds: bool = False, now=NOW, browser=""):  # type: ignore[no-untyped-def] # a shorthand
    return services.claim(token=token, user=user, adds_address=adds, browser=browser, now=now)


def test_one_mail_for_one_award_however_often_it_is_told() -> None:
    award, _ = offered()
    for _ in range(3):
        with committed():
            services.prepare_claim(award_id=award.id, now=NOW)
    assert [message.to for message in mail.outbox] == [[award.learner.email]]
    assert Holding.objects.get(award=award).visibility == Holding.Visibility.PRIVATE


def test_an_award_that_was_withdrawn_meanwhile_is_not_mailed() -> None:
    award = world.issued_award(world.organisation())
    Award.objects.filter(pk=award.pk).update(
        state=Award.State.WITHDRAWN, withdrawn_at=NOW, withdrawn_reason="error"
    )
    with committed():
        services.prepare_claim(award_id=award.id, now=NOW)
    assert mail.outbox == []


def test_only_the_digest_of_a_token_is_kept() -> None:
    _, token = offered()
    link = ClaimLink.objects.get()
    assert len(token) >= 43  # 32 bytes
    assert token not in str(vars(link))


def test_opening_a_link_changes_nothing() -> None:
    award, token = offered()
    before = (ClaimLink.objects.values().get(), Holding.objects.values().get())
    for _ in range(5):
        assert _step(token) is Step.MAKE_ACCOUNT
    assert before == (ClaimLink.objects.values().get(), Holding.objects.values().get())
    assert not EmailAddress.objects.filter(email=award.learner.email).exists()


def test_a_claim_makes_an_account_with_the_address_proved() -> None:
    award, token = offered()
    holding, user = _claim(token)
    assert (holding.holder, user.email) == (user, award.learner.email)
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    award.learner.refresh_from_db()
    assert award.learner.user == user
    assert _step(token, user) is Step.HELD
    assert _step(token) is Step.TAKEN


def test_a_double_click_claims_once() -> None:
    _, token = offered()
    first = _claim(token, browser="secret of the form")
    assert _claim(token, browser="secret of the form") == first
    assert User.objects.filter(email=first[1].email).count() == 1


@pytest.mark.parametrize("browser", ["another", ""])
def test_attack_of_claiming_again_from_another_browser(browser: str) -> None:
    _, token = offered()
    _claim(token, browser="secret of the form")
    with pytest.raises(Conflict):
        _claim(token, browser=browser)


def test_attack_of_the_same_browser_a_while_later() -> None:
    _, token = offered()
    _claim(token, browser="secret of the form")
    with pytest.raises(Conflict):
        _claim(token, browser="secret of the form", now=NOW + timedelta(minutes=2))


def test_a_link_never_signs_in_to_an_account_that_exists() -> None:
    award, token = offered()
    owner = account(award.learner.email)
    assert _step(token) is Step.SIGN_IN
    with pytest.raises(NotAllowed):
        _claim(token)
    assert _claim(token, owner)[0].holder == owner


def test_attack_of_an_account_made_in_advance_with_the_learners_address() -> None:
    """Whoever signed up with the address, and never proved it, gets nothing of it."""
    award, token = offered()
    squatter = User.objects.create_user(award.learner.email, "a password of the attacker")
    EmailAddress.objects.create(user=squatter, email=award.learner.email, verified=False)
    _, user = _claim(token)
    user.refresh_from_db()
    assert not user.check_password("a password of the attacker")
    assert EmailAddress.objects.get(email=award.learner.email, verified=True).user == user


def test_another_account_adds_the_address_only_after_saying_so() -> None:
    award, token = offered()
    other = account("other@example.org")
    assert _step(token, other) is Step.ADD_ADDRESS
    with pytest.raises(NotAllowed):
        _claim(token, other)
    assert _claim(token, other, adds=True)[0].holder == other
    added = EmailAddress.objects.get(email=award.learner.email)
    assert (added.user, added.verified, added.primary) == (other, True, False)


def test_accounts_are_never_merged() -> None:
    award, token = offered()
    account(award.learner.email)
    other = account("other@example.org")
    assert _step(token, other) is Step.CHANGE_ACCOUNT
    with pytest.raises(NotAllowed):
        _claim(token, other, adds=True)


@pytest.mark.parametrize(
    ("age", "signs_in_as", "step"),
    [
        (PROVES_ADDRESS, None, Step.MAKE_ACCOUNT),
        (PROVES_ADDRESS + timedelta(seconds=1), None, Step.FRESH_LINK),
        (ADDS_ADDRESS, "other@example.org", Step.ADD_ADDRESS),
        (ADDS_ADDRESS + timedelta(seconds=1), "other@example.org", Step.FRESH_LINK),
        (LASTS - timedelta(seconds=1), "learner@example.org", Step.CLAIM),
        (LASTS, "learner@example.org", Step.FRESH_LINK),
    ],
)
def test_how_long_a_link_proves_what(age: timedelta, signs_in_as: str | None, step: Step) -> None:
    _, token = offered(email="learner@example.org")
    user = account(signs_in_as) if signs_in_as else None
    assert _step(token, user, NOW + age) is step
    if step is Step.FRESH_LINK:
        with pytest.raises(NotAllowed):
            _claim(token, user, adds=True, now=NOW + age)


def test_an_old_link_gets_a_fresh_one_sent_to_the_same_address_and_not_often() -> None:
    award, token = offered()
    later = NOW + LASTS
    for _ in range(services.LINKS_A_DAY):
        with committed():
            services.ask_for_fresh_link(token=token, user=None, now=later)
    with pytest.raises(Conflict, match="short while ago"):
        services.ask_for_fresh_link(token=token, user=None, now=later)
    assert {tuple(message.to) for message in mail.outbox} == {(award.learner.email,)}
    _claim(newest_token(), now=later)
    assert set(ClaimLink.objects.values_list("state", flat=True)) == {"used", "void"}


def test_a_fresh_link_is_not_sent_where_none_is_needed() -> None:
    _, token = offered()
    with pytest.raises(Conflict):
        services.ask_for_fresh_link(token=token, user=None, now=NOW)


def test_a_link_that_was_refused_opens_nothing_and_its_issuer_is_told() -> None:
    award, token = offered()
    services.refuse(token=token, user=None, now=NOW)
    assert _step(token) is Step.CLOSED
    with pytest.raises(Conflict):
        _claim(token)
    with pytest.raises(Conflict):
        services.refuse(token=token, user=None, now=NOW)
    event = OutboxEvent.objects.get(kind="credential.handed_back")
    assert (event.subject_id, event.organisation_id) == (award.id, award.issuer_id)


def test_a_holder_hands_it_back_and_all_its_links_end() -> None:
    holding = held()
    user = holding.holder
    assert user is not None
    services.set_visibility(
        holding_id=holding.id, actor=user, visibility=Holding.Visibility.PUBLIC, now=NOW
    )
    services.hand_back(holding_id=holding.id, actor=user, now=NOW)
    holding.refresh_from_db()
    assert (holding.holder, holding.visibility, holding.share_key) == (None, "private", "")
    with pytest.raises(Conflict):
        services.claim_waiting(holding_id=holding.id, actor=user, now=NOW)


@pytest.mark.parametrize("issued_before_voided", [False, True])
def test_a_corrected_address_ends_the_old_link_and_mails_the_new_one(
    issued_before_voided: bool,
) -> None:
    award, token = offered()
    awarder = world.member(award.issuer, Role.AWARDER)
    issuing.correct_address(award=award, email="right@example.org", actor=awarder, now=NOW)
    consumers = [services.void_links_of_award, services.prepare_claim]
    world.sign_orders()
    with committed():
        for consumer in reversed(consumers) if issued_before_voided else consumers:
            consumer(award_id=award.id, now=NOW)
    assert _step(token) is Step.CLOSED
    assert mail.outbox[-1].to == ["right@example.org"]
    assert _claim(newest_token())[1].email == "right@example.org"


def test_a_refused_award_can_be_sent_to_another_address() -> None:
    award, token = offered()
    services.refuse(token=token, user=None, now=NOW)
    awarder = world.member(award.issuer, Role.AWARDER)
    issuing.correct_address(award=award, email="right@example.org", actor=awarder, now=NOW)
    world.sign_orders()
    with committed():
        services.prepare_claim(award_id=award.id, now=NOW)
    assert _step(newest_token()) is Step.MAKE_ACCOUNT


def test_what_waits_for_an_address_is_claimed_without_a_link() -> None:
    award, _ = offered()
    owner = account(award.learner.email)
    holding = Holding.objects.get(award=award)
    assert services.claim_waiting(holding_id=holding.id, actor=owner, now=NOW).holder == owner
    assert services.claim_waiting(holding_id=holding.id, actor=owner, now=NOW).holder == owner
    with pytest.raises(Conflict):
        services.claim_waiting(holding_id=holding.id, actor=account("other@example.org"), now=NOW)


def test_the_next_owner_of_an_address_gets_only_what_is_awarded_to_them() -> None:
    """A recycled address: each award has its holder."""
    organisation = world.organisation()
    first = held(organisation, email="shared@example.org")
    EmailAddress.objects.filter(user=first.holder).update(email="moved@example.org")
    assert first.holder is not None
    first.holder.email = "moved@example.org"
    first.holder.save()
    second = held(organisation, email="shared@example.org")
    first.refresh_from_db()
    assert second.holder is not None
    assert second.holder != first.holder


def test_only_its_holder_shares() -> None:
    holding = held()
    stranger = account("stranger@example.org")
    for share in (services.new_share_key, services.stop_sharing, services.hand_back):
        with pytest.raises(NotAllowed):
            share(holding_id=holding.id, actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        services.stop_sharing(holding_id=uuid4(), actor=stranger, now=NOW)


def test_a_share_key_is_new_each_time_and_taken_back_for_good() -> None:
    holding, keys = held(), set()
    assert holding.holder is not None
    link, actor = Holding.Visibility.LINK, holding.holder
    with pytest.raises(Conflict):
        services.new_share_key(holding_id=holding.id, actor=actor, now=NOW)
    for _ in range(2):
        services.set_visibility(holding_id=holding.id, actor=actor, visibility=link, now=NOW)
        keys.add(services.new_share_key(holding_id=holding.id, actor=actor, now=NOW).share_key)
        assert services.stop_sharing(holding_id=holding.id, actor=actor, now=NOW).share_key == ""
    assert len(keys) == 2


def test_a_mail_service_that_refuses_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("django.conf.settings.EMAIL_BACKEND", "tests.wallet.full_mailbox.Backend")
        award = world.issued_award(world.organisation())
        with committed():
            services.prepare_claim(award_id=award.id, now=NOW)
    assert mailing.send_waiting(NOW + timedelta(minutes=1)) == 0  # too soon
    assert mailing.send_waiting(NOW + timedelta(minutes=6)) == 1
    assert mailing.send_waiting(NOW + timedelta(minutes=12)) == 0
    assert _step(newest_token()) is Step.MAKE_ACCOUNT


def test_no_personal_data_in_audit_and_outbox() -> None:
    holding = held(email="ada.unique@example.org", name="Ada Unique")
    assert holding.holder is not None
    services.set_visibility(
        holding_id=holding.id,
        actor=holding.holder,
        visibility=Holding.Visibility.LINK,
        now=NOW,
    )
    share_key = Holding.objects.get().share_key
    services.hand_back(holding_id=holding.id, actor=holding.holder, now=NOW)
    rows = [*AuditEntry.objects.values(), *OutboxEvent.objects.values()]
    for personal in ("unique", "Unique", share_key):
        assert personal not in str(rows)


@pytest.mark.parametrize("name", ["Ada\nBcc: all@example.org", "Ada\r\n\r\nHello", "A\u2028B"])
def test_attack_of_a_name_that_would_write_headers(name: str) -> None:
    award = world.issued_award(world.organisation())
    type(award.issuer).objects.update(name=name)
    Award.objects.update(recipient_name=name)
    with committed():
        services.prepare_claim(award_id=award.id, now=NOW)
    message = mail.outbox[-1].message()
    assert message["Bcc"] is None
    assert "\n" not in mail.outbox[-1].subject
    assert message.get_all("To") == [award.learner.email]
