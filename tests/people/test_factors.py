"""Passkeys, authenticator apps, recovery codes: what they open, and what happens without them."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from cairn.core.errors import Malformed
from cairn.people import services
from cairn.people.models import User
from cairn.people.sealing import reseal_factors, seal, unseal
from tests.authenticators import Passkey

pytestmark = pytest.mark.django_db
MASTER = bytes(range(32))  # of tests/settings
PASSWORD = "a good long pass phrase"
_JSON = {"accept": "application/json"}


@pytest.fixture
def user() -> User:
    return services.create_user(email="ada@example.org", name="Ada", password=PASSWORD)


@pytest.fixture
def signed_in(user: User) -> Client:
    return _with_password()


def _with_password() -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def _is_signed_in(client: Client) -> bool:
    return client.get("/me/profile").status_code == 200


def _code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def _with_app(client: Client) -> tuple[str, list[str]]:
    """The secret of a new app and the recovery codes that were shown."""
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": _code_of(secret)}, follow=True)
    return secret, re.findall(r'<li class="mono code">(\d{8})</li>', answer.content.decode())


def _with_passkey(client: Client, passkey: Passkey) -> Any:
    options = client.get("/accounts/2fa/webauthn/add/").context["js_data"]["creation_options"]
    data = {"name": "My phone", "credential": passkey.created(options)}
    return client.post("/accounts/2fa/webauthn/add/", data)


def _sign_in_with(passkey: Passkey) -> Client:
    client = Client()
    options = client.get("/accounts/2fa/webauthn/login/", headers=_JSON).json()["request_options"]
    client.post("/accounts/2fa/webauthn/login/", {"credential": passkey.used(options)})
    return client


def test_a_passkey_signs_in_alone(signed_in: Client) -> None:
    passkey = Passkey()
    assert _with_passkey(signed_in, passkey).status_code == 302
    assert mail.outbox[-1].subject == "A passkey was added"
    assert _is_signed_in(_sign_in_with(passkey))


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://cairn.example"}, {"rp_id": "cairn.example"}, {"is_verified": False}],
    ids=str,
)
def test_an_answer_of_another_site_or_without_verification_is_refused(
    signed_in: Client, wrong: dict[str, Any]
) -> None:
    assert _with_passkey(signed_in, Passkey(**wrong)).status_code == 200
    assert not Authenticator.objects.exists()
    passkey = Passkey()
    _with_passkey(signed_in, passkey)
    for name, value in wrong.items():
        setattr(passkey, name, value)
    assert not _is_signed_in(_sign_in_with(passkey))


def test_who_asks_is_the_base_address_whatever_a_request_says(signed_in: Client) -> None:
    options = signed_in.get("/accounts/2fa/webauthn/add/").context["js_data"]["creation_options"]
    assert options["publicKey"]["rp"]["id"] == "cairn.test"
    assert options["publicKey"]["authenticatorSelection"]["userVerification"] == "required"


def test_with_an_app_the_password_is_not_enough(signed_in: Client) -> None:
    secret, codes = _with_app(signed_in)
    assert len(codes) == 10
    again = _with_password()
    assert not _is_signed_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not _is_signed_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": _code_of(secret)})
    assert _is_signed_in(again) or _code_of(secret) == "000000"


def test_a_recovery_code_lets_in_once(signed_in: Client) -> None:
    _, codes = _with_app(signed_in)
    for expected in (True, False):
        client = _with_password()
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert _is_signed_in(client) is expected


def test_recovery_codes_are_shown_once(signed_in: Client) -> None:
    _, codes = _with_app(signed_in)
    again = signed_in.get("/accounts/2fa/recovery-codes/").content.decode()
    assert codes[0] not in again
    assert "10 codes are left" in again


def test_guesses_at_a_code_are_counted(signed_in: Client) -> None:
    secret, _ = _with_app(signed_in)
    client = _with_password()
    for _n in range(12):
        client.post("/accounts/2fa/authenticate/", {"code": "000001"})
    client.post("/accounts/2fa/authenticate/", {"code": _code_of(secret)})
    assert not _is_signed_in(client)


def test_with_the_last_factor_the_recovery_codes_go(signed_in: Client) -> None:
    _with_app(signed_in)
    signed_in.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "The authenticator app was taken out of use"
    assert _is_signed_in(_with_password())


def test_what_the_database_keeps_of_factors_opens_nothing(signed_in: Client) -> None:
    secret, _ = _with_app(signed_in)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert unseal(kept, MASTER) == secret
    with pytest.raises(Malformed):
        unseal(kept, bytes(32))


def test_factors_are_sealed_anew_under_another_master_key(signed_in: Client) -> None:
    secret, _ = _with_app(signed_in)
    assert reseal_factors(old=MASTER, new=bytes(32)) == 2
    assert reseal_factors(old=MASTER, new=bytes(32)) == 0
    assert unseal(Authenticator.objects.get(type="totp").data["secret"], bytes(32)) == secret


def test_two_sealings_of_one_text_differ() -> None:
    assert seal("text", bytes(32)) != seal("text", bytes(32))


def test_only_who_was_asked_anew_changes_factors(user: User) -> None:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/accounts/2fa/webauthn/add/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_a_passkey_can_be_renamed_and_removed(signed_in: Client) -> None:
    _with_passkey(signed_in, Passkey())
    own = f"/accounts/2fa/webauthn/keys/{Authenticator.objects.get(type='webauthn').pk}/"
    signed_in.post(f"{own}edit/", {"name": "The key on my ring"})
    assert "The key on my ring" in signed_in.get("/accounts/2fa/").content.decode()
    signed_in.post(f"{own}remove/")
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "A passkey was removed"
