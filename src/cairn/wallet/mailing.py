"""Letters on their way: ordered in a transaction, sent outside of any, tried again if that fails.

No mail is sent inside a transaction: a slow mail service would hold the database's lock, and a
rollback can't call a mail back.

A sender claims letters before it sends them and notes each right after, so no two send the same.
One that dies in between leaves letters claimed until `LEASE` is over; they are sent then.  So each
is sent once, except one that the mail service took just before its sender died: that one comes
twice, word for word and with the same `Message-ID`, by which mailboxes know it for the same.
"""

import logging
import math
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet

from cairn.issuing.models import Award, Credential
from cairn.wallet.claims import LASTS, digest, token_of
from cairn.wallet.composing import compose, to_compose
from cairn.wallet.models import ClaimLink, Mail

# Longer than a turn and the patience with a mail service (EMAIL_TIMEOUT) together.
LEASE = timedelta(seconds=30)
TURN_SECONDS = 2.0  # no letter is begun after so long: other work waits for this worker
AT_ONCE = 50  # letters over one connection
# Before each further attempt; after the last one a letter has failed.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 360, 720))
_KEPT_FREE = 5  # each fifth letter of a minute is for what a person waits for
_PERMANENT = 500  # replies from here on say never; RFC 5321, section 4.2.1
_State, _Problem = Mail.State, Mail.Problem
_log = logging.getLogger(__name__)


def new_link(award: Award, credential: Credential, now: datetime) -> ClaimLink:
    """A link to the learner's address, not kept yet."""
    link_id = uuid4()
    return ClaimLink(
        id=link_id,
        award=award,
        credential=credential,
        email=award.learner.email,
        token_sha256=digest(token_of(link_id)),
        created_at=now,
        expires_at=now + LASTS,
    )


def order_link(
    award: Award, credential: Credential, now: datetime, *, kind: Mail.Kind, occasion: str = ""
) -> ClaimLink:
    """A new link to the learner's address, mailed once the caller's transaction commits."""
    link = new_link(award, credential, now)
    link.save(force_insert=True)
    order(award, kind=kind, occasion=occasion or str(link.id), link=link, now=now)
    return link


def order(
    award: Award,
    *,
    kind: Mail.Kind,
    occasion: str,
    now: datetime,
    link: ClaimLink | None = None,
    reason: str = "",
) -> Mail:
    """A letter that is sent once the caller's transaction commits; the same one if there is one."""
    mail, is_new = Mail.objects.get_or_create(
        organisation_id=award.issuer_id,
        award=award,
        kind=kind,
        occasion=occasion,
        defaults={"link": link, "reason": reason, "created_at": now, "due_at": now},
    )
    if is_new:
        transaction.on_commit(partial(send_one, mail.id, now))
    return mail


def send_one(mail_id: UUID, now: datetime) -> int:
    """Send one letter at once, if it waits; 1 if the mail service took it."""
    if _sent_lately(now) >= settings.CAIRN.mail_a_minute:
        return 0
    return _send(_claim(Mail.objects.filter(id=mail_id), 1, now), now)


def send_waiting(now: datetime) -> int:
    """Send what is due for the length of a turn, as many as a minute has room for.

    How many the mail service took.
    """
    a_minute = settings.CAIRN.mail_a_minute
    room = a_minute - a_minute // _KEPT_FREE - _sent_lately(now)
    ending = time.monotonic() + TURN_SECONDS
    taken = 0
    while ids := _claim(Mail.objects.all(), min(room - taken, AT_ONCE), now):
        sent = _send(ids, now, ending)
        taken += sent
        if sent < len(ids):  # the time is over, or something is wrong: the next turn goes on
            break
    return taken


def put_back(mails: Iterable[UUID], now: datetime) -> int:
    """Let letters that failed be tried again, as if for the first time; how many there were."""
    failed = Mail.objects.filter(id__in=mails, state=_State.FAILED)
    return failed.update(state=_State.WAITING, attempts=0, problem="", due_at=now)


def _sent_lately(now: datetime) -> int:
    return Mail.objects.filter(attempted_at__gt=now - timedelta(minutes=1)).count()


@transaction.atomic
def _claim(mails: QuerySet[Mail], at_most: int, now: datetime) -> list[UUID]:
    if at_most <= 0:
        return []
    due = mails.filter(state__in=(_State.WAITING, _State.SENDING), due_at__lte=now)
    found = due.select_for_update(skip_locked=True).order_by("due_at", "id")
    ids: list[UUID] = list(found.values_list("id", flat=True)[:at_most])
    Mail.objects.filter(id__in=ids).update(
        state=_State.SENDING, attempts=F("attempts") + 1, attempted_at=now, due_at=now + LEASE
    )
    return ids


def _send(ids: Sequence[UUID], now: datetime, ending: float = math.inf) -> int:
    """Send these claimed letters over one connection; how many the mail service took.

    Those that were not begun at `ending`, by the monotonic clock, wait again.
    """
    if not ids:
        return 0
    connection: BaseEmailBackend = get_connection()
    taken = 0
    try:
        for mail in to_compose(ids):
            problem = _hand_over(mail, connection)
            _note(mail, problem, now)
            taken += mail.state == _State.SENT
            if problem is _Problem.SERVICE:  # so the rest would not be taken either
                _give_back(ids, now, BACKOFF[0])
                break
            if time.monotonic() >= ending:
                _give_back(ids, now, timedelta())
                break
    finally:
        _close(connection)
    return taken


def _hand_over(mail: Mail, connection: BaseEmailBackend) -> Mail.Problem | None:
    """Send one letter, unless nobody needs it; what was wrong."""
    letter = compose(mail)
    if letter is None:
        mail.state = _State.VOID
        return None
    try:
        connection.open()
        connection.send_messages([letter])
    except SMTPRecipientsRefused as err:
        codes = [code for code, _ in err.recipients.values()]
        is_final = all(code >= _PERMANENT for code in codes)
        return _failed(mail, _Problem.ADDRESS if is_final else _Problem.SERVICE, err)
    except (SMTPDataError, SMTPSenderRefused) as err:
        is_final = err.smtp_code >= _PERMANENT
        return _failed(mail, _Problem.LETTER if is_final else _Problem.SERVICE, err)
    except (SMTPException, OSError) as err:
        return _failed(mail, _Problem.SERVICE, err)
    mail.state = _State.SENT
    return None


def _failed(mail: Mail, problem: Mail.Problem, err: Exception) -> Mail.Problem:
    # By kind alone: what a mail service answers quotes the address.
    _log.warning("letter %s was not taken: %s", mail.id, type(err).__name__)
    is_last = problem is not _Problem.SERVICE or mail.attempts > len(BACKOFF)
    mail.state = _State.FAILED if is_last else _State.WAITING
    return problem


def _note(mail: Mail, problem: Mail.Problem | None, now: datetime) -> None:
    waits = BACKOFF[mail.attempts - 1] if mail.state == _State.WAITING else timedelta()
    # Only while this attempt is the last one: another sender may have it by now.
    Mail.objects.filter(id=mail.id, state=_State.SENDING, attempts=mail.attempts).update(
        state=mail.state,
        problem=problem or "",
        sent_at=now if mail.state == _State.SENT else None,
        due_at=now + waits,
    )


def _give_back(ids: Sequence[UUID], now: datetime, wait: timedelta) -> None:
    """Let the letters wait that were claimed and not tried."""
    Mail.objects.filter(id__in=ids, state=_State.SENDING, attempted_at=now).update(
        state=_State.WAITING, attempts=F("attempts") - 1, due_at=now + wait
    )


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (SMTPException, OSError) as err:
        _log.info("the connection to the mail service broke: %s", type(err).__name__)
