"""One way to write an address; what could write headers or deceive is refused."""

import pytest

from cairn.core.errors import Conflict, Malformed
from cairn.people import services
from cairn.people.addresses import canonical_address
from tests import world


def test_an_address_is_kept_in_lower_case_without_blanks_around_it() -> None:
    assert canonical_address("  Ada@Example.ORG ") == "ada@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org\nBcc: all@example.org",
        "ada\r@example.org",
        '"ada\x07"@example.org',
        "ada\u200b@example.org",
        "ada\u202e@example.org",
        "\u0430da@example.org",  # a Cyrillic а among Latin letters
        "ada",
        "ada@",
        "",
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}",
    ],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        canonical_address(text)


@pytest.mark.django_db
def test_one_person_has_an_address_however_it_is_written() -> None:
    person = services.create_user(email="Ada@Example.org")
    assert person.email == "ada@example.org"
    assert services.user_with_address(email="ADA@example.org") == person
    with pytest.raises(Conflict):
        services.create_user(email="aDa@example.org")


@pytest.mark.django_db
def test_a_learner_is_one_whatever_the_case_of_the_address() -> None:
    first = services.learner_with_address(email="Grace@Example.org", now=world.NOW)
    assert services.learner_with_address(email="grace@example.org", now=world.NOW) == first


@pytest.mark.django_db
def test_a_learner_belongs_to_whoever_claimed_first() -> None:
    learner = services.learner_with_address(email="grace@example.org", now=world.NOW)
    grace, other = world.user(), world.user()
    services.claim_learner(learner_id=learner.id, actor=grace)
    services.claim_learner(learner_id=learner.id, actor=grace)
    with pytest.raises(Conflict):
        services.claim_learner(learner_id=learner.id, actor=other)
