"""Only organisations that issue here design and award; others have no such pages."""

import pytest
from django.test import Client
from django.urls import reverse

from cairn.catalogue.content import Content
from cairn.catalogue.services import create_achievement
from cairn.core.errors import NotAllowed
from cairn.organisations.models import Capability, Organisation, Role
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry() -> Organisation:
    return world.organisation(capabilities=[Capability.REGISTER], has_keys=False)


@pytest.mark.parametrize("name", ["catalogue:achievements", "catalogue:create", "issuing:awards"])
def test_its_owner_has_no_pages_to_design_or_award(
    client: Client, ministry: Organisation, name: str
) -> None:
    client.force_login(world.member(ministry, Role.OWNER))
    assert client.get(reverse(name, args=[ministry.slug])).status_code == 404
    home = client.get(reverse("site:console_home", args=[ministry.slug])).content.decode()
    assert reverse(name, args=[ministry.slug]) not in home


def test_its_owner_may_not_design_by_other_means(ministry: Organisation) -> None:
    with pytest.raises(NotAllowed, match="does not have this part"):
        create_achievement(
            organisation=ministry,
            content=Content(language="en", name={"en": "Statistics"}),
            actor=world.member(ministry, Role.OWNER),
            now=world.NOW,
        )


def test_an_organisation_that_issues_no_more_awards_nothing() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer)
    issuer.capabilities = []
    issuer.save()
    with pytest.raises(NotAllowed, match="does not have this part"):
        world.planned_award(issuer, version=version)
