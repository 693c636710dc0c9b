"""The mails to a learner: text, and the same as plain HTML; nothing in it tells who opened it."""

from email.utils import formataddr, parseaddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, gettext_lazy, override

from cairn.catalogue.presentation import interface_language
from cairn.core.errors import Unobtainable
from cairn.core.wording.names import displayed
from cairn.issuing.changes import reason_label
from cairn.issuing.models import Award
from cairn.wallet.addresses import claim_url, holding_url
from cairn.wallet.claims import LASTS
from cairn.wallet.facts import title_of
from cairn.wallet.models import Notice


def send_claim_link(award: Award, *, email: str, token: str) -> None:
    """Tell `email` of the award, in the award's language.

    Raises `Unobtainable` if the mail service did not take it: try again later.
    """
    said = {
        "issuer": displayed(award.issuer.name),
        "title": displayed(title_of(award)),
        "name": displayed(award.recipient_name),
        "address": claim_url(token),
        "days": LASTS.days,
    }
    with override(interface_language(award.language)):
        subject = gettext("%(issuer)s awarded you “%(title)s”") % said
        text = render_to_string("wallet/mail/claim.txt", said)
        html = render_to_string("wallet/mail/claim.html", said | {"language": get_language()})
    _send(award, subject, text, html, email)


def send_notice(notice: Notice, *, email: str, language: str) -> None:
    """Tell its holder what was done to a credential, in their language.

    Raises `Unobtainable` if the mail service did not take it: try again later.
    """
    award = notice.award
    said = {
        "issuer": displayed(award.issuer.name),
        "title": displayed(title_of(award)),
        "name": displayed(award.recipient_name),
        "address": holding_url(notice.holding_id),
    }
    with override(interface_language(language)):
        texts = _NOTICES[Notice.Kind(notice.kind)]
        subject, sentence, meaning = (str(text) % said for text in texts)
        said |= {
            "sentence": sentence,
            "meaning": meaning,
            "reason": reason_label(notice.kind, notice.reason),
        }
        text = render_to_string("wallet/mail/notice.txt", said)
        html = render_to_string("wallet/mail/notice.html", said | {"language": get_language()})
    _send(award, subject, text, html, email)


# Subject, what was done, what it means.
_NOTICES = {
    Notice.Kind.WITHDRAWN: (
        gettext_lazy("“%(title)s” was withdrawn"),
        gettext_lazy("%(issuer)s withdrew the credential “%(title)s” that you hold."),
        gettext_lazy("Whoever checks it is told so. You still hold it, and see it here:"),
    ),
    Notice.Kind.SUSPENDED: (
        gettext_lazy("“%(title)s” was suspended"),
        gettext_lazy("%(issuer)s suspended the credential “%(title)s” that you hold."),
        gettext_lazy(
            "Whoever checks it is told that it does not count for now. This can be undone, and "
            "you will be told. You see it here:"
        ),
    ),
    Notice.Kind.REINSTATED: (
        gettext_lazy("“%(title)s” is in force again"),
        gettext_lazy("%(issuer)s put the credential “%(title)s” in force again."),
        gettext_lazy("Whoever checks it is told that it counts. You see it here:"),
    ),
    Notice.Kind.REPLACED: (
        gettext_lazy("“%(title)s” was replaced by a corrected one"),
        gettext_lazy(
            "%(issuer)s replaced the credential “%(title)s” that you hold by a corrected one."
        ),
        gettext_lazy(
            "You hold the new one already, with the same settings. Files that you saved or handed "
            "out before say “replaced” when they are checked: save the new one here."
        ),
    ),
}


def _send(award: Award, subject: str, text: str, html: str, email: str) -> None:
    # Names are strangers' words; with no control character left, none can write a header.
    issuer = displayed(award.issuer.name)
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
