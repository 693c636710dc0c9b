"""Plain text with a credential in it: a token, a JSON document, or a link.

Sources: RFC 7515 section 7.1 (compact JWS), RFC 9901 (SD-JWT).  Every pattern here
is possessive and starts at most once in a run of its characters, so that time grows with length.
"""

import codecs
import re
from collections.abc import Iterator

from cairn.core.errors import Malformed

MAX_BYTES = 4 * 2**20
MAX_CANDIDATES = 8  # of each sort
MAX_BRACKETS = 200_000  # looked at, in all attempts together, to find where a JSON object ends
MAX_ATTEMPTS = 16  # places where a JSON object may start
_WORD = r"[A-Za-z0-9_-]"
_JWS = rf"eyJ{_WORD}++\.{_WORD}++\.{_WORD}*+"  # unsigned too: the verifier says so
_DISCLOSURES = rf"(?:~{_WORD}*+)++(?:\.{_WORD}++\.{_WORD}++)?+"  # the last may be a key binding
_TOKEN = re.compile(rf"(?<![A-Za-z0-9_.~-]){_JWS}(?:{_DISCLOSURES})?+")
_OBJECT = re.compile(r'\{\s*+"')
# a string without an end reaches to the end: looked for again from each quote, it would cost n²
_PUNCTUATION = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[{}]', re.DOTALL)


def text_of(data: bytes) -> str:
    """`data` as text: UTF-8, or UTF-16 with its mark.  Raises `Malformed` for anything else."""
    if len(data) > MAX_BYTES:
        raise Malformed(f"{len(data)} bytes of text; at most {MAX_BYTES} are read")
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as err:
        raise Malformed(f"byte {err.start} of the text is neither UTF-8 nor UTF-16") from err


def is_token(text: str) -> bool:
    """Whether all of `text` is one compact JWS or SD-JWT."""
    return bool(_TOKEN.fullmatch(text))


def tokens_in(text: str) -> tuple[str, ...]:
    """The first different tokens in `text`, one broken over the lines of a whole text included."""
    lines = text.split()
    if not any(line.startswith("eyJ") for line in lines[1:]) and is_token("".join(lines)):
        return ("".join(lines),)
    tokens: dict[str, None] = {}
    for found in _TOKEN.finditer(text):
        tokens[found[0]] = None
        if len(tokens) == MAX_CANDIDATES:
            break
    return tuple(tokens)


def objects_in(text: str) -> tuple[str, ...]:
    """The first JSON objects in `text`: from a brace to the one that closes it, not yet parsed."""
    objects: list[str] = []
    at, brackets = 0, MAX_BRACKETS
    for _ in range(MAX_ATTEMPTS):
        start = _OBJECT.search(text, at)
        if not start or brackets <= 0 or len(objects) == MAX_CANDIDATES:
            break
        end, looked_at = _end_of_object(text, start.start(), brackets)
        brackets -= looked_at
        if end:
            objects.append(text[start.start() : end])
        at = end or start.end()
    return tuple(objects)


def _end_of_object(text: str, start: int, most: int) -> tuple[int, int]:
    """Where the object that starts at `start` ends, or 0; and how many brackets that took."""
    depth = 0
    looked_at = 0
    for looked_at, found in _counted(text, start):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
        if depth == 0:
            return found.end(), looked_at
        if looked_at == most:
            break
    return 0, looked_at


def _counted(text: str, start: int) -> Iterator[tuple[int, re.Match[str]]]:
    return enumerate(_PUNCTUATION.finditer(text, start), start=1)
