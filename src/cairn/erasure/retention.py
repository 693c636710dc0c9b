"""The time for which an organisation keeps its awards, and what is proposed once it is over.

Nothing goes silently: a registrar looks at what is over and decides, and each learner is told and
has some days to save what they have.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.catalogue.presentation import interface_language
from cairn.core.errors import Conflict, Malformed
from cairn.erasure import letters, permissions, selectors
from cairn.erasure.carrying_out import record
from cairn.erasure.cases import MAX_TEXT, schedule_erasure
from cairn.erasure.choices import Decision
from cairn.erasure.models import Case, PrivacySettings
from cairn.issuing.models import Award
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import Learner, User
from cairn.platform import audit

AT_MOST = 500  # awards at once
MAX_YEARS = 100


@transaction.atomic
def configure(
    *,
    organisation: Organisation,
    retention_years: int | None,
    complaints: str,
    actor: User,
    now: datetime,
) -> PrivacySettings:
    """Say how long awards are kept, and where learners can complain.

    Raises `NotAllowed`, and `Malformed` (paths /retention_years, /complaints).
    """
    require(actor, permissions.CONFIGURE, organisation)
    if retention_years is not None and not 1 <= retention_years <= MAX_YEARS:
        raise Malformed(f"is not between 1 and {MAX_YEARS} years", "/retention_years")
    if len(complaints) > MAX_TEXT:
        raise Malformed(f"is longer than {MAX_TEXT} characters; shorten it", "/complaints")
    found, _made = PrivacySettings.objects.update_or_create(
        organisation=organisation,
        defaults={"retention_years": retention_years, "complaints": complaints.strip()},
    )
    audit.record(
        permissions.CONFIGURE.name,
        organisation_id=organisation.id,
        actor_id=actor.id,
        subject_kind="organisation",
        subject_id=organisation.id,
        at=now,
        retention_years=retention_years,
    )
    return found


@transaction.atomic
def decide(
    *,
    organisation: Organisation,
    award_ids: Collection[UUID],
    digest: str,
    actor: User,
    now: datetime,
) -> list[Case]:
    """Decide to erase awards whose time is over: one case, and one letter, a learner.

    Raises `NotAllowed`, `Malformed` for none or too many, and `Conflict` if they are not what the
    preview showed.
    """
    require(actor, permissions.HANDLE, organisation)
    if not 1 <= len(award_ids) <= AT_MOST:
        raise Malformed(_("choose 1 to %(most)s awards") % {"most": AT_MOST})
    awards = list(selectors.past_retention(organisation, now).filter(pk__in=award_ids))
    if selectors.digest_of(awards) != digest:
        raise Conflict(_("these awards changed since you looked; look at the list again"))
    by_learner: dict[Learner, list[Award]] = defaultdict(list)
    for award in awards:
        by_learner[award.learner].append(award)
    return [
        _case(organisation, learner, theirs, actor, now) for learner, theirs in by_learner.items()
    ]


def _case(
    organisation: Organisation, learner: Learner, awards: list[Award], actor: User, now: datetime
) -> Case:
    holder = User.objects.filter(holdings__award__in=awards).first() or learner.user
    case = Case.objects.create(
        organisation=organisation,
        origin=Case.Origin.RETENTION,
        user=holder,
        learner=learner,
        email=holder.email if holder else learner.email,
        language=interface_language(awards[-1].language),
        asked_at=now,
        entered_by=actor,
        due_at=now,
        decision=Decision.ERASE,
        basis="retention",
        decided_by=actor,
        decided_at=now,
    )
    schedule_erasure(case, awards, now)
    record("erasure.propose", case, actor, now, awards=len(awards))
    letters.order(case, now)
    return case
