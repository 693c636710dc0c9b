"""Claim links on their way: made in a transaction, mailed after it, tried again if that fails.

No mail is sent inside a transaction: a slow mail service would hold the database's lock, and a
rollback can't call a mail back.  A token is known only to the mail; a second try gets a new one.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from cairn.core.errors import Unobtainable
from cairn.issuing.models import Award, Credential
from cairn.wallet.claims import LASTS, new_token
from cairn.wallet.mail import send_claim_link
from cairn.wallet.models import ClaimLink

TRIES_AGAIN_AFTER = timedelta(minutes=5)
GIVES_UP_AFTER = timedelta(days=1)
_log = logging.getLogger(__name__)


def order_link(award: Award, credential: Credential, now: datetime) -> ClaimLink:
    """A new link to the learner's address, mailed once the caller's transaction commits."""
    link = ClaimLink.objects.create(
        award=award,
        credential=credential,
        email=award.learner.email,
        token_sha256=new_token()[1],  # of a token that nobody has, until the mail is written
        created_at=now,
        expires_at=now + LASTS,
    )
    transaction.on_commit(partial(mail_link, link.id, now))
    return link


def mail_link(link_id: UUID, now: datetime) -> bool:
    """Mail a link that was not mailed yet; whether the mail service took it."""
    links = ClaimLink.objects.filter(id=link_id, mailed_at=None, state=ClaimLink.State.OPEN)
    link = links.select_related("award__issuer", "award__version").first()
    if link is None:
        return False
    token, digest = new_token()
    links.update(token_sha256=digest)
    try:
        send_claim_link(link.award, email=link.email, token=token)
    except Unobtainable as err:
        _log.warning("claim link %s was not mailed: %s", link_id, type(err.__cause__).__name__)
        return False
    return bool(links.update(mailed_at=now))


def mail_unsent_links(now: datetime) -> int:
    """Try the links again that the mail service did not take; how many it took."""
    waiting = ClaimLink.objects.filter(
        mailed_at=None,
        state=ClaimLink.State.OPEN,
        created_at__range=(now - GIVES_UP_AFTER, now - TRIES_AGAIN_AFTER),
    )
    return sum(mail_link(link_id, now) for link_id in waiting.values_list("id", flat=True))
