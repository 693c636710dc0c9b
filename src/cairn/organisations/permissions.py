"""Actions on an organisation itself and on its members."""

from cairn.organisations.access import Action
from cairn.organisations.models import Role

_EVERY_ROLE = tuple(Role)

VIEW = Action.of("organisation.view", *_EVERY_ROLE)
EDIT = Action.of("organisation.edit")
VIEW_MEMBERS = Action.of("member.view", *_EVERY_ROLE)
INVITE = Action.of("member.invite")
CHANGE_MEMBER = Action.of("member.change")
REMOVE_MEMBER = Action.of("member.remove")
