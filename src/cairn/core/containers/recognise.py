"""What a file is, by its content; a name or a media type is a stranger's claim."""

import codecs
import re
from enum import StrEnum

HEAD_BYTES = 64 * 2**10  # how far into a file the first element of an SVG may stand
PDF_HEAD_BYTES = 1024  # readers of PDF accept so much before the header
_SPACE = b" \t\r\n"
_SVG_ELEMENT = re.compile(r"(?:[A-Za-z_][\w.-]{0,63}:)?svg(?=[\s/>])")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))


class Kind(StrEnum):
    """The kinds of file that may carry a credential, or a link to one."""

    PNG = "PNG image"
    SVG = "SVG image"
    JPEG = "JPEG image"
    WEBP = "WebP image"
    GIF = "GIF image"
    PDF = "PDF document"
    ZIP = "ZIP archive"
    JSON = "JSON document"
    TEXT = "text"
    UNKNOWN = "file of an unknown kind"


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"%PDF-", Kind.PDF),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),  # without members
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
)


def kind_of(data: bytes) -> Kind:
    """The kind of `data`.  What starts like a kind is of that kind, however damaged it is."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    start = data[:HEAD_BYTES].removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)
    if start[:1] in (b"{", b"["):
        return Kind.JSON
    if _starts_with_svg(data[:HEAD_BYTES]):
        return Kind.SVG
    if is_text(data):
        return Kind.TEXT
    return Kind.PDF if b"%PDF-" in data[:PDF_HEAD_BYTES] else Kind.UNKNOWN


def is_text(data: bytes) -> bool:
    """Whether `data` is text: UTF-8 without control characters, or UTF-16 with its mark."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if len(data.translate(None, _CONTROL)) != len(data):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _starts_with_svg(head: bytes) -> bool:
    """Whether the first element is `svg`, whatever stands in the prologue."""
    encoding = "utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    text = head.decode(encoding, "replace")
    at = 0
    while True:
        at = next((i for i in range(at, len(text)) if not text[i].isspace()), len(text))
        if text.startswith("<?", at):
            at = _after(text, "?>", at)
        elif text.startswith("<!--", at):
            at = _after(text, "-->", at + 4)
        elif text.startswith("<!", at):
            # an internal subset has brackets; it is refused later, by name
            opened, closed = text.find("[", at), _after(text, ">", at)
            at = _after(text, "]>", at) if at < opened < closed else closed
        else:
            return text.startswith("<", at) and bool(_SVG_ELEMENT.match(text, at + 1))


def _after(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)
