"""Signing up and in, addresses, passwords: with codes, and without telling who has an account."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from cairn.people import services
from cairn.people.models import User
from cairn.people.selectors import verified_addresses

pytestmark = pytest.mark.django_db
PASSWORD = "a good long pass phrase"


def _code() -> str:
    """The code in the newest mail."""
    found = re.search(r"^\d{3}-\d{3}-\d{3}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[0]


def _wrong(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def _is_signed_in(client: Client) -> bool:
    return client.get("/me/profile").status_code == 200


def _sign_in(client: Client, user: User) -> None:
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")


def _text(answer: Any) -> str:
    """A page without what differs each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return re.sub(r"[\w.]+@example\.org", "ADDRESS", text)


def test_a_new_account_is_entered_with_the_code_that_was_mailed(client: Client) -> None:
    data = {"name": "Ada Lovelace", "email": "Ada@Example.org", "password1": ""}
    answer = client.post("/accounts/signup/", data, follow=True)
    assert "ada@example.org" in answer.content.decode()
    assert not _is_signed_in(client)
    client.post("/accounts/confirm-email/", {"code": _code().replace("-", " ")})
    assert _is_signed_in(client)
    user = User.objects.get()
    assert (user.name, user.email, user.language) == ("Ada Lovelace", "ada@example.org", "en")
    assert not user.has_usable_password()
    assert verified_addresses(user) == {"ada@example.org"}


def test_who_signs_up_in_french_is_written_to_in_french(client: Client) -> None:
    data = {"email": "ada@example.org", "password1": PASSWORD}
    client.post("/accounts/signup/", data, headers={"accept-language": "fr"})
    assert User.objects.get().language == "fr"


def test_a_code_by_mail_signs_in(client: Client) -> None:
    services.create_user(email="ada@example.org")
    client.post("/accounts/login/code/", {"email": "ADA@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": _code()})
    assert _is_signed_in(client)
    assert client.session.get_expire_at_browser_close()


def test_who_asks_for_it_stays_signed_in(client: Client) -> None:
    services.create_user(email="ada@example.org")
    client.post("/accounts/login/code/", {"email": "ada@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": _code(), "remember": "on"})
    assert not client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() == 30 * 86_400


def test_a_code_can_be_guessed_three_times(client: Client) -> None:
    services.create_user(email="ada@example.org")
    client.post("/accounts/login/code/", {"email": "ada@example.org"})
    code = _code()
    for _ in range(3):
        client.post("/accounts/login/code/confirm/", {"code": _wrong(code)})
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not _is_signed_in(client)


def test_codes_for_one_address_are_counted(client: Client) -> None:
    services.create_user(email="ada@example.org")
    for _ in range(8):
        Client().post("/accounts/login/code/", {"email": "ada@example.org"})
    assert len(mail.outbox) == 5


def test_a_code_signs_in_only_where_it_was_asked_for(client: Client) -> None:
    services.create_user(email="ada@example.org")
    client.post("/accounts/login/code/", {"email": "ada@example.org"})
    other = Client()
    other.post("/accounts/login/code/confirm/", {"code": _code()})
    assert not _is_signed_in(other)


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("/accounts/login/code/", {}),
        ("/accounts/login/", {"password": "wrong"}),
        ("/accounts/password/reset/", {}),
        ("/accounts/signup/", {"password1": PASSWORD}),
    ],
)
def test_no_page_tells_who_has_an_account(url: str, data: dict[str, str]) -> None:
    services.create_user(email="known@example.org", password=PASSWORD)
    field = "login" if url.endswith("login/") else "email"
    answers = [
        Client().post(url, {**data, field: address}, follow=True)
        for address in ("known@example.org", "unknown@example.org")
    ]
    assert _text(answers[0]) == _text(answers[1])
    assert answers[0].redirect_chain == answers[1].redirect_chain


def test_a_password_signs_in_and_wrong_ones_are_counted(client: Client) -> None:
    services.create_user(email="ada@example.org", password=PASSWORD)
    for _ in range(5):
        client.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert not _is_signed_in(client)
    services.create_user(email="grace@example.org", password=PASSWORD)
    client.post("/accounts/login/", {"login": "Grace@example.org", "password": PASSWORD})
    assert _is_signed_in(client)


def test_a_forgotten_password_is_replaced_with_a_code(client: Client) -> None:
    services.create_user(email="ada@example.org", password="the old one")
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    client.post("/accounts/password/reset/confirm/", {"code": _code()})
    new = {"password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/password/reset/complete/", new)
    assert User.objects.get().check_password(PASSWORD)
    assert "Your password was changed" in [letter.subject for letter in mail.outbox]


def test_a_second_address_counts_once_it_is_confirmed(client: Client) -> None:
    user = services.create_user(email="ada@example.org")
    _sign_in(client, user)
    client.post("/accounts/email/", {"action_add": "", "email": "Ada@Work.example.org"})
    assert verified_addresses(user) == {"ada@example.org"}
    client.post("/accounts/confirm-email/", {"code": _code()})
    assert verified_addresses(user) == {"ada@example.org", "ada@work.example.org"}


def test_the_address_of_another_person_cannot_be_added(client: Client) -> None:
    services.create_user(email="grace@example.org")
    user = services.create_user(email="ada@example.org")
    _sign_in(client, user)
    client.post("/accounts/email/", {"action_add": "", "email": "GRACE@example.org"})
    assert not EmailAddress.objects.filter(user=user, email="grace@example.org").exists()


@pytest.mark.parametrize("address", ["ada\n@example.org", "ada\u200b@example.org", '"a\x01"@b.org'])
def test_an_address_with_hidden_characters_is_refused(client: Client, address: str) -> None:
    answer = client.post("/accounts/signup/", {"email": address, "password1": PASSWORD})
    assert answer.status_code == 200
    assert not User.objects.exists()
    assert not mail.outbox


def test_changing_a_password_asks_for_it_again_after_a_while(client: Client) -> None:
    user = services.create_user(email="ada@example.org", password=PASSWORD)
    _sign_in(client, user)
    answer = client.post("/accounts/email/", {"action_add": "", "email": "b@example.org"})
    assert "/accounts/reauthenticate/" in answer["Location"]


def test_where_mail_cannot_be_sent_the_page_says_so(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    services.create_user(email="ada@example.org")
    answer = client.post("/accounts/login/code/", {"email": "ada@example.org"})
    assert answer.status_code == 503
    assert "could not be sent" in answer.content.decode()


def test_signing_out_takes_a_form(client: Client) -> None:
    _sign_in(client, services.create_user(email="ada@example.org"))
    client.get("/accounts/logout/")
    assert _is_signed_in(client)
    client.post("/accounts/logout/")
    assert not _is_signed_in(client)
