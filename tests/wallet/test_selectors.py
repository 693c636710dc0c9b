"""`cairn.wallet.selectors` and `facts`: what they ask, how an award stands, what is said of it."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cairn.core.verify.report import Outcome
from cairn.issuing.models import Award
from cairn.issuing.selectors import current_credential
from cairn.people.models import User
from cairn.wallet import selectors
from cairn.wallet.facts import shown
from cairn.wallet.models import Holding
from cairn.wallet.presentation import card
from tests import world
from tests.wallet.mailbox import account, held, offered, signed_in

pytestmark = pytest.mark.django_db
NOW = world.NOW


def _three_held() -> User:
    organisation = world.organisation()
    for _ in range(3):
        holding = held(organisation)
        Holding.objects.update(holder=holding.holder)
    holder = Holding.objects.all()[0].holder
    assert holder is not None
    return holder


def test_each_asks_as_often_as_it_says(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = _three_held()
    credential = current_credential(Award.objects.all()[0])
    assert credential is not None
    with django_assert_num_queries(1):
        assert len([card(holding, NOW) for holding in selectors.holdings_of(user)]) == 3
    with django_assert_num_queries(2):
        assert selectors.waiting_for(user) == []
    with django_assert_num_queries(2):
        assert selectors.visible(credential.id, key="", viewer=user)


def test_my_credentials_asks_no_more_for_more(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(_three_held())
    client.get("/me/")
    with django_assert_max_num_queries(8):
        assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "after", "outcome"),
    [
        ({}, timedelta(), Outcome.IN_FORCE),
        ({}, timedelta(seconds=-1), Outcome.NOT_YET_IN_FORCE),
        ({"valid_until": NOW}, timedelta(seconds=1), Outcome.EXPIRED),
        ({"valid_until": NOW}, timedelta(), Outcome.IN_FORCE),
        ({"state": "suspended"}, timedelta(), Outcome.SUSPENDED),
        ({"state": "withdrawn", "valid_until": NOW}, timedelta(days=1), Outcome.WITHDRAWN),
        ({"state": "replaced"}, timedelta(), Outcome.REPLACED),
    ],
)
def test_how_an_award_stands(changes: dict[str, Any], after: timedelta, outcome: Outcome) -> None:
    award = Award(valid_from=NOW, **{"state": "issued", **changes})
    assert selectors.standing(award, NOW + after) is outcome


def test_what_waits_is_for_proved_addresses_alone() -> None:
    award, _ = offered()
    proved = account(award.learner.email)
    unproved = User.objects.create_user("someone@example.org")
    assert [each.award for each in selectors.waiting_for(proved)] == [award]
    assert selectors.waiting_for(unproved) == []
    Holding.objects.update(handed_back_at=NOW)
    assert selectors.waiting_for(proved) == []


def test_a_name_that_is_left_out_of_the_credential_is_left_out_of_its_pages() -> None:
    organisation = world.organisation()
    version = world.published_version(organisation, names_learner=False)
    holding = held(organisation, version=version, name="Ada Lovelace")
    assert shown(holding.award).recipient == ""


def test_days_are_those_of_the_issuer() -> None:
    organisation = world.organisation(time_zone="Pacific/Auckland")
    assert shown(held(organisation).award).awarded_on == "2 June 2026"  # noon in UTC is midnight
