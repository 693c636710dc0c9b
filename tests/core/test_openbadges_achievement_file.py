"""`cairn.core.openbadges.achievement_file`: achievements of others, read without silent loss."""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from cairn.core.codec import strict_json
from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement_file import read_achievement
from cairn.core.openbadges.award import Award, recipient
from cairn.core.openbadges.credential import achievement_credential
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import Result
from tests.reference import reference

FIXTURES = "credentials/edubadges/_data/credentials"
ACHIEVEMENT: dict[str, Any] = {
    "id": "https://x.example/a",
    "type": ["Achievement"],
    "name": "Data",
    "description": "Reading data.",
    "criteria": {"narrative": "A project."},
    "creator": {
        "id": "https://x.example/p",
        "type": ["Profile"],
        "address": {"type": ["Address"], "addressCountryCode": "NL"},
    },
    "image": {"id": "https://x.example/i", "type": "Image"},
    "tag": ["data"],
    "resultDescription": [
        {"id": "urn:x-r:1", "type": ["ResultDescription"], "name": "Grade", "resultType": "Percent"}
    ],
}
CREDENTIAL: dict[str, Any] = {
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://x.example/p", "type": ["Profile"], "name": "North"},
    "credentialSubject": {"type": ["AchievementSubject"], "achievement": ACHIEVEMENT},
}


def changed(path: str, value: Any, document: dict[str, Any] = ACHIEVEMENT) -> Any:
    """`document` with `value` at `path`; `...` takes away what is there."""
    result: Any = copy.deepcopy(document)
    *steps, last = path.split("/")[1:]
    target: Any = result
    for step in steps:
        target = target[int(step) if step.isdigit() else step]
    key: Any = int(last) if last.isdigit() else last
    if value is ...:
        del target[key]
    else:
        target[key] = value
    return result


def test_all_edubadges_fixtures_read_and_can_be_awarded() -> None:
    schema = json.loads(reference("schemas/ob3-strict.json").read_bytes())
    judge = Draft201909Validator(schema, format_checker=Draft201909Validator.FORMAT_CHECKER)
    files = sorted(reference(FIXTURES).glob("*.json"))
    assert len(files) == 30
    for file in files:
        read = read_achievement(strict_json.read(file.read_bytes()))
        assert read.issuer is not None
        (described,) = read.achievement.result_description
        document = achievement_credential(
            read.achievement,
            Award(
                "2026-05-14T12:00:00Z",
                identifier=recipient(name="Ada", email="ada@example.org", salt="0123456789abcdef"),
                result=(Result(described.id, "7.5"),),
            ),
            read.issuer,
            credential_id="https://x.example/c/1",
        )
        for proofs in ({}, {"proof": [{"type": "DataIntegrityProof"}]}):
            assert [error.message for error in judge.iter_errors(document | proofs)] == []


def test_every_extension_of_the_fixtures_is_named_or_carried() -> None:
    extensions = {
        *("ECTS", "SBU", "timeInvestment", "educationProgramIdentifier", "identityChecked"),
        *("participationType", "assessmentType", "supervisionType"),
    }
    for file in reference(FIXTURES).glob("*.json"):
        document: Any = strict_json.read(file.read_bytes())
        read = read_achievement(document)
        given = document["credentialSubject"]["achievement"]
        root = "/credentialSubject/achievement"
        told = {*read.not_carried, *(path for path, _ in read.carried_as)}
        assert {f"{root}/{term}" for term in extensions & given.keys()} <= told
        assert f"{root}/type/1" in read.not_carried  # EducredentialAchievement
        if "ECTS" in given:
            assert read.achievement.credits_available == given["ECTS"]
        if given["description"] == "":
            assert (f"{root}/name", "description") in read.carried_as


def test_the_full_example_of_1edtech_reads() -> None:
    example = strict_json.read(reference("credentials/edubadges/ref/full_ex.json").read_bytes())
    read = read_achievement(example)
    assert read.not_carried == (
        "/issuer/endorsement",
        "/credentialSubject/achievement/creator/endorsement",
        "/credentialSubject/achievement/endorsement",
    )
    # its criteria have the id of the achievement, and would be one object with it in RDF
    assert read.carried_as == (("/credentialSubject/achievement/criteria/id", "id"),)
    assert len(read.achievement.result_description) == 3


def test_an_achievement_and_a_credential_give_the_same() -> None:
    alone, inside = read_achievement(ACHIEVEMENT), read_achievement(CREDENTIAL)
    assert alone.achievement == inside.achievement
    assert alone.issuer is None
    assert inside.issuer == Profile("https://x.example/p", "North")


def test_what_is_unknown_is_listed_at_any_depth() -> None:
    document = changed("/creator/address/planet", "Earth")
    document["resultDescription"][0]["weight/kg"] = 3
    document["resultDescription"][0]["type"].append("Extra")
    document["@context"] = ["https://x.example/own"]
    assert read_achievement(document).not_carried == (
        "/creator/address/planet",
        "/resultDescription/0/type/1",
        "/resultDescription/0/weight~1kg",
    )


@pytest.mark.parametrize(
    ("path", "value", "term", "read"),
    [
        ("/tag", "data", "tag", ("data",)),
        ("/creator", "https://x.example/p", "creator", Profile("https://x.example/p")),
        ("/version", "", "version", ""),
        ("/tag", [], "tag", ()),
        ("/ECTS", 2.5, "credits_available", 2.5),
    ],
)
def test_the_looser_forms_of_json_ld_read(path: str, value: Any, term: str, read: Any) -> None:
    assert getattr(read_achievement(changed(path, value)).achievement, term) == read


def test_credits_of_its_own_win_over_ects() -> None:
    read = read_achievement(changed("/ECTS", 2.5) | {"creditsAvailable": 3})
    assert (read.achievement.credits_available, read.not_carried) == (3, ("/ECTS",))


def test_ects_that_are_no_number_are_listed() -> None:
    assert read_achievement(changed("/ECTS", "many")).not_carried == ("/ECTS",)


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("/id", ..., "/id"),
        ("/name", ..., "/name"),
        ("/name", "", "/name"),
        ("/description", ..., "/description"),
        ("/criteria", ..., "/criteria"),
        ("/criteria", {}, "/criteria"),
        ("/criteria", 7, "/criteria"),
        ("/criteria/narrative", ["a"], "/criteria/narrative"),
        ("/type", ..., "/type"),
        ("/type", "Profile", "/type"),
        ("/type", 7, "/type"),
        ("/name", None, "/name"),
        ("/name", {"en": "Data"}, "/name"),
        ("/name", {"@value": "Data", "@language": "en"}, "/name"),
        ("/version", 1, "/version"),
        ("/version", None, "/version"),
        ("/creditsAvailable", "3", "/creditsAvailable"),
        ("/creditsAvailable", True, "/creditsAvailable"),
        ("/creditsAvailable", 0.00000001, "/creditsAvailable"),
        ("/inLanguage", ["en"], "/inLanguage"),
        ("/tag", ["data", 7], "/tag/1"),
        ("/tag", ["data", ["a"]], "/tag/1"),
        ("/tag", {"a": "b"}, "/tag/0"),
        ("/image", 7, "/image"),
        ("/image/id", "i.png", "/image/id"),
        ("/image/type", ["Picture"], "/image/type"),
        ("/creator/id", ..., "/creator/id"),
        ("/creator", "riverside", "/creator/id"),
        ("/creator", [], "/creator"),
        ("/creator/address/addressCountryCode", 31, "/creator/address/addressCountryCode"),
        ("/creator/address/geo", {"type": "GeoCoordinates"}, "/creator/address/geo/latitude"),
        ("/resultDescription/0", "urn:x-r:1", "/resultDescription/0"),
        ("/resultDescription/0/resultType", "Points", "/resultDescription/0/resultType"),
        ("/resultDescription/0/allowedValue", [1, 2], "/resultDescription/0/allowedValue/0"),
        ("/resultDescription/0/requiredLevel", "urn:x-l:1", "/resultDescription/0/requiredLevel"),
        ("/alignment", [{"type": ["Alignment"]}], "/alignment/0/targetName"),
    ],
)
def test_a_wrong_achievement_is_refused_with_its_place(path: str, value: Any, where: str) -> None:
    for document, root in (
        (changed(path, value), ""),
        (
            changed("/credentialSubject/achievement", changed(path, value), CREDENTIAL),
            "/credentialSubject/achievement",
        ),
    ):
        if path == "/type" and not root:
            continue  # then it may be a credential or anything else
        with pytest.raises(Malformed) as caught:
            read_achievement(document)
        assert caught.value.path == root + where


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (None, ""),
        ([], ""),
        ("Achievement", ""),
        ({}, "/type"),
        ({"type": "OpenBadgeCredential"}, "/issuer"),
        (changed("/issuer", ..., CREDENTIAL), "/issuer"),
        (changed("/issuer", 7, CREDENTIAL), "/issuer"),
        (changed("/issuer/email", "x", CREDENTIAL), "/issuer/email"),
        (changed("/credentialSubject", [], CREDENTIAL), "/credentialSubject"),
        (changed("/credentialSubject", 7, CREDENTIAL), "/credentialSubject"),
        (
            changed("/credentialSubject/achievement", ..., CREDENTIAL),
            "/credentialSubject/achievement",
        ),
        (
            changed("/credentialSubject/achievement", "urn:x-a:1", CREDENTIAL),
            "/credentialSubject/achievement",
        ),
    ],
)
def test_what_holds_no_achievement_is_refused(document: Any, where: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_achievement(document)
    assert caught.value.path == where


def test_a_subject_may_stand_in_an_array() -> None:
    document = changed("/credentialSubject", [CREDENTIAL["credentialSubject"]], CREDENTIAL)
    assert read_achievement(document).achievement.name == "Data"
