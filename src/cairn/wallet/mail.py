"""The mail to a learner: text, and the same as plain HTML; nothing in it tells who opened it."""

from email.utils import formataddr, parseaddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, override

from cairn.catalogue.presentation import interface_language
from cairn.core.errors import Unobtainable
from cairn.core.wording.names import displayed
from cairn.issuing.models import Award
from cairn.wallet.addresses import claim_url
from cairn.wallet.claims import LASTS
from cairn.wallet.facts import title_of


def send_claim_link(award: Award, *, email: str, token: str) -> None:
    """Tell `email` of the award, in the award's language.

    Raises `Unobtainable` if the mail service did not take it: try again later.
    """
    # Names are strangers' words; with no control character left, none can write a header.
    issuer = displayed(award.issuer.name)
    said = {
        "issuer": issuer,
        "title": displayed(title_of(award)),
        "name": displayed(award.recipient_name),
        "address": claim_url(token),
        "days": LASTS.days,
    }
    with override(interface_language(award.language)):
        subject = gettext("%(issuer)s awarded you “%(title)s”") % said
        text = render_to_string("wallet/mail/claim.txt", said)
        html = render_to_string("wallet/mail/claim.html", said | {"language": get_language()})
    message = EmailMultiAlternatives(
        subject,
        text,
        from_email=formataddr((issuer, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[email],
        reply_to=[award.issuer.email] if award.issuer.email else [],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as err:
        raise Unobtainable(f"the mail service did not take the mail: {err}") from err
