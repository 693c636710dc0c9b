"""`cairn.core.status.token_status_list`: the draft's vectors, and tricks with bits and claims."""

import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec import base64url
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.status.bitstring import StatusList
from cairn.core.status.token_status_list import (
    MAX_BYTES,
    StatusReference,
    TokenStatuses,
    read_reference,
    read_status_list,
)

URI = "https://uni.example/statuslists/1"
HEADER: dict[str, Json] = {"alg": "ES256", "typ": "statuslist+jwt"}
# draft-ietf-oauth-status-list-21, sections 4.1 and 4.2
ONE_BIT, ONE_BIT_VALUES = "eNrbuRgAAhcBXQ", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
TWO_BITS, TWO_BIT_VALUES = "eNo76fITAAPfAgc", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
# appendix C.1: 2^20 entries
MILLION = (
    "eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogE"
    "AAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAAAAAAAAA"
    "A7KpLAAAAAAAAAAAAAAAAAAAAAJsLCQAAAAAAAAAAADjelAAAAAAAAAAAKjDMAQAAA"
    "ACAZC8L2AEb"
)
MILLION_SET = [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345]


def packed(data: bytes) -> str:
    return base64url.encode(zlib.compress(data, 9))


def claims(**changes: Any) -> dict[str, Any]:
    right = {"sub": URI, "iat": 1_780_000_000, "status_list": {"bits": 1, "lst": ONE_BIT}}
    return {**right, **changes}


@pytest.mark.parametrize(
    ("bits", "encoded", "values"), [(1, ONE_BIT, ONE_BIT_VALUES), (2, TWO_BITS, TWO_BIT_VALUES)]
)
def test_the_printed_lists_are_read_as_printed(bits: int, encoded: str, values: list[int]) -> None:
    statuses = TokenStatuses.decode(bits, encoded)
    assert [statuses[index] for index in range(len(statuses))] == values


def test_the_long_list_of_the_appendix_is_read_as_printed() -> None:
    statuses = TokenStatuses.decode(1, MILLION)
    assert len(statuses) == 2**20
    assert [index for index in range(2**20) if statuses[index]] == MILLION_SET


@given(st.sampled_from([1, 2, 4, 8]), st.lists(st.integers(0, 255), min_size=1, max_size=64))
def test_agrees_with_packing_by_other_means(bits: int, values: list[int]) -> None:
    values = [value % 2**bits for value in values]
    whole = sum(value << bits * index for index, value in enumerate(values))
    data = whole.to_bytes(-(-len(values) * bits // 8), "little")
    statuses = TokenStatuses.decode(bits, packed(data))
    assert [statuses[index] for index in range(len(values))] == values


def test_attack_of_the_other_bit_order_reads_another_persons_status() -> None:
    # the same byte: entry 0 is revoked here and entry 7 there; read wrongly, both are free
    assert TokenStatuses(1, b"\x01")[0] == 1
    assert TokenStatuses(1, b"\x01")[7] == 0
    w3c = StatusList(b"\x01" + bytes(16_383))
    assert (w3c[0], w3c[7]) == (False, True)


@pytest.mark.parametrize("index", [-1, -16, 16, 2**70])
def test_attack_of_an_index_past_either_end(index: int) -> None:
    with pytest.raises(Malformed, match="outside"):
        TokenStatuses.decode(1, ONE_BIT)[index]


@pytest.mark.parametrize("bits", [0, 3, 5, 16, -1, True, 1.0, "1", None, [1]], ids=repr)
def test_attack_of_a_size_that_is_none(bits: Json) -> None:
    with pytest.raises(Malformed, match="1, 2, 4 or 8"):
        TokenStatuses.decode(bits, ONE_BIT)


BOMB = packed(bytes(MAX_BYTES + 1))


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(BOMB, id="bomb"),
        pytest.param(packed(bytes(20 * MAX_BYTES)), id="larger bomb"),
        pytest.param(ONE_BIT[:-3], id="cut short"),
        pytest.param(base64url.encode(zlib.compress(b"x") + b"y"), id="trailing bytes"),
        pytest.param(base64url.encode(b"x" * 40), id="no zlib"),
        pytest.param(base64url.encode(zlib.compress(b"x" * 9, wbits=31)), id="gzip, as W3C has it"),
        pytest.param(ONE_BIT + "==", id="padding"),
        pytest.param("", id="nothing"),
        pytest.param(None, id="null"),
        pytest.param([ONE_BIT], id="array"),
    ],
)
def test_attack_of_a_list_that_is_no_bounded_zlib_stream(encoded: Json) -> None:
    with pytest.raises(Malformed):
        TokenStatuses.decode(1, encoded)


def test_a_list_just_below_the_bound_is_read() -> None:
    assert len(TokenStatuses.decode(8, packed(bytes(MAX_BYTES)))) == MAX_BYTES


def test_the_claims_are_read() -> None:
    found = read_status_list(HEADER, claims(exp=1_790_000_000.5, ttl=60, iss="did:x:1"), uri=URI)
    assert (found.issued_at, found.expires_at, found.ttl_seconds) == (
        1_780_000_000,
        1_790_000_000,
        60,
    )
    assert (found.issuer_id, len(found.statuses)) == ("did:x:1", 16)


@pytest.mark.parametrize(
    ("header", "changes", "path"),
    [
        pytest.param({"typ": "JWT"}, {}, "/typ", id="any other token of the same key"),
        pytest.param({"typ": "vc+jwt"}, {}, "/typ", id="a credential as its own list"),
        pytest.param({}, {}, "/typ", id="no type"),
        pytest.param(HEADER, {"sub": URI + "/2"}, "/sub", id="the list of another address"),
        pytest.param(HEADER, {"sub": [URI]}, "/sub", id="several addresses"),
        pytest.param(HEADER, {"iat": "1780000000"}, "/iat", id="text as time"),
        pytest.param(HEADER, {"iat": True}, "/iat", id="true as time"),
        pytest.param(HEADER, {"exp": -1}, "/exp", id="negative end"),
        pytest.param(HEADER, {"exp": 2**60}, "/exp", id="endless end"),
        pytest.param(HEADER, {"ttl": 0}, "/ttl", id="no life"),
        pytest.param(HEADER, {"status_list": None}, "/status_list", id="no list"),
        pytest.param(HEADER, {"status_list": []}, "/status_list", id="array"),
    ],
)
def test_attack_of_another_token_in_the_place_of_the_list(
    header: dict[str, Json], changes: dict[str, Json], path: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        read_status_list(header, claims(**changes), uri=URI)
    assert refusal.value.path == path


def test_a_reference_is_read_and_absence_is_told() -> None:
    status: Json = {"status_list": {"idx": 4, "uri": URI}}
    assert read_reference({"status": status}) == StatusReference(4, URI)
    assert read_reference({}) is None
    assert read_reference({"status": {"other": {}}}) is None


@pytest.mark.parametrize(
    "status",
    [
        [],
        "revoked",
        {"status_list": None},
        {"status_list": {"idx": -1, "uri": URI}},
        {"status_list": {"idx": True, "uri": URI}},
        {"status_list": {"idx": "4", "uri": URI}},
        {"status_list": {"idx": 1.5, "uri": URI}},
        {"status_list": {"idx": 4}},
        {"status_list": {"idx": 4, "uri": "file:///etc/passwd"}},
        {"status_list": {"idx": 4, "uri": "https://a b"}},
        {"status_list": {"idx": 4, "uri": "https://" + "a" * 2048}},
    ],
    ids=repr,
)
def test_attack_of_a_reference_that_cannot_be_followed(status: Json) -> None:
    with pytest.raises(Malformed):
        read_reference({"status": status})
