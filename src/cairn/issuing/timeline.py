"""What happened to an award, in plain words, from the audit.

A member is named; the learner and our own jobs are called what they are.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.issuing.changes import Act, reason_label
from cairn.issuing.models import Award, BatchChunk, BatchRow
from cairn.organisations.models import Membership
from cairn.people.models import User
from cairn.platform.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline."""

    at: datetime
    title: str
    text: str


def timeline(award: Award) -> list[Event]:
    """The events of `award`, newest first: 4 queries, 5 for one of a batch.

    What was done to a whole batch or chunk stands once in the audit, and is told of each award.
    How the learner shares it is theirs, and not told to the issuer.
    """
    subjects = [award.id, *_of_the_batch(award)]
    shown = AuditEntry.objects.filter(subject_id__in=subjects, action__in=_TITLES)
    entries = list(shown.order_by("-at", "-id"))
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    users = User.objects.in_bulk(actors)
    members = set(
        Membership.objects.filter(organisation_id=award.issuer_id, user_id__in=actors).values_list(
            "user_id", flat=True
        )
    )
    return [Event(entry.at, _title(entry), _by(entry, users, members)) for entry in entries]


def _of_the_batch(award: Award) -> list[UUID]:
    """The batch and the chunk that gave `award`; the row of a batch has the id of its award."""
    row = BatchRow.objects.filter(pk=award.id).values_list("batch_id", "number").first()
    if row is None:
        return []
    batch_id, number = row
    chunks = BatchChunk.objects.filter(
        batch=batch_id, first_row__lte=number, last_row__gte=number
    ).values_list("id", flat=True)
    return [batch_id, *chunks]


_LEARNERS = frozenset({"credential.claim", "credential.hand_back"})
_TITLES = {
    "award.create": gettext_lazy("Awarded"),
    "credential.sign": gettext_lazy("Signed"),
    "batch.sign_chunk": gettext_lazy("Signed"),
    "credential.claim": gettext_lazy("Claimed"),
    "credential.hand_back": gettext_lazy("Handed back: “This is not me”"),
    "award.correct_address": gettext_lazy("Sent to another address"),
    "credential.void_links": gettext_lazy("Link in the earlier mail closed"),
    "award.move_back": gettext_lazy("Taken back from the wrong person"),
    "award.withdraw": gettext_lazy("Withdrawn"),
    "award.suspend": gettext_lazy("Suspended"),
    "award.reinstate": gettext_lazy("Put in force again"),
    "award.replace": gettext_lazy("Replaced by a corrected one"),
    "award.rename": gettext_lazy("Another name written into our records"),
    "award.send_again": gettext_lazy("Link to claim sent again"),
    "award.erase": gettext_lazy("Erased"),
    "award.restrict": gettext_lazy("Restricted to the register of awards"),
}


def _title(entry: AuditEntry) -> str:
    title = str(_TITLES[entry.action])
    act = entry.action.removeprefix("award.")
    if act not in Act.values:
        return title
    reason = reason_label(act, str(entry.details.get("reason", "")))
    return f"{title}: {reason}" if reason else title


def _by(entry: AuditEntry, users: dict[UUID, User], members: set[UUID]) -> str:
    if entry.action in _LEARNERS:
        return _("by the learner")
    if entry.actor_id in members:
        return _("by %(name)s") % {"name": users[entry.actor_id]}
    return ""
