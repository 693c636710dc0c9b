"""Send the link to claim again: the wallet mails it, this room says that it is wanted."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.issuing import permissions, selectors
from cairn.issuing.models import Award
from cairn.organisations.access import require
from cairn.people.models import User
from cairn.platform import audit, outbox
from cairn.platform.models import AuditEntry

SENT_A_DAY = 3  # letters to one learner about one award


@transaction.atomic
def send_again(*, award: Award, actor: User, now: datetime) -> None:
    """Have the learner of an unclaimed award mailed a new link.

    Raises `NotAllowed`, and `Conflict` if it is claimed, handed back, not in force, or was sent
    often enough for today.
    """
    require(actor, permissions.SEND_AGAIN, award.issuer)
    locked = selectors.locked(award)
    refuse_sending(locked, now)
    audit.record(
        permissions.SEND_AGAIN.name,
        organisation_id=locked.issuer_id,
        actor_id=actor.id,
        subject_kind="award",
        subject_id=locked.id,
        at=now,
    )
    outbox.emit("award.link_wanted", organisation_id=locked.issuer_id, subject_id=locked.id, at=now)


def refuse_sending(award: Award, now: datetime) -> None:
    """Raise `Conflict`, saying why, if the link of `award` can't be sent again now."""
    if award.state != Award.State.ISSUED:
        raise Conflict(
            _("its state is “%(state)s”; look at it again") % {"state": award.get_state_display()}
        )
    if selectors.is_claimed(award):
        raise Conflict(_("the learner has claimed it; there is no link to send"))
    if selectors.is_handed_back(award):
        raise Conflict(_("it was handed back; send it to another address instead"))
    sent = AuditEntry.objects.filter(
        subject_id=award.id,
        action=permissions.SEND_AGAIN.name,
        at__gt=now - timedelta(days=1),
    )
    if sent.count() >= SENT_A_DAY:
        raise Conflict(_("it was sent often enough for today; try again tomorrow"))
