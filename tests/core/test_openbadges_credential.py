"""`cairn.core.openbadges`: what is built passes the strict schema, is signed whole, says it all."""

import json
from dataclasses import fields, replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft201909Validator

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.openbadges import vocabulary
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.achievement_file import read_achievement
from cairn.core.openbadges.award import Award, Evidence, IdentityObject, email_identity, recipient
from cairn.core.openbadges.credential import achievement_credential
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
from cairn.core.openbadges.terms import Part, terms_of, to_json
from cairn.core.proofs.batch import Signer, prepare_batch
from cairn.core.rdf.document import Vocabulary, canonical_form
from tests.reference import reference
from tests.strategies.openbadges import Badge, badges

ID = "https://cairn.example/c/0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f01"
SALT = "0123456789abcdef"
NOON = "2026-05-14T12:00:00Z"
ISSUER = Profile("did:web:cairn.example:i:1", "North University")
ACHIEVEMENT = Achievement(
    "https://cairn.example/a/1/v/1", "Data", "Reading data.", Criteria(narrative="A project.")
)
AWARD = Award(NOON, identifier=recipient(name="Ada", email="ada@example.org", salt=SALT))
STATUS: dict[str, Json] = {
    "id": "https://cairn.example/s/1#7",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": "https://cairn.example/s/1",
}
PROOF: Json = [{"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": NOON}]


@cache
def judge() -> Draft201909Validator:
    schema = json.loads(reference("schemas/ob3-strict.json").read_bytes())
    return Draft201909Validator(schema, format_checker=Draft201909Validator.FORMAT_CHECKER)


def built(badge: Badge) -> dict[str, Json]:
    return achievement_credential(
        badge.achievement,
        badge.award,
        badge.issuer,
        credential_id=ID,
        status=STATUS,
        refresh_service="https://cairn.example/r/1",
    )


def nodes(value: Json) -> list[Json]:
    """`value` and all that is in it."""
    entries: list[Json] = []
    if isinstance(value, dict):
        entries = list(value.values())
    elif isinstance(value, list):
        entries = value
    return [value, *(node for entry in entries for node in nodes(entry))]


@given(badges(), st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_all_that_is_built_passes_the_schema_holds_nothing_empty_and_reads_back(
    badge: Badge, is_signed: bool
) -> None:
    document = built(badge)  # drawing one costs more than all three laws
    passes_the_strict_schema(document | ({"proof": PROOF} if is_signed else {}))
    holds_nothing_null_empty_or_twice_in_one_array(document)
    is_read_back_by_the_strict_reader(document, badge)


def passes_the_strict_schema(document: Json) -> None:
    assert [error.message for error in judge().iter_errors(document)] == []


def holds_nothing_null_empty_or_twice_in_one_array(document: Json) -> None:
    for node in nodes(document):
        assert node not in (None, "", [], {})
        if isinstance(node, list):
            assert all(node.index(entry) == index for index, entry in enumerate(node))


def is_read_back_by_the_strict_reader(document: Json, badge: Badge) -> None:
    assert strict_json.read(strict_json.write(document)) == document
    read = read_achievement(document)
    assert (read.not_carried, read.carried_as) == ((), ())
    assert read.issuer is not None
    assert to_json(read.issuer) == to_json(badge.issuer)  # what was given twice is written once
    assert to_json(read.achievement) == to_json(badge.achievement)


@given(badges())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=25)
def test_a_signature_covers_every_word_of_it(badge: Badge) -> None:
    assert canonical_form(built(badge), Vocabulary())


def test_a_signature_covers_a_position() -> None:
    address = Address(geo=GeoCoordinates(53.27, -9.05))
    badge = Badge(ACHIEVEMENT, AWARD, replace(ISSUER, address=address))
    assert canonical_form(built(badge), Vocabulary())


def test_the_order_of_keys_is_fixed() -> None:
    description = ResultDescription("urn:x-r:1", "Grade", "Percent")
    award = replace(
        AWARD,
        id="did:key:z6Mk",
        narrative="Well done.",
        result=(Result("urn:x-r:1", "7"),),
        evidence=(Evidence("https://x.example"),),
    )
    badge = Badge(replace(ACHIEVEMENT, result_description=(description,)), award, ISSUER)
    document: Any = built(badge)
    assert list(document) == [
        *("@context", "id", "type", "name", "issuer", "validFrom", "credentialSubject"),
        *("evidence", "credentialSchema", "credentialStatus", "refreshService"),
    ]
    assert list(document["credentialSubject"]) == [
        *("id", "type", "identifier", "achievement", "narrative", "result"),
    ]
    assert list(document["issuer"]) == ["id", "type", "name"]


# A value for each field of each class, and where it must stand in the credential.
PLACES = {
    "valid_until": ("2027-05-14T12:00:00Z", "/validUntil"),
    "awarded_date": (NOON, "/awardedDate"),
    "id": ("did:key:z6Mk", "/credentialSubject/id"),
    "activity_start_date": (NOON, "/credentialSubject/activityStartDate"),
    "activity_end_date": (NOON, "/credentialSubject/activityEndDate"),
    "credits_earned": (2.5, "/credentialSubject/creditsEarned"),
    "role": ("Lead", "/credentialSubject/role"),
    "term": ("Spring", "/credentialSubject/term"),
    "license_number": ("A-1", "/credentialSubject/licenseNumber"),
    "narrative": ("Well done.", "/credentialSubject/narrative"),
    "image": (Image("https://x.example/i"), "/credentialSubject/image"),
    "source": (Profile("https://x.example/p"), "/credentialSubject/source"),
    "result": ((Result(value="B"),), "/credentialSubject/result"),
    "evidence": ((Evidence("https://x.example/e"),), "/evidence"),
}


@pytest.mark.parametrize("field", PLACES)
def test_every_field_of_an_award_has_its_place(field: str) -> None:
    value, path = PLACES[field]
    change: dict[str, Any] = {field: value}
    found: Any = built(Badge(ACHIEVEMENT, replace(AWARD, **change), ISSUER))
    for step in path.split("/")[1:]:
        found = found[step]
    if isinstance(value, Part):
        assert found == to_json(value)
    elif isinstance(value, tuple):
        assert found == [to_json(entry) for entry in value]
    else:
        assert found == value


def test_no_field_of_an_award_is_without_a_place() -> None:
    assert {field.name for field in fields(Award)} == {*PLACES, "valid_from", "identifier"}


def test_a_name_stands_in_clear_and_an_email_hashed() -> None:
    # sha256 of "ada@example.org" and the salt, computed with sha256sum
    digest = "af31cf1da22fcbede9b6a871d1984dea366e5348d308800b5967a6e6bb95c123"
    document: Any = built(Badge(ACHIEVEMENT, AWARD, ISSUER))
    name, email = document["credentialSubject"]["identifier"]
    assert name == {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Ada",
        "identityType": "name",
    }
    assert email == {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": SALT,
    }


def test_an_email_is_hashed_as_it_is_meant() -> None:
    assert email_identity("  Ada@Example.ORG ", SALT) == email_identity("ada@example.org", SALT)


def test_a_name_can_be_switched_off() -> None:
    (only,) = recipient(name="", email="ada@example.org", salt=SALT)
    assert only.hashed


@pytest.mark.parametrize(
    ("options", "has_extensions"),
    [
        ({"credential_schema": False}, False),
        ({"credential_schema": True}, True),
        ({"credential_schema": False, "refresh_service": "https://x.example/r"}, True),
    ],
)
def test_extensions_are_named_only_when_used(options: dict[str, Any], has_extensions: bool) -> None:
    document: Any = achievement_credential(ACHIEVEMENT, AWARD, ISSUER, credential_id=ID, **options)
    assert len(document["@context"]) == 2 + has_extensions
    assert ("credentialSchema" in document) == options["credential_schema"]


def test_one_status_is_an_object_and_two_are_an_array() -> None:
    second = STATUS | {"id": "https://cairn.example/s/2#9", "statusPurpose": "suspension"}
    one: Any = achievement_credential(ACHIEVEMENT, AWARD, ISSUER, credential_id=ID, status=[STATUS])
    two: Any = achievement_credential(
        ACHIEVEMENT, AWARD, ISSUER, credential_id=ID, status=[STATUS, second]
    )
    assert one["credentialStatus"] == STATUS
    assert two["credentialStatus"] == [STATUS, second]


def test_a_creator_who_is_the_issuer_is_described_once_as_the_issuer() -> None:
    achievement = replace(ACHIEVEMENT, creator=Profile(ISSUER.id, "Another name"))
    document: Any = built(Badge(achievement, AWARD, ISSUER))
    assert "creator" not in document["credentialSubject"]["achievement"]


def test_an_issuer_with_an_address_leaves_no_two_things_that_nothing_tells_apart() -> None:
    issuer = replace(ISSUER, address=Address(address_country_code="IE"))
    document = built(Badge(replace(ACHIEVEMENT, creator=issuer), AWARD, issuer))
    signer = Signer(PrivateKey.from_seed(KeyType.ED25519, bytes(32)), "did:key:z#z", NOON)
    assert prepare_batch(document, ["/id"], signer, Vocabulary()) is not None


def test_repeated_tags_are_written_once_in_their_order() -> None:
    achievement = replace(ACHIEVEMENT, tag=("b", "a", "b"))
    assert to_json(achievement)["tag"] == ["b", "a"]


def refused(path: str, achievement: Achievement = ACHIEVEMENT, **options: Any) -> None:
    award = options.pop("award", AWARD)
    with pytest.raises(Malformed) as caught:
        achievement_credential(achievement, award, ISSUER, **{"credential_id": ID, **options})
    assert caught.value.path == path
    assert "; " in str(caught.value)


def test_what_only_the_whole_can_show_is_refused() -> None:
    described = replace(
        ACHIEVEMENT,
        result_description=(ResultDescription("urn:x-r:1", "Grade", "LetterGrade", ("B", "A")),),
    )
    refused("/id", credential_id="c/1")
    refused("/refreshService/id", refresh_service="c/1")
    refused("/credentialStatus", status=[])
    refused("/credentialStatus/id", status={"type": "X"})
    refused("/credentialStatus/1/type", status=[STATUS, {"id": "urn:x-s:1"}])
    refused("/credentialStatus/1/id", status=[STATUS, STATUS | {"statusListIndex": "8"}])
    refused("/credentialSubject/achievement/id", credential_id=ACHIEVEMENT.id)
    refused("/credentialSubject/id", award=replace(AWARD, id=ISSUER.id))
    other = replace(AWARD, result=(Result("urn:x-r:2", "B"),))
    refused("/credentialSubject/result/0/resultDescription", described, award=other)
    wrong = replace(AWARD, result=(Result(value="C"), Result("urn:x-r:1", "C")))
    refused("/credentialSubject/result/1/value", described, award=wrong)
    unknown = replace(AWARD, result=(Result("urn:x-r:1", achieved_level="urn:x-l:1"),))
    refused("/credentialSubject/result/0/achievedLevel", described, award=unknown)
    twice = (Evidence("https://x.example", "One"), Evidence("https://x.example", "Two"))
    refused("/evidence/1/id", award=replace(AWARD, evidence=twice))


def test_the_closed_lists_are_those_of_the_schema() -> None:
    schema = judge().schema["$defs"]

    def listed(name: str, term: str) -> set[str]:
        about = schema[name]["properties"][term]
        return set(about["enum"] if "enum" in about else about["oneOf"][0]["enum"])

    assert listed("Achievement", "achievementType") == vocabulary.ACHIEVEMENT_TYPES
    assert listed("Alignment", "targetType") == vocabulary.TARGET_TYPES
    assert listed("ResultDescription", "resultType") == vocabulary.RESULT_TYPES
    assert listed("Result", "status") == vocabulary.RESULT_STATUSES
    assert listed("IdentityObject", "identityType") == vocabulary.IDENTIFIER_TYPES


LEFT_OUT = {"endorsement", "endorsementJwt", "dateOfBirth", "achievement"}


PARTS = (
    *(Achievement, Address, Alignment, Award, Criteria, Evidence, GeoCoordinates, IdentifierEntry),
    *(IdentityObject, Image, Profile, Related, Result, ResultDescription, RubricCriterionLevel),
)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_term_of_the_schema_is_there_and_defined_by_the_context(part: type[Part]) -> None:
    properties = set(judge().schema["$defs"][part.TYPE or part.__name__]["properties"]) - {"type"}
    ours = {term.name for term in terms_of(part)}
    at_the_root = {"validFrom", "validUntil", "awardedDate", "evidence"} if part is Award else set()
    assert ours - at_the_root == properties - LEFT_OUT
    context = json.loads(reference("contexts/ob-v3p0-3.0.3.json").read_bytes())["@context"]
    defined = set(context) | set(context.get(part.TYPE, {}).get("@context", {}))
    assert ours - at_the_root <= defined


def test_identities_of_other_kinds_can_be_added() -> None:
    other = IdentityObject(False, "4711", "sisSourcedId")
    assert recipient(name="Ada", others=(other,))[-1] == other
