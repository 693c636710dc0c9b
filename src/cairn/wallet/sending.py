"""Another link to claim, because the issuer asks for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.issuing.models import Award
from cairn.issuing.selectors import current_credential
from cairn.wallet import mailing
from cairn.wallet.models import ClaimLink, Holding, Mail


@transaction.atomic
def send_link_again(*, award_id: UUID, event_id: int, now: datetime) -> None:
    """Mail another link to the address that an unclaimed award has; the earlier ones close.

    What an event asked for is done once, however often it is told.
    """
    awards = Award.objects.select_for_update(of=("self",)).select_related("learner")
    award = awards.get(pk=award_id)
    kind, occasion = Mail.Kind.AGAIN, str(event_id)
    holding = Holding.objects.select_for_update().filter(award=award).first()
    credential = current_credential(award) if award.state == Award.State.ISSUED else None
    was_done = Mail.objects.filter(award=award, kind=kind, occasion=occasion).exists()
    if credential is None or holding is None or was_done:
        return
    if holding.holder_id is None and holding.handed_back_at is None:
        close_links([award.id])
        mailing.order_link(award, credential, now, kind=kind, occasion=occasion)


def close_links(award_ids: list[UUID]) -> int:
    """What was mailed so far opens nothing any more; how many links that were."""
    opened = ClaimLink.objects.filter(award__in=award_ids, state=ClaimLink.State.OPEN)
    return opened.update(state=ClaimLink.State.VOID)
