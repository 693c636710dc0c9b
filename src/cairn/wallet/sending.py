"""Another link to claim, because the issuer asks for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.issuing.models import Award
from cairn.issuing.selectors import current_credential
from cairn.wallet import mailing
from cairn.wallet.models import ClaimLink, Holding


@transaction.atomic
def send_link_again(*, award_id: UUID, asked_at: datetime, now: datetime) -> None:
    """Mail another link to the address that an unclaimed award has; the earlier ones close.

    Asked for once it is done once, however often it is told.
    """
    awards = Award.objects.select_for_update(of=("self",)).select_related("learner")
    award = awards.get(pk=award_id)
    links = ClaimLink.objects.filter(award=award)
    holding = Holding.objects.select_for_update().filter(award=award).first()
    credential = current_credential(award) if award.state == Award.State.ISSUED else None
    if credential is None or holding is None or links.filter(created_at__gte=asked_at).exists():
        return
    if holding.holder_id is None and holding.handed_back_at is None:
        links.filter(state=ClaimLink.State.OPEN).update(state=ClaimLink.State.VOID)
        mailing.order_link(award, credential, now)
