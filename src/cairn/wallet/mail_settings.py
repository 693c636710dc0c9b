"""How an organisation writes to its learners: kept, and noted that it changed."""

from datetime import datetime

from django.db import transaction

from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit
from cairn.wallet import permissions
from cairn.wallet.models import MailSettings


def settings_of(organisation: Organisation) -> MailSettings:
    """What the organisation chose, or what counts while it chose nothing.  1 query."""
    found = MailSettings.objects.filter(organisation=organisation).first()
    return found or MailSettings(organisation=organisation)


@transaction.atomic
def edit(*, chosen: MailSettings, actor: User, now: datetime) -> None:
    """Write as `chosen` says from now on; what waits to be sent does so too.

    Raises `NotAllowed`.
    """
    require(actor, permissions.EDIT, chosen.organisation)
    MailSettings.objects.update_or_create(
        organisation=chosen.organisation,
        defaults={
            "sender_name": chosen.sender_name,
            "reply_to": chosen.reply_to,
            "reminder_days": chosen.reminder_days,
            "texts": chosen.texts,
        },
    )
    audit.record(
        permissions.EDIT.name,
        organisation_id=chosen.organisation_id,
        actor_id=actor.id,
        subject_kind="organisation",
        subject_id=chosen.organisation_id,
        at=now,
    )
