"""Runs of published versions, so that an award can name its run."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cairn.catalogue.content import line_flaw
from cairn.catalogue.models import Achievement, AchievementVersion, Offering
from cairn.catalogue.permissions import OFFER
from cairn.catalogue.records import note
from cairn.core.errors import Conflict, Malformed
from cairn.organisations.access import require
from cairn.people.models import User


@transaction.atomic
def open_offering(
    *,
    version_id: UUID,
    name: str,
    starts_on: date,
    ends_on: date,
    place: str = "",
    language: str = "en",
    actor: User,
    now: datetime,
) -> Offering:
    """A new run.  Raises `Conflict` for a name that another run of the version has."""
    version = AchievementVersion.objects.select_related("achievement__creator").get(pk=version_id)
    require(actor, OFFER, version.achievement.creator)
    if version.state != AchievementVersion.State.PUBLISHED:
        raise Conflict(_("this version is not published, so it has no runs"))
    if version.achievement.state == Achievement.State.RETIRED:
        raise Conflict(_("this achievement is retired"))
    if ends_on < starts_on:
        raise Malformed(_("a run ends on the day it starts or later"), "/ends_on")
    for field, text in (("name", name), ("place", place)):
        if (text or field == "name") and (flaw := line_flaw(text, 120)):
            raise Malformed(flaw, f"/{field}")
    try:
        with transaction.atomic():
            offering = Offering.objects.create(
                version=version,
                name=name,
                starts_on=starts_on,
                ends_on=ends_on,
                place=place,
                language=language,
                created_at=now,
            )
    except IntegrityError as err:
        raise Conflict(_("a run of this name exists already")) from err
    note("achievement.offer", version, actor, now, offering_id=str(offering.id))
    return offering


@transaction.atomic
def close_offering(*, offering_id: UUID, actor: User, now: datetime) -> Offering:
    """Award no more of this run."""
    offering = (
        Offering.objects.select_related("version__achievement__creator")
        .select_for_update(of=("self",))
        .get(pk=offering_id)
    )
    require(actor, OFFER, offering.version.achievement.creator)
    if offering.state == Offering.State.CLOSED:
        raise Conflict(_("this run is closed already"))
    offering.state = Offering.State.CLOSED
    offering.save()
    note("achievement.close_offering", offering.version, actor, now, offering_id=str(offering.id))
    return offering
