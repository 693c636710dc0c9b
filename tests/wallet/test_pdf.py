"""`cairn.wallet.pdf`: the standards it keeps, what it carries, what strangers' words can't do."""

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from cairn.core.verify.report import Outcome
from cairn.issuing.models import SignedForm
from cairn.issuing.selectors import current_credential, form_body
from cairn.verification import services as verification
from cairn.wallet import selectors
from cairn.wallet.models import Holding
from cairn.wallet.pdf import document
from cairn.wallet.typesetting import STAND_IN, drawable
from tests import world
from tests.wallet.mailbox import held

pytestmark = pytest.mark.django_db

HOSTILE = [
    '#import "@preview/x:0.1.0": y',
    "#panic() $x^2$ *bold* _it_ `raw` <label> @ref",
    "\\u{202e} \\ // comment /* open",
    "\"quoted\" 'single' “curly” ] ) } {",
    "= Heading\\n- item + 1. / term: x",
    "a\u202eb\u2066c\u200bd\u00ade",
    "Ελένη Москва عبد الله محمد",
    "王小明 😀 a\u0301\u0332",
]


def _picture() -> bytes:
    output = io.BytesIO()
    Image.new("RGBA", (60, 60), (20, 80, 60, 128)).save(output, "PNG")
    return output.getvalue()


def _pdf(holding: Holding, badge: bytes | None = None) -> bytes:
    credential = current_credential(holding.award)
    assert credential is not None
    signed, _ = selectors.for_pdf(holding, credential)
    return document(holding.award, signed, badge)


def _text(pdf: bytes) -> str:
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).split())


def _xmp(reader: PdfReader) -> str:
    root: Any = reader.trailer["/Root"]
    return str(root["/Metadata"].get_data().decode())


def test_it_is_accessible_and_archival() -> None:
    reader = PdfReader(io.BytesIO(_pdf(held(), _picture())))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - an object of pypdf
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - an object of pypdf
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == "Air Quality Basics – Ada Lovelace"
    assert "<pdfaid:part>3</pdfaid:part>" in _xmp(reader)
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in _xmp(reader)
    assert "<pdfuaid:part>1</pdfuaid:part>" in _xmp(reader)


def test_pictures_have_words() -> None:
    raw = _pdf(held(), _picture())
    words = _alternatives(raw)
    assert any("Badge of Air Quality Basics" in each for each in words)
    assert any("QR code" in each for each in words)


def _alternatives(raw: bytes) -> list[str]:
    found: list[str] = []
    root: Any = PdfReader(io.BytesIO(raw)).trailer["/Root"]
    waiting: list[Any] = [root["/StructTreeRoot"]]
    while waiting:
        each = waiting.pop().get_object()
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            found.extend([str(each["/Alt"])] if "/Alt" in each else [])
            waiting.extend([each["/K"]] if "/K" in each else [])
    return found


def test_the_signed_credential_is_in_it_and_our_verifier_finds_it() -> None:
    holding = held()
    pdf = _pdf(holding)
    reader = PdfReader(io.BytesIO(pdf))
    credential = current_credential(holding.award)
    assert credential is not None
    body = form_body(credential, SignedForm.Form.DATA_INTEGRITY)
    assert reader.attachments["credential.json"] == [body]
    root: Any = reader.trailer["/Root"]
    (attached,) = root["/AF"]
    assert attached.get_object()["/AFRelationship"] == "/Data"
    (answer,) = verification.check(pdf, now=world.NOW)
    assert answer.report is not None
    assert answer.report.outcome is Outcome.IN_FORCE


def test_it_says_what_a_reader_needs() -> None:
    text = _text(_pdf(held()))
    for words in (
        "Air Quality Basics",
        "Ada Lovelace",
        "1 June 2026",
        "Approved by the provider itself",
        "cairn.test/verify",
        "EQF 6",
        "Read a sensor.",
        "Pass the test.",
        "keeps the page private",
    ):
        assert words in text


def test_its_own_words_are_in_the_language_of_the_credential() -> None:
    pdf = _pdf(held(language="fr"))
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert "Bases de la qualité de l’air" in _text(pdf)


def test_the_same_input_gives_the_same_bytes() -> None:
    holding = held()
    assert _pdf(holding, _picture()) == _pdf(holding, _picture())


@pytest.mark.parametrize("text", HOSTILE)
def test_attack_of_words_that_would_be_markup(text: str) -> None:
    organisation = world.organisation(has_keys=True)
    holding = held(organisation, name="Ada")
    award = holding.award
    award.recipient_name, award.narrative = text, f"{text}\n\n{text}"
    award.issuer.name = text
    pdf = _pdf(holding)
    assert "Air Quality Basics" in _text(pdf)
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert len(root["/AF"]) == 1


def test_a_letter_without_a_shape_is_said_to_be_one() -> None:
    holding = held(name="王小明")
    assert f"{STAND_IN} stands for a letter" in _text(_pdf(holding))
    assert STAND_IN not in _text(_pdf(held(name="Ада Ελένη عبد الله")))


def test_drawable_shows_what_hides() -> None:
    assert drawable("Ada") == "Ada"
    assert drawable("a\u202eb") == "a⟨U+202E⟩b"
    assert drawable("中") == STAND_IN
    assert drawable("عبد الله") == "عبد الله"
    assert drawable("A\u0301") == "Á"
