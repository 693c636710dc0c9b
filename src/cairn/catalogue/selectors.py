"""What may be read of the catalogue, by members and by everybody."""

from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from cairn.catalogue.content import fold
from cairn.catalogue.models import Achievement, AchievementVersion, Decision, Offering
from cairn.catalogue.permissions import APPROVE
from cairn.organisations.models import Membership, Organisation
from cairn.people.models import User

_STATE = AchievementVersion.State
_NEWEST_PUBLISHED = (
    AchievementVersion.objects.filter(achievement=OuterRef("achievement"), state=_STATE.PUBLISHED)
    .order_by("-number")
    .values("pk")[:1]
)
_NEWEST = (
    AchievementVersion.objects.filter(achievement=OuterRef("achievement"))
    .exclude(state=_STATE.WITHDRAWN)
    .order_by("-number")
    .values("pk")[:1]
)


def versions_of(organisation: Organisation) -> QuerySet[AchievementVersion]:
    """All versions that `organisation` made, with achievement, creator and author.  One query."""
    return AchievementVersion.objects.filter(achievement__creator=organisation).select_related(
        "achievement__creator", "author", "approved_by"
    )


def newest_versions(
    organisation: Organisation, *, query: str = "", state: str = ""
) -> QuerySet[AchievementVersion]:
    """The newest version of each achievement, last edited first; withdrawn ones are left out.

    `state` is one of `AchievementVersion.State`, or "retired".  One query.
    """
    found = versions_of(organisation).filter(pk=Subquery(_NEWEST)).order_by("-edited_at")
    if state == Achievement.State.RETIRED:
        found = found.filter(achievement__state=Achievement.State.RETIRED)
    elif state:
        found = found.filter(state=state, achievement__state=Achievement.State.ACTIVE)
    return _matching(found, query)


def review_queue(organisation: Organisation) -> QuerySet[AchievementVersion]:
    """What waits for a decision, longest first.  One query."""
    return versions_of(organisation).filter(state=_STATE.SUBMITTED).order_by("submitted_at")


def previous_published(version: AchievementVersion) -> AchievementVersion | None:
    """The published version that `version` follows, None for a first one.  One query."""
    return (
        AchievementVersion.objects.filter(
            achievement_id=version.achievement_id,
            number__lt=version.number,
            state=_STATE.PUBLISHED,
        )
        .select_related("achievement__creator")
        .order_by("-number")
        .first()
    )


def history(version: AchievementVersion) -> QuerySet[Decision]:
    """What was decided about `version`, newest first.  One query."""
    return version.decisions.select_related("decided_by").order_by("-at")


def runs(version: AchievementVersion) -> QuerySet[Offering]:
    """The runs of `version`, newest first.  One query."""
    return version.offerings.order_by("-starts_on", "name")


def approvers(organisation: Organisation) -> list[User]:
    """The active members who may approve for `organisation`.  One query."""
    members = Membership.objects.filter(
        organisation=organisation, user__is_active=True
    ).select_related("user")
    # Few rows; a search inside JSON differs between the databases.
    return [member.user for member in members if not APPROVE.roles.isdisjoint(member.roles)]


def contributor_ids(version: AchievementVersion) -> frozenset[UUID]:
    """Who wrote on `version`.  One query."""
    written: QuerySet[User, UUID] = version.contributors.values_list("pk", flat=True)
    return frozenset({version.author_id, *written})


def awardable_versions(organisation: Organisation) -> QuerySet[AchievementVersion]:
    """What `organisation` can award, by name, each with its open `offerings`.  Two queries.

    The newest published version of each active achievement, and older ones that still have an open
    run: who began under a version is awarded that version.
    """
    opened = Offering.objects.filter(state=Offering.State.OPEN).order_by("starts_on", "name")
    return (
        versions_of(organisation)
        .filter(state=_STATE.PUBLISHED, achievement__state=Achievement.State.ACTIVE)
        .filter(
            Q(pk=Subquery(_NEWEST_PUBLISHED))
            | Q(
                pk__in=Offering.objects.filter(
                    version__achievement__creator=organisation, state=Offering.State.OPEN
                ).values("version")
            )
        )
        .prefetch_related(Prefetch("offerings", queryset=opened))
        .order_by("search_text", "number")
    )


def published_versions(query: str = "", language: str = "") -> QuerySet[AchievementVersion]:
    """The public catalogue, newest first: the newest version of each active achievement.

    Each word of `query` is in a text of the version, whatever its language and accents, or in the
    name of the provider; `language` keeps what is written in it.  One query.
    """
    found = (
        AchievementVersion.objects.filter(
            state=_STATE.PUBLISHED,
            achievement__state=Achievement.State.ACTIVE,
            achievement__creator__state=Organisation.State.ACTIVE,
            pk=Subquery(_NEWEST_PUBLISHED),
        )
        .select_related("achievement__creator")
        .order_by("-published_at", "pk")
    )
    if language:
        found = found.filter(name__has_key=language)
    return _matching(found, query)


def published_version(achievement_id: UUID, number: int) -> AchievementVersion | None:
    """That version if it is published, also of a retired achievement.  One query."""
    return (
        AchievementVersion.objects.filter(
            achievement_id=achievement_id, number=number, state=_STATE.PUBLISHED
        )
        .select_related("achievement__creator")
        .first()
    )


def newest_published(slug: str) -> AchievementVersion | None:
    """The version that `/catalogue/<slug>` shows.  One query."""
    return (
        AchievementVersion.objects.filter(achievement__slug=slug, state=_STATE.PUBLISHED)
        .select_related("achievement__creator")
        .order_by("-number")
        .first()
    )


def newest_number(achievement_id: UUID) -> int:
    """The number of the newest published version, 0 if none is.  One query."""
    numbers: QuerySet[AchievementVersion, int] = AchievementVersion.objects.filter(
        achievement_id=achievement_id, state=_STATE.PUBLISHED
    ).values_list("number", flat=True)
    return max(numbers, default=0)


def _matching(found: QuerySet[AchievementVersion], query: str) -> QuerySet[AchievementVersion]:
    for word in query.replace("\0", " ").split()[:12]:  # PostgreSQL takes no NUL
        found = found.filter(
            Q(search_text__contains=fold(word)) | Q(achievement__creator__name__icontains=word)
        )
    return found
