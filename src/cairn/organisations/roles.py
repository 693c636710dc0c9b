"""How roles are called, and what each does, for readers."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.organisations.models import Role


@dataclass(frozen=True, slots=True)
class RoleText:
    """Name and work of a role."""

    name: Promise
    work: Promise


ROLE_TEXTS = {
    Role.OWNER: RoleText(_("Owner"), _("Does all that anybody may, and says who may do what")),
    Role.DESIGNER: RoleText(_("Designer"), _("Writes micro-credentials and hands them in")),
    Role.REVIEWER: RoleText(_("Reviewer"), _("Checks what was handed in and asks for changes")),
    Role.APPROVER: RoleText(_("Approver"), _("Publishes what somebody else has written")),
    Role.ASSESSOR: RoleText(_("Assessor"), _("Marks what learners hand in")),
    Role.AWARDER: RoleText(_("Awarder"), _("Awards credentials and withdraws them")),
    Role.REGISTRAR: RoleText(_("Registrar"), _("Says which issuers a register names")),
    Role.VIEWER: RoleText(_("Viewer"), _("Reads everything and changes nothing")),
}


def role_names(roles: list[str]) -> list[Promise]:
    """The names of stored roles, in the order of `Role`."""
    return [ROLE_TEXTS[role].name for role in Role if role in roles]
