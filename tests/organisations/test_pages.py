"""The console's own pages: choosing, members, invitations, settings."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cairn.organisations import invitations, membership
from cairn.organisations.models import Invitation, Membership, Organisation, Role
from cairn.people.models import User
from tests import world

pytestmark = pytest.mark.django_db
SETTINGS = {
    "name": "University of Somewhere",
    "description": "Teaches.",
    "url": "https://somewhere.example",
    "email": "Badges@Somewhere.example",
    "country": "ke",
    "language": "fr",
    "time_zone": "Africa/Nairobi",
}


@pytest.fixture
def organisation() -> Organisation:
    return world.organisation(has_keys=False)


@pytest.fixture
def owner(organisation: Organisation, client: Client) -> User:
    return _in(client, world.member(organisation, Role.OWNER))


def _in(client: Client, user: User) -> User:
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return user


def test_a_person_sees_whom_they_act_for_and_no_other(
    client: Client, owner: User, organisation: Organisation
) -> None:
    other = world.organisation(has_keys=False, name="Another one")
    page = client.get("/console/").content.decode()
    assert organisation.name in page
    assert other.name not in page


def test_who_acts_for_nobody_is_told_how_to(client: Client) -> None:
    _in(client, world.user())
    assert "You act for no organisation yet" in client.get("/console/").content.decode()


def test_the_sections_are_those_that_the_roles_open(client: Client, owner: User) -> None:
    organisation = owner.memberships.get().organisation
    url = f"/console/{organisation.slug}/"
    assert f"{url}settings" in client.get(url).content.decode()
    _in(client, world.member(organisation, Role.VIEWER))
    page = client.get(url).content.decode()
    assert f"{url}settings" not in page
    assert f"{url}members/" in page


def test_an_invitation_is_written_and_mailed(
    client: Client, owner: User, organisation: Organisation
) -> None:
    data = {"email": "guest@example.org", "roles": ["awarder", "viewer"]}
    answer = client.post(f"/console/{organisation.slug}/members/invite", data)
    assert answer.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.roles) == ("guest@example.org", ["awarder", "viewer"])
    page = client.get(answer["Location"]).content.decode()
    assert "guest@example.org" in page


@pytest.mark.parametrize(
    "data",
    [
        {"email": "guest@example.org"},
        {"email": "guest", "roles": ["viewer"]},
        {"email": "guest@example.org\nBcc: x@example.org", "roles": ["viewer"]},
        {"email": "guest@example.org", "roles": ["king"]},
    ],
)
def test_a_wrong_invitation_is_shown_again(
    client: Client, owner: User, organisation: Organisation, data: dict[str, object]
) -> None:
    answer = client.post(f"/console/{organisation.slug}/members/invite", data)
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_twice(
    client: Client, owner: User, organisation: Organisation
) -> None:
    data = {"email": owner.email.upper(), "roles": ["viewer"]}
    answer = client.post(f"/console/{organisation.slug}/members/invite", data)
    assert answer.status_code == 422
    assert "member already" in answer.content.decode()


def _invited(organisation: Organisation, owner: User, email: str) -> str:
    invitation = membership.invite_member(
        organisation=organisation,
        actor=owner,
        email=email,
        roles=[Role.VIEWER],
        now=timezone.now(),
    )
    invitations.send(invitation_id=invitation.id)
    return str(mail.outbox[-1].body).split("https://cairn.test")[1].split()[0]


def test_opening_an_invitation_joins_nobody(
    client: Client, owner: User, organisation: Organisation
) -> None:
    link = _invited(organisation, owner, "guest@example.org")
    guest = _in(client, world.user(email="guest@example.org"))
    assert client.get(link).status_code == 200
    assert not guest.memberships.exists()
    assert client.post(link)["Location"] == f"/console/{organisation.slug}/"
    assert guest.memberships.exists()
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 409


def test_an_invitation_asks_strangers_to_sign_in_and_come_back(
    client: Client, owner: User, organisation: Organisation
) -> None:
    link = _invited(organisation, owner, "guest@example.org")
    page = Client().get(link).content.decode()
    assert f"/accounts/login/code/?next={link}" in page
    assert Client().post(link).status_code == 200
    _in(client, world.user())
    assert "Confirm that this address is yours" in client.get(link).content.decode()
    assert client.post(link).status_code == 403


def test_an_owner_who_leaves_is_led_out(
    client: Client, owner: User, organisation: Organisation
) -> None:
    url = f"/console/{organisation.slug}/members/{owner.memberships.get().id}/remove"
    assert client.post(url).status_code == 409
    world.member(organisation, Role.OWNER)
    assert client.post(url)["Location"] == "/console/"
    assert not Membership.objects.filter(user=owner).exists()


def test_roles_are_changed_on_their_page(
    client: Client, owner: User, organisation: Organisation
) -> None:
    colleague = world.member(organisation, Role.VIEWER)
    url = f"/console/{organisation.slug}/members/{colleague.memberships.get().id}/roles"
    assert "checked" in client.get(url).content.decode()
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"roles": ["designer"]}).status_code == 302
    assert colleague.memberships.get().roles == ["designer"]


def test_settings_are_kept(client: Client, owner: User, organisation: Organisation) -> None:
    assert client.post(f"/console/{organisation.slug}/settings", SETTINGS).status_code == 302
    organisation.refresh_from_db()
    assert organisation.name == "University of Somewhere"
    assert organisation.description == {"fr": "Teaches."}
    assert (organisation.country, organisation.email) == ("KE", "badges@somewhere.example")


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "ZZ"},
        {"name": ""},
        {"name": "University\u202e of"},
        {"url": "javascript:alert(1)"},
        {"email": "a b"},
        {"time_zone": "Mars/Base"},
    ],
)
def test_wrong_settings_are_shown_again(
    client: Client, owner: User, organisation: Organisation, wrong: dict[str, str]
) -> None:
    answer = client.post(f"/console/{organisation.slug}/settings", {**SETTINGS, **wrong})
    assert answer.status_code == 422
    name = organisation.name
    organisation.refresh_from_db()
    assert organisation.name == name
