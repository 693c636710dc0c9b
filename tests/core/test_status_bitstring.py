"""`cairn.core.status.bitstring`: a published vector, an oracle, and the laws it must obey."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import Malformed
from cairn.core.status.bitstring import MAX_BYTES, MAX_ENCODED, MIN_ENTRIES, StatusList

ALL_CLEAR = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"

index_sets = st.frozensets(st.integers(0, MIN_ENTRIES - 1), max_size=40)


def encoded(bits: bytes) -> str:  # by other means than the code under test
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits)).decode().rstrip("=")


def test_reads_the_list_printed_in_the_specification() -> None:
    assert StatusList.decode(ALL_CLEAR) == StatusList.empty()


def test_index_zero_is_the_top_bit() -> None:
    assert StatusList.empty().marked([0]).bits[0] == 0b1000_0000


def test_a_list_is_rounded_up_to_whole_bytes() -> None:
    assert len(StatusList.empty(MIN_ENTRIES + 1)) == MIN_ENTRIES + 8


@given(index_sets)
def test_agrees_with_a_plain_set_of_indices(revoked: frozenset[int]) -> None:
    statuses = StatusList.empty().marked(revoked)
    touched = {8 * (index // 8) + bit for index in revoked for bit in range(8)}
    assert {index for index in touched if statuses[index]} == revoked
    assert statuses.count() == len(revoked)


@given(index_sets.map(StatusList.empty().marked))
def test_decode_undoes_encode(statuses: StatusList) -> None:
    assert StatusList.decode(statuses.encode()) == statuses


@given(index_sets, index_sets)
def test_marking_is_idempotent_and_order_free(a: frozenset[int], b: frozenset[int]) -> None:
    empty = StatusList.empty()
    assert empty.marked(a).marked(b) == empty.marked(b).marked(a) == empty.marked(a | b)


@given(st.integers(max_value=-1) | st.integers(min_value=MIN_ENTRIES))
def test_refuses_an_index_outside_the_list(index: int) -> None:
    with pytest.raises(Malformed, match="outside"):
        StatusList.empty()[index]
    with pytest.raises(Malformed, match="outside"):
        StatusList.empty().marked([index])


@given(st.text(max_size=60).map("u".__add__) | st.text(max_size=60))
def test_hostile_text_is_malformed_and_nothing_worse(text: str) -> None:
    with pytest.raises(Malformed):
        StatusList.decode(text)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        pytest.param("z" + ALL_CLEAR[1:], "base64url", id="another multibase"),
        pytest.param(ALL_CLEAR + "=", "base64url", id="padded"),
        pytest.param("uAAAAA", "base64url", id="impossible length"),
        pytest.param(ALL_CLEAR.replace("-", "+"), "base64url", id="plain base64"),
        pytest.param(ALL_CLEAR[:-8], "cut short", id="cut short"),
        pytest.param(encoded(bytes(MIN_ENTRIES // 8)) + "AAAA", "trailing", id="trailing bytes"),
        pytest.param(encoded(bytes(MIN_ENTRIES // 8 - 1)), "entries", id="too few to hide in"),
        pytest.param(encoded(bytes(MAX_BYTES + 1)), "entries", id="just too many"),
        pytest.param(encoded(bytes(2 * MAX_BYTES)), "over-long", id="decompression bomb"),
        pytest.param("u" * (MAX_ENCODED + 1), "characters", id="too long to begin with"),
    ],
)
def test_refuses_a_malformed_document(document: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        StatusList.decode(document)


def test_the_largest_list_is_read() -> None:
    largest = StatusList(bytes(MAX_BYTES))
    assert StatusList.decode(largest.encode()) == largest


@given(st.sets(st.integers(0, MIN_ENTRIES - 1), max_size=50), st.data())
def test_what_is_cleared_is_clear_and_nothing_else_changes(
    marked: set[int], data: st.DataObject
) -> None:
    cleared = data.draw(st.sets(st.sampled_from(sorted(marked)))) if marked else set()
    statuses = StatusList.empty().marked(marked).cleared(cleared)
    assert statuses == StatusList.empty().marked(marked - cleared)
    with pytest.raises(Malformed):
        statuses.cleared([-1])
