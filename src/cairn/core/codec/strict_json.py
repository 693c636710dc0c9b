"""Strict JSON: one reading of every document, or a refusal that says what to mend.

Source: RFC 8259 with the limits of I-JSON (RFC 7493): UTF-8, no repeated member, no lone
surrogate, integers that a double holds exactly.  What two parsers read differently is refused,
because a signature covers one reading and a person may see another.

The fast parser keeps the last of two equal members and rounds long integers without a word.  So
`read` also counts members and numbers in an *outline* of the bytes (each string replaced by one
quotation mark, white space gone) and refuses the document if the parsed value has lost any.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import orjson

from cairn.core.errors import Malformed

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

MAX_INTEGER = 2**53 - 1  # RFC 7493, section 2.2
_PRINTED_IN_FULL = 1e21  # below this ECMAScript, and so JCS, prints a whole double as an integer
_NUMERIC = bytes(byte if byte in b"0123456789.eE+-" else 0x20 for byte in range(256))
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_FEW_ESCAPES = 256  # up to so many, looking at each is faster than two searches
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_OUT = (
    orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME  # a date has one signed form, chosen by the caller
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may cost.  `max_depth` stays under 500, far from the parsers' own stacks."""

    max_bytes: int = 4 * 2**20
    max_depth: int = 64
    max_values: int = 100_000  # objects, arrays and scalars together


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Flaw:
    """Stands in a second reading where the value cannot be taken; `member` is its last step."""

    message: str
    member: str | None = None


def read(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Json:
    """The one value that `data` holds.

    Time and memory grow with `limits` only.  Raises `Malformed` with line and column where the
    text is not JSON, or with the JSON Pointer of what is repeated or would be rounded.
    """
    if len(data) > limits.max_bytes:
        raise Malformed(f"{len(data)} bytes of JSON; at most {limits.max_bytes} are read")
    outline = _outline(data)
    _refuse_excess(outline, limits)
    value = _parse(data)
    if not _is_whole(value, data, outline) or not _are_exact(_numbers(outline)):
        raise _first_flaw(data)
    return value


def write(value: Json) -> bytes:
    """The bytes of `value`, without spaces; `read` gives an equal value back.

    Raises `Malformed` for what JSON cannot carry: NaN, -0.0, integers a double would round, lone
    surrogates, keys that are not text, nesting over 250.
    """
    try:
        data = orjson.dumps(value, option=_OUT)
    except TypeError as err:  # orjson.JSONEncodeError is one
        raise Malformed(f"cannot be written as JSON: {err}") from err
    if not _are_floats_exact(value):  # orjson would have written NaN as null
        raise next(
            Malformed(f"cannot be written as JSON: {reason}", path)
            for path, node in _places(value)
            if isinstance(node, float) and (reason := _number_flaw(repr(node)))
        )
    return data


def _outline(data: bytes) -> bytes:
    """The punctuation and bare tokens of `data`; exact for JSON, harmless for anything else."""
    if b"\\" in data:
        data = _without_escapes(data)
    return b'"'.join(data.split(b'"')[::2]).translate(None, b" \t\r\n")


def _without_escapes(data: bytes) -> bytes:
    """`data` without what a backslash escapes: a quotation mark left in it begins or ends text."""
    pieces = data.split(b"\\")
    if len(pieces) > _FEW_ESCAPES:  # pairs first: in \\" the quotation mark ends the string
        return data.replace(b"\\\\", b"").replace(b'\\"', b"")
    kept, escaped = [pieces[0]], False
    for piece in pieces[1:]:
        if escaped:
            escaped = False  # this piece follows the second of two backslashes
            kept.append(piece)
        elif piece:
            kept.append(piece[1:])
        else:
            escaped = True
    return b"".join(kept)


def _refuse_excess(outline: bytes, limits: Limits) -> None:
    opened = outline.count(b"[") + outline.count(b"{")
    values = 1 + outline.count(b",") + opened
    if values > limits.max_values:
        values -= outline.count(b"[]") + outline.count(b"{}")
    if values > limits.max_values:
        raise Malformed(f"{values} values in one document; at most {limits.max_values} are read")
    if opened <= limits.max_depth:
        return
    depth = 0
    for bracket in outline.translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > limits.max_depth:
            raise Malformed(f"nested more than {limits.max_depth} deep; flatten the document")
        if depth < 0:
            return  # not JSON; the parser says where


def _parse(data: bytes) -> Json:
    try:
        value: Json = orjson.loads(data)
    except orjson.JSONDecodeError as err:
        raise Malformed(_explanation(data, err)) from err
    return value


def _explanation(data: bytes, err: orjson.JSONDecodeError) -> str:
    """What is wrong, where, and how to mend it."""
    if not data.strip():
        return "empty; expected a JSON document"
    if data.startswith(b"\xef\xbb\xbf"):
        return "starts with a byte order mark; save the file as UTF-8 without it"
    try:
        text = data.decode()
    except UnicodeDecodeError as bad:
        return f"byte {bad.start} is not UTF-8; save the file as UTF-8"
    where = f"line {err.lineno}, column {err.colno}"
    if text.startswith(_CONSTANTS, err.pos):
        return f"NaN or Infinity at {where}; JSON has no such number, leave the member out"
    return f"not JSON at {where}: {err.msg}; correct that place or export the file again"


def _is_whole(value: Json, data: bytes, outline: bytes) -> bool:
    """Whether `value` has every member that is written in `data`."""
    # what is written back byte for byte has lost none: the usual case, and the faster question
    return orjson.dumps(value) == data or _members(value) == outline.count(b":")


def _members(value: Json) -> int:
    """How many members the objects in `value` have together."""
    count = 0
    queue = [value]
    for node in queue:  # grows while it is read; no recursion
        if type(node) is dict:
            count += len(node)
            queue.extend(node.values())
        elif type(node) is list:
            queue.extend(node)
    return count


def _numbers(outline: bytes) -> list[bytes]:
    """Everything that looks like a number; the "e" of true and false does not."""
    return [token for token in outline.translate(_NUMERIC).split() if token[0] not in b"eE"]


def _are_exact(tokens: list[bytes]) -> bool:
    # up to 15 plain digits are exact; only the rest is looked at closely
    return all(
        (token.isdigit() and len(token) < 16) or _number_flaw(token.decode()) is None
        for token in tokens
    )


def _are_floats_exact(value: Json) -> bool:
    queue = [value]
    for node in queue:
        if isinstance(node, dict):
            queue.extend(node.values())
        elif isinstance(node, list | tuple):
            queue.extend(node)
        elif isinstance(node, float) and _number_flaw(repr(node)):
            return False
    return True


def _number_flaw(token: str) -> str | None:
    """Why the number spelled `token` has no single reading, or None."""
    number = float(token)
    if not math.isfinite(number):
        return f"{_clip(token)} is not a finite number; leave the member out"
    if number == 0 and token.startswith("-"):
        return f"{_clip(token)} is minus zero, which readers keep or drop; write 0"
    # 1e17 counts too: JCS prints it as an integer of 18 digits
    is_whole = not set(token) & set(".eE") or abs(number) < _PRINTED_IN_FULL
    if is_whole and abs(number) > MAX_INTEGER:
        return f"{_clip(token)} is beyond ±{MAX_INTEGER} and would be rounded; write it as a string"
    return None


def _first_flaw(data: bytes) -> Malformed:
    """Read again, slowly, to say where the flaw is that the outline showed."""
    value: object = json.loads(
        data, object_pairs_hook=_object, parse_int=_number, parse_float=_number
    )
    flaws = (
        Malformed(node.message, path + _step(node.member))
        for path, node in _places(value)
        if isinstance(node, _Flaw)
    )
    return next(flaws, Malformed("two JSON parsers read this differently; write it more plainly"))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | _Flaw:
    members: dict[str, object] = {}
    for key, value in pairs:
        if key in members:
            return _Flaw(f'the member "{_clip(key)}" is written twice; keep one', key)
        members[key] = value
    return members


def _number(token: str) -> float | _Flaw:
    reason = _number_flaw(token)
    return _Flaw(reason) if reason else 0.0


def _places(value: object) -> Iterator[tuple[str, object]]:
    """Every value with its JSON Pointer (RFC 6901), in document order."""
    stack: list[tuple[str, object]] = [("", value)]
    while stack:
        path, node = stack.pop()
        yield path, node
        if isinstance(node, dict):
            stack.extend((path + _step(key), child) for key, child in reversed(node.items()))
        elif isinstance(node, list | tuple):
            stack.extend((f"{path}/{i}", node[i]) for i in reversed(range(len(node))))


def _step(member: str | None) -> str:
    return "" if member is None else "/" + member.replace("~", "~0").replace("/", "~1")


def _clip(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
