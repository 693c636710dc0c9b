"""`cairn.core.verify.files`: what a file carries is verified, where it leads is another answer."""

import pytest

from cairn.core.codec import strict_json
from cairn.core.containers import pdf, png, svg
from cairn.core.verify.files import Examined, examine
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Outcome
from tests.core.container_files import (
    pdf_document,
    png_image,
    qr_image,
    saved,
    zip_archive,
)
from tests.core.issuing import NOW, VOCABULARY, Published, own_badge, published, signed

LINK = "https://uni.example/c/1"
GOOD = strict_json.write(signed(own_badge()))
ALTERED = strict_json.write({**signed(own_badge()), "name": "Astrophysics"})
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>'


def answers(data: bytes, documents: Published | None = None) -> list[Examined]:
    sources = Sources(documents=documents or published(), vocabulary=VOCABULARY)
    return list(examine(data, sources, now=NOW))


def outcomes(found: list[Examined]) -> list[tuple[str, Outcome | None]]:
    return [(each.where, each.report.outcome if each.report else None) for each in found]


def test_json_is_the_file_itself() -> None:
    assert outcomes(answers(GOOD)) == [("", Outcome.IN_FORCE)]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        pytest.param(png.bake(png_image(), GOOD), "PNG chunk openbadgecredential", id="PNG"),
        pytest.param(svg.bake(SVG, GOOD), "SVG element openbadges:credential", id="SVG"),
        pytest.param(
            pdf.attach(pdf_document(), "credential.json", GOOD),
            "attachment credential.json",
            id="PDF",
        ),
    ],
)
def test_a_credential_in_a_picture_or_document_is_verified(data: bytes, where: str) -> None:
    assert outcomes(answers(data)) == [(where, Outcome.IN_FORCE)]


def test_an_altered_credential_in_a_picture_is_altered() -> None:
    (answer,) = answers(png.bake(png_image(), ALTERED))
    assert answer.report is not None
    assert answer.report.outcome is Outcome.ALTERED


def test_a_screenshot_is_no_credential_though_its_code_leads_to_one() -> None:
    documents = published()
    documents.documents[LINK] = GOOD
    picture = saved(qr_image(LINK), "PNG")
    assert outcomes(answers(picture, documents)) == [
        ("", Outcome.NO_CREDENTIAL),
        (LINK, Outcome.IN_FORCE),
    ]


@pytest.mark.parametrize(
    ("behind", "outcome"),
    [(b"<html>", Outcome.NO_CREDENTIAL), (ALTERED, Outcome.ALTERED), (None, None)],
)
def test_what_stands_behind_a_link_is_an_answer_of_its_own(
    behind: bytes | None, outcome: Outcome | None
) -> None:
    documents = published()
    if behind is not None:
        documents.documents[LINK] = behind
    found = answers(f"See {LINK}".encode(), documents)
    assert outcomes(found) == [("", Outcome.NO_CREDENTIAL), (LINK, outcome)]


def test_no_link_is_followed_beside_a_credential_nor_behind_a_link() -> None:
    documents = published()
    beside = f"{LINK}\n".encode() + GOOD
    answers(beside, documents)
    assert LINK not in documents.asked
    documents.documents[LINK] = b"https://uni.example/further"
    answers(LINK.encode(), documents)
    assert "https://uni.example/further" not in documents.asked


def test_each_member_of_an_archive_is_answered_by_its_name() -> None:
    archive = zip_archive(
        ("a/good.json", GOOD), ("altered.json", ALTERED), ("readme.bin", b"\0\1\2")
    )
    assert outcomes(answers(archive)) == [
        ("a/good.json", Outcome.IN_FORCE),
        ("altered.json", Outcome.ALTERED),
        ("readme.bin", Outcome.NO_CREDENTIAL),
    ]


def test_an_empty_archive_holds_no_credential() -> None:
    assert outcomes(answers(zip_archive())) == [("", Outcome.NO_CREDENTIAL)]


@pytest.mark.parametrize("data", [b"{", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"PK\x03\x04"])
def test_what_cannot_be_read_says_why(data: bytes) -> None:
    (answer,) = answers(data)
    assert answer.problem
    assert answer.report is None or answer.report.outcome is Outcome.NO_CREDENTIAL


def test_an_empty_file_holds_no_credential() -> None:
    assert outcomes(answers(b"")) == [("", Outcome.NO_CREDENTIAL)]
