"""Reads of cases, and of the awards that they are about."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from cairn.erasure.models import Case, PrivacySettings
from cairn.issuing.models import Award, Removal
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.people.selectors import verified_addresses

_WITH = ("version__achievement__creator", "learner", "offering", "issuer")
_ERASED = Removal.Kind.ERASED


def settings_of(organisation: Organisation) -> PrivacySettings:
    """Its settings, or those that hold without any.  One query."""
    found = PrivacySettings.objects.filter(organisation=organisation).first()
    return found or PrivacySettings(organisation=organisation)


def cases_of(organisation: Organisation, state: str = "") -> QuerySet[Case]:
    """The cases of an organisation, those that are due first.  One query."""
    found = Case.objects.filter(organisation=organisation).select_related("organisation")
    if state:
        found = found.filter(state=state)
    return found.order_by("closed_at", "due_at", "id") if not state else found.order_by("due_at")


def counts_of(organisation: Organisation) -> dict[str, int]:
    """How many cases there are in each state.  One query."""
    rows = Case.objects.filter(organisation=organisation).values_list("state")
    return dict(rows.annotate(Count("id")).order_by())


def cases_about(user: User) -> QuerySet[Case]:
    """What `user` asked of anybody, newest first.  One query."""
    return Case.objects.filter(user=user).select_related("organisation").order_by("-asked_at", "id")


def issuers_to(user: User) -> QuerySet[Organisation]:
    """The organisations that have awards of `user` which are not erased.  Two queries."""
    return Organisation.objects.filter(awards__in=_of_user(user)).distinct().order_by("name")


def awards_of_user(organisation: Organisation, user: User) -> QuerySet[Award]:
    """The awards there that are theirs: held by them, or sent to an address of theirs."""
    return _shown(_of_user(user).filter(issuer=organisation))


def awards_of_case(case: Case) -> QuerySet[Award]:
    """What a case is about: once decided those that were decided on, before as it is now."""
    if case.state != Case.State.OPEN:
        return _shown(Award.objects.filter(pk__in=case.awards.values("award")))
    theirs = Q(pk__in=())
    if case.user is not None:
        theirs |= Q(pk__in=_of_user(case.user).values("pk"))
    if case.learner_id is not None:
        theirs |= Q(learner=case.learner_id)
    return _shown(_not_erased().filter(theirs, issuer=case.organisation_id))


def past_retention(organisation: Organisation, now: datetime) -> QuerySet[Award]:
    """The awards whose time of keeping is over, and that nobody decided on yet.  Two queries."""
    years = settings_of(organisation).retention_years
    if years is None:
        return Award.objects.none()
    waiting = Case.objects.filter(organisation=organisation, state=Case.State.DECIDED)
    old = _not_erased().filter(issuer=organisation, awarded_at__lt=_years_before(now, years))
    decided = waiting.values("awards__award").exclude(awards__award=None)
    return _shown(old.exclude(pk__in=decided)).order_by("awarded_at", "id")


def digest_of(awards: Iterable[Award]) -> str:
    """The same for the same awards: what a preview showed and what is then done are one."""
    ids = sorted(str(award.id) for award in awards)
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def overdue(cases: Sequence[Case], now: datetime) -> int:
    """How many of these have waited longer than the law allows."""
    return sum(case.state == Case.State.OPEN and case.due_at < now for case in cases)


def _of_user(user: User) -> QuerySet[Award]:
    unclaimed = Q(holding=None) | Q(holding__holder=None)
    sent = Q(learner__email__in=verified_addresses(user)) | Q(learner__user=user)
    return _not_erased().filter(Q(holding__holder=user) | (unclaimed & sent))


def _not_erased() -> QuerySet[Award]:
    return Award.objects.exclude(removal__kind=_ERASED)


def _shown(awards: QuerySet[Award]) -> QuerySet[Award]:
    return awards.select_related(*_WITH, "removal").order_by("awarded_at", "id")


def _years_before(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # 29 February
        return now.replace(year=now.year - years, day=28)
