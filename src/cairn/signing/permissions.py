"""What members may do with the keys of their organisation."""

from cairn.organisations.access import Action

KEYS_MANAGE = Action.of("keys.manage")  # see them, replace them, give them up
