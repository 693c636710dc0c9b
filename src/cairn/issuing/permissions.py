"""What members may do with awards, and in which roles."""

from cairn.organisations.access import Action
from cairn.organisations.models import Role

VIEW = Action.of("award.view", *Role)
AWARD = Action.of("award.create", Role.AWARDER, Role.REGISTRAR)
WITHDRAW = Action.of("award.withdraw", Role.AWARDER, Role.REGISTRAR)
CORRECT = Action.of("award.correct_address", Role.AWARDER, Role.REGISTRAR)
