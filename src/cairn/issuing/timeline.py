"""What happened to an award, in plain words, from the audit.

A member is named; the learner and our own jobs are called what they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.issuing.models import Award
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
    """The events of `award`, newest first: 3 queries."""
    entries = list(AuditEntry.objects.filter(subject_id=award.id).order_by("-at", "-id"))
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    users = User.objects.in_bulk(actors)
    members = set(
        Membership.objects.filter(organisation_id=award.issuer_id, user_id__in=actors).values_list(
            "user_id", flat=True
        )
    )
    return [
        Event(entry.at, _title(entry, award), _by(entry.actor_id, users, members))
        for entry in entries
    ]


def _title(entry: AuditEntry, award: Award) -> str:
    reason = str(entry.details.get("reason", ""))
    titles: dict[str, Callable[[], str]] = {
        "award.create": lambda: _("Awarded"),
        "credential.sign": lambda: _("Signed"),
        "award.withdraw": lambda: (
            _("Withdrawn: %(reason)s") % {"reason": dict(award.Reason.choices).get(reason, reason)}
        ),
        "award.correct_address": lambda: _("Sent to another address"),
        "claim.mail": lambda: _("Mailed to the learner"),
        "claim.accept": lambda: _("Claimed"),
        "claim.hand_back": lambda: _("Handed back: “This is not me”"),
    }
    known = titles.get(entry.action)
    return known() if known else entry.action


def _by(actor_id: UUID | None, users: dict[UUID, User], members: set[UUID]) -> str:
    if actor_id is None:
        return ""
    if actor_id in members:
        return _("by %(name)s") % {"name": users[actor_id]}
    return _("by the learner")
