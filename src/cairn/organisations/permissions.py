"""Actions on an organisation itself and on its members."""

from cairn.organisations.access import Action
from cairn.organisations.models import Role

VIEW = Action.of("organisation.view", *Role)
EDIT = Action.of("organisation.edit")
VIEW_MEMBERS = Action.of("member.view", *Role)
INVITE = Action.of("member.invite")
CHANGE_MEMBER = Action.of("member.change")
REMOVE_MEMBER = Action.of("member.remove")
EDIT_REGISTER = Action.of("register.edit", Role.REGISTRAR)
API = Action.of("api_client.manage", Role.AWARDER, Role.REGISTRAR)
