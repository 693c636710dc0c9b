"""Letters to holders about what their issuer did to a credential: one an act, ever."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.issuing import selectors as issuing
from cairn.issuing.changes import RENEWED
from cairn.issuing.models import Award
from cairn.platform.models import OutboxEvent
from cairn.wallet import mailing
from cairn.wallet.models import Holding, Mail

_KINDS = {
    "credential.withdrawn": Mail.Kind.WITHDRAWN,
    "award.suspended": Mail.Kind.SUSPENDED,
    "award.reinstated": Mail.Kind.REINSTATED,
}


@transaction.atomic
def tell_holder(event: OutboxEvent, now: datetime) -> None:
    """Tell whoever holds the award that it was withdrawn, suspended or put in force again.

    Nobody holds it: nobody is told, for the link in the mail to claim it says so.
    """
    reason = str(event.payload.get("reason", ""))
    _order(event, _KINDS[event.kind], reason, now)


@transaction.atomic
def tell_of_replacement(event: OutboxEvent, now: datetime) -> None:
    """Tell the holder once the credential in place of another is signed.

    `event` is that one was signed; of a first one there is nothing to tell.
    """
    credential = event.payload.get("credential")
    change = issuing.replacement_by(UUID(str(credential))) if credential else None
    if change is not None:
        kind = Mail.Kind.RENEWED if change.reason == RENEWED else Mail.Kind.REPLACED
        _order(event, kind, change.reason, now)


def _order(event: OutboxEvent, kind: Mail.Kind, reason: str, now: datetime) -> None:
    award = Award.objects.get(pk=event.subject_id)
    if Holding.objects.filter(award=award, holder__isnull=False).exists():
        mailing.order(award, kind=kind, occasion=str(event.id), reason=reason, now=now)
