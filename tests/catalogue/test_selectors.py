"""What is read, in how many queries."""

from pytest_django import DjangoAssertNumQueries

from cairn.catalogue.offerings import close_offering, open_offering
from cairn.catalogue.openbadges import achievement
from cairn.catalogue.selectors import (
    awardable_versions,
    newest_versions,
    published_version,
    published_versions,
    review_queue,
)
from cairn.catalogue.services import new_version, retire_achievement, submit_version
from tests.catalogue.conftest import House
from tests.catalogue.making import LATER, NOON, draft, published, published_again


def test_newest_versions_in_one_query(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("A", "B", "C"):
        draft(house.organisation, house.designer, name={"en": name, "fr": name})
    with django_assert_num_queries(1):
        found = [
            (one.author.name, one.achievement.creator.name)
            for one in newest_versions(house.organisation)
        ]
    assert len(found) == 3


def test_the_queue_in_one_query(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = draft(house.organisation, house.designer)
    submit_version(version_id=version.pk, actor=house.designer, now=NOON)
    with django_assert_num_queries(1):
        assert [one.author.name for one in review_queue(house.organisation)] == ["Designer"]


def test_published_versions_in_one_query(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = published(house.organisation, house.designer, house.approver)
    draft(house.organisation, house.designer)
    with django_assert_num_queries(1):
        assert [one.achievement.creator.name for one in published_versions("data", "fr")]
    assert not published_versions("data", "de")
    with django_assert_num_queries(1):
        found = published_version(version.achievement_id, 1)
        assert found is not None
        assert achievement(found, "en").creator


def test_awardable_is_the_newest_version_and_what_has_an_open_run(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = published(house.organisation, house.designer, house.approver)
    run = open_offering(
        version_id=first.pk,
        name="Autumn",
        starts_on=NOON.date(),
        ends_on=NOON.date(),
        actor=house.designer,
        now=NOON,
    )
    second = new_version(achievement_id=first.achievement_id, actor=house.designer, now=LATER)
    assert list(awardable_versions(house.organisation)) == [first]
    published_again(second, house.designer, house.approver)
    with django_assert_num_queries(2):
        found = [(one, list(one.offerings.all())) for one in awardable_versions(house.organisation)]
    assert found == [(first, [run]), (second, [])]
    close_offering(offering_id=run.pk, actor=house.designer, now=LATER)
    assert list(awardable_versions(house.organisation)) == [second]
    retire_achievement(achievement_id=first.achievement_id, actor=house.approver, now=LATER)
    assert not awardable_versions(house.organisation)
