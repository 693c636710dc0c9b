"""`cairn.core.codec.jcs`: the examples of RFC 8785 and the laws of a canonical form."""

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec.jcs import canonicalize
from cairn.core.codec.strict_json import Json, read, write
from cairn.core.errors import Malformed
from tests.reference import reference

text = st.text(st.characters(exclude_categories=["Cs"]))
trees: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner) | st.dictionaries(text, inner),
    max_leaves=12,
)

# RFC 8785, appendix B: the bits of a double and its text
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "expected"), NUMBERS.items())
def test_numbers_print_as_the_rfc_says(bits: str, expected: str) -> None:
    number: float = struct.unpack(">d", bytes.fromhex(bits))[0]
    assert canonicalize(number) == expected.encode()


def test_the_example_of_section_3_2_2() -> None:
    document = read(
        rb"""{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
        }"""
    )
    assert (
        canonicalize(document)
        == (
            r'{"literals":[null,true,false],'
            r'"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
        ).encode()
    )


def test_keys_sort_by_utf16_as_in_section_3_2_3() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    canonical = canonicalize(dict.fromkeys(keys))
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical)) == ordered


@given(trees)
def test_the_form_means_the_same_and_is_its_own_form(value: Json) -> None:
    canonical = canonicalize(value)
    assert read(canonical) == value
    assert canonicalize(read(canonical)) == canonical


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_strict_json_writes_reads_back_from_its_canonical_form(number: float) -> None:
    try:
        write(number)
    except Malformed:
        return
    assert read(canonicalize(number)) == number


@given(st.dictionaries(text, st.integers(0, 9)))
def test_the_order_of_members_does_not_matter(value: dict[str, Json]) -> None:
    turned = dict(sorted(value.items(), reverse=True))
    assert canonicalize(turned) == canonicalize(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, -(2**53), "\ud800", {"\ud800": 1}])
def test_what_has_no_form_is_refused(value: Json) -> None:
    with pytest.raises(Malformed, match="no canonical JSON form"):
        canonicalize(value)


def test_endless_nesting_is_refused() -> None:
    cycle: list[Json] = []
    cycle.append(cycle)
    with pytest.raises(Malformed, match="nested too deep"):
        canonicalize(cycle)


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("eddsa/eddsa-jcs-2022", "JCS"),
        ("ecdsa/ecdsa-jcs-2019-p256", "JCSECDSAP256"),
        ("ecdsa/ecdsa-jcs-2019-p384", "JCSECDSAP384"),
    ],
)
def test_reproduces_the_w3c_documents(folder: str, name: str) -> None:
    base = reference(f"vectors/{folder}")
    for part, source in (("canonDoc", None), ("proofCanon", f"proofConfig{name}.json")):
        origin = base / source if source else base.parent / "unsigned.json"
        expected = (base / f"{part}{name}.txt").read_bytes()
        assert canonicalize(read(origin.read_bytes())) == expected
