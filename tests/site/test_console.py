"""The home of a console: what waits for whom, and a few figures."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cairn.catalogue.models import AchievementVersion
from cairn.issuing.models import Award
from cairn.organisations.access import roles_of
from cairn.organisations.models import Organisation, Role
from cairn.people.models import User
from cairn.site.figures import figures_of
from cairn.site.waiting import UNCLAIMED_AFTER, waiting_for
from cairn.wallet.models import Holding
from tests import world

pytestmark = pytest.mark.django_db
NOW = world.NOW
LATER = NOW + UNCLAIMED_AFTER + timedelta(days=1)


@pytest.fixture
def organisation() -> Organisation:
    return world.organisation()


def _titles(user: User, organisation: Organisation, now: datetime = NOW) -> list[str]:
    roles = roles_of(user, organisation)
    return [one.title for one in waiting_for(user, organisation, roles, now)]


def _version(organisation: Organisation, state: str, **changes: Any) -> AchievementVersion:
    unpublished = {"published_at": None, "approved_by": None, "approval": ""}
    return world.published_version(organisation, state=state, **unpublished, **changes)


def test_what_was_handed_in_waits_for_reviewers_and_approvers(organisation: Organisation) -> None:
    _version(organisation, AchievementVersion.State.SUBMITTED)
    waits = {role: bool(_titles(world.member(organisation, role), organisation)) for role in Role}
    deciders = {Role.OWNER, Role.REVIEWER, Role.APPROVER}
    assert {role for role, is_waiting in waits.items() if is_waiting} == deciders


def test_who_wrote_on_a_version_is_told_that_somebody_else_decides(
    organisation: Organisation,
) -> None:
    author = world.member(organisation, Role.DESIGNER, Role.APPROVER)
    version = _version(organisation, AchievementVersion.State.SUBMITTED, author=author)
    version.contributors.add(author)
    found = waiting_for(author, organisation, roles_of(author, organisation), NOW)
    assert "somebody else decides" in found[0].text


def test_a_draft_waits_for_its_author_alone(organisation: Organisation) -> None:
    author, other = (world.member(organisation, Role.DESIGNER) for _ in range(2))
    _version(organisation, AchievementVersion.State.DRAFT, author=author)
    assert _titles(author, organisation) == ["Finish: Air Quality Basics"]
    assert _titles(other, organisation) == []


def test_an_award_that_is_not_signed_in_a_minute_waits(organisation: Organisation) -> None:
    awarder = world.member(organisation, Role.AWARDER)
    world.planned_award(organisation)
    assert _titles(awarder, organisation, NOW + timedelta(seconds=30)) == []
    late = _titles(awarder, organisation, NOW + timedelta(minutes=2))
    assert late == ["Being signed: Air Quality Basics"]


def test_what_was_handed_back_waits(organisation: Organisation) -> None:
    awarder = world.member(organisation, Role.AWARDER)
    award = world.issued_award(organisation)
    Holding.objects.create(award=award, handed_back_at=NOW)
    assert _titles(awarder, organisation) == ["Handed back: Air Quality Basics"]
    assert _titles(world.member(organisation, Role.VIEWER), organisation) == []


def test_what_nobody_claimed_in_two_weeks_is_counted(organisation: Organisation) -> None:
    awarder = world.member(organisation, Role.AWARDER)
    for _ in range(2):
        Holding.objects.create(award=world.issued_award(organisation))
    claimed = world.issued_award(organisation)
    Holding.objects.create(award=claimed, holder=world.user(), claimed_at=NOW)
    assert _titles(awarder, organisation) == []
    assert _titles(awarder, organisation, LATER) == ["2 credentials are not claimed"]


def test_nothing_of_another_organisation_is_shown(organisation: Organisation) -> None:
    elsewhere = world.organisation()
    _version(elsewhere, AchievementVersion.State.SUBMITTED)
    Holding.objects.create(award=world.issued_award(elsewhere), handed_back_at=NOW)
    assert _titles(world.member(organisation, Role.OWNER), organisation, LATER) == []


def test_figures_count_what_stands_by_the_calendar_of_the_organisation() -> None:
    # On 1 June at 3 in the morning UTC it is still May in Honolulu.
    organisation = world.organisation(time_zone="Pacific/Honolulu")
    awards = [world.issued_award(organisation) for _ in range(3)]
    Award.objects.filter(issuer=organisation).update(awarded_at=NOW - timedelta(hours=9))
    withdrawn = world.issued_award(organisation)
    Award.objects.filter(id=withdrawn.id).update(
        state="withdrawn", withdrawn_at=NOW, withdrawn_reason="error"
    )
    Holding.objects.create(award=awards[0], holder=world.user(), claimed_at=NOW)
    found = figures_of(organisation, NOW)
    assert (found.awarded, found.claimed, found.published) == (3, 1, 4)
    assert found.awarded_this_month == 0
    assert figures_of(organisation, NOW - timedelta(hours=8)).awarded_this_month == 3


def test_the_home_shows_what_waits_and_offers_what_the_roles_allow(
    client: Client, organisation: Organisation
) -> None:
    url = f"/console/{organisation.slug}/"
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(world.member(organisation, Role.AWARDER), backend)
    page = client.get(url).content.decode()
    assert "Nothing waits for you" in page
    assert "Award somebody" in page
    assert "New micro-credential" not in page
    world.issued_award(organisation)
    assert "Ada Lovelace" in client.get(url).content.decode()
