"""What members may do with the mail of their organisation, and in which roles."""

from cairn.organisations.access import Action
from cairn.organisations.models import Role

VIEW = Action.of("mail.view", Role.AWARDER, Role.REGISTRAR)
RETRY = Action.of("mail.retry", Role.AWARDER, Role.REGISTRAR)
EDIT = Action.of("mail.edit", Role.REGISTRAR)
