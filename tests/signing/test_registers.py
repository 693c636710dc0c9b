"""Registers: kept in the console, signed by the job, read by anybody."""

import json

import pytest
from django.test import Client

from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Capability, Organisation, Register
from cairn.people.models import User
from tests.signing.conftest import NOW
from tests.signing.reading import is_authentic, verified

LISTED = "did:web:uni.example"


@pytest.fixture
def browser(client: Client, issuer: Organisation, owner: User) -> Client:
    issuer.capabilities = [Capability.REGISTER]
    issuer.save()
    client.force_login(owner)
    return client


@pytest.fixture
def register(browser: Client) -> Register:
    browser.post("/console/north/register/open/", {"name": "Recognised providers"})
    return Register.objects.get()


def _add(browser: Client, register: Register, did: str = LISTED, name: str = "South") -> int:
    address = f"/console/north/register/{register.id}/add/"
    return browser.post(address, {"issuer_did": did, "name": name}).status_code


def _published(register: Register) -> bytes:
    return Client().get(f"/registers/{register.id}").content


def test_an_empty_register_is_signed(register: Register) -> None:
    assert Client().get(f"/registers/{register.id}").status_code == 404
    run_until_idle(NOW)
    assert is_authentic(verified(_published(register), NOW))


def test_the_signed_register_says_which_identifier_has_which_name(
    browser: Client, register: Register
) -> None:
    assert _add(browser, register) == 302
    run_until_idle(NOW)
    document = json.loads(_published(register))
    assert document["id"] == f"https://cairn.test/registers/{register.id}"
    assert document["credentialSubject"][1:] == [{"id": LISTED, "name": "South"}]
    assert is_authentic(verified(_published(register), NOW))


def test_who_is_taken_out_is_not_in_the_next_version(browser: Client, register: Register) -> None:
    _add(browser, register)
    run_until_idle(NOW)
    entry = register.entries.get()
    address = f"/console/north/register/entries/{entry.id}/remove/"
    assert "You can add the issuer again" in browser.get(address).content.decode()
    browser.post(address)
    run_until_idle(NOW)
    assert len(json.loads(_published(register))["credentialSubject"]) == 1
    register.refresh_from_db()
    assert register.version == 2
    assert "No longer in it" in browser.get("/console/north/register/").content.decode()


def test_changes_before_the_signer_comes_are_one_version(
    browser: Client, register: Register
) -> None:
    _add(browser, register)
    _add(browser, register, "did:web:other.example", "Other")
    run_until_idle(NOW)
    register.refresh_from_db()
    assert register.version == 1


@pytest.mark.parametrize(
    ("did", "name"),
    [("did:web:UNI.example", "South"), (LISTED, "S\u202eouth"), ("", ""), (LISTED, "")],
)
def test_a_doubtful_identifier_or_name_is_mended_in_the_form(
    browser: Client, register: Register, did: str, name: str
) -> None:
    assert _add(browser, register, did, name) == 422
    assert not register.entries.exists()


def test_an_issuer_is_named_once(browser: Client, register: Register) -> None:
    _add(browser, register)
    assert _add(browser, register) == 409


def test_the_published_register_is_for_programs_anywhere(register: Register) -> None:
    run_until_idle(NOW)
    answer = Client().get(f"/registers/{register.id}")
    assert answer["Content-Type"] == "application/vc"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_an_organisation_without_the_capability_keeps_none(
    client: Client, issuer: Organisation, owner: User
) -> None:
    client.force_login(owner)
    assert client.get("/console/north/register/").status_code == 404
    assert "/console/north/register/" not in client.get("/console/north/").content.decode()
    assert client.post("/console/north/register/open/", {"name": "X"}).status_code == 404
