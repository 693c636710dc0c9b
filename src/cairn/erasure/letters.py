"""The letter to a learner: what was decided, why, what they can do, where they can complain.

Ordered in the transaction of the decision, sent after it, tried again if the mail service did not
take it.  A letter is claimed before it is sent, so that two senders don't send it both.
"""

import base64
import hmac
import logging
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from functools import partial
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, override

from cairn.catalogue.presentation import interface_language
from cairn.core.wording.names import displayed
from cairn.erasure import selectors
from cairn.erasure.choices import Decision
from cairn.erasure.models import Case
from cairn.platform import audit

_AGAIN = timedelta(minutes=10)
GIVES_UP_AFTER = timedelta(days=7)  # of the decision
_log = logging.getLogger(__name__)

COMPLAINTS = gettext_lazy(
    "You can complain to the data protection authority of the country where you live or work, or "
    "of ours: https://www.edpb.europa.eu/about-edpb/about-edpb/members_en lists them."
)
_SUBJECTS = {
    Decision.ERASE: gettext_lazy("%(issuer)s will erase your data"),
    Decision.RESTRICT: gettext_lazy("%(issuer)s restricted your data"),
    Decision.REFUSE: gettext_lazy("%(issuer)s did not erase your data"),
}


def order(case: Case, now: datetime) -> None:
    """Have the letter sent once the caller's transaction commits."""
    case.letter_due_at = now
    case.save(update_fields=["letter_due_at"])
    transaction.on_commit(partial(send, case.id, now))


def send(case_id: UUID, now: datetime) -> bool:
    """Send the letter of a case, if it waits; whether the mail service took it."""
    waiting = Case.objects.filter(id=case_id, letter_due_at__lte=now)
    if not waiting.update(letter_due_at=now + _AGAIN):
        return False
    case = Case.objects.select_related("organisation").get(pk=case_id)
    try:
        _compose(case).send()
    except (SMTPException, OSError) as err:
        _log.warning("the letter of case %s was not sent: %s", case_id, type(err).__name__)
        return False
    with transaction.atomic():
        Case.objects.filter(id=case_id).update(letter_due_at=None, letter_sent_at=now)
        audit.record(
            "erasure.mail",
            organisation_id=case.organisation_id,
            actor_id=None,
            subject_kind="erasure_case",
            subject_id=case.id,
            at=now,
        )
    return True


def send_waiting(now: datetime) -> int:
    """Try the letters again that were not taken; how many were now."""
    due = Case.objects.filter(letter_due_at__lte=now, decided_at__gt=now - GIVES_UP_AFTER)
    return sum(send(case_id, now) for case_id in due.values_list("id", flat=True))


def token_of(case_id: UUID) -> str:
    """What opens the page of a case to whoever got its letter; nobody else can make it."""
    mac = salted_hmac("cairn.erasure.case", case_id.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def case_with(case_id: UUID, token: str) -> Case | None:
    """The case, if this is its token.  One query at most."""
    if not hmac.compare_digest(token.encode(), token_of(case_id).encode()):
        return None
    return Case.objects.filter(pk=case_id).select_related("organisation", "user").first()


def page_url(case_id: UUID) -> str:
    """The page of a case for whoever got its letter."""
    return f"{settings.CAIRN.base_url}/erasure/{case_id}/{token_of(case_id)}/"


def complaints_of(case: Case) -> str:
    """Where the learner can complain, in the organisation's words or ours."""
    return selectors.settings_of(case.organisation).complaints or str(COMPLAINTS)


def _compose(case: Case) -> EmailMessage:
    # Names are strangers' words; with no control character left, none can write a header.
    organisation = case.organisation
    issuer = displayed(organisation.name)
    with override(interface_language(case.language)):
        said = {
            "case": case,
            "issuer": issuer,
            "asked": date_format(case.asked_at, "j F Y"),
            "day": date_format(case.erase_on, "j F Y") if case.erase_on else "",
            "address": page_url(case.id),
            "complaints": complaints_of(case),
            "is_request": case.origin == Case.Origin.REQUEST,
        }
        text = render_to_string("erasure/mail/decision.txt", said)
        subject = str(_SUBJECTS[Decision(case.decision)]) % {"issuer": issuer}
    return EmailMessage(
        subject,
        text,
        from_email=formataddr((issuer, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[case.email],
        reply_to=[organisation.email] if organisation.email else [],
        headers={"Auto-Submitted": "auto-generated"},
    )
