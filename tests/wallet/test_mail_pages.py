"""Mail in the console: the log, another try, own words; who may see and do what."""

from datetime import timedelta

import pytest
from django.conf import settings as conf
from django.core import mail
from django.test import Client

from cairn.core.errors import Malformed
from cairn.organisations.models import Organisation, Role
from cairn.platform.models import AuditEntry
from cairn.wallet import mailing
from cairn.wallet.bulk import prepare_claims
from cairn.wallet.models import Mail, MailSettings
from cairn.wallet.texts import clean_text, filled
from tests import world
from tests.wallet.mailbox import committed, held, offered
from tests.wallet.test_mailing import awards_to, chunk_of

pytestmark = pytest.mark.django_db
NOW = world.NOW


@pytest.fixture
def issuer() -> Organisation:
    return world.organisation(name="University of Kells")


def client_of(issuer: Organisation, role: Role) -> Client:
    client = Client()
    client.force_login(world.member(issuer, role))
    return client


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def answers(**changes: str) -> dict[str, str]:
    texts = {
        f"text_{text}_{code}": ""
        for text in ("claim", "reminder", "change", "ending")
        for code in ("en", "fr")
    }
    return {"sender_name": "", "reply_to": "", "reminder_days": "7, 21", **texts, **changes}


def test_the_page_of_an_award_says_what_became_of_each_letter(issuer: Organisation) -> None:
    award, _ = offered(issuer, email="ada@example.org")
    page = text_of(client_of(issuer, Role.VIEWER), f"/console/{issuer.slug}/awards/{award.id}/")
    assert "Link to claim it" in page
    assert "Taken by the mail service" in page
    assert page.count("ada@example.org") == 2  # of the award, and of its link


def test_the_address_of_a_holder_is_not_told(issuer: Organisation) -> None:
    holding = held(issuer, email="ada@example.org")
    assert holding.holder is not None
    holding.holder.email = "private@example.org"
    holding.holder.save()
    with committed():
        mailing.order(holding.award, kind=Mail.Kind.WITHDRAWN, occasion="1", now=NOW)
    page = f"/console/{issuer.slug}/awards/{holding.award_id}/"
    assert mail.outbox[-1].to == ["private@example.org"]
    assert "private@example.org" not in text_of(client_of(issuer, Role.OWNER), page)


def test_the_page_of_a_table_counts_and_lists_and_tries_again(
    issuer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunk = chunk_of(*awards_to(issuer, "nobody@example.org", "ada@example.org"))
    prepare_claims(chunk_id=chunk.id, now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(conf, "EMAIL_BACKEND", "tests.wallet.odd_mailboxes.Choosy")
        mailing.send_waiting(NOW)
    client = client_of(issuer, Role.AWARDER)
    page = text_of(client, f"/console/{issuer.slug}/batches/{chunk.batch_id}/")
    assert "nobody@example.org" in page
    assert "The mail service refused the address." in page
    log = text_of(client, f"/console/{issuer.slug}/mail/")
    assert "nobody@example.org" in log
    said = client.post(f"/console/{issuer.slug}/batches/{chunk.batch_id}/mail/retry")
    assert said.status_code == 302
    assert AuditEntry.objects.get(action="mail.retry").details == {"mails": 1}
    assert Mail.objects.filter(state="waiting").count() == 1


def test_own_words_are_looked_at_and_kept(issuer: Organisation) -> None:
    client, page = client_of(issuer, Role.REGISTRAR), f"/console/{issuer.slug}/mail/settings"
    words = answers(text_claim_fr="Bravo, {name} !", reminder_days="3", sender_name="Registry")
    looked = client.post(page, words | {"step": "preview"}).content.decode()
    assert "Bravo, Ada Lovelace !" in looked
    assert not MailSettings.objects.exists()
    assert client.post(page, words).status_code == 302
    kept = MailSettings.objects.get()
    assert (kept.texts, kept.reminder_days) == ({"claim": {"fr": "Bravo, {name} !"}}, [3])


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("text_claim_en", "Hello {password}", "{password} is not known"),
        ("text_claim_en", "Hello {name", "A brace has no other"),
        ("text_claim_en", "Hello {name.__class__}", "is not known"),
        ("text_claim_en", "Hello {name!r}", "is not known"),
        ("text_claim_en", "a\u202eb", "nobody sees"),
        ("sender_name", "Registry\nBcc: eve@example.org", "invisible"),
        ("reminder_days", "7, 7", "different days"),
        ("reminder_days", "0", "different days"),
        ("reminder_days", "1, 2, 3, 4", "different days"),
        ("reminder_days", "soon", "different days"),
    ],
)
def test_what_cannot_be_sent_is_not_kept(
    issuer: Organisation, name: str, text: str, problem: str
) -> None:
    client = client_of(issuer, Role.REGISTRAR)
    said = client.post(f"/console/{issuer.slug}/mail/settings", answers(**{name: text}))
    assert said.status_code == 422
    assert problem in said.content.decode()


def test_only_the_known_names_are_filled_in() -> None:
    assert filled(clean_text("{title} {{ok}}"), {"title": "A {name}"}) == "A {name} {ok}"
    with pytest.raises(Malformed):
        clean_text("{0}")


def test_a_letter_of_a_closed_link_is_not_tried_again(
    issuer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(conf, "EMAIL_BACKEND", "tests.wallet.odd_mailboxes.Choosy")
        chunk = chunk_of(*awards_to(issuer, "nobody@example.org"))
        prepare_claims(chunk_id=chunk.id, now=NOW)
        mailing.send_waiting(NOW)
    Mail.objects.get().link.award.claim_links.update(state="void")  # type: ignore[union-attr]
    client = client_of(issuer, Role.AWARDER)
    client.post(f"/console/{issuer.slug}/mail/retry")
    assert Mail.objects.get().state == "failed"
    assert mailing.send_waiting(NOW + timedelta(days=1)) == 0
