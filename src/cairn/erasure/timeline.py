"""What happened to a case, in plain words, from the audit."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.erasure.models import Case
from cairn.issuing.timeline import Event
from cairn.people.models import User
from cairn.platform.models import AuditEntry

_TITLES = {
    "erasure.ask": gettext_lazy("Asked"),
    "erasure.enter": gettext_lazy("Request entered"),
    "erasure.propose": gettext_lazy("Decided: the time of keeping is over"),
    "erasure.decide": gettext_lazy("Decided"),
    "erasure.mail": gettext_lazy("Letter sent"),
    "erasure.take_back": gettext_lazy("Taken back"),
    "erasure.carry_out": gettext_lazy("Erased"),
}


def timeline(case: Case) -> list[Event]:
    """The events of `case`, newest first: 2 queries."""
    entries = list(
        AuditEntry.objects.filter(subject_id=case.id, action__in=_TITLES).order_by("-at", "-id")
    )
    users = User.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    return [
        Event(entry.at, str(_TITLES[entry.action]), _by(case, entry, users)) for entry in entries
    ]


def _by(case: Case, entry: AuditEntry, users: dict[object, User]) -> str:
    if entry.actor_id is None:
        return ""
    if entry.actor_id == case.user_id:
        return _("by the learner")
    actor = users.get(entry.actor_id)
    return _("by %(name)s") % {"name": actor} if actor else ""
