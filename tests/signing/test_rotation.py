"""Keys are replaced by themselves, a day after the next ones were published."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cairn.core.errors import Malformed, NotAllowed
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Membership, Organisation
from cairn.people.models import User
from cairn.platform.models import AuditEntry
from cairn.signing import rotation
from cairn.signing.rotation import Rhythm
from tests.signing.conftest import NOW

YEAR_LATER = datetime(2027, 9, 1, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def _change(organisation: Organisation, owner: User, **values: object) -> None:
    rhythm = Rhythm(**{"is_scheduled": True, "months": 12, **values})  # type: ignore[arg-type]  # a test's
    rotation.change_rhythm(organisation=organisation, rhythm=rhythm, actor=owner, now=NOW)


def test_keys_are_replaced_every_year_unless_said_otherwise(issuer: Organisation) -> None:
    assert rotation.replaced_at(issuer) == YEAR_LATER


def test_the_next_keys_are_published_a_day_before_they_sign(issuer: Organisation) -> None:
    assert rotation.replace_due(YEAR_LATER - DAY - timedelta(seconds=1)) == 0
    assert rotation.replace_due(YEAR_LATER - DAY) == 1
    assert rotation.replace_due(YEAR_LATER - DAY) == 0  # they are under way
    assert issuer.signing_keys.filter(state="next").count() == 2
    run_until_idle(YEAR_LATER - timedelta(seconds=1))
    assert issuer.signing_keys.filter(state="next").count() == 2
    run_until_idle(YEAR_LATER)
    assert issuer.signing_keys.filter(state="active", activated_at=YEAR_LATER).count() == 2


def test_next_keys_whose_event_was_lost_are_activated_by_the_schedule(
    issuer: Organisation,
) -> None:
    rotation.replace_due(YEAR_LATER)
    rotation.replace_due(YEAR_LATER + DAY)
    assert issuer.signing_keys.filter(state="active", activated_at=YEAR_LATER + DAY).count() == 2


def test_an_organisation_chooses_its_rhythm(issuer: Organisation, owner: User) -> None:
    _change(issuer, owner, months=3)
    assert rotation.replaced_at(issuer) == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert rotation.replace_due(datetime(2026, 11, 30, 10, 0, tzinfo=UTC)) == 1


def test_nothing_is_replaced_where_nothing_is_planned(issuer: Organisation, owner: User) -> None:
    _change(issuer, owner, is_scheduled=False)
    assert rotation.replaced_at(issuer) is None
    assert rotation.replace_due(YEAR_LATER + 900 * DAY) == 0


def test_only_an_owner_changes_the_rhythm_and_it_is_in_the_audit(
    issuer: Organisation, owner: User
) -> None:
    member = User.objects.create_user("member@north.example")
    Membership.objects.create(organisation=issuer, user=member, roles=["registrar"], created_at=NOW)
    with pytest.raises(NotAllowed):
        _change(issuer, member)
    with pytest.raises(Malformed):
        _change(issuer, owner, months=7)
    _change(issuer, owner, months=6)
    entry = AuditEntry.objects.get(action="keys.plan")
    assert (entry.actor_id, entry.details) == (owner.id, {"is_scheduled": True, "months": 6})


def test_asking_whether_any_are_due_is_cheap(
    issuer: Organisation, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's
        rotation.replace_due(NOW)


def test_the_page_says_when_and_lets_it_be_changed(
    client: Client, issuer: Organisation, owner: User
) -> None:
    client.force_login(owner)
    issuer.signing_keys.update(activated_at=datetime(2026, 9, 1, 10, 0, tzinfo=UTC))
    page = client.get("/console/north/keys/").content.decode()
    assert "published on 31 August 2027 and sign from 1 September 2027" in page
    answer = client.post("/console/north/keys/rhythm/", {"months": "24"}, follow=True)
    assert "nothing is planned" in answer.content.decode()
    assert client.post("/console/north/keys/rhythm/", {"months": "5"}).status_code == 422
