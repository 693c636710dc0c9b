"""Text with a token, JSON or a link in it; kinds of files; names fit to be shown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.containers import display, links, recognise, text
from cairn.core.containers.recognise import Kind, kind_of
from cairn.core.errors import Malformed
from tests.core.container_files import CREDENTIAL, LINK, TOKEN, within_a_second

pytestmark = pytest.mark.timed

JWS = TOKEN.decode()
SD_JWT = f"{JWS}~WyJzYWx0IiwibmFtZSIsIngiXQ~WyJzIl0~"
BOUND_SD_JWT = SD_JWT + JWS


@pytest.mark.parametrize("token", [JWS, SD_JWT, BOUND_SD_JWT, "eyJhbGciOiJub25lIn0.e30."])
def test_finds_a_token(token: str) -> None:
    assert text.is_token(token)
    for around in ("{}", "Your badge: {}\nRegards", "<a href='x?t={}'>", '"{}"', "see {}, thanks"):
        assert text.tokens_in(around.format(token)) == (token,)


def test_finds_a_token_broken_over_lines() -> None:
    assert text.tokens_in(f" {SD_JWT[:40]}\r\n{SD_JWT[40:90]}\r\n{SD_JWT[90:]}\n") == (SD_JWT,)


def test_two_tokens_on_two_lines_stay_two() -> None:
    assert text.tokens_in(f"{SD_JWT}\n{BOUND_SD_JWT}\n") == (SD_JWT, BOUND_SD_JWT)


@pytest.mark.parametrize(
    "other",
    ["", "eyJ", "a.b.c", "eyJa.b", JWS[3:], "version 1.2.3", "..", JWS.replace("eyJ", "EYJ")],
)
def test_what_is_no_token(other: str) -> None:
    assert text.tokens_in(other) == ()


def test_at_most_so_many_tokens_and_each_once() -> None:
    several = [f"{JWS}{number}" for number in range(text.MAX_CANDIDATES + 1)]
    assert text.tokens_in(" ".join(several)) == tuple(several[:-1])
    assert text.tokens_in(f"{JWS} and {JWS}") == (JWS,)


@given(st.dictionaries(st.text(min_size=1), st.text() | st.integers(), min_size=1))
def test_finds_json_in_prose(value: dict[str, object]) -> None:
    document = json.dumps(value)
    assert text.objects_in("Here it is { } :\n" + document + " } more {") == (document,)


def test_at_most_so_many_objects() -> None:
    assert len(text.objects_in('{"a":1}' * 20)) == text.MAX_CANDIDATES


def test_at_most_so_many_attempts() -> None:
    def after(attempts: int) -> str:
        return '{"x" ' * attempts + CREDENTIAL.decode()

    assert text.objects_in(after(text.MAX_ATTEMPTS - 1)) == (CREDENTIAL.decode(),)
    assert text.objects_in(after(text.MAX_ATTEMPTS)) == ()


def test_at_most_so_many_brackets() -> None:
    def nested(brackets: int) -> str:
        return '{"' + '"' + "{}" * ((brackets - 3) // 2) + "}"

    most = text.MAX_BRACKETS - 1  # an odd number: two braces and a string around pairs
    assert text.objects_in(nested(most)) == (nested(most),)
    assert text.objects_in(nested(most + 2)) == ()


def test_as_long_a_text_as_the_bound_and_one_more() -> None:
    assert len(text.text_of(b"x" * text.MAX_BYTES)) == text.MAX_BYTES
    with pytest.raises(Malformed, match="at most"):
        text.text_of(b"x" * (text.MAX_BYTES + 1))


def test_reads_what_windows_saves() -> None:
    assert text.text_of("é".encode("utf-16")) == text.text_of("é".encode("utf-8-sig")) == "é"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\xff", b"\xed\xa0\x80"])
def test_refuses_what_is_no_text(data: bytes) -> None:
    with pytest.raises(Malformed, match="UTF-8"):
        text.text_of(data)


MEGABYTE = 2**20
SLOW = {
    "token_starts_without_end": "eyJ" * MEGABYTE,
    "token_with_dots": "eyJa." * (MEGABYTE // 2),
    "token_with_tildes": f"{JWS}" + "~" * 3 * MEGABYTE,
    "token_with_tildes_and_dots": f"{JWS}" + "~a.b" * MEGABYTE,
    "two_parts_again_and_again": "eyJa.b " * (MEGABYTE // 2),
    "open_braces": '{"' * MEGABYTE,
    "open_braces_and_spaces": "{ " * MEGABYTE,
    "open_braces_far_apart": ("{" + " " * 1000) * 4000,
    "quotes": '{"' + '"' * 3 * MEGABYTE,
    "escaped_quotes": '{"' + '\\"' * MEGABYTE,
    "backslashes": '{"' + "\\" * 3 * MEGABYTE,
    "unclosed_objects": '{"a":' * (MEGABYTE // 2),
    "links_again_and_again": "https://" * (MEGABYTE // 2),
    "one_long_link": "https://" + "a" * 3 * MEGABYTE,
    "link_of_punctuation": "https://" + "." * 3 * MEGABYTE,
    "spaces": " " * 4 * MEGABYTE,
    "lines": "\n" * 4 * MEGABYTE,
}


@pytest.mark.parametrize("attack", SLOW)
def test_time_grows_with_length_only(attack: str) -> None:
    with within_a_second():
        text.tokens_in(SLOW[attack])
        text.objects_in(SLOW[attack])
        links.links_in(SLOW[attack])


@pytest.mark.parametrize(
    ("around", "link"),
    [
        ("See {}.", LINK),
        ("({})", LINK),
        ("<{}>", LINK),
        ('<a href="{}">', LINK),
        ("{}, or", LINK),
        ("{}", "HTTPS://example.org/?a=1&b=(2)#c"),
        ("{}", "http://[2001:db8::1]:8080/x"),
    ],
)
def test_finds_a_link(around: str, link: str) -> None:
    assert links.links_in(around.format(link)) == (link,)


@pytest.mark.parametrize(
    "other",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org/",
        "data:text/html,x",
        "https://",
        "https:// example.org",
        "https://example.org/\u202egpj.x",
        "https://ex\u0430mple.org/",
        "https://example.org/a b",
        "https://example.org/\r\nHost: evil.example",
        " https://example.org/",
        "https://example.org/\0",
        "http\u017f://example.org/",
        "https://\u212aairn.example.org/",
        "https://ba\u017fe.example.org/",
    ],
)
def test_what_is_no_link(other: str) -> None:
    assert not links.is_link(other)


def test_as_long_a_link_as_the_bound_and_one_more() -> None:
    most = LINK + "x" * (links.MAX_LINK_CHARACTERS - len(LINK))
    assert links.is_link(most)
    assert not links.is_link(most + "x")


def test_as_many_links_as_the_bound_each_once() -> None:
    several = [f"{LINK}/{number}" for number in range(links.MAX_LINKS + 1)]
    assert links.chosen([several[0], *several]) == tuple(several[:-1])


KINDS = {
    Kind.PNG: [b"\x89PNG\r\n\x1a\n"],
    Kind.JPEG: [b"\xff\xd8\xff\xe0"],
    Kind.GIF: [b"GIF89a", b"GIF87a"],
    Kind.WEBP: [b"RIFF\0\0\0\0WEBPVP8 "],
    Kind.PDF: [b"%PDF-1.7", b"\r\n\0junk%PDF-1.4"],
    Kind.ZIP: [b"PK\3\4", b"PK\5\6"],
    Kind.JSON: [b"{", b" \r\n\t[1]", b"\xef\xbb\xbf{}", b"{\xff"],
    Kind.SVG: [
        b"<svg>",
        b"<svg/>",
        b"<x:svg xmlns:x=''>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <html> --><!DOCTYPE svg>\n<svg\n>",
        b"<!DOCTYPE svg [<!ENTITY a '>'>]><svg>",
        "<?xml version='1.0' encoding='utf-16'?><svg>".encode("utf-16"),
    ],
    Kind.TEXT: [
        b"",
        b"hello",
        TOKEN,
        b"<html><svg></svg>",
        b"<svgx>",
        b"<!-- <svg>",
        b"<?xml",
        "é".encode("utf-16"),
    ],
    Kind.UNKNOWN: [b"\0", b"\x1f\x8b\x08", b"\xff\xd8", b"RIFF\0\0\0\0WAVE", b"a\x01", b"\xe9"],
}


@pytest.mark.parametrize(
    ("kind", "data"), [(k, data) for k, all_ in KINDS.items() for data in all_]
)
def test_a_kind_is_known_by_its_content(kind: Kind, data: bytes) -> None:
    assert kind_of(data) is kind


@given(st.binary(max_size=60))
def test_everything_is_of_some_kind(data: bytes) -> None:
    assert kind_of(data) in Kind


@pytest.mark.parametrize(
    "data", [b"<!--" * MEGABYTE, b"<?" * MEGABYTE, b"<!" * MEGABYTE, b" " * MEGABYTE]
)
def test_a_long_prologue_costs_little(data: bytes) -> None:
    with within_a_second():
        assert kind_of(data) is Kind.TEXT


def test_the_first_element_must_come_early() -> None:
    def late(spaces: int) -> bytes:
        return b" " * spaces + b"<svg>"

    assert kind_of(late(recognise.HEAD_BYTES - 5)) is Kind.SVG
    assert kind_of(late(recognise.HEAD_BYTES)) is Kind.TEXT


def test_the_header_of_a_pdf_must_come_early() -> None:
    assert kind_of(bytes(recognise.PDF_HEAD_BYTES - 5) + b"%PDF-1.4") is Kind.PDF
    assert kind_of(bytes(recognise.PDF_HEAD_BYTES - 4) + b"%PDF-1.4") is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("badge.json", "badge.json"),
        ("a\u202egnp.exe", "a\ufffdgnp.exe"),
        ("a\u200bb\u2066c\x1b[31m", "a\ufffdb\ufffdc\ufffd[31m"),
        ("a\nb\u2028c", "a\ufffdb\ufffdc"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_cannot_be_seen_is_shown(name: str, shown: str) -> None:
    assert display.shown(name) == shown


def test_long_names_are_clipped() -> None:
    assert display.shown("x" * display.MAX_CHARACTERS) == "x" * display.MAX_CHARACTERS
    assert display.shown("x" * 101) == "x" * 99 + "…"
