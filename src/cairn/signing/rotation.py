"""Keys are replaced before they grow old: how often, and the schedule that does it.

The next keys are published `PUBLISHED_AHEAD` before they sign, so that whoever keeps a DID document
for a day has seen them.  What the old ones signed stays valid.
"""

import calendar
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _

from cairn.core.errors import Malformed
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit
from cairn.signing.models import RotationPlan, SigningKey
from cairn.signing.permissions import KEYS_MANAGE
from cairn.signing.services import activate_next_keys, rotate_keys
from cairn.signing.states import PUBLISHED_AHEAD

MONTHS = (3, 6, 12, 24)  # between two replacements
_State = SigningKey.State


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often keys are replaced."""

    is_scheduled: bool
    months: int


DEFAULT = Rhythm(is_scheduled=True, months=12)


def rhythm_of(organisation: Organisation) -> Rhythm:
    """By its own plan, or the default: 1 query."""
    plan = RotationPlan.objects.filter(organisation=organisation).first()
    return Rhythm(plan.is_scheduled, plan.months) if plan else DEFAULT


def change_rhythm(
    *, organisation: Organisation, rhythm: Rhythm, actor: User, now: datetime
) -> None:
    """Replace keys in another rhythm from now on.  Raises `NotAllowed`, `Malformed`."""
    require(actor, KEYS_MANAGE, organisation)
    if rhythm.months not in MONTHS:
        raise Malformed(_("choose one of the list"), "/months")
    with transaction.atomic():
        RotationPlan.objects.update_or_create(
            organisation=organisation,
            defaults={"is_scheduled": rhythm.is_scheduled, "months": rhythm.months},
        )
        audit.record(
            "keys.plan",
            organisation_id=organisation.id,
            actor_id=actor.id,
            subject_kind="organisation",
            subject_id=organisation.id,
            at=now,
            is_scheduled=rhythm.is_scheduled,
            months=rhythm.months,
        )


def replaced_at(organisation: Organisation) -> datetime | None:
    """When the keys that sign now are to be replaced; None if nothing is planned.  2 queries.

    The next ones are published `PUBLISHED_AHEAD` before.
    """
    rhythm = rhythm_of(organisation)
    active = organisation.signing_keys.filter(state=_State.ACTIVE)
    oldest: datetime | None = active.aggregate(since=Min("activated_at"))["since"]
    if oldest is None or not rhythm.is_scheduled:
        return None
    return _months_later(oldest, rhythm.months)


def replace_due(now: datetime) -> int:
    """Prepare next keys where their time has come, and let those sign that wait; how many did.

    For a schedule.  2 queries if nothing is due, one organisation a transaction.
    """
    ready = SigningKey.objects.filter(
        state=_State.NEXT, created_at__lte=now - PUBLISHED_AHEAD
    ).values("organisation")
    for organisation in Organisation.objects.filter(pk__in=ready):
        activate_next_keys(organisation=organisation, now=now)
    changed = 0
    for organisation in _with_old_keys(now):
        due = replaced_at(organisation)
        if due is not None and due - PUBLISHED_AHEAD <= now:
            rotate_keys(organisation=organisation, actor=None, now=now)
            changed += 1
    return changed


def _with_old_keys(now: datetime) -> list[Organisation]:
    """Those whose keys may be due, and which have no next ones: their rhythm decides."""
    youngest = _months_later(now + PUBLISHED_AHEAD, -min(MONTHS))
    old = SigningKey.objects.filter(state=_State.ACTIVE, activated_at__lte=youngest)
    under_way = Q(signing_keys__state=_State.NEXT) | Q(wanted_keys__isnull=False)
    busy = Organisation.objects.filter(under_way).values("pk")
    return list(Organisation.objects.filter(pk__in=old.values("organisation")).exclude(pk__in=busy))


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day of another month, or its last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
