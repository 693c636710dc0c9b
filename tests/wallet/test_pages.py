"""Pages of learners: the claim link as people and scanners open it, and what one holds."""

import json
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cairn.issuing.models import SignedForm
from cairn.issuing.selectors import current_credential, form_body
from cairn.people.models import User
from cairn.wallet.models import ClaimLink, Holding
from tests.wallet.mailbox import account, held, offered, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim_page() -> str:
    """The address in a mail that was just sent."""
    _, token = offered(now=timezone.now(), email="learner@example.org")
    return f"/claim/{token}"


def _mine(holding: Holding) -> tuple[Client, str]:
    assert holding.holder is not None
    return signed_in(holding.holder), f"/me/credentials/{holding.id}/"


def test_scanners_open_the_link_and_it_claims_all_the_same(claim_page: str) -> None:
    for _ in range(5):
        assert Client().get(claim_page).status_code == 200
        assert Client().head(claim_page).status_code == 200
        assert Client().get(f"{claim_page}/not-me").status_code == 200
    learner = Client()
    answer = learner.post(claim_page)
    holding = Holding.objects.get()
    assert answer["Location"] == f"/me/credentials/{holding.id}/"
    page = learner.get(answer["Location"])
    assert "It is yours" in page.content.decode()


def test_a_claim_needs_its_form(claim_page: str) -> None:
    assert Client(enforce_csrf_checks=True).post(claim_page).status_code == 403
    assert ClaimLink.objects.get().state == ClaimLink.State.OPEN


def test_a_double_click_signs_in_both_times(claim_page: str) -> None:
    learner = Client()
    learner.get(claim_page)
    twin = Client()
    twin.cookies.load({name: morsel.value for name, morsel in learner.cookies.items()})
    assert learner.post(claim_page).status_code == 302
    again = twin.post(claim_page)
    assert again.status_code == 302
    assert twin.get(again["Location"]).status_code == 200


def test_a_second_person_with_the_link_is_told_that_it_is_taken(claim_page: str) -> None:
    Client().post(claim_page)
    page = Client().get(claim_page).content.decode()
    assert "claimed already" in page
    assert "Ada Lovelace" not in page
    assert "Air Quality Basics" not in page
    assert Client().post(claim_page).status_code == 409


def test_the_claim_page_keeps_its_secret(claim_page: str) -> None:
    page = Client().get(claim_page)
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert "noindex" in page["X-Robots-Tag"]
    assert "learner@example.org" not in page.content.decode()
    assert "l•••@example.org" in page.content.decode()


def test_a_token_that_nobody_got_is_not_found() -> None:
    for path in ("", "/not-me"):
        assert Client().get(f"/claim/{'x' * 43}{path}").status_code == 404
        assert Client().post(f"/claim/{'x' * 43}{path}").status_code == 404
    assert Client().post(f"/claim/{'x' * 43}/fresh-link").status_code == 404


def test_somebody_with_an_account_signs_in_first(claim_page: str) -> None:
    owner = account("learner@example.org")
    page = Client().get(claim_page).content.decode()
    assert f"/accounts/login/?next={claim_page}" in page
    assert Client().post(claim_page).status_code == 403
    assert signed_in(owner).post(claim_page).status_code == 302


def test_another_account_is_asked_about_the_address_by_name(claim_page: str) -> None:
    other = signed_in(account("other@example.org"))
    page = other.get(claim_page).content.decode()
    assert "learner@example.org" in page
    assert "Add this address to my account and claim" in page
    assert other.post(claim_page).status_code == 403
    assert other.post(claim_page, {"adds_address": "yes"}).status_code == 302


def test_not_me_asks_once_more_and_ends_the_link(claim_page: str) -> None:
    assert Client().post(f"{claim_page}/not-me")["Location"] == claim_page
    assert "opens nothing any more" in Client().get(claim_page).content.decode()
    assert Client().post(claim_page).status_code == 409


def test_an_expired_link_says_so_and_offers_a_new_one(claim_page: str) -> None:
    ClaimLink.objects.update(expires_at=timezone.now())
    assert "too old" in Client().get(claim_page).content.decode()
    assert Client().post(claim_page).status_code == 403
    assert Client().post(f"{claim_page}/fresh-link").status_code == 200
    assert ClaimLink.objects.count() == 2


def test_the_mail_says_what_it_is_and_tracks_nothing(claim_page: str) -> None:
    (message,) = mail.outbox
    assert message.subject.endswith("awarded you “Air Quality Basics”")
    assert isinstance(message, mail.EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert claim_page in html
    assert "<img" not in html


def test_my_credentials_says_who_sees_each() -> None:
    client, _ = _mine(held())
    page = client.get("/me/").content.decode()
    for words in ("Air Quality Basics", "In force", "Private"):
        assert words in page
    assert "Nothing here yet" in signed_in(account("new@example.org")).get("/me/").content.decode()


def test_what_waits_is_claimed_from_the_list() -> None:
    award, _ = offered(now=timezone.now())
    client = signed_in(account(award.learner.email))
    assert "Ready for you to claim" in client.get("/me/").content.decode()
    holding = Holding.objects.get()
    assert client.post(f"/me/credentials/{holding.id}/claim").status_code == 302
    stranger = signed_in(account("other@example.org"))
    assert stranger.post(f"/me/credentials/{holding.id}/claim").status_code == 404


def test_what_somebody_else_holds_is_not_found() -> None:
    holding = held()
    stranger = signed_in(account("stranger@example.org"))
    for name in ("", "hand-back", "credential.pdf", "credential.json", "qr.svg"):
        assert stranger.get(f"/me/credentials/{holding.id}/{name}").status_code == 404
        assert stranger.get(f"/me/credentials/{uuid4()}/{name}").status_code == 404
    for name in ("privacy", "new-link", "hand-back"):
        assert stranger.post(f"/me/credentials/{holding.id}/{name}").status_code == 404
    assert Client().get(f"/me/credentials/{holding.id}/").status_code == 302


def test_files_are_the_bytes_that_were_signed() -> None:
    holding = held()
    client, page = _mine(holding)
    credential = current_credential(holding.award)
    assert credential is not None
    forms = {
        "json": SignedForm.Form.DATA_INTEGRITY,
        "jwt": SignedForm.Form.OPEN_BADGES_JWT,
        "vc.jwt": SignedForm.Form.VC_JWT,
    }
    for extension, form in forms.items():
        answer = client.get(f"{page}credential.{extension}")
        assert answer.content == form_body(credential, form)
        assert f'filename="air-quality-basics.{extension}"' in answer["Content-Disposition"]
    assert client.get(f"{page}credential.pdf").content.startswith(b"%PDF-")
    assert client.get(f"{page}credential.exe").status_code == 404
    assert client.get(f"{page}qr.exe").status_code == 404


def test_privacy_is_set_in_words_and_the_link_is_shown() -> None:
    holding = held()
    client, page = _mine(holding)
    assert "Only you see it" in client.get(page).content.decode()
    assert client.post(f"{page}privacy", {"visibility": "everyone"}).status_code == 422
    client.post(f"{page}privacy", {"visibility": "link"})
    holding.refresh_from_db()
    shared = client.get(page).content.decode()
    assert f"?key={holding.share_key}" in shared
    assert "linkedin.com/profile/add" in shared
    client.post(f"{page}new-link")
    assert holding.share_key not in client.get(page).content.decode()
    assert client.get(f"{page}qr.png?save").content.startswith(b"\x89PNG")
    client.post(f"{page}privacy", {"visibility": "private"})
    assert client.post(f"{page}new-link").status_code == 409


def test_handing_back_asks_once_more() -> None:
    holding = held()
    client, page = _mine(holding)
    assert client.get(f"{page}hand-back").status_code == 200
    assert client.post(f"{page}hand-back").status_code == 302
    assert client.get(page).status_code == 404
    holding.refresh_from_db()
    assert holding.holder is None


def test_an_account_can_be_deleted_from_what_it_gave_back() -> None:
    """Nothing of the wallet keeps a person who holds nothing."""
    holding = held()
    client, page = _mine(holding)
    client.post(f"{page}hand-back")
    holding.award.learner.refresh_from_db()
    assert holding.holder is not None
    keeping = [
        relation.related_model.__name__
        for relation in User._meta.related_objects
        if relation.related_model.__module__.startswith("cairn.wallet")
        and relation.related_model._base_manager.filter(
            **{relation.field.name: holding.holder}
        ).exists()
    ]
    assert keeping == []


def test_json_is_a_credential() -> None:
    client, page = _mine(held())
    said = json.loads(client.get(f"{page}credential.json").content)
    assert "OpenBadgeCredential" in said["type"] or "AchievementCredential" in said["type"]
