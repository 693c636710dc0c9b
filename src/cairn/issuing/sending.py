"""Send the link to claim again: the wallet mails it, this room says that it is wanted."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.issuing import acts, permissions, selectors
from cairn.issuing.models import Award
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
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


@transaction.atomic
def send_again_to(
    *, issuer: Organisation, award_ids: Iterable[UUID], act_id: UUID, actor: User, now: datetime
) -> list[Award]:
    """Have the learners of these unclaimed awards mailed new links; sent twice it is done once.

    Raises as `send_again` does, then nobody is mailed, and `Malformed` for none or too many.
    """
    require(actor, permissions.SEND_AGAIN, issuer)
    awards = acts.locked(issuer, award_ids)
    if was_asked(issuer, act_id):
        return awards
    possible = sendable(awards, now)
    if len(possible) < len(awards):
        raise Conflict(_("these awards changed since you looked; look at the set again"))
    audit.record_each(
        permissions.SEND_AGAIN.name,
        organisation_id=issuer.id,
        actor_id=actor.id,
        subject_kind="award",
        subjects=[(award.id, {"act": str(act_id)}) for award in awards],
        at=now,
    )
    outbox.emit_each(
        "award.link_wanted",
        organisation_id=issuer.id,
        subjects=[(award.id, {"act": str(act_id)}) for award in awards],
        at=now,
    )
    return awards


def was_asked(issuer: Organisation, act_id: UUID) -> bool:
    """Whether the form with this id was carried out; ask under the lock of its awards."""
    found = AuditEntry.objects.filter(
        organisation_id=issuer.id, action=permissions.SEND_AGAIN.name, details__act=str(act_id)
    )
    return found.exists()


def sendable(awards: Sequence[Award], now: datetime) -> list[Award]:
    """Those whose learner can be mailed a link again now.  2 queries."""
    ids = [award.id for award in awards]
    told = selectors.last_told(ids)
    often = (
        AuditEntry.objects.filter(
            subject_id__in=ids,
            action=permissions.SEND_AGAIN.name,
            at__gt=now - timedelta(days=1),
        )
        .values("subject_id")
        .annotate(times=Count("id"))
        .filter(times__gte=SENT_A_DAY)
    )
    full = set(often.values_list("subject_id", flat=True))
    return [
        award
        for award in awards
        if award.state == Award.State.ISSUED and award.id not in full and award.id not in told
    ]


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
