"""What waits for a member, gathered from the rooms: each thing says what it is and leads there.

At most `MOST` things of a kind, so that a long list never hides the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cairn.catalogue import permissions as catalogue
from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.selectors import contributor_ids, review_queue, versions_of
from cairn.issuing import permissions as issuing
from cairn.issuing.documents import title_of
from cairn.issuing.models import Award
from cairn.issuing.selectors import signing_problem
from cairn.organisations.access import Action
from cairn.organisations.models import Organisation, Role
from cairn.people.models import User
from cairn.wallet.models import Holding

MOST = 5
UNCLAIMED_AFTER = timedelta(days=14)
_SLOW = timedelta(minutes=1)  # signing takes seconds


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do."""

    title: str
    text: str
    url: str
    tag: str
    state: str = ""  # of the tag: warn, bad or nothing
    icon: str = "soon"


def waiting_for(
    user: User, organisation: Organisation, roles: frozenset[Role], now: datetime
) -> list[Waiting]:
    """What this member may do something about, the most urgent kinds first.

    At most 8 queries, and one or two for each version to review and each award that is late.
    """

    def may(action: Action) -> bool:
        return not action.roles.isdisjoint(roles)

    found: list[Waiting] = []
    if may(issuing.CORRECT):
        found += [*_handed_back(organisation), *_late(organisation, now)]
    if may(catalogue.REQUEST_CHANGES):
        found += _to_review(user, organisation)
    if may(catalogue.EDIT):
        found += _drafts(user, organisation)
    if may(issuing.AWARD):
        found += _unclaimed(organisation, now)
    return found


def _handed_back(organisation: Organisation) -> Iterator[Waiting]:
    holdings = Holding.objects.filter(
        award__issuer=organisation, award__state=Award.State.ISSUED, handed_back_at__isnull=False
    ).select_related("award__version")
    for holding in holdings.order_by("handed_back_at")[:MOST]:
        yield Waiting(
            title=_("Handed back: %(title)s") % {"title": _title(holding.award.version)},
            text=_("Whoever got the mail says that they are not this learner. Check the address."),
            url=_award_url(organisation, holding.award),
            tag=_("Wrong person"),
            state="warn",
            icon="warn",
        )


def _late(organisation: Organisation, now: datetime) -> Iterator[Waiting]:
    late = Award.objects.filter(
        issuer=organisation, state=Award.State.PLANNED, awarded_at__lt=now - _SLOW
    ).select_related("version")
    for award in late.order_by("awarded_at")[:MOST]:
        problem = signing_problem(award)
        yield Waiting(
            title=_("Being signed: %(title)s") % {"title": _title(award.version)},
            text=problem or _("This takes longer than usual. Nothing is lost."),
            url=_award_url(organisation, award),
            tag=_("Signing failed") if problem else _("Late"),
            state="bad" if problem else "warn",
            icon="warn",
        )


def _to_review(user: User, organisation: Organisation) -> Iterator[Waiting]:
    for version in review_queue(organisation)[:MOST]:
        is_theirs = user.id in contributor_ids(version)
        yield Waiting(
            title=_("Review: %(title)s") % {"title": _title(version)},
            text=_("You wrote on it, so somebody else decides.")
            if is_theirs
            else _("%(who)s handed it in. You did not write on it, so you may decide.")
            % {"who": version.author},
            url=_version_url("catalogue:review", organisation, version),
            tag=_("Handed in"),
        )


def _drafts(user: User, organisation: Organisation) -> Iterator[Waiting]:
    drafts = versions_of(organisation).filter(state=AchievementVersion.State.DRAFT, author=user)
    for version in drafts.order_by("-edited_at")[:MOST]:
        yield Waiting(
            title=_("Finish: %(title)s") % {"title": _title(version) or _("without a name")},
            text=_("Only you and your colleagues see it until it is published."),
            url=_version_url("catalogue:edit", organisation, version),
            tag=_("Draft"),
            icon="nofile",
        )


def _unclaimed(organisation: Organisation, now: datetime) -> Iterator[Waiting]:
    number = Holding.objects.filter(
        award__issuer=organisation,
        award__state=Award.State.ISSUED,
        award__awarded_at__lt=now - UNCLAIMED_AFTER,
        holder=None,
        handed_back_at=None,
    ).count()
    if number:
        yield Waiting(
            title=ngettext(
                "%(number)s credential is not claimed",
                "%(number)s credentials are not claimed",
                number,
            )
            % {"number": number},
            text=_("The mail went out two weeks ago or more. Did the addresses change?"),
            url=reverse("issuing:awards", args=[organisation.slug]),
            tag=_("Not claimed"),
        )


def _title(version: AchievementVersion) -> str:
    return title_of(version, get_language() or "en")


def _award_url(organisation: Organisation, award: Award) -> str:
    return reverse("issuing:detail", args=[organisation.slug, award.id])


def _version_url(route: str, organisation: Organisation, version: AchievementVersion) -> str:
    return reverse(route, args=[organisation.slug, version.achievement_id, version.number])
