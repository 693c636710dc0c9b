"""A tenant with one of everything, for tests that walk all routes.

A new argument in an address needs a line in `Tenant.sample`; without one the walk fails.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cairn.organisations import membership
from cairn.organisations.invitations import digest
from cairn.organisations.models import Invitation, Membership, Organisation, Role
from cairn.people.models import User
from tests import world


@dataclass(frozen=True)
class Tenant:
    """An organisation, a member in each role, and objects of it by the name of an argument."""

    organisation: Organisation
    members: dict[Role, User]
    samples: dict[str, Any]
    holder: User  # whose the objects of signed-in pages are

    def arguments(self, route: str, names: list[str]) -> dict[str, Any]:
        """A value for each argument of a route; a line for one route goes before the name's."""
        keys = ((name, f"{route} {name}") for name in names)
        return {name: self.samples[own if own in self.samples else name] for name, own in keys}


def tenant() -> Tenant:
    """An organisation with keys, and one of everything."""
    organisation = world.organisation()
    members = {
        role: world.member(organisation, role, name=f"{role.label} of {organisation}")
        for role in Role
    }
    holder = world.user()
    return Tenant(organisation, members, _samples(organisation, members, holder), holder)


def _samples(organisation: Organisation, members: dict[Role, User], holder: User) -> dict[str, Any]:
    colleague = world.member(organisation, Role.VIEWER)
    invitation = _invitation(organisation, members[Role.OWNER])
    award = world.issued_award(organisation)
    return {
        "slug": organisation.slug,
        "member_id": Membership.objects.get(organisation=organisation, user=colleague).id,
        "invitation_id": invitation.id,
        "organisations:invitation token": organisation.slug,
        "user_id": colleague.id,
        "award_id": award.id,
        "issuing:award version_id": award.version_id,
        "issuing:download form": "eddsa-rdfc-2022",
        "issuing:status_list list_id": organisation.status_lists.get().id,
        "site:demo_letter name": "20261124-120000-1.log",
    }


def _invitation(organisation: Organisation, owner: User) -> Invitation:
    invitation = membership.invite_member(
        organisation=organisation,
        actor=owner,
        email=f"invited-to-{organisation.slug}@example.org",
        roles=[Role.VIEWER],
        now=timezone.now(),
    )
    invitation.token_sha256 = digest(organisation.slug)
    invitation.save()
    return invitation
