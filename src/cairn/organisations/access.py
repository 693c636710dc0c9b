"""The one permission check: may this person do this for this organisation.

Each room lists its actions in its `permissions` module; the docs print them all as one matrix.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cairn.core.errors import NotAllowed
from cairn.organisations.models import Capability, Membership, Organisation, Role
from cairn.organisations.roles import role_names
from cairn.people.models import User


@dataclass(frozen=True, slots=True)
class Action:
    """Something a member may do, and in which roles.  The owner may do all that one member may."""

    name: str  # "achievement.edit"
    roles: frozenset[Role]

    @classmethod
    def of(cls, name: str, *roles: Role) -> "Action":
        """An action of `roles`, and of the owner."""
        return cls(name, frozenset({Role.OWNER, *roles}))


def declared_actions() -> list[Action]:
    """The actions of all rooms that are installed, by name: the matrix of permissions."""
    modules = [
        import_module(f"{config.name}.permissions")
        for config in apps.get_app_configs()
        if find_spec(f"{config.name}.permissions") is not None
    ]
    found = {one for module in modules for one in vars(module).values() if isinstance(one, Action)}
    return sorted(found, key=lambda action: action.name)


def organisations_of(actor: User) -> QuerySet[Organisation]:
    """The organisations that `actor` is a member of; every console page looks its own up here."""
    return Organisation.objects.filter(memberships__user=actor)


def roles_of(actor: User, organisation: Organisation) -> frozenset[Role]:
    """The roles of `actor` there; none for a stranger.  One query."""
    found: Iterable[list[str]] = Membership.objects.filter(
        organisation=organisation, user=actor
    ).values_list("roles", flat=True)
    return frozenset(Role(name) for names in found for name in names)


def may(actor: User, action: Action, organisation: Organisation) -> bool:
    """Whether `actor` may do `action` for `organisation`."""
    return not action.roles.isdisjoint(roles_of(actor, organisation))


def require(actor: User, action: Action, organisation: Organisation) -> None:
    """Raise `NotAllowed` unless `actor` may do `action` for `organisation`."""
    require_role(roles_of(actor, organisation), action, organisation)


def require_capability(organisation: Organisation, capability: Capability) -> None:
    """Raise `NotAllowed` unless `organisation` may do this on this installation."""
    if capability not in organisation.capabilities:
        raise NotAllowed(
            _("%(name)s does not have this part of Cairn; ask who runs the installation")
            % {"name": organisation}
        )


def require_role(roles: frozenset[Role], action: Action, organisation: Organisation) -> None:
    """Raise `NotAllowed` unless one of `roles` may do `action` for `organisation`."""
    if action.roles.isdisjoint(roles):
        wanted = ", ".join(str(name) for name in role_names([*action.roles]))
        raise NotAllowed(
            _("this needs one of these roles: %(roles)s; ask an owner of %(name)s")
            % {"roles": wanted, "name": organisation}
        )
