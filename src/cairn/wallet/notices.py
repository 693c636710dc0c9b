"""Letters to holders about what their issuer did to a credential: one an act, ever.

Made in the transaction in which the event is consumed, mailed after it, tried again if that fails;
as claim links are (see `mailing`).
"""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from cairn.core.errors import Unobtainable
from cairn.issuing import selectors as issuing
from cairn.issuing.models import Award
from cairn.platform import audit
from cairn.platform.models import OutboxEvent
from cairn.wallet.mail import send_notice
from cairn.wallet.mailing import GIVES_UP_AFTER, TRIES_AGAIN_AFTER
from cairn.wallet.models import Holding, Notice

_log = logging.getLogger(__name__)
_KINDS = {
    "credential.withdrawn": Notice.Kind.WITHDRAWN,
    "award.suspended": Notice.Kind.SUSPENDED,
    "award.reinstated": Notice.Kind.REINSTATED,
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
        _order(event, Notice.Kind.REPLACED, change.reason, now)


def mail_notice(notice_id: UUID, now: datetime) -> bool:
    """Mail a letter that was not mailed yet; whether the mail service took it."""
    notices = Notice.objects.filter(id=notice_id, mailed_at=None)
    notice = notices.select_related("holding__holder", "award__issuer", "award__version").first()
    holder = notice.holding.holder if notice is not None else None
    if notice is None or holder is None:  # handed back meanwhile: nobody is told
        return False
    try:
        send_notice(notice, email=holder.email, language=holder.language)
    except Unobtainable as err:
        _log.warning("notice %s was not mailed: %s", notice_id, type(err.__cause__).__name__)
        return False
    with transaction.atomic():
        is_mailed = bool(notices.update(mailed_at=now))
        if is_mailed:
            audit.record(
                "credential.notify",
                organisation_id=notice.award.issuer_id,
                actor_id=None,
                subject_kind="award",
                subject_id=notice.award_id,
                at=now,
                notice=str(notice.kind),
            )
    return is_mailed


def mail_unsent_notices(now: datetime) -> int:
    """Try the letters again that the mail service did not take; how many it took."""
    waiting = Notice.objects.filter(
        mailed_at=None, created_at__range=(now - GIVES_UP_AFTER, now - TRIES_AGAIN_AFTER)
    )
    return sum(mail_notice(notice_id, now) for notice_id in waiting.values_list("id", flat=True))


def _order(event: OutboxEvent, kind: Notice.Kind, reason: str, now: datetime) -> None:
    award = Award.objects.get(pk=event.subject_id)
    holding = Holding.objects.filter(award=award, holder__isnull=False).first()
    if holding is None:
        return
    notice, is_new = Notice.objects.get_or_create(
        event_id=event.id,
        defaults={
            "award": award,
            "holding": holding,
            "kind": kind,
            "reason": reason,
            "created_at": now,
        },
    )
    if is_new:
        transaction.on_commit(partial(mail_notice, notice.id, now))
