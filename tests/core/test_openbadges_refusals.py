"""What `cairn.core.openbadges` refuses at input, with the path of the flaw and a way to mend it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.award import Award, Evidence, IdentityObject, email_identity
from cairn.core.openbadges.parts import (
    Address,
    Alignment,
    Criteria,
    GeoCoordinates,
    IdentifierEntry,
    Image,
    Related,
)
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import Result, ResultDescription, RubricCriterionLevel

NOON = "2026-05-14T12:00:00Z"
Make = Callable[..., Any]

achievement: Make = partial(
    Achievement,
    "https://x.example/a",
    "Data",
    "Reading data.",
    criteria=Criteria(narrative="A project."),
)
profile: Make = partial(Profile, "https://x.example/p")
alignment: Make = partial(Alignment, "Data", "https://x.example/s")
description: Make = partial(ResultDescription, "urn:x-r:1", "Grade", "Percent")
level: Make = partial(RubricCriterionLevel, "urn:x-l:1", "Basic")
identity: Make = partial(IdentityObject, hashed=False, identity_hash="Ada", identity_type="name")
award: Make = partial(Award, NOON, identifier=(IdentityObject(False, "Ada", "name"),))

CASES: list[tuple[Make, dict[str, Any], str]] = [
    # text
    (achievement, {"human_code": "a\x00b"}, "/humanCode"),
    (achievement, {"human_code": "a\x07b"}, "/humanCode"),
    (achievement, {"human_code": "a\x7fb"}, "/humanCode"),
    (achievement, {"human_code": "a\x85b"}, "/humanCode"),
    (achievement, {"version": "\ud800"}, "/version"),
    (achievement, {"field_of_study": "\ufdd0"}, "/fieldOfStudy"),
    (achievement, {"specialization": "\uffff"}, "/specialization"),
    (achievement, {"specialization": "\U0010ffff"}, "/specialization"),
    (achievement, {"version": "   "}, "/version"),
    (achievement, {"version": "x" * 1_001}, "/version"),
    (achievement, {"version": 1}, "/version"),
    (achievement, {"tag": ("good", "b\x0bad")}, "/tag/1"),
    (achievement, {"tag": ("good", "")}, "/tag/1"),
    (achievement, {"tag": ["a list"]}, "/tag"),
    (achievement, {"tag": tuple(map(str, range(501)))}, "/tag"),
    (partial(Criteria), {"narrative": "x" * 50_001}, "/narrative"),
    # required terms
    (partial(Achievement, "", "a", "b", Criteria(narrative="c")), {}, "/id"),
    (partial(Achievement, "urn:x-a:1", "", "b", Criteria(narrative="c")), {}, "/name"),
    (partial(Achievement, "urn:x-a:1", "a", "", Criteria(narrative="c")), {}, "/description"),
    (achievement, {"criteria": None}, "/criteria"),
    (partial(Criteria), {}, ""),
    (partial(Evidence), {}, ""),
    (partial(Result, "urn:x-r:1"), {}, ""),
    # IRIs
    (partial(Profile), {"id": "riverside"}, "/id"),
    (partial(Image), {"id": "https://x.example/{i}"}, "/id"),
    (partial(Image), {"id": "data:image/png;base64," + "A" * 1_000_000}, "/id"),
    (partial(Related), {"id": "https://x.example/a b"}, "/id"),
    (profile, {"url": "https://x.example/%zz"}, "/url"),
    (profile, {"url": "https://x.example/" + "a" * 2_048}, "/url"),
    (alignment, {"target_type": "Skill"}, "/targetType"),
    (partial(Alignment, "Data"), {"target_url": "https:///x"}, "/targetUrl"),
    (partial(Evidence), {"id": "https://x.example/\ue000"}, "/id"),
    (award, {"id": "z6Mk"}, "/id"),
    # lists, languages, addresses
    (achievement, {"achievement_type": "Nanodegree"}, "/achievementType"),
    (achievement, {"achievement_type": "ext:"}, "/achievementType"),
    (achievement, {"achievement_type": "ext:a b"}, "/achievementType"),
    (achievement, {"in_language": "English"}, "/inLanguage"),
    (achievement, {"in_language": "en_US"}, "/inLanguage"),
    (achievement, {"in_language": "EN"}, "/inLanguage"),
    (partial(Related, "urn:x-a:1"), {"in_language": "fr-fr"}, "/inLanguage"),
    (partial(IdentifierEntry, "1"), {"identifier_type": "BRIN"}, "/identifierType"),
    (profile, {"email": "ada"}, "/email"),
    (profile, {"email": "ada@localhost"}, "/email"),
    (profile, {"email": "a b@example.org"}, "/email"),
    # numbers
    (achievement, {"credits_available": 2**53}, "/creditsAvailable"),
    (achievement, {"credits_available": 1e-7}, "/creditsAvailable"),
    (achievement, {"credits_available": 0.1234567890123456}, "/creditsAvailable"),
    (achievement, {"credits_available": 1e20}, "/creditsAvailable"),
    (achievement, {"credits_available": float("nan")}, "/creditsAvailable"),
    (achievement, {"credits_available": float("inf")}, "/creditsAvailable"),
    (achievement, {"credits_available": -0.0}, "/creditsAvailable"),
    (achievement, {"credits_available": -1}, "/creditsAvailable"),
    (achievement, {"credits_available": True}, "/creditsAvailable"),
    (achievement, {"credits_available": "2.5"}, "/creditsAvailable"),
    (award, {"credits_earned": 123456789012345678}, "/creditsEarned"),
    (partial(GeoCoordinates, longitude=0), {"latitude": 90.5}, "/latitude"),
    (partial(GeoCoordinates, latitude=0), {"longitude": "12"}, "/longitude"),
    # moments
    (partial(Award, identifier=()), {"valid_from": ""}, "/validFrom"),
    (award, {"valid_until": "2027-05-14"}, "/validUntil"),
    (award, {"valid_until": "2027-05-14T12:00:00.000Z"}, "/validUntil"),
    (award, {"valid_until": "2027-05-14T12:00:00+00:00"}, "/validUntil"),
    (award, {"valid_until": "2027-02-30T12:00:00Z"}, "/validUntil"),
    (award, {"valid_until": NOON}, "/validUntil"),
    (award, {"awarded_date": "yesterday"}, "/awardedDate"),
    (
        award,
        {"activity_start_date": NOON, "activity_end_date": "2026-05-13T00:00:00Z"},
        "/activityEndDate",
    ),
    # parts and what they say together
    (achievement, {"image": "https://x.example/i"}, "/image"),
    (achievement, {"alignment": (Image("urn:x-i:1"),)}, "/alignment/0"),
    (achievement, {"image": Image("https://x.example/a")}, "/image/id"),
    (profile, {"address": Address}, "/address"),
    (description, {"value_min": "10", "value_max": "1"}, "/valueMin"),
    (description, {"value_max": "10", "required_value": "11"}, "/requiredValue"),
    (description, {"value_min": "1", "required_value": "A"}, "/requiredValue"),
    (description, {"allowed_value": ("A", "B"), "required_value": "C"}, "/requiredValue"),
    (description, {"required_level": "urn:x-l:1"}, "/requiredLevel"),
    (
        description,
        {"required_level": "urn:x-l:2", "rubric_criterion_level": (level(),)},
        "/requiredLevel",
    ),
    (partial(Result), {"value": "A", "status": "Passed"}, "/status"),
    (partial(Award, NOON), {}, "/identifier"),
    (identity, {"identity_type": "nickname"}, "/identityType"),
    (identity, {"hashed": "no"}, "/hashed"),
    (partial(email_identity, salt="0123456789abcdef"), {"email": "ada"}, "/email"),
    (partial(email_identity, "ada@example.org"), {"salt": "short"}, "/salt"),
]


@pytest.mark.parametrize(
    ("make", "values", "path"), CASES, ids=[f"{i}{case[2]}" for i, case in enumerate(CASES)]
)
def test_a_flaw_is_refused_with_its_place_and_a_mend(
    make: Make, values: dict[str, Any], path: str
) -> None:
    with pytest.raises(Malformed) as caught:
        make(**values)
    assert caught.value.path == path
    problem, _, mend = str(caught.value.args[0]).partition("; ")
    assert problem
    assert mend


def test_bounds_belong_to_the_range() -> None:
    award(activity_start_date=NOON, activity_end_date=NOON)
    for value in ("1", "10"):
        description(value_min="1", value_max="10", required_value=value)


def test_tabs_and_line_ends_are_text() -> None:
    assert achievement(version="a\tb\r\nc").version == "a\tb\r\nc"


def test_what_the_table_changes_is_fine_before_the_change() -> None:
    for make in (achievement, profile, alignment, description, level, identity, award):
        make()


def test_parents_of_parents_end_somewhere() -> None:
    parent = profile()
    for number in range(4):
        parent = Profile(f"https://x.example/p/{number}", parent_org=parent)
    with pytest.raises(Malformed) as caught:
        Profile("https://x.example/p/last", parent_org=parent)
    assert caught.value.path == "/parentOrg"
