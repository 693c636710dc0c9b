"""The delivery log as an issuer reads it: what became of the letters about their awards.

Whether a letter was read is not known here, and never asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from cairn.core.errors import Malformed
from cairn.issuing.models import BatchRow
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit
from cairn.wallet import mailing, permissions
from cairn.wallet.models import ClaimLink, Mail

MOST_RETRIED = 2000  # letters in one act
_WAITING = (Mail.State.WAITING, Mail.State.SENDING)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many letters came how far; letters that nobody needed are not counted."""

    sent: int
    waiting: int
    failed: int

    @property
    def all(self) -> int:
        """All of them."""
        return self.sent + self.waiting + self.failed


def letters_about(award_id: UUID) -> Sequence[Mail]:
    """The letters about an award, newest first, each with its link.  1 query."""
    found = Mail.objects.filter(award=award_id).select_related("link")
    return list(found.order_by("-created_at", "id"))


def of_batch(batch_id: UUID) -> QuerySet[Mail]:
    """The letters about the awards of a batch."""
    rows = BatchRow.objects.filter(batch=batch_id, state=BatchRow.State.ISSUED)
    return Mail.objects.filter(award__in=rows.values("id"))


def of_organisation(organisation: Organisation, since: datetime | None = None) -> QuerySet[Mail]:
    """The letters that went out in the name of `organisation`, or should."""
    found = Mail.objects.filter(organisation=organisation)
    return found.filter(created_at__gte=since) if since is not None else found


def counted(mails: QuerySet[Mail]) -> Counts:
    """1 query."""
    found = dict(mails.order_by().values_list("state").annotate(Count("id")))
    return Counts(
        sent=found.get(Mail.State.SENT, 0),
        waiting=sum(found.get(state, 0) for state in _WAITING),
        failed=found.get(Mail.State.FAILED, 0),
    )


def failures(mails: QuerySet[Mail]) -> QuerySet[Mail]:
    """Those that were not delivered and could be once more, newest first.  1 query.

    A letter whose link closed was followed by another, or is needed no more.
    """
    open_or_none = mails.exclude(link__state__in=(ClaimLink.State.VOID, ClaimLink.State.USED))
    found = open_or_none.filter(state=Mail.State.FAILED).select_related("award", "link")
    return found.order_by("-created_at", "id")


@transaction.atomic
def retry(
    *,
    organisation: Organisation,
    subject: tuple[str, UUID],
    mails: QuerySet[Mail],
    actor: User,
    now: datetime,
) -> int:
    """Let the failed ones of these letters be sent again; how many there are.

    It is the same letter, with the same link, since nobody got it.  `subject` is what the audit
    names: its kind and id.  Raises `NotAllowed`, and `Malformed` for too many.
    """
    require(actor, permissions.RETRY, organisation)
    failed = failures(mails.filter(organisation=organisation))
    ids = list(failed.values_list("id", flat=True)[: MOST_RETRIED + 1])
    if len(ids) > MOST_RETRIED:
        raise Malformed(_("more than %(most)s letters failed") % {"most": MOST_RETRIED})
    put_back = mailing.put_back(ids, now)
    audit.record(
        permissions.RETRY.name,
        organisation_id=organisation.id,
        actor_id=actor.id,
        subject_kind=subject[0],
        subject_id=subject[1],
        at=now,
        mails=put_back,
    )
    return put_back


def lately(organisation: Organisation, now: datetime) -> Counts:
    """What became of the letters of the last thirty days.  1 query."""
    return counted(of_organisation(organisation, now - timedelta(days=30)))
