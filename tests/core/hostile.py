"""What attackers and broken software send: named documents for `test_hostile_input.py`.

Each table maps a name (what it tries) to a function that makes the bytes, so that collecting the
tests costs nothing.  Files that were once found to matter lie in `tests/data/hostile`.
"""

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

from cairn.core.rdf.contexts import OB_3_0_3, OB_EXTENSIONS, VC_2
from tests.core.badges import Badge, badge
from tests.core.issuing import own_badge, signed

Maker = Callable[[], bytes]
Value = Any  # hostile JSON has no type

MEBI = 2**20
SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022")


def plain_badge() -> Badge:
    """A badge with every kind of part, signed: what the cases below alter."""
    document = own_badge()
    document["@context"] = [VC_2, OB_3_0_3, OB_EXTENSIONS]  # the last for the refresh service
    document["endorsement"] = badge()["endorsement"]
    document["evidence"] = [
        {"id": "https://x.example/e/1", "type": ["Evidence"], "name": "Report"},
        {"type": ["Evidence"], "narrative": "A talk."},
    ]
    document["refreshService"] = {
        "id": "https://uni.example/refresh/1",
        "type": "1EdTechCredentialRefresh",
    }
    document["credentialSubject"]["achievement"]["alignment"] = [
        {
            "type": ["Alignment"],
            "targetName": "Statistics",
            "targetUrl": "https://x.example/esco/1",
        }
    ]
    return document


_SIGNED: dict[str, Badge] = {}


def signed_badge(suite: str = "eddsa-rdfc-2022") -> Badge:
    """A new copy of the signed badge."""
    if suite not in _SIGNED:
        _SIGNED[suite] = signed(plain_badge(), cryptosuite=suite)
    return copy.deepcopy(_SIGNED[suite])


def dumped(value: Value) -> bytes:
    """Bytes of anything, NaN and lone surrogates too."""
    return json.dumps(value).encode()


def places(value: Value, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in `value`, as keys and indices."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from places(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from places(entry, (*path, index))


def pointer(path: tuple[str | int, ...]) -> str:
    return "".join(f"/{step}" for step in path)


def at(document: Value, path: tuple[str | int, ...]) -> Value:
    for step in path:
        document = document[step]
    return document


def put(document: Value, path: tuple[str | int, ...], value: Value) -> None:
    at(document, path[:-1])[path[-1]] = value


# Every place of a signed badge, with every kind of JSON value in it

KINDS: dict[str, Callable[[Value], Value]] = {
    "null": lambda _: None,
    "number": lambda _: 5,
    "text": lambda _: "x",
    "array": lambda _: [],
    "object": lambda _: {},
    "nested": lambda value: [[value]],
    "true": lambda _: True,
}


def _replacements() -> dict[str, tuple[str, Maker]]:
    """Name to pointer and bytes: one kind of value in one place."""
    return {
        f"{kind} at {pointer(path)}": (pointer(path), _replacement(path, make))
        for path in places(signed_badge())
        for kind, make in KINDS.items()
    }


def _replacement(path: tuple[str | int, ...], make: Callable[[Value], Value]) -> Maker:
    def maker() -> bytes:
        document = signed_badge()
        put(document, path, make(at(document, path)))
        return dumped(document)

    return maker


def _removals() -> dict[str, Maker]:
    """One member or entry is missing."""

    def removal(path: tuple[str | int, ...]) -> Maker:
        def maker() -> bytes:
            document = signed_badge()
            del at(document, path[:-1])[path[-1]]
            return dumped(document)

        return maker

    return {f"nothing at {pointer(path)}": removal(path) for path in places(signed_badge())}


REPLACEMENTS, REMOVALS = _replacements(), _removals()

# Bytes that are no JSON, or that two parsers read differently

_TEXT = b'{"type":["VerifiableCredential"],"name":%s}'


def _in_badge(member: bytes) -> Maker:
    """The signed badge with `member` (bytes of `"key":value`) put in front."""
    return lambda: b"{" + member + b"," + dumped(signed_badge())[1:]


BYTES: dict[str, Maker] = {
    "nothing": lambda: b"",
    "one space": lambda: b" ",
    "one zero byte": lambda: b"\0",
    "a quotation mark": lambda: b'"',
    "a backslash": lambda: b"\\",
    "an open string": lambda: b'{"type":"VerifiableCredential',
    "an open object": lambda: b'{"type":',
    "a closing bracket": lambda: b"]",
    "too many closing brackets": lambda: dumped(signed_badge()) + b"}" * 1000,
    "two documents": lambda: dumped(signed_badge()) * 2,
    "a document per line": lambda: (dumped(signed_badge()) + b"\n") * 3,
    "half a document": lambda: dumped(signed_badge())[:700],
    "null": lambda: b"null",
    "true": lambda: b"true",
    "a number": lambda: b"5",
    "a text": lambda: b'"x"',
    "an empty array": lambda: b"[]",
    "a badge in an array": lambda: dumped([signed_badge()]),
    "UTF-8 byte order mark": lambda: b"\xef\xbb\xbf" + dumped(signed_badge()),
    "UTF-16 little endian": lambda: dumped(signed_badge()).decode().encode("utf-16"),
    "UTF-16 big endian without mark": lambda: dumped(signed_badge()).decode().encode("utf-16-be"),
    "UTF-32": lambda: dumped(signed_badge()).decode().encode("utf-32"),
    "Latin-1": lambda: _TEXT % '"Zoë"'.encode("latin-1"),
    "an overlong UTF-8 slash": lambda: _TEXT % b'"\xc0\xaf"',
    "a surrogate in UTF-8": lambda: _TEXT % b'"\xed\xa0\x80"',
    "a lone high surrogate": lambda: _TEXT % rb'"\ud800"',
    "a lone low surrogate": lambda: _TEXT % rb'"\udc00x"',
    "surrogates in wrong order": lambda: _TEXT % rb'"\udc00\ud800"',
    "a lone surrogate as key": lambda: rb'{"\ud800":1,"type":["VerifiableCredential"]}',
    "an unknown escape": lambda: _TEXT % rb'"\x41"',
    "a raw line end in a string": lambda: _TEXT % b'"a\nb"',
    "a raw zero byte in a string": lambda: _TEXT % b'"a\0b"',
    "NaN": lambda: _TEXT % b"NaN",
    "Infinity": lambda: _TEXT % b"Infinity",
    "minus Infinity": lambda: _TEXT % b"-Infinity",
    "1e999": lambda: _TEXT % b"1e999",
    "minus zero": lambda: _TEXT % b"-0",
    "2 to the 53": lambda: _TEXT % b"9007199254740992",
    "a number of 100,000 digits": lambda: _TEXT % (b"9" * 100_000),
    "a fraction of 100,000 digits": lambda: _TEXT % (b"0." + b"1" * 100_000),
    "an exponent of 100,000 digits": lambda: _TEXT % (b"1e" + b"9" * 100_000),
    "a number with a plus sign": lambda: _TEXT % b"+1",
    "a leading zero": lambda: _TEXT % b"01",
    "a hexadecimal number": lambda: _TEXT % b"0x10",
    "a comment": lambda: b"/* x */" + dumped(signed_badge()),
    "a trailing comma": lambda: dumped(signed_badge())[:-1] + b",}",
    "single quotes": lambda: dumped(signed_badge()).replace(b'"', b"'"),
    "JavaScript before it": lambda: b"for(;;);" + dumped(signed_badge()),
    "HTML": lambda: b"<!doctype html><title>Not found</title>",
    "XML with entities": lambda: b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "PNG": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "gzip of a badge": lambda: gzip.compress(dumped(signed_badge())),
    "CBOR": lambda: b"\xd9\xd9\xf7\xa2\x64type",
    "a JWT": lambda: b"eyJhbGciOiJub25lIn0.eyJ2YyI6e319.",
    "10 MB of zeros": lambda: bytes(10 * MEBI),
    "10 MB of spaces": lambda: b" " * (10 * MEBI),
    "10 MB of quotation marks": lambda: b'"' * (10 * MEBI),
    "10 MB of backslashes": lambda: b"\\" * (10 * MEBI),
    "10 MB of a badge's name": lambda: dumped({**signed_badge(), "name": "x" * 10 * MEBI}),
    "4 MB of spaces": lambda: b" " * (4 * MEBI),
    "4 MB of quotation marks": lambda: b'"' * (4 * MEBI),
    "4 MB of backslashes": lambda: b'"' + b"\\" * (4 * MEBI - 2) + b'"',
    "4 MB of open arrays": lambda: b"[" * (4 * MEBI),
    "4 MB of colons": lambda: b":" * (4 * MEBI),
    "4 MB of minus signs": lambda: b"-" * (4 * MEBI),
    "4 MB of digits": lambda: b"1" * (4 * MEBI),
    "4 MB of digits and exponents": lambda: b"[" + b"1e9" * (MEBI + 300_000) + b"]",
    "10,000 arrays deep": lambda: b"[" * 10_000 + b"]" * 10_000,
    "10,000 objects deep": lambda: b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "10,000 deep inside a badge": _in_badge(b'"x":' + b"[" * 10_000 + b"]" * 10_000),
    "65 deep inside a badge": _in_badge(b'"x":' + b"[" * 64 + b"]" * 64),
    "33 deep inside a badge": _in_badge(b'"x":' + b'{"x":' * 33 + b"1" + b"}" * 33),
    "64 deep inside a badge": _in_badge(b'"x":' + b'{"x":' * 63 + b"1" + b"}" * 63),
    "brackets hidden in strings": _in_badge(b'"x":"' + b"[{" * 50_000 + b'"'),
    "100,000 keys": lambda: dumped({**signed_badge(), **{f"k{i}": i for i in range(100_000)}}),
    "99,000 keys": lambda: dumped({**signed_badge(), **{f"k{i}": i for i in range(99_000)}}),
    "99,000 entries": lambda: dumped({**signed_badge(), "tag": list(range(99_000))}),
    "99,000 empty arrays": lambda: dumped({**signed_badge(), "tag": [[]] * 99_000}),
    "a million nulls": lambda: dumped({**signed_badge(), "tag": [None] * 1_000_000}),
    "one key of 1 MB": lambda: dumped({**signed_badge(), "k" * MEBI: 1}),
    "one value of 1 MB": lambda: dumped({**signed_badge(), "name": "x" * MEBI}),
    "one value of 1 MB of escapes": _in_badge(b'"x":"' + rb"\u0041" * (MEBI // 2) + b'"'),
    "one key of 1 MB of escapes": _in_badge(b'"' + rb"\u0041" * (MEBI // 6) + b'":1'),
    "a repeated key": _in_badge(b'"validUntil":"2099-01-01T00:00:00Z"'),
    "a repeated key, other escapes": _in_badge(rb'"valid\u0055ntil":"2099-01-01T00:00:00Z"'),
    "a repeated key with the same value": _in_badge(b'"name":"Data analysis"'),
    "a repeated key deep inside": _in_badge(b'"x":{"a":1,"a":2}'),
    "50,000 repeated keys": _in_badge(b",".join([b'"a":1'] * 50_000)),
    "a repeated @context": _in_badge(b'"@context":["https://x.example/"]'),
    "a repeated proof": _in_badge(b'"proof":[]'),
}
