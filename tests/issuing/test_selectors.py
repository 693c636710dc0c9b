"""`cairn.issuing.selectors` and the timeline: what they find, and with how many queries."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from cairn.issuing import selectors, services
from cairn.issuing.documents import results_in_words
from cairn.issuing.models import Award, Credential, SignedForm, StatusList
from cairn.issuing.timeline import timeline
from cairn.organisations.models import Organisation, Role
from cairn.signing.models import SigningOrder
from tests import world

pytestmark = pytest.mark.django_db
NOW = world.NOW


@pytest.fixture
def issuer() -> Organisation:
    return world.organisation()


def read_all(awards: Any) -> list[Any]:
    return [
        (one.learner.email, one.version.achievement.slug, one.offering and one.offering.name)
        for one in awards
    ]


def test_a_list_of_awards_is_one_query_and_a_search_two(
    issuer: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = world.published_version(issuer)
    run = world.offering(version)
    for _ in range(3):
        world.planned_award(issuer, version, offering=run)
    with django_assert_num_queries(1):
        assert len(read_all(selectors.awards_of(issuer))) == 3
    with django_assert_num_queries(2):
        assert len(read_all(selectors.awards_of(issuer, "air quality"))) == 3


def test_awards_of_others_are_never_in_the_list(issuer: Organisation) -> None:
    world.planned_award(world.organisation(), name="Ada Lovelace")
    assert not selectors.awards_of(issuer).exists()
    assert not selectors.awards_of(issuer, "ada").exists()


def test_the_newest_award_comes_first(issuer: Organisation) -> None:
    old, new = world.planned_award(issuer), world.planned_award(issuer)
    Award.objects.filter(pk=old.pk).update(awarded_at="2026-01-01T00:00:00Z")
    assert list(selectors.awards_of(issuer)) == [new, old]


@pytest.mark.parametrize(
    ("find", "queries"),
    [
        (lambda credential: selectors.credential_by_id(credential.id), 1),
        (lambda credential: selectors.current_credential(credential.award), 1),
        (lambda credential: selectors.form_body(credential, SignedForm.Form.VC_JWT), 1),
        (lambda credential: list(selectors.forms_of(credential)), 1),
        (lambda credential: selectors.published_list(StatusList.objects.only("id").get().id), 2),
        (lambda credential: timeline(credential.award), 4),
    ],
)
def test_what_others_read_takes_the_queries_that_are_promised(
    issuer: Organisation,
    find: Callable[[Credential], object],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    award = world.issued_award(issuer)
    credential = Credential.objects.select_related("award").get(award=award)
    with django_assert_num_queries(queries):
        assert find(credential)


def test_what_comes_with_a_credential_needs_no_further_query(
    issuer: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    award = world.issued_award(issuer)
    with django_assert_num_queries(1):
        credential = selectors.current_credential(award)
        assert credential is not None
        assert credential.award.version.achievement.creator == issuer
        assert credential.award.learner.email
        assert credential.award.offering is None


def test_a_credential_that_is_not_signed_is_not_there(issuer: Organisation) -> None:
    award = world.planned_award(issuer)
    credential = Credential.objects.get(award=award)
    assert selectors.credential_by_id(credential.id) is None
    assert selectors.current_credential(award) is None
    assert selectors.credential_by_id(uuid4()) is None
    assert selectors.form_body(credential, SignedForm.Form.VC_JWT) is None


def test_why_the_signer_gave_up_is_known(issuer: Organisation) -> None:
    award = world.planned_award(issuer)
    assert selectors.signing_problem(award) == ""
    failed = {"state": SigningOrder.State.FAILED, "problem": "no active key"}
    SigningOrder.objects.filter(kind="credential").update(**failed)
    assert selectors.signing_problem(award) == "no active key"


def test_a_timeline_tells_what_happened_and_who_did_it(issuer: Organisation) -> None:
    actor = world.member(issuer, Role.AWARDER, name="Grace Hopper")
    award = world.issued_award(issuer, actor=actor)
    registrar = world.member(issuer, Role.REGISTRAR, name="Mary Registrar")
    services.withdraw_award(
        award=award, reason=Award.Reason.REQUEST, note="secret", actor=registrar, now=NOW
    )
    told = [(event.title, event.text) for event in timeline(award)]
    assert told == [
        ("Withdrawn: The learner asked for it", "by Mary Registrar"),
        ("Signed", ""),
        ("Awarded", "by Grace Hopper"),
    ]


def test_results_are_read_as_the_version_calls_them(issuer: Organisation) -> None:
    level = {"id": "https://cairn.test/levels/1", "type": ["RubricCriterionLevel"], "name": "Sound"}
    version = world.published_version(
        issuer,
        result_descriptions=[
            {"name": "Score", "resultType": "Percent"},
            {"name": "Level", "resultType": "RubricScore", "rubricCriterionLevel": [level]},
            {"name": "Course", "resultType": "Status"},
        ],
    )
    url = f"https://cairn.test/a/{version.achievement_id}/v/1#result-"
    results: list[Any] = [
        {"type": ["Result"], "resultDescription": f"{url}1", "value": "90"},
        {"type": ["Result"], "resultDescription": f"{url}2", "achievedLevel": level["id"]},
        {"type": ["Result"], "resultDescription": f"{url}3", "status": "Completed"},
    ]
    words = [("Score", "90"), ("Level", "Sound"), ("Course", "Completed")]
    assert results_in_words(version, results) == words
    achieved = services.Achieved(results=results)
    world.issued_award(issuer, version, achieved=achieved)
