"""What members may do about the data of learners, and in which roles."""

from cairn.organisations.access import Action
from cairn.organisations.models import Role

HANDLE = Action.of("erasure.handle", Role.REGISTRAR)  # see, enter, decide and carry out cases
CONFIGURE = Action.of("erasure.configure", Role.REGISTRAR)
