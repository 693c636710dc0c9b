"""Open Badges in SVG images: round trips, images by others, attacks."""

import contextlib
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.containers import carriers, svg
from cairn.core.containers.carriers import CARRIERS, OPEN_BADGES_2, OPEN_BADGES_3, Carrier
from cairn.core.errors import Malformed
from tests.core.container_files import CREDENTIAL, LINK, TOKEN, within_a_second

pytestmark = pytest.mark.timed

OB3 = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
OB2 = 'xmlns:openbadges="http://openbadges.org"'
IMAGE = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn > by hand -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox='0 0 9 9' aria-label="a > b">
  <g><path d="M0 0h9v9z"/></g>
</svg>
"""
bodies = st.text(
    st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Z"))
    | st.sampled_from("\n\r\t]<>&\"'")
).map(lambda text: "{" + text + "}")
tokens = st.from_regex(
    r"eyJ[A-Za-z0-9_-]{1,9}\.[A-Za-z0-9_-]{1,9}\.[A-Za-z0-9_-]{1,9}", fullmatch=True
)


def image(inside: str, attributes: str = OB3, before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def unbaked(data: bytes) -> dict[Carrier, str]:
    return {baked.carrier: baked.body or baked.verify for baked in svg.unbake(data)}


@given(bodies | tokens, st.sampled_from(CARRIERS))
def test_unbake_undoes_bake(payload: str, carrier: Carrier) -> None:
    assert unbaked(svg.bake(IMAGE, payload.encode(), carrier)) == {carrier: payload}


@given(bodies | tokens, bodies | tokens)
def test_baking_again_replaces_and_changes_nothing_else(first: str, second: str) -> None:
    once = svg.bake(IMAGE, second.encode())
    assert svg.bake(svg.bake(IMAGE, first.encode()), second.encode()) == once


def test_only_the_element_and_its_prefix_are_added() -> None:
    baked = svg.bake(IMAGE, CREDENTIAL)
    without = re.sub(rb"<openbadges:credential>.*</openbadges:credential>", b"", baked)
    assert without.replace(f" {OB3}".encode(), b"") == IMAGE


def test_baked_as_the_specification_prints_it() -> None:
    json = svg.bake(b"<svg></svg>", b"{}")
    assert (
        json
        == f"<svg {OB3}><openbadges:credential>"
        "<![CDATA[{}]]></openbadges:credential></svg>".encode()
    )
    token = svg.bake(b"<svg></svg>", TOKEN)
    verify = f'<openbadges:credential verify="{TOKEN.decode()}"></openbadges:credential>'
    assert token == f"<svg {OB3}>{verify}</svg>".encode()


def test_the_two_versions_live_in_one_image() -> None:
    both = svg.bake(svg.bake(IMAGE, TOKEN, OPEN_BADGES_2), CREDENTIAL)
    assert unbaked(both) == {OPEN_BADGES_2: TOKEN.decode(), OPEN_BADGES_3: CREDENTIAL.decode()}


@pytest.mark.parametrize(
    "empty", [b"<svg/>", b"<svg />", b"<x:svg xmlns:x='http://www.w3.org/2000/svg'/>"]
)
def test_an_empty_image_is_opened_to_take_the_credential(empty: bytes) -> None:
    baked = svg.bake(empty, TOKEN)
    assert unbaked(baked) == {OPEN_BADGES_3: TOKEN.decode()}
    assert unbaked(svg.bake(baked, CREDENTIAL)) == {OPEN_BADGES_3: CREDENTIAL.decode()}


def test_another_parser_reads_what_we_bake() -> None:
    root = ElementTree.fromstring(svg.bake(IMAGE, CREDENTIAL))  # noqa: S314 - our own
    element = root.find("{https://purl.imsglobal.org/ob/v3p0}credential")
    assert element is not None
    assert element.text == CREDENTIAL.decode()


READ = {
    "attribute": image(f'<openbadges:credential verify="{TOKEN.decode()}"/>'),
    "attribute_in_an_open_element": image(
        f'<openbadges:credential verify=" {TOKEN.decode()}\n"></openbadges:credential>'
    ),
    "declared_on_the_element": image(
        f'<openbadges:credential {OB3} verify="{TOKEN.decode()}"/>', attributes=""
    ),
    "another_prefix": image(
        f'<b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0" verify="{TOKEN.decode()}"/>'
    ),
    "body_as_text": image(f"<openbadges:credential> {TOKEN.decode()} </openbadges:credential>"),
    "deep_inside_metadata": image(
        f'<metadata><g><openbadges:credential verify="{TOKEN.decode()}"/></g></metadata>'
    ),
    "with_a_document_type": image(
        f'<openbadges:credential verify="{TOKEN.decode()}"/>',
        before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/1.1/svg11.dtd">',
    ),
    "with_scripts_that_nobody_runs": image(
        '<script href="https://evil.example/x.js">alert(1)</script>'
        f'<openbadges:credential verify="{TOKEN.decode()}" onload="alert(2)"/>'
    ),
    "in_utf_16": image(f'<openbadges:credential verify="{TOKEN.decode()}"/>')
    .decode()
    .encode("utf-16"),
    "with_a_byte_order_mark": b"\xef\xbb\xbf"
    + image(f'<openbadges:credential verify="{TOKEN.decode()}"/>'),
}


@pytest.mark.parametrize("form", READ)
def test_reads(form: str) -> None:
    assert unbaked(READ[form]) == {OPEN_BADGES_3: TOKEN.decode()}


def test_reads_the_hosted_badge_printed_in_the_specification_of_version_2() -> None:
    body = '<![CDATA[\n  {"type": "Assertion"}\n  ]]>'
    data = image(f'<openbadges:assertion verify="{LINK}">{body}</openbadges:assertion>', OB2)
    (baked,) = svg.unbake(data)
    assert (baked.carrier, baked.body, baked.verify) == (
        OPEN_BADGES_2,
        '{"type": "Assertion"}',
        LINK,
    )


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<credential>{}</credential>", id="no namespace"),
        pytest.param(
            '<b:credential xmlns:b="https://evil.example/">{}</b:credential>', id="another"
        ),
        pytest.param("<openbadges:assertion>{}</openbadges:assertion>", id="element of version 2"),
        pytest.param("<!-- <openbadges:credential>{}</openbadges:credential> -->", id="a comment"),
        pytest.param("<![CDATA[<openbadges:credential/>]]>", id="quoted"),
    ],
)
def test_what_only_looks_like_a_credential_is_none(inside: str) -> None:
    assert svg.unbake(image(inside)) == ()


def _laughs() -> str:
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    return f'<!DOCTYPE svg [<!ENTITY l0 "ha">{levels}]>'


ATTACKS = {
    "empty": (b"", "not XML"),
    "not_xml": (b"<svg", "not XML at line 1"),
    "cut_in_the_middle": (IMAGE[:-20], "not XML"),
    "html_page": (b"<html><svg/></html>", "starts with an svg element"),
    "svg_of_another_namespace": (b'<svg xmlns="https://evil.example/"/>', "starts with an svg"),
    "second_credential": (
        image("<openbadges:credential>{}</openbadges:credential>" * 2),
        "two credential elements",
    ),
    "second_credential_under_another_prefix": (
        image(
            '<openbadges:credential verify="a"/>'
            '<b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0" verify="b"/>'
        ),
        "two credential elements",
    ),
    "elements_inside_the_credential": (
        image("<openbadges:credential><g>{}</g></openbadges:credential>"),
        "other elements inside",
    ),
    "credential_inside_a_credential": (
        image(
            "<openbadges:credential><openbadges:credential/></openbadges:credential>",
        ),
        "other elements inside",
    ),
    "billion_laughs": (image("&l11;", before=_laughs()), "entities of its own"),
    "quadratic_blow_up": (
        image("&a;" * 10_000, before=f'<!DOCTYPE svg [<!ENTITY a "{"x" * 10_000}">]>'),
        "entities of its own",
    ),
    "laughs_in_an_attribute": (
        image('<g a="&l11;"/>', before=_laughs()),
        "entities of its own",
    ),
    "parameter_entities": (
        image("", before='<!DOCTYPE svg [<!ENTITY % a "x"> %a;]>'),
        "entities of its own",
    ),
    "xxe_file": (
        image("&a;", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        "entities of its own",
    ),
    "xxe_url": (
        image("&a;", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "http://127.0.0.1:1/">]>'),
        "entities of its own",
    ),
    "xxe_by_an_outside_document_type": (
        image("&a;", before='<!DOCTYPE svg SYSTEM "http://127.0.0.1:1/x.dtd">'),
        "entities of its own",
    ),
    "default_attribute_declared_in_the_image": (
        image("<openbadges:credential/>", before='<!DOCTYPE svg [<!ATTLIST g verify CDATA "x">]>'),
        "entities of its own",
    ),
    "undeclared_entity": (image("&nbsp;"), "not XML"),
    "unbound_prefix": (b"<svg><openbadges:credential/></svg>", "not XML"),
    "unknown_encoding": (b'<?xml version="1.0" encoding="utf-7"?><svg/>', "encoding|not XML"),
    "encoding_that_is_a_codec": (
        b'<?xml version="1.0" encoding="rot13"?><svg/>',
        "encoding|not XML",
    ),
    "encoding_of_several_bytes": (
        b'<?xml version="1.0" encoding="big5"?><svg/>',
        "encoding|not XML",
    ),
    "not_utf_8": (b"<svg>\xff</svg>", "not XML"),
    "nul_byte": (b"<svg>\0</svg>", "not XML"),
    "unclosed_million": (b"<svg>" + b"<g>" * 1_000_000, "deep"),
    "million_siblings": (image("<g/>" * 1_000_000), "more than"),
    "huge_credential": (
        image(f"<openbadges:credential>{'x' * 5_000_000}</openbadges:credential>"),
        "over",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_refuses(attack: str) -> None:
    data, reason = ATTACKS[attack]
    with within_a_second(), pytest.raises(Malformed, match=reason):
        svg.unbake(data)


@given(st.binary(max_size=100), st.integers(0, len(IMAGE)))
def test_arbitrary_bytes_are_malformed_or_hold_nothing(junk: bytes, at: int) -> None:
    for data in (junk, IMAGE[:at] + junk + IMAGE[at:]):
        with contextlib.suppress(Malformed):
            assert svg.unbake(data) == ()


def test_many_attributes_cost_no_more_than_their_bytes() -> None:
    attributes = " ".join(f'a{i}=""' for i in range(200_000))
    with within_a_second():
        assert svg.unbake(image(f"<g {attributes}/>")) == ()


def test_as_deep_as_the_bound_and_one_more() -> None:
    def nested(depth: int) -> bytes:
        return image("<g>" * (depth - 1) + "</g>" * (depth - 1))

    assert svg.unbake(nested(svg.MAX_DEPTH)) == ()
    with pytest.raises(Malformed, match="deep"):
        svg.unbake(nested(svg.MAX_DEPTH + 1))


def test_as_many_elements_as_the_bound_and_one_more() -> None:
    assert svg.unbake(image("<g/>" * (svg.MAX_NODES - 1))) == ()
    with pytest.raises(Malformed, match="more than"):
        svg.unbake(image("<g/>" * svg.MAX_NODES))


def test_as_large_as_the_bound_and_one_more() -> None:
    most = image(" " * (svg.MAX_BYTES - len(image(""))))
    with within_a_second():
        assert svg.unbake(most) == ()
        with pytest.raises(Malformed, match="at most"):
            svg.unbake(most + b"\n")


def test_as_long_a_credential_as_the_bound_and_one_more() -> None:
    most = "é" * (carriers.MAX_PAYLOAD_BYTES // 2)
    element = "<openbadges:credential>{}</openbadges:credential>"
    assert unbaked(image(element.format(most))) == {OPEN_BADGES_3: most}
    with pytest.raises(Malformed, match="over"):
        svg.unbake(image(element.format(most + "x")))


@pytest.mark.parametrize(
    ("data", "payload", "reason"),
    [
        pytest.param(IMAGE, b"{\x01}", "U\\+0001", id="a control character"),
        pytest.param(IMAGE, b"{\xef\xbf\xbf}", "U\\+FFFF", id="no character"),
        pytest.param(IMAGE, b" {}", "white space", id="white space around it"),
        pytest.param(READ["in_utf_16"], b"{}", "UTF-8", id="an image in UTF-16"),
        pytest.param(b"<?xml version='1.0' encoding='latin-1'?><svg/>", b"{}", "UTF-8", id="latin"),
        pytest.param(b"<html/>", b"{}", "svg", id="no image"),
    ],
)
def test_refuses_to_bake(data: bytes, payload: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        svg.bake(data, payload)


def test_an_empty_element_is_replaced_without_what_follows_it() -> None:
    once = image(f'<openbadges:credential verify="{TOKEN.decode()}"/><g>x</g>')
    assert svg.bake(once, b"{}") == svg.bake(image("<g>x</g>"), b"{}")


def test_line_ends_in_the_credential_are_kept() -> None:
    payload = '{"a":\r\n1,\r"b":\n2}'
    assert unbaked(svg.bake(IMAGE, payload.encode())) == {OPEN_BADGES_3: payload}


def test_tricky_tags_are_replaced_whole() -> None:
    tricky = image('<g a=">"/>x<openbadges:credential a="/>" b=\'>\'>/></openbadges:credential >y')
    assert unbaked(svg.bake(tricky, TOKEN)) == {OPEN_BADGES_3: TOKEN.decode()}
    assert b'<g a=">"/>xy</svg>' in svg.bake(tricky, TOKEN)
