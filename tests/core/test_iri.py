"""`cairn.core.codec.iri`: what every library takes as the same absolute IRI, and what none may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec.iri import is_absolute_iri
from tests.timing import cpu_within

GOOD = [
    "https://example.org",
    "https://example.org/",
    "http://example.org:8080/a/b?c=d&e=f#g",
    "https://user@example.org/a",
    "https://[2001:db8::1]:443/x",
    "https://example.org/a;b=c,d/(e)!$&'*+~_-.",
    "https://example.org/a%20b%C3%A9",
    "https://bücher.example/päth/日本語",
    "https://example.org/..a/b..c/...",
    "https://example.org/?q=/./",
    "urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c",
    "urn:isbn:0451450523",
    "did:web:cairn.example:i:0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f01",
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    "mailto:ada@example.org",
    "tel:+353-91-123456",
    "data:image/png;base64,iVBORw0KGgo/+=",
    "data:image/jpeg;base64,/9j/4AAQSkZJRg==",
    "tag:example.org,2026:x",
    "ftp://ftp.example.org/x",
    "file:///etc/hosts",
    "HTTPS://example.org/",
]

BAD = {
    "": "empty",
    "example.org": "no scheme",
    "/a/b": "relative",
    "//example.org/a": "no scheme",
    "1ttp://example.org": "scheme starts with a digit",
    "_:b0": "a blank node",
    "https:": "nothing after the scheme",
    "urn:": "nothing after the scheme",
    "https://": "no host",
    "https:///a": "no host",
    "https:a/b": "no authority",
    "https://:443/": "no host",
    "https://user@/": "no host",
    "https://x/<x>": "angle brackets",
    "https://x/{r}": "braces",
    'https://x/"': "a quotation mark",
    "https://x/|": "a bar",
    "https://x/\\": "a backslash",
    "https://x/^": "a caret",
    "https://x/`": "a backtick",
    "https://x/a b": "a space",
    " https://x/": "a space",
    "https://x/\n": "a line end",
    "https://x/\t": "a tab",
    "https://x/\x00": "NUL",
    "https://x/\x7f": "DEL",
    "https://x/\x85": "a C1 control",
    "https://x/%zz": "not hexadecimal",
    "https://x/%4": "cut short",
    "https://x/%": "cut short",
    "https://x:port/": "port is not a number",
    "https://x:/": "empty port",
    "https://x:70000/": "port too large",
    "https://x:1:2/": "two ports",
    "https://[::1/": "bracket not closed",
    "https://::1]/": "bracket not opened",
    "https://[::g]/": "not hexadecimal",
    "https://[1.2.3.4]/": "not IPv6",
    "https://[fe80::1%25eth0]/": "a zone",
    "https://x/[a]": "brackets outside the host",
    "https://x/a?b=[c]": "brackets outside the host",
    "https://x/#a#b": "two fragments",
    "https://x/\ufdd0": "noncharacter",
    "https://x/\uffff": "noncharacter",
    "https://x/\U0001fffe": "noncharacter",
    "https://x/\ue000": "private use",
    "https://x/\U000f0000": "private use",
    "https://x/?\ue000": "private use",
    "https://x/\ud800": "lone surrogate",
    "https://x/\u202e": "bidi control",
    "https://x/\u2066": "bidi control",
    "https://x/a/./b": "dot segment",
    "https://x/a/../b": "dot segment",
    "https://x/..": "dot segment",
    "https://x/.": "dot segment",
    "https://x/%2e%2E/a": "dot segment, spelled otherwise",
    "https://x/.%2e": "dot segment, spelled otherwise",
    "urn:x:y": "namespace too short",
    "urn:uuid:": "nothing named",
    "did:WEB:x": "method in capitals",
    "did:web": "no identifier",
    "mailto:ada": "no address",
    "tel:ada": "no number",
}


@pytest.mark.parametrize("iri", GOOD)
def test_addresses_in_use_are_absolute(iri: str) -> None:
    assert is_absolute_iri(iri)


@pytest.mark.parametrize("iri", BAD, ids=[f"{why}-{i}" for i, why in enumerate(BAD.values())])
def test_what_a_library_would_drop_or_rewrite_is_refused(iri: str) -> None:
    assert not is_absolute_iri(iri)


@given(st.text(max_size=30))
def test_whatever_is_appended_is_judged_without_an_error(tail: str) -> None:
    forbidden = set('<>"{}|\\^`[] ')
    if is_absolute_iri("https://example.org/a" + tail):
        assert not forbidden & set(tail)
        assert tail.isprintable() or not tail.isascii()


@pytest.mark.timed
@pytest.mark.parametrize("unit", ["a", "%41", "/", "/a", "@", ":", "[", "?", "é", "%"])
def test_a_long_one_takes_no_longer_than_its_length(unit: str) -> None:
    with cpu_within(2):
        is_absolute_iri("https://example.org/" + unit * 200_000)
        is_absolute_iri("https://" + unit * 200_000)
