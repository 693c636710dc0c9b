"""An issuer took an award back from somebody else who had claimed it: out of their hands, and on.

Two letters: to the person whom it leaves, at the address of the link by which it came, and to the
learner with a new link.  While a new credential is being signed, that link waits for it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from cairn.issuing.models import Award
from cairn.issuing.selectors import current_credential
from cairn.platform import audit
from cairn.platform.models import OutboxEvent
from cairn.wallet import mailing, sending
from cairn.wallet.models import ClaimLink, Holding, Mail


@transaction.atomic
def take_back(event: OutboxEvent, now: datetime) -> None:
    """Void the holding of the award of `event`; told twice it is done once."""
    awards = Award.objects.select_for_update(of=("self",)).select_related("learner")
    award = awards.get(pk=event.subject_id)
    occasion = str(event.id)
    holding = Holding.objects.select_for_update().filter(award=award).first()
    came_by = ClaimLink.objects.filter(award=award).order_by(
        F("used_at").desc(nulls_last=True), "-created_at"
    )
    link = came_by.first()
    if holding is None or holding.holder_id is None:
        return
    _release(holding)
    sending.close_links([award.id])
    audit.record(
        "credential.take_back",
        organisation_id=award.issuer_id,
        actor_id=None,
        subject_kind="award",
        subject_id=award.id,
        at=now,
    )
    if link is not None:
        reason = str(event.payload.get("reason", ""))
        kind = Mail.Kind.TAKEN_BACK
        mailing.order(award, kind=kind, occasion=occasion, link=link, reason=reason, now=now)
    credential = current_credential(award) if award.state == Award.State.ISSUED else None
    if credential is not None:
        mailing.order_link(award, credential, now, kind=Mail.Kind.AGAIN, occasion=occasion)


def _release(holding: Holding) -> None:
    holding.holder, holding.claimed_at, holding.handed_back_at = None, None, None
    holding.visibility, holding.share_key = Holding.Visibility.PRIVATE, ""
    holding.save()
