"""How documents are set: the fonts, the standards, and the texts that the fonts can draw.

Sources: ISO 14289-1 (PDF/UA-1, accessible) and ISO 19005-3 (PDF/A-3, archival with attachments),
as typst writes them.  PDF/UA forbids a letter without a shape, so typst refuses a whole document
for one.  Which letters have one is asked of typst; an answer holds as long as the process runs.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import typst

from cairn.core.wording.names import displayed

STAND_IN = "▯"
_FOLDER = Path(__file__).parent / "fonts"
# Libertinus Serif is embedded in typst, Amiri (Arabic) lies in our folder
_PROBE = b"""
#set document(title: "-")
#set text(lang: "en", font: ("Libertinus Serif", "Amiri"))
#sys.inputs.text
"""


def typeset(source: bytes, inputs: Mapping[str, str], *, seconds: int) -> bytes:
    """`source` as one PDF, its `inputs` as `sys.inputs`, dated `seconds` after 1970.

    Raises `typst.TypstError` or `RuntimeError` for what cannot be set.
    """
    return typst.compile(
        source,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs=dict(inputs),
        pdf_standards=["a-3a", "ua-1"],
        timestamp=seconds,
    )


def drawable(text: str) -> str:
    """`text` in one line with `STAND_IN` for each letter without a shape, nothing hidden in it."""
    line = unicodedata.normalize("NFC", displayed(text, max_length=10_000))
    if can_draw(line):
        return line
    marked = "".join(char if can_draw(char) else STAND_IN for char in line)
    if can_draw(marked):
        return marked
    # a combination that fails although each part has a shape: plain letters always have one
    return "".join(char if char.isascii() else STAND_IN for char in marked)


def can_draw(text: str) -> bool:
    """Whether typst has a shape for everything in `text`."""
    return (text.isascii() and text.isprintable()) or _typst_draws(text)


@lru_cache(maxsize=4096)
def _typst_draws(text: str) -> bool:
    try:
        typeset(_PROBE, {"text": text}, seconds=0)
    except (typst.TypstError, RuntimeError):
        return False
    return True


@cache
def _fonts() -> typst.Fonts:
    # none of the machine's own: a document must look the same wherever it is made
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_FOLDER)])
