"""The page on which an owner replaces keys."""

import pytest
from django.test import Client

from cairn.organisations.models import Membership, Organisation
from cairn.people.models import User
from tests.signing.conftest import NOW


@pytest.fixture
def browser(client: Client, issuer: Organisation, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_the_page_lists_keys_with_their_states(browser: Client, issuer: Organisation) -> None:
    page = browser.get("/console/north/keys/").content.decode()
    assert page.count("Signs now") == 2
    assert f"did:web:cairn.test:i:{issuer.id}" in page


def test_replacing_asks_first_and_a_visit_changes_nothing(
    browser: Client, issuer: Organisation
) -> None:
    page = browser.get("/console/north/keys/rotate/").content.decode()
    assert "24 hours" in page
    assert issuer.signing_keys.count() == 2


def test_replacing_publishes_new_keys_and_says_when_they_sign(
    browser: Client, issuer: Organisation
) -> None:
    page = browser.post("/console/north/keys/rotate/", follow=True).content.decode()
    assert "New keys are published" in page
    assert page.count("Takes over next") == 2
    assert issuer.signing_keys.filter(state="next").count() == 2


def test_replacing_twice_is_a_lost_race(browser: Client) -> None:
    browser.post("/console/north/keys/rotate/")
    assert browser.post("/console/north/keys/rotate/").status_code == 409


def test_a_member_in_another_role_sees_no_keys(client: Client, issuer: Organisation) -> None:
    designer = User.objects.create_user("designer@north.example")
    Membership.objects.create(
        organisation=issuer, user=designer, roles=["designer"], created_at=NOW
    )
    client.force_login(designer)
    assert client.get("/console/north/keys/").status_code == 403
    assert client.post("/console/north/keys/rotate/").status_code == 403


def test_a_stranger_finds_no_such_page(client: Client, issuer: Organisation) -> None:
    client.force_login(User.objects.create_user("stranger@example.org"))
    assert client.get("/console/north/keys/").status_code == 404
