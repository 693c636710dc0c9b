"""The pages on which a key is given up and what it signed is issued again."""

import pytest
from django.test import Client

from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Organisation, Role
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuer() -> Organisation:
    return world.organisation(name="North University", slug="north")


@pytest.fixture
def browser(client: Client, issuer: Organisation) -> Client:
    client.force_login(world.member(issuer, Role.OWNER))
    return client


def _address(issuer: Organisation, algorithm: str = "Ed25519") -> str:
    return f"/console/north/keys/{issuer.signing_keys.get(algorithm=algorithm).fragment}/give-up/"


def test_what_it_signed_is_counted_before(browser: Client, issuer: Organisation) -> None:
    for _ in range(2):
        world.issued_award(issuer)
    page = browser.get(_address(issuer)).content.decode()
    assert "It signed 2 credentials" in page
    assert "They belong to 2 learners" in page
    assert "cannot be taken back" in page


@pytest.mark.parametrize("name", ["", "North"])
def test_nothing_happens_without_the_name_of_the_organisation(
    browser: Client, issuer: Organisation, name: str
) -> None:
    answer = browser.post(_address(issuer), {"name": name, "is_reissued": "on"})
    assert answer.status_code == 422
    assert not issuer.signing_keys.filter(state="compromised").exists()


def test_a_key_is_given_up_and_progress_shown(browser: Client, issuer: Organisation) -> None:
    world.issued_award(issuer)
    address = _address(issuer)
    said = {"name": "north university", "is_reissued": "on"}
    page = browser.post(address, said, follow=True).content.decode()
    assert "being planned" in page
    assert "data-waiting" in page
    run_until_idle(issuer.reissues.get().ordered_at)
    page = browser.get("/console/north/keys/again/").content.decode()
    assert "1 award was issued again" in page
    assert "data-waiting" not in page
    assert "given up already" in browser.get(address).content.decode()
    assert browser.post(address, said).status_code == 409


def test_a_key_is_given_up_without_issuing_again(browser: Client, issuer: Organisation) -> None:
    page = browser.post(_address(issuer, "RSA"), {"name": "North University"}, follow=True)
    assert "Given up" in page.content.decode()
    assert not issuer.reissues.exists()


def test_a_key_that_is_not_there_cannot_be_given_up(browser: Client) -> None:
    assert browser.get("/console/north/keys/202609-none/give-up/").status_code == 404
