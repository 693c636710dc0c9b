"""`cairn.core.codec.multibase` and `base64url`: vectors, an oracle, one text per value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec import base64url, multibase
from cairn.core.errors import Malformed
from tests.timing import took_at_most

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

# draft-msporny-base58-03, section 5, and the multibase specification's test vectors
PUBLISHED = [
    (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
    (
        b"The quick brown fox jumps over the lazy dog.",
        "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
    ),
    (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    (b"yes mani !", "z7paNL19xttacUY"),
    (b"\x00yes mani !", "z17paNL19xttacUY"),
    (b"\x00\x00yes mani !", "z117paNL19xttacUY"),
    (b"", "z"),
    (b"yes mani !", "ueWVzIG1hbmkgIQ"),
    (b"\x00\x00yes mani !", "uAAB5ZXMgbWFuaSAh"),
    (b"", "u"),
]


def plain_base58(data: bytes) -> str:
    """The oracle: one long division a digit."""
    number, digits = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


@pytest.mark.parametrize(("data", "text"), PUBLISHED)
def test_published_vectors_hold_both_ways(data: bytes, text: str) -> None:
    encode = multibase.encode_base58btc if text[0] == "z" else multibase.encode_base64url
    assert encode(data) == text
    assert multibase.decode(text) == data


@given(st.binary(max_size=120), st.integers(0, 3))
def test_base58_agrees_with_long_division(data: bytes, zeros: int) -> None:
    data = bytes(zeros) + data
    text = multibase.encode_base58btc(data)
    assert text == plain_base58(data)
    assert multibase.decode(text) == data


@given(st.text(ALPHABET, max_size=80))
def test_base58_has_one_text_for_each_value(digits: str) -> None:
    assert multibase.encode_base58btc(multibase.decode("z" + digits)) == "z" + digits


@given(st.binary())
def test_base64url_decode_undoes_encode(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data
    assert multibase.decode(multibase.encode_base64url(data)) == data


@given(st.text("ABQgwx-_", max_size=9))
def test_base64url_has_one_text_for_each_value(text: str) -> None:
    try:
        data = base64url.decode(text)
    except Malformed:
        return
    assert base64url.encode(data) == text


@given(st.text())
def test_hostile_text_is_malformed_and_nothing_worse(text: str) -> None:
    for start in ("", "z", "u"):
        try:
            multibase.decode(start + text)
        except Malformed:
            continue


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must start with"),
        ("mAAAA", "must start with"),
        ("Z2NEpo7", "must start with"),
        ("z0", "'0' is not a base58 digit"),
        ("zO", "'O'"),
        ("zI", "'I'"),
        ("zl", "'l'"),
        ("z2NEpo7 ", "' '"),
        ("z2NEpo7\n", "base58"),
        ("zé", "'é'"),
        ("uAA==", "padding"),
        ("uA+/A", "letters"),
        ("uAA\n", "letters"),
        ("uAAAAA", "impossible length"),
        ("uAB", "no byte"),
        ("uAAB", "no byte"),
    ],
)
def test_other_spellings_are_refused(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        multibase.decode(text)


def test_length_is_bounded_and_the_bound_is_exact() -> None:
    assert multibase.decode("z" + "1" * 9, max_length=10) == bytes(9)
    with pytest.raises(Malformed, match="at most 10"):
        multibase.decode("z" + "1" * 10, max_length=10)
    with pytest.raises(Malformed, match="at most 4096"):
        multibase.decode("u" + "A" * 4096)


@pytest.mark.timed
def test_the_longest_text_is_read_at_once() -> None:
    # typically 0.001 s
    took_at_most(0.1, lambda: multibase.decode("z" * multibase.MAX_LENGTH))
