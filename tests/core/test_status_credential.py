"""`cairn.core.status.credential`: what is written is read back, and what is wrong is named."""

import json
from copy import deepcopy

import pytest

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.status.bitstring import MIN_ENTRIES, StatusList
from cairn.core.status.credential import (
    PublishedList,
    StatusEntry,
    UnsupportedStatus,
    read_entries,
    read_list,
    status_entry,
    status_list_credential,
)
from tests.reference import reference

LIST_URL = "https://issuer.example/status/1"
ISSUER = "did:web:issuer.example"
FROM, UNTIL = "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"
STATUSES = StatusList.empty().marked([4711])


def entry(**changes: Json) -> dict[str, Json]:
    right = status_entry(list_url=LIST_URL, index=4711, purpose="revocation")
    return {**right, **changes}


def published(**changes: Json) -> dict[str, Json]:
    right = status_list_credential(
        list_url=LIST_URL,
        issuer_id=ISSUER,
        purpose="revocation",
        statuses=STATUSES,
        valid_from=FROM,
        valid_until=UNTIL,
    )
    return {**right, **changes}


def with_subject(**changes: Json) -> dict[str, Json]:
    document = deepcopy(published())
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    subject.update(changes)
    return document


# Entries


def test_an_entry_is_written_as_the_specification_says() -> None:
    assert entry() == {
        "id": "https://issuer.example/status/1#4711",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "4711",
        "statusListCredential": "https://issuer.example/status/1",
    }


def test_an_entry_written_is_read_back() -> None:
    expected = StatusEntry("revocation", 4711, LIST_URL, "/credentialStatus")
    assert read_entries(entry(), "/credentialStatus") == (expected,)


def test_entries_keep_their_order_and_places() -> None:
    both: Json = [entry(), entry(statusPurpose="suspension", statusListIndex="0")]
    assert read_entries(both, "/credentialStatus") == (
        StatusEntry("revocation", 4711, LIST_URL, "/credentialStatus/0"),
        StatusEntry("suspension", 0, LIST_URL, "/credentialStatus/1"),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"type": ["BitstringStatusListEntry"]},
        {"type": ["Other", "BitstringStatusListEntry"]},
        {"statusSize": 1},
        {"statusReference": "https://issuer.example/why"},
    ],
)
def test_what_the_specification_leaves_open_is_accepted(changes: dict[str, Json]) -> None:
    (found,) = read_entries(entry(**changes), "")
    assert isinstance(found, StatusEntry)


def test_an_entry_needs_no_id() -> None:
    nameless = entry()
    del nameless["id"]
    assert read_entries(nameless, "") == read_entries(entry(), "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "RevocationList2020Status"}, "not known"),
        ({"type": ["CredentialStatusList2017"]}, "not known"),
        ({"statusSize": 9}, "9 bits"),
    ],
)
def test_a_status_we_cannot_read_is_told_and_not_passed_over(
    changes: dict[str, Json], reason: str
) -> None:
    (found,) = read_entries([entry(**changes)], "/credentialStatus")
    assert isinstance(found, UnsupportedStatus)
    assert reason in found.reason
    assert found.path == "/credentialStatus/0"


WRONG_TYPES: list[Json] = [None, True, 7, 1.5, "", [], {}, [1], ["a", None]]


@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=repr)
@pytest.mark.parametrize("name", ["type", "statusPurpose", "statusListIndex", "id"])
def test_a_wrong_type_in_an_entry_is_malformed_at_its_place(name: str, wrong: Json) -> None:
    with pytest.raises(Malformed) as refusal:
        read_entries([entry(**{name: wrong})], "/credentialStatus")
    assert refusal.value.path == f"/credentialStatus/0/{name}"


@pytest.mark.parametrize(
    "wrong",
    [*WRONG_TYPES, "status/1", "not a url", "https://a b", "https://" + "a" * 2048],
    ids=lambda value: repr(value)[:20],
)
def test_the_list_must_be_at_a_url(wrong: Json) -> None:
    with pytest.raises(Malformed) as refusal:
        read_entries(entry(statusListCredential=wrong), "")
    assert refusal.value.path == "/statusListCredential"


@pytest.mark.parametrize(
    "wrong", ["-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "١", "²", "1_0", "1\n", "9" * 5000]
)
def test_an_index_is_digits_and_nothing_else(wrong: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_entries(entry(statusListIndex=wrong), "")
    assert refusal.value.path == "/statusListIndex"


@pytest.mark.parametrize("wrong", [None, True, 0, -1, 1.0, "1", []], ids=repr)
def test_a_status_size_is_a_number_above_zero(wrong: Json) -> None:
    with pytest.raises(Malformed) as refusal:
        read_entries(entry(statusSize=wrong), "")
    assert refusal.value.path == "/statusSize"


def test_an_entry_is_not_its_list() -> None:
    with pytest.raises(Malformed, match="URL of its list"):
        read_entries(entry(id=LIST_URL), "")


@pytest.mark.parametrize("wrong", [None, True, 7, "revoked", [[]], [None]], ids=repr)
def test_a_status_that_is_no_object_is_malformed(wrong: Json) -> None:
    with pytest.raises(Malformed, match="need an object"):
        read_entries(wrong, "/credentialStatus")


def test_the_number_of_entries_is_bounded() -> None:
    many: list[Json] = [entry()] * 17
    assert len(read_entries(many[:16], "")) == 16
    for wrong in (many[:0], many):
        with pytest.raises(Malformed, match="need 1 to 16"):
            read_entries(wrong, "")


# Lists


def test_a_list_is_written_as_the_specification_says() -> None:
    assert published() == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": ISSUER,
        "validFrom": FROM,
        "validUntil": UNTIL,
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": STATUSES.encode(),
        },
    }


def test_a_list_written_is_read_back() -> None:
    expected = PublishedList(ISSUER, ("revocation",), STATUSES, FROM, UNTIL, None)
    assert read_list(published(), list_url=LIST_URL) == expected


def test_a_ttl_written_is_read_back() -> None:
    document = status_list_credential(
        list_url=LIST_URL,
        issuer_id=ISSUER,
        purpose="suspension",
        statuses=STATUSES,
        valid_from=FROM,
        valid_until=UNTIL,
        ttl_ms=60_000,
    )
    found = read_list(document, list_url=LIST_URL)
    assert (found.ttl_ms, found.purposes) == (60_000, ("suspension",))


def test_what_is_optional_may_be_absent() -> None:
    document = published(issuer={"id": ISSUER, "name": "Riverside"})
    for name in ("id", "validFrom", "validUntil"):
        del document[name]
    expected = PublishedList(ISSUER, ("revocation",), STATUSES, None, None, None)
    assert read_list(document, list_url=LIST_URL) == expected


def test_a_list_may_have_several_purposes() -> None:
    document = with_subject(statusPurpose=["revocation", "suspension"], ttl=0)
    found = read_list(document, list_url=LIST_URL)
    assert (found.purposes, found.ttl_ms) == (("revocation", "suspension"), 0)


def test_another_list_in_its_place_is_refused() -> None:
    with pytest.raises(Malformed, match="calls itself") as refusal:
        read_list(published(id="https://issuer.example/status/2"), list_url=LIST_URL)
    assert refusal.value.path == "/id"


@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=repr)
@pytest.mark.parametrize(
    "name", ["type", "id", "issuer", "validFrom", "validUntil", "credentialSubject"]
)
def test_a_wrong_type_in_a_list_is_malformed_at_its_place(name: str, wrong: Json) -> None:
    with pytest.raises(Malformed) as refusal:
        read_list(published(**{name: wrong}), list_url=LIST_URL)
    # An object without what it should hold is reported at what is missing.
    assert refusal.value.path in {f"/{name}", f"/{name}/id", f"/{name}/type"}


@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=repr)
@pytest.mark.parametrize("name", ["type", "statusPurpose", "encodedList"])
def test_a_wrong_type_in_its_subject_is_malformed_at_its_place(name: str, wrong: Json) -> None:
    with pytest.raises(Malformed) as refusal:
        read_list(with_subject(**{name: wrong}), list_url=LIST_URL)
    assert refusal.value.path == f"/credentialSubject/{name}"


@pytest.mark.parametrize("wrong", [None, True, -1, 1.5, "300000", []], ids=repr)
def test_a_ttl_is_a_whole_number(wrong: Json) -> None:
    with pytest.raises(Malformed) as refusal:
        read_list(with_subject(ttl=wrong), list_url=LIST_URL)
    assert refusal.value.path == "/credentialSubject/ttl"


@pytest.mark.parametrize(
    "changes", [{"type": "VerifiableCredential"}, {"type": ["VerifiableCredential"]}]
)
def test_another_credential_is_no_list(changes: dict[str, Json]) -> None:
    with pytest.raises(Malformed, match="BitstringStatusListCredential"):
        read_list(published(**changes), list_url=LIST_URL)


def test_another_subject_is_no_list() -> None:
    with pytest.raises(Malformed, match=r"not a BitstringStatusList$") as refusal:
        read_list(with_subject(type="StatusList2021"), list_url=LIST_URL)
    assert refusal.value.path == "/credentialSubject/type"


def test_a_damaged_list_is_malformed_at_its_place() -> None:
    with pytest.raises(Malformed, match="base64url") as refusal:
        read_list(with_subject(encodedList="uAAAA="), list_url=LIST_URL)
    assert refusal.value.path == "/credentialSubject/encodedList"
    assert str(refusal.value).count("encodedList") == 2  # the path once, the message once


# Published vectors


def vector(name: str) -> dict[str, Json]:
    document: dict[str, Json] = json.loads(reference(f"vectors/bitstring/{name}").read_bytes())
    return document


@pytest.mark.conformance
def test_the_published_list_has_one_bit_set() -> None:
    found = read_list(vector("testlist"), list_url="https://example.com/credentials/status/3")
    assert (len(found.statuses), found.statuses.count()) == (MIN_ENTRIES, 1)
    assert found.statuses[23]
    assert (found.purposes, found.valid_from) == (("revocation",), "2021-04-05T14:27:40Z")


@pytest.mark.conformance
@pytest.mark.parametrize(
    "name", ["credential-status-revoked.json", "credential-status-revoked-blank-nodes.json"]
)
def test_the_published_entries_break_two_rules_and_are_refused(name: str) -> None:
    # The index is a number, where section 2.1 wants a string; and the list that is fetched from
    # the entry's URL calls itself by another.
    status = vector(name)["credentialStatus"]
    assert isinstance(status, dict)
    with pytest.raises(Malformed) as refusal:
        read_entries(status, "/credentialStatus")
    assert refusal.value.path == "/credentialStatus/statusListIndex"
    (found,) = read_entries({**status, "statusListIndex": "23"}, "/credentialStatus")
    assert isinstance(found, StatusEntry)
    with pytest.raises(Malformed, match="calls itself"):
        read_list(vector("testlist"), list_url=found.list_url)
