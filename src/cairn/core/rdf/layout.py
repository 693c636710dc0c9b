r"""A document's JSON text taken apart at its quotation marks, without walking it.

Written without spaces, a document is strings (keys and values, in their order) and what stands
between them: brackets, colons, commas, numbers, `true` and `false`.  Two documents with one frame
and the same strings in the places that a shape fixes have that shape; the other strings are its
leaves, already as UTF-8 and, but for two characters that are put back, already escaped as N-Quads
asks: RFC 8259 and N-Quads write `\\`, `\"`, `\n`, `\r` and `\t` alike.

Nothing is judged here.  What is not plainly safe text has no reading, and is left to the general
path (`outline`), which names the fault.
"""

import re
from itertools import count
from typing import NamedTuple

import orjson

from cairn.core.codec.strict_json import Json
from cairn.core.rdf.outline import BOOLEAN, NUMBER, TEXT

_OPTIONS = (
    orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
# No UTF-8 text holds these bytes, so that they can stand for escapes while quotation marks split.
_BACKSLASH, _QUOTE = b"\xfe", b"\xff"
# Lead bytes of the characters among which noncharacters are (U+FDD0 to U+FDEF, U+nFFFE, U+nFFFF).
_SUSPECT = b"\xef\xf0\xf1\xf2\xf3\xf4"
_OTHERS = bytes(set(range(256)) - set(_SUSPECT))
_NONCHARACTER = re.compile(
    rb"\xef\xb7[\x90-\xaf]|\xef\xbf[\xbe\xbf]|[\xf0-\xf4][\x80-\xbf]\xbf[\xbe\xbf]"
)
_SHARED_ESCAPES = (b"n", b"r", b"t")
_BARE_WORDS = b'[]{}:,"truefalsn'  # what a frame is made of besides numbers
_NUMBER = re.compile(rb"([-0-9][0-9.eE+-]*)")


class Reading(NamedTuple):  # made for every document, and a frozen dataclass takes its time
    """A document as its text: `frame` with each string as `"` and each number as `0`."""

    frame: bytes
    strings: list[bytes]  # keys and values in the order of the text, escaped
    numbers: list[bytes]  # as written


def text_of(document: Json) -> bytes | None:
    """The one text that stands for `document`; None if it is none of JSON's values."""
    try:
        return orjson.dumps(document, option=_OPTIONS)
    except TypeError:  # orjson.JSONEncodeError is one; the general path says what is wrong
        return None


def read_layout(document: Json) -> Reading | None:
    """The text of `document` taken apart; None if not every character of it is plainly safe."""
    text = text_of(document)
    if text is None:
        return None
    escaped: list[int] = []
    if b"\\" in text:
        masked = _masked(text)
        if masked is None:
            return None
        text, escaped = masked
    if b"\x7f" in text or (not text.isascii() and _has_noncharacter(text)):
        return None
    parts = text.split(b'"')
    frame, strings, numbers = b'"'.join(parts[::2]), parts[1::2], []
    for place in escaped:
        strings[place] = strings[place].replace(_QUOTE, b'\\"').replace(_BACKSLASH, b"\\\\")
    if frame.translate(None, _BARE_WORDS):
        pieces = _NUMBER.split(frame)
        frame, numbers = b"0".join(pieces[::2]), pieces[1::2]
    return Reading(frame, strings, numbers)


def leaf_positions(skeleton: Json) -> tuple[list[int], list[tuple[int, int]]]:
    """Where the strings of a shape stand in every reading of it.

    First the strings that the shape fixes (keys, names, contexts, languages); then a pair for each
    leaf: its kind, and which string, number or boolean it is.
    """
    fixed: list[int] = []
    leaves: list[tuple[int, int]] = []
    strings = count()
    others = {NUMBER: count(), BOOLEAN: count()}

    def visit(value: Json) -> None:
        if isinstance(value, dict):
            for entry in value.values():
                fixed.append(next(strings))  # the key
                visit(entry)
        elif isinstance(value, list):
            for entry in value:
                visit(entry)
        elif isinstance(value, str):
            fixed.append(next(strings))
        elif isinstance(value, int):
            leaves.append((value, next(strings if value == TEXT else others[value])))

    visit(skeleton)
    return fixed, leaves


def _masked(text: bytes) -> tuple[bytes, list[int]] | None:
    r"""`text` without `\\` and `\"`, and which of its strings had one; None for a rare escape."""
    first, *rest = text.split(b"\\")
    masked: list[bytes] = [first]
    places: list[int] = []
    quotes = counted = 0  # quotation marks in the first so many of `masked`
    pieces = iter(rest)
    for piece in pieces:
        if piece[:1] in _SHARED_ESCAPES:
            masked += (b"\\", piece)
            continue
        if piece[:1] == b'"':
            mask, piece = _QUOTE, piece[1:]
        elif not piece:  # two in a row; JSON ends with a bracket, so that another piece follows
            mask, piece = _BACKSLASH, next(pieces)
        else:
            return None
        quotes += b"".join(masked[counted:]).count(b'"')
        counted = len(masked)
        places.append(quotes // 2)
        masked += (mask, piece)
    return b"".join(masked), places


def _has_noncharacter(text: bytes) -> bool:
    return bool(text.translate(None, _OTHERS)) and _NONCHARACTER.search(text) is not None
