"""Take an award back from somebody else who claimed it, and offer it to its learner again.

Who holds what is the wallet's: it is told, takes the award out of that person's hands, writes to
them and mails a new link.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import Conflict, Malformed
from cairn.issuing import permissions, selectors
from cairn.issuing.models import Award
from cairn.issuing.recipients import clean_email
from cairn.issuing.services import correct_address
from cairn.organisations.access import require
from cairn.people.models import User
from cairn.platform import audit, outbox

# Why: told to the person whom it leaves.
REASONS = {
    "person": gettext_lazy("It was claimed by somebody else than the learner"),
    "shared": gettext_lazy("Several people read the mail of this address"),
    "other": gettext_lazy("Another reason"),
}


@transaction.atomic
def move_back(*, award: Award, email: str, reason: str, actor: User, now: datetime) -> Award:
    """Void the claim of `award` and have a new link mailed to `email`, its own address or another.

    With another address a new credential is signed and the old one revoked, so that what the wrong
    person saved says so.  Raises `NotAllowed`, `Malformed`, and `Conflict` if nobody holds it.
    """
    require(actor, permissions.MOVE_BACK, award.issuer)
    email = clean_email(email)
    if reason not in REASONS:
        raise Malformed(_("choose a reason"), "/reason")
    locked = selectors.locked(award)
    refuse_move(locked)
    audit.record(
        permissions.MOVE_BACK.name,
        organisation_id=locked.issuer_id,
        actor_id=actor.id,
        subject_kind="award",
        subject_id=locked.id,
        at=now,
        reason=reason,
    )
    # Before the address is corrected: from here on nobody holds it.
    outbox.emit(
        "award.moved_back",
        organisation_id=locked.issuer_id,
        subject_id=locked.id,
        at=now,
        reason=reason,
    )
    if locked.learner.email != email:
        return correct_address(award=locked, email=email, actor=actor, now=now)
    return locked


def refuse_move(award: Award) -> None:
    """Raise `Conflict`, saying why, if `award` can't be moved back as it is now."""
    if award.state != Award.State.ISSUED:
        state = award.get_state_display()
        raise Conflict(_("its state is “%(state)s”; look at it again") % {"state": state})
    if not selectors.is_claimed(award):
        raise Conflict(_("nobody holds it; send the link again, or to another address"))
