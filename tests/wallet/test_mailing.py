"""`cairn.wallet.mailing`, `composing` and `bulk`: each letter once, in parts, whatever breaks."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings as conf
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cairn.issuing import services as issuing
from cairn.issuing.models import Award, Batch, BatchChunk, BatchRow
from cairn.organisations.models import Organisation, Role
from cairn.wallet import mailing, services
from cairn.wallet.bulk import prepare_claims
from cairn.wallet.models import ClaimLink, Holding, Mail, MailSettings
from tests import world
from tests.wallet import odd_mailboxes
from tests.wallet.mailbox import committed, newest_token, offered

pytestmark = pytest.mark.django_db
NOW = world.NOW
LATER = NOW + mailing.LEASE + timedelta(minutes=1)


@pytest.fixture
def issuer() -> Organisation:
    return world.organisation(name="University of Kells", email="desk@university.example")


def chunk_of(*awards: Award) -> BatchChunk:
    """A signed chunk with these awards as its rows."""
    first = awards[0]
    batch = Batch.objects.create(
        issuer=first.issuer,
        version=first.version,
        language="en",
        state=Batch.State.DONE,
        header=[],
        uploaded_by=first.awarded_by,
        uploaded_at=NOW,
    )
    for number, award in enumerate(awards, start=2):
        BatchRow.objects.create(
            id=award.id, issuer=award.issuer, batch=batch, number=number, state="issued"
        )
    return BatchChunk.objects.create(
        issuer=first.issuer, batch=batch, first_row=2, last_row=1 + len(awards), done_at=NOW
    )


def awards_to(issuer: Organisation, *addresses: str) -> list[Award]:
    version = world.published_version(issuer)
    actor = world.member(issuer, Role.AWARDER)
    return [
        world.issued_award(issuer, version, email=address, actor=actor) for address in addresses
    ]


def states() -> dict[str, str]:
    """By what stands before the @, how far the letter to each came."""
    found = Mail.objects.values_list("link__email", "state", "problem")
    return {
        email.partition("@")[0]: f"{state} {problem}".strip() for email, state, problem in found
    }


def use(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(conf, "EMAIL_BACKEND", f"tests.wallet.odd_mailboxes.{name}")


def test_a_chunk_is_offered_once_however_often_it_is_told(issuer: Organisation) -> None:
    chunk = chunk_of(*awards_to(issuer, "ada@example.org", "bob@example.org"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert prepare_claims(chunk_id=chunk.id, now=NOW) == 2
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 10
    assert prepare_claims(chunk_id=chunk.id, now=NOW) == 0
    assert Holding.objects.count() == ClaimLink.objects.count() == Mail.objects.count() == 2
    assert not mail.outbox  # they only wait
    assert mailing.send_waiting(NOW) == 2
    assert mailing.send_waiting(LATER) == 0
    assert {letter.to[0] for letter in mail.outbox} == {"ada@example.org", "bob@example.org"}
    opened = services.open_claim(token=newest_token(), user=None, now=NOW)
    assert opened is not None


def test_what_was_withdrawn_or_claimed_before_gets_no_link(issuer: Organisation) -> None:
    gone, claimed, new = awards_to(issuer, "a@example.org", "b@example.org", "c@example.org")
    issuing.withdraw_award(
        award=gone,
        reason=Award.Reason.ERROR,
        note="",
        actor=world.member(issuer, Role.AWARDER),
        now=NOW,
    )
    Holding.objects.create(award=claimed, holder=world.user())
    assert prepare_claims(chunk_id=chunk_of(gone, claimed, new).id, now=NOW) == 1
    assert ClaimLink.objects.get().award_id == new.id


def test_one_letter_an_occasion_is_a_law_of_the_database(issuer: Organisation) -> None:
    offered(issuer)
    sent = Mail.objects.get()
    sent.id = UUID(int=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        sent.save(force_insert=True)


def test_a_letter_that_was_taken_before_its_sender_died_comes_again_word_for_word(
    issuer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_claims(chunk_id=chunk_of(*awards_to(issuer, "ada@example.org")).id, now=NOW)
    with monkeypatch.context() as patch:
        use(patch, "LastLetter")
        with pytest.raises(odd_mailboxes.Died):
            mailing.send_waiting(NOW)
    assert mailing.send_waiting(NOW + timedelta(seconds=20)) == 0  # it may still live
    assert mailing.send_waiting(LATER) == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body
    assert first.extra_headers["Message-ID"] == f"<{Mail.objects.get().id}@cairn.test>"


def test_a_refused_address_fails_at_once_and_stops_nobody(
    issuer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "Choosy")
    awards = awards_to(issuer, "nobody@example.org", "ada@example.org")
    prepare_claims(chunk_id=chunk_of(*awards).id, now=NOW)
    assert mailing.send_waiting(NOW) == 1
    assert states() == {"nobody": "failed address", "ada": "sent"}
    assert mailing.send_waiting(NOW + timedelta(days=2)) == 0


def test_what_the_service_does_not_take_for_now_is_tried_six_times(
    issuer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "Choosy")
    prepare_claims(chunk_id=chunk_of(*awards_to(issuer, "busy@example.org")).id, now=NOW)
    now = NOW
    for wait in mailing.BACKOFF:
        mailing.send_waiting(now)
        assert states() == {"busy": "waiting service"}
        now += wait
    mailing.send_waiting(now)
    assert states() == {"busy": "failed service"}
    assert mailing.put_back(Mail.objects.values_list("id", flat=True), now) == 1
    assert Mail.objects.get().attempts == 0


def test_a_service_that_hangs_up_is_not_asked_for_the_rest(
    issuer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    awards = awards_to(issuer, "ada@example.org", "bob@example.org")
    prepare_claims(chunk_id=chunk_of(*awards).id, now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(conf, "EMAIL_BACKEND", "tests.wallet.full_mailbox.Backend")
        assert mailing.send_waiting(NOW) == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 1]
    assert mailing.send_waiting(NOW + timedelta(minutes=6)) == 2


def test_many_letters_use_one_connection_and_no_more_a_minute_than_allowed(
    issuer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "Counted")
    monkeypatch.setattr(odd_mailboxes.Counted, "opened", 0)
    addresses = [f"learner{number}@example.org" for number in range(6)]
    prepare_claims(chunk_id=chunk_of(*awards_to(issuer, *addresses)).id, now=NOW)
    monkeypatch.setattr(conf, "CAIRN", _slow(5))
    assert mailing.send_waiting(NOW) == 4  # one of five is kept free
    assert odd_mailboxes.Counted.opened == 1
    assert mailing.send_waiting(NOW + timedelta(seconds=30)) == 0
    assert mailing.send_waiting(NOW + timedelta(seconds=61)) == 2


def test_a_link_that_closed_meanwhile_is_not_mailed(issuer: Organisation) -> None:
    (award,) = awards_to(issuer, "ada@example.org")
    prepare_claims(chunk_id=chunk_of(award).id, now=NOW)
    issuing.correct_address(
        award=award,
        email="ada@new.example",
        actor=world.member(issuer, Role.AWARDER),
        now=NOW,
    )
    services.void_links_of_award(award_id=award.id, now=NOW)
    world.sign_orders()
    with committed():
        services.prepare_claim(award_id=award.id, now=NOW)
    mailing.send_waiting(NOW)
    assert [letter.to for letter in mail.outbox] == [["ada@new.example"]]
    assert states() == {"ada": "sent"} or sorted(Mail.objects.values_list("state", flat=True)) == [
        "sent",
        "void",
    ]


def test_an_organisation_writes_as_it_wants_to(issuer: Organisation) -> None:
    MailSettings.objects.create(
        organisation=issuer,
        sender_name="Registry\r\nBcc: eve@example.org",
        reply_to="registry@university.example",
        texts={"claim": {"en": "Congratulations, {name}!\n\nCome to the party <b>soon</b>."}},
    )
    offered(issuer)
    letter = mail.outbox[-1]
    assert letter.reply_to == ["registry@university.example"]
    assert "Bcc" not in letter.message()
    assert "\n\nCongratulations, Ada Lovelace!\n\nCome to the party <b>soon</b>." in letter.body
    assert "<p>Come to the party &lt;b&gt;soon&lt;/b&gt;.</p>" in letter.message().as_string()


def _slow(a_minute: int) -> object:
    return replace(conf.CAIRN, mail_a_minute=a_minute)
