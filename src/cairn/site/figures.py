"""A few figures of an organisation; what they mean in time belongs to insights."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.selectors import versions_of
from cairn.issuing.models import Award
from cairn.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts as of now."""

    awarded_this_month: int  # by the organisation's own calendar
    awarded: int  # ever, withdrawn ones left out
    claimed: int  # of those
    published: int  # achievements that can be awarded


def figures_of(organisation: Organisation, now: datetime) -> Figures:
    """How much the organisation has given.  Two queries."""
    today = now.astimezone(ZoneInfo(organisation.time_zone))
    month = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    given = Award.objects.filter(
        issuer=organisation, state__in=[Award.State.ISSUED, Award.State.SUSPENDED]
    ).aggregate(
        month=Count("id", filter=Q(awarded_at__gte=month)),
        all=Count("id"),
        claimed=Count("id", filter=Q(holding__holder__isnull=False)),
    )
    published = versions_of(organisation).filter(state=AchievementVersion.State.PUBLISHED)
    return Figures(
        awarded_this_month=given["month"],
        awarded=given["all"],
        claimed=given["claimed"],
        published=published.values("achievement").distinct().count(),
    )
