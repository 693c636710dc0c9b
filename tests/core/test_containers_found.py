"""What a file carries: credentials first, else links, and what could not be read."""

import contextlib
import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link

from cairn.core.containers import png, svg
from cairn.core.containers.carriers import OPEN_BADGES_2
from cairn.core.containers.found import Findings, Found, Limits, find
from cairn.core.containers.recognise import Kind
from cairn.core.errors import Malformed
from tests.core.container_files import (
    CREDENTIAL,
    LINK,
    TOKEN,
    pdf_document,
    pdf_with_image,
    png_image,
    qr_image,
    saved,
    stream_of,
    within_a_second,
    zip_archive,
)

pytestmark = pytest.mark.timed

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def credentials(data: bytes) -> dict[str, bytes]:
    return {found.where: found.payload for found in find(data).credentials}


@given(st.binary(max_size=99))
def test_json_passes_straight_through_even_if_broken(rest: bytes) -> None:
    data = b"{" + rest
    assert find(data) == Findings(Kind.JSON, (Found(data, "the file"),))


def test_a_token_passes_straight_through() -> None:
    assert credentials(b" " + TOKEN + b"\r\n") == {"token in the text": TOKEN}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (png.bake(png_image(), CREDENTIAL), "PNG chunk openbadgecredential"),
        (png.bake(png_image(), CREDENTIAL, OPEN_BADGES_2), "PNG chunk openbadges"),
        (svg.bake(SVG, CREDENTIAL), "SVG element openbadges:credential"),
        (svg.bake(SVG, CREDENTIAL, OPEN_BADGES_2), "SVG element openbadges:assertion"),
        (pdf_document(("my.json", CREDENTIAL)), "attachment my.json"),
        (
            pdf_document(("b.png", png.bake(png_image(), CREDENTIAL))),
            "attachment b.png, PNG chunk openbadgecredential",
        ),
        (
            pdf_document(("b.svg", svg.bake(SVG, CREDENTIAL))),
            "attachment b.svg, SVG element openbadges:credential",
        ),
        (b"Here it is: " + CREDENTIAL, "JSON in the text"),
        (saved(qr_image(CREDENTIAL.decode()), "PNG"), "QR code"),
    ],
)
def test_a_credential_is_found_with_its_place(data: bytes, where: str) -> None:
    assert credentials(data) == {where: CREDENTIAL}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (png.bake(png_image(), TOKEN), "PNG chunk openbadgecredential"),
        (svg.bake(SVG, TOKEN), "SVG element openbadges:credential"),
        (pdf_document(("t.jwt", TOKEN + b"\n")), "attachment t.jwt"),
        (b"Your badge:\n" + TOKEN + b"\nRegards", "token in the text"),
        (saved(qr_image(TOKEN.decode()), "PNG"), "QR code"),
    ],
)
def test_a_token_is_found_with_its_place(data: bytes, where: str) -> None:
    assert credentials(data) == {where: TOKEN}


def test_a_badge_baked_for_both_versions_holds_two() -> None:
    both = png.bake(png.bake(png_image(), TOKEN, OPEN_BADGES_2), CREDENTIAL)
    assert list(credentials(both).values()) == [CREDENTIAL, TOKEN]


LINKED = {
    "screenshot": saved(qr_image(), "PNG"),
    "photograph": saved(qr_image(), "JPEG"),
    "webp": saved(qr_image(), "WEBP"),
    "gif": saved(qr_image(), "GIF"),
    "pdf_link": pdf_document(links=(LINK,)),
    "pdf_with_a_picture_of_a_code": pdf_with_image(
        stream_of(
            qr_image().tobytes(),
            Subtype="/Image",
            Width=qr_image().width,
            Height=qr_image().height,
            BitsPerComponent=8,
            ColorSpace="/DeviceGray",
        ).flate_encode()
    ),
    "mail": f"See your badge at {LINK}.".encode(),
    "mail_in_utf_16": f"See your badge at {LINK}.".encode("utf-16"),
    "badge_of_2012": png.bake(png_image(), LINK.encode(), OPEN_BADGES_2),
    "svg_badge_of_2013": svg.bake(SVG, LINK.encode(), OPEN_BADGES_2),
}


@pytest.mark.parametrize("form", LINKED)
def test_without_a_credential_the_link_is_found(form: str) -> None:
    findings = find(LINKED[form])
    assert (findings.credentials, findings.links, findings.problems) == ((), (LINK,), ())


def test_with_a_credential_no_link_is_looked_for() -> None:
    assert find(png.bake(saved(qr_image(), "PNG"), CREDENTIAL)).links == ()
    assert find(f"{LINK} ".encode() + TOKEN).links == ()


def test_in_a_pdf_the_code_comes_before_the_links() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(LINKED["pdf_with_a_picture_of_a_code"]))
    writer.add_annotation(0, Link(rect=(0, 0, 1, 1), url="https://www.example.edu/"))
    file = io.BytesIO()
    writer.write(file)
    assert find(file.getvalue()).links == (LINK, "https://www.example.edu/")


@pytest.mark.parametrize(
    "code", ["WIFI:S:x;P:y;;", "javascript:alert(1)", "hello", "eyJ", "{}", '{"a": 1}']
)
def test_other_codes_are_passed_over(code: str) -> None:
    assert find(saved(qr_image(code), "PNG")) == Findings(Kind.PNG)


def test_other_attachments_are_passed_over() -> None:
    others = (
        ("a.xml", b"<a/>"),
        ("b.json", b'{"x": 1}'),
        ("c.txt", b"hello"),
        ("d.png", png_image()),
    )
    assert find(pdf_document(*others)) == Findings(Kind.PDF)


def test_an_attachment_that_cannot_be_read_is_a_problem() -> None:
    findings = find(pdf_document(("good.json", CREDENTIAL), ("bad.png", png_image()[:-9])))
    assert len(findings.credentials) == 1
    assert findings.problems[0].startswith("attachment bad.png: the PNG image is cut short")


def test_what_stands_where_a_credential_belongs_and_is_none_is_a_problem() -> None:
    (problem,) = find(png.bake(png_image(), b"hello")).problems
    assert problem == "PNG chunk openbadgecredential: neither JSON, nor a token, nor a link"


@pytest.mark.parametrize("data", [png_image()[:-9], SVG[:-3], b"%PDF-1.7", b"\xff\xfe\0"])
def test_a_carrier_that_cannot_be_read_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        find(data)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff\xd8\xff\xd9", "how large"),
        (b"GIF89a" + b"\xff" * 9, "at most"),
        (b"\0\1\2", "neither an image"),
        (zip_archive(("a", b"1")), "archive"),
    ],
)
def test_what_can_carry_nothing_is_a_problem(data: bytes, problem: str) -> None:
    findings = find(data)
    assert (findings.credentials, findings.links) == ((), ())
    assert problem in findings.problems[0]


def test_without_the_extra_the_answer_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    baked = png.bake(png_image(), CREDENTIAL)
    monkeypatch.setitem(sys.modules, "PIL", None)
    for data in (LINKED["screenshot"], LINKED["pdf_with_a_picture_of_a_code"]):
        findings = find(data)
        assert findings.problems == (
            'QR codes were not looked for; install "cairn-credentials[images]"',
        )
    assert find(baked).problems == ()


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_malformed_or_hold_what_they_hold(data: bytes) -> None:
    with contextlib.suppress(Malformed):
        assert find(data).kind in Kind


def test_as_large_a_file_as_the_bound_and_one_more() -> None:
    limits = Limits(max_bytes=100)
    assert find(b"{" + bytes(99), limits).credentials
    with pytest.raises(Malformed, match="at most 100"):
        find(b"{" + bytes(100), limits)


def test_as_many_credentials_as_the_bound_and_one_more() -> None:
    most = Limits().max_credentials
    for count in (most, most + 1):
        attached = [(f"{number}.json", CREDENTIAL) for number in range(count)]
        assert len(find(pdf_document(*attached)).credentials) == most


def test_as_many_links_as_the_bound_and_one_more() -> None:
    most = Limits().max_links
    several = [f"{LINK}/{number}" for number in range(most + 1)]
    assert find("\n".join(several).encode()).links == tuple(several[:most])


def test_verifying_json_imports_no_parser_of_documents_or_images() -> None:
    program = (
        "import sys; from cairn.core.containers.found import find; find(b'{}'); find(b'a');"
        "print([m for m in ('pypdf', 'PIL', 'zxingcpp', 'numpy') if m in sys.modules])"
    )
    answer = subprocess.run(  # noqa: S603 - this interpreter, this program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "[]\n"


def test_the_largest_images_take_less_than_a_second() -> None:
    noise = Image.effect_noise((4000, 4000), 60)
    for data in (
        saved(noise, "JPEG", progressive=True, quality=40),
        saved(noise.quantize(2), "PNG"),
    ):
        with within_a_second():
            assert find(data).links == ()
