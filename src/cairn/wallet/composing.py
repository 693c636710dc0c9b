"""The letters to a learner: text, and the same as plain HTML; nothing in it tells who opened it.

What names a person is put together here, when a letter is sent, and kept nowhere.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import formataddr, parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, gettext_lazy, override

from cairn.catalogue.presentation import interface_language
from cairn.core.wording.names import displayed
from cairn.issuing.changes import KEY_GIVEN_UP, Act, reason_label
from cairn.issuing.models import Award
from cairn.issuing.moving_back import REASONS
from cairn.organisations.models import Organisation
from cairn.wallet.addresses import claim_url, holding_url, wallet_url
from cairn.wallet.claims import LASTS, digest, token_of
from cairn.wallet.ending import how_to_renew
from cairn.wallet.facts import day, title_of
from cairn.wallet.models import ClaimLink, Holding, Mail, MailSettings
from cairn.wallet.texts import KIND_OF_TEXT, Text, filled

_OF_MAIL = (
    "link",
    "award__issuer__mail_settings",
    "award__version__achievement__renewal_rule",
    "award__holding__holder",
)


def to_compose(ids: Iterable[UUID]) -> list[Mail]:
    """These letters with all that `compose` reads, longest due first.  1 query."""
    return list(
        Mail.objects.filter(id__in=ids).select_related(*_OF_MAIL).order_by("due_at", "created_at")
    )


def compose(mail: Mail) -> EmailMultiAlternatives | None:
    """The letter as it is sent; None if nobody needs it any more.

    No query after `to_compose`, but one to renew a link whose token is of an older secret.
    """
    if mail.kind in _WITH_LINK:
        return _with_link(mail)
    if mail.kind == Mail.Kind.TAKEN_BACK:
        return _taken_back(mail)
    holding: Holding | None = getattr(mail.award, "holding", None)
    holder = holding.holder if holding is not None else None
    if holding is None or holder is None:  # handed back meanwhile: nobody is told
        return None
    if mail.kind == Mail.Kind.ENDING and mail.award.state != Award.State.ISSUED:
        return None
    with override(interface_language(holder.language)):
        said = _said(mail.award) | {"address": holding_url(holding.id)}
        if mail.kind == Mail.Kind.ENDING:
            said["what_to_do"] = how_to_renew(mail.award, get_language() or "en")
        told = _SIGNED_ANEW if mail.reason == KEY_GIVEN_UP else _TOLD[Mail.Kind(mail.kind)]
        subject, sentence, meaning = (str(text) % said for text in told)
        said |= {
            "sentence": sentence,
            "meaning": meaning,
            "reason": reason_label(mail.kind, mail.reason) if mail.kind in Act.values else "",
        }
        return _letter(mail, subject, "notice", said, holder.email)


def _taken_back(mail: Mail) -> EmailMultiAlternatives | None:
    """To whoever it was taken from, at the address of the link by which it came to them."""
    if mail.link is None:
        return None
    with override(interface_language(mail.award.language)):
        said = _said(mail.award) | {"address": settings.CAIRN.base_url, "name": ""}
        subject, sentence, meaning = (str(text) % said for text in _TAKEN_BACK)
        reason = str(REASONS.get(mail.reason, ""))
        said |= {"sentence": sentence, "meaning": meaning, "reason": reason}
        return _letter(mail, subject, "notice", said, mail.link.email)


def _with_link(mail: Mail) -> EmailMultiAlternatives | None:
    link = mail.link
    is_open = link is not None and link.state == ClaimLink.State.OPEN
    if link is None or not is_open or mail.award.state != Award.State.ISSUED:
        return None
    token = token_of(link.id)
    if link.token_sha256 != digest(token):
        ClaimLink.objects.filter(id=link.id).update(token_sha256=digest(token))
    with override(interface_language(mail.award.language)):
        said = _said(mail.award) | {
            "address": claim_url(token),
            "days": (link.expires_at - link.created_at).days,
            "is_reminder": mail.kind == Mail.Kind.REMINDER,
        }
        subject = str(_WITH_LINK[Mail.Kind(mail.kind)]) % said
        return _letter(mail, subject, "claim", said, link.email)


_AWARDED = gettext_lazy("%(issuer)s awarded you “%(title)s”")
_WITH_LINK = {
    Mail.Kind.CLAIM: _AWARDED,
    Mail.Kind.AGAIN: _AWARDED,
    Mail.Kind.REMINDER: gettext_lazy("“%(title)s” from %(issuer)s is still waiting for you"),
}
_TAKEN_BACK = (
    gettext_lazy("“%(title)s” was taken back"),
    gettext_lazy("%(issuer)s took the credential “%(title)s” back: it was awarded to another."),
    gettext_lazy("You hold it no more, and pages and links of yours that showed it are closed."),
)
_SIGNED_ANEW = (  # in place of one whose key was given up
    gettext_lazy("“%(title)s” was signed anew"),
    gettext_lazy(
        "%(issuer)s gave up the key that had signed the credential “%(title)s” that you hold, and "
        "signed a new one. What it says is the same."
    ),
    gettext_lazy(
        "You hold the new one already, with the same settings. Files that you saved or handed "
        "out before no longer hold when they are checked: save the new one here."
    ),
)
# Subject, what was done, what it means.
_TOLD = {
    Mail.Kind.WITHDRAWN: (
        gettext_lazy("“%(title)s” was withdrawn"),
        gettext_lazy("%(issuer)s withdrew the credential “%(title)s” that you hold."),
        gettext_lazy("Whoever checks it is told so. You still hold it, and see it here:"),
    ),
    Mail.Kind.SUSPENDED: (
        gettext_lazy("“%(title)s” was suspended"),
        gettext_lazy("%(issuer)s suspended the credential “%(title)s” that you hold."),
        gettext_lazy(
            "Whoever checks it is told that it does not count for now. This can be undone, and "
            "you will be told. You see it here:"
        ),
    ),
    Mail.Kind.REINSTATED: (
        gettext_lazy("“%(title)s” is in force again"),
        gettext_lazy("%(issuer)s put the credential “%(title)s” in force again."),
        gettext_lazy("Whoever checks it is told that it counts. You see it here:"),
    ),
    Mail.Kind.REPLACED: (
        gettext_lazy("“%(title)s” was replaced by a corrected one"),
        gettext_lazy(
            "%(issuer)s replaced the credential “%(title)s” that you hold by a corrected one."
        ),
        gettext_lazy(
            "You hold the new one already, with the same settings. Files that you saved or handed "
            "out before say “replaced” when they are checked: save the new one here."
        ),
    ),
    Mail.Kind.RENEWED: (
        gettext_lazy("“%(title)s” was renewed"),
        gettext_lazy("%(issuer)s renewed the credential “%(title)s” until %(last_day)s."),
        gettext_lazy(
            "You hold the new one already, with the same settings. Files that you saved or handed "
            "out before say “replaced” when they are checked: save the new one here."
        ),
    ),
    Mail.Kind.ENDING: (
        gettext_lazy("“%(title)s” ends on %(last_day)s"),
        gettext_lazy(
            "The credential “%(title)s” that you hold from %(issuer)s ends on %(last_day)s."
        ),
        gettext_lazy("It can be renewed. You see it here:"),
    ),
}


def _said(award: Award) -> dict[str, object]:
    # Names are strangers' words: in one line, with nothing hidden in them.
    last = award.valid_until
    return {
        "issuer": displayed(award.issuer.name),
        "title": displayed(title_of(award)),
        "name": displayed(award.recipient_name),
        "last_day": day(last, award.issuer.time_zone) if last else "",
    }


def _letter(
    mail: Mail, subject: str, template: str, said: Mapping[str, object], email: str
) -> EmailMultiAlternatives:
    issuer = mail.award.issuer
    chosen: MailSettings = getattr(issuer, "mail_settings", None) or MailSettings()
    context = _context(chosen, KIND_OF_TEXT[Mail.Kind(mail.kind)], said)
    reply_to = chosen.reply_to or issuer.email
    # With no control character left, no name can write a header.
    sender = displayed(chosen.sender_name or issuer.name)
    message = EmailMultiAlternatives(
        subject,
        render_to_string(f"wallet/mail/{template}.txt", context),
        from_email=formataddr((sender, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[email],
        reply_to=[reply_to] if reply_to else [],
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<{mail.id}@{settings.CAIRN.host.partition(':')[0]}>",
        },
    )
    message.attach_alternative(
        render_to_string(f"wallet/mail/{template}.html", context), "text/html"
    )
    return message


def _context(chosen: MailSettings, text: Text, said: Mapping[str, object]) -> dict[str, object]:
    language = get_language() or "en"
    own = chosen.texts.get(text, {}).get(language, "")
    return {**said, "own": filled(own, said).split("\n\n"), "language": language}


def preview(issuer: Organisation, chosen: MailSettings, text: Text, language: str) -> str:
    """What a letter with this text of `chosen` says, to an example of a person."""
    with override(interface_language(language)):
        said: dict[str, object] = {
            "issuer": displayed(issuer.name),
            "title": gettext("Air Quality Basics"),
            "name": "Ada Lovelace",
            "last_day": day(datetime(2030, 5, 14, 12, tzinfo=UTC), issuer.time_zone),
            "address": claim_url("…"),
            "days": LASTS.days,
            "is_reminder": text is Text.REMINDER,
        }
        if text in (Text.CLAIM, Text.REMINDER):
            return render_to_string("wallet/mail/claim.txt", _context(chosen, text, said))
        kind = Mail.Kind.ENDING if text is Text.ENDING else Mail.Kind.SUSPENDED
        _subject, sentence, meaning = (str(each) % said for each in _TOLD[kind])
        said |= {"sentence": sentence, "meaning": meaning, "address": wallet_url()}
        return render_to_string("wallet/mail/notice.txt", _context(chosen, text, said))
