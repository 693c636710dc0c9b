"""Founding an organisation and what it says about itself."""

import pytest

from cairn.core.errors import Conflict, Malformed
from cairn.organisations.access import declared_actions, roles_of
from cairn.organisations.models import Capability, Kind, Role
from cairn.organisations.services import create_organisation
from cairn.platform.models import AuditEntry
from tests import world


@pytest.mark.django_db
def test_an_organisation_begins_with_an_owner() -> None:
    owner = world.user()
    made = create_organisation(
        name="Université du Lac", owner=owner, now=world.NOW, kinds=[Kind.UNIVERSITY]
    )
    assert made.slug == "universite-du-lac"
    assert (made.kinds, made.capabilities) == (["university"], [Capability.ISSUE.value])
    assert roles_of(owner, made) == {Role.OWNER}
    assert AuditEntry.objects.get(subject_id=made.id).action == "organisation.create"


@pytest.mark.django_db
def test_a_name_in_another_script_gets_an_address_too() -> None:
    made = create_organisation(name="東京大学", owner=world.user(), now=world.NOW)
    assert made.slug


@pytest.mark.django_db
def test_two_organisations_have_two_addresses() -> None:
    create_organisation(name="Lake", owner=world.user(), now=world.NOW)
    with pytest.raises(Conflict):
        create_organisation(name="Lake", owner=world.user(), now=world.NOW)
    with pytest.raises(Malformed):
        create_organisation(name=" ", owner=world.user(), now=world.NOW)


def test_no_two_actions_have_one_name() -> None:
    names = [action.name for action in declared_actions()]
    assert len(names) > 15
    assert sorted(set(names)) == names


def test_an_owner_may_whatever_a_member_may() -> None:
    assert all(Role.OWNER in action.roles for action in declared_actions())
