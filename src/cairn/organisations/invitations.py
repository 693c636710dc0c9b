"""The mail that asks somebody to join, and the token in it.

The token is random and stands in the mail alone; its digest is what is stored.
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from cairn.organisations.models import Invitation

VALID_FOR = timedelta(days=14)


def new_token() -> str:
    """A token of 256 bits, made to stand in an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of `token`: without stretching, because nobody guesses 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def send(*, invitation_id: UUID) -> None:
    """Mail an open invitation.  Sent again it holds a new token, and the older mail is worthless.

    The mail goes out inside the transaction: if that fails, the token is not stored either.
    """
    found = Invitation.objects.select_for_update(of=("self",)).select_related(
        "organisation", "invited_by"
    )
    invitation = found.filter(id=invitation_id, state=Invitation.State.OPEN).first()
    if invitation is None:  # withdrawn or accepted meanwhile
        return
    token = new_token()
    invitation.token_sha256 = digest(token)
    invitation.save(update_fields=["token_sha256"])
    organisation = invitation.organisation
    context = {
        "organisation": organisation,
        "inviter": invitation.invited_by.name or organisation.name,
        "link": settings.CAIRN.base_url + reverse("organisations:invitation", args=[token]),
        "expires_at": invitation.expires_at,
    }
    with translation.override(organisation.language):
        subject = render_to_string("organisations/mail/invitation_subject.txt", context).strip()
        text = render_to_string("organisations/mail/invitation.txt", context)
        send_mail(subject, text, None, [invitation.email])
