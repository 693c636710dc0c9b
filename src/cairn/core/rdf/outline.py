"""A JSON document as its shape and its leaves, and the rules that need no vocabulary.

Two documents have one shape when they differ only in the values of their leaves: text, numbers,
booleans.  Keys, nesting, array lengths, `type` and other names, languages and contexts belong to
the shape.  What JSON-LD would drop or read in two ways (null, empty arrays and objects, keywords,
numbers whose canonical form implementations disagree about) is refused here.

Sources: JSON-LD 1.1 API, sections 5.1 and 8.2; RDFC-1.0; the interoperability table in the
explanation of canonical forms (docs/explanation/canonical-forms.md).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed, Unverifiable
from cairn.core.rdf.contexts import ContextSet

MAX_DEPTH = 32  # containers; the deepest real document (an endorsed CLR) nests 14
MAX_OBJECTS = 1_000  # an expansion takes about a millisecond for each
MAX_LEAVES = 10_000
MAX_PAIRS = 1_000_000  # expanding compares each entry of an array with those before it
MAX_TYPES = 8  # names on one object; an expansion pays for each
MAX_EXACT = 2**53  # integers at and beyond it are rounded by JavaScript
MIN_DECIMAL = 1e-6  # below, JavaScript switches to exponents and peers disagree
MAX_DIGITS = 15  # significant digits that every implementation writes alike

EMBEDDED_CREDENTIALS = frozenset({"endorsement", "verifiableCredential"})
TEXT, NUMBER, BOOLEAN = 0, 1, 2  # what stands in a skeleton for a leaf of each kind

Leaf = str | int | float | bool

# RDFC-1.0 and its implementations escape these differently, so no signature may rest on them.
_UNSAFE_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})*")


class Uncovered(Unverifiable):
    """Something in the document is not covered, or not covered unambiguously, by a signature.

    `path` is a JSON Pointer to it, `problem` says what is wrong and how the issuer mends it.
    """

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(f"{path or '/'}: {problem}")
        self.problem = problem
        self.path = path


@dataclass(frozen=True, slots=True)
class Outline:
    """A document taken apart; `skeleton` with `leaves` put back in order is the document."""

    key: bytes  # typed bytes of the skeleton: equal keys, equal shapes
    skeleton: Json
    leaves: tuple[Leaf, ...]
    contexts: tuple[str, ...]


@dataclass(slots=True)
class _Walk:
    contexts: ContextSet
    leaves: list[Leaf]
    objects: int = 0
    pairs: int = 0


def outline(document: Json, contexts: ContextSet) -> Outline:
    """Take `document` apart.

    Raises `Uncovered` with the path of what no signature could cover, `RefusedContext` and
    `UnknownContext` for its contexts, `Malformed` for what is not an object or is over a bound.
    """
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object with an @context")
    sequence = contexts.check(document.get("@context"))
    walk = _Walk(contexts, [])
    skeleton = _object(document, walk, "", 1, embedded=True)
    return Outline(orjson.dumps(skeleton), skeleton, tuple(walk.leaves), sequence)


def put_back(skeleton: Json, leaves: Iterator[Leaf]) -> Json:
    """The document whose shape is `skeleton` and whose leaves are `leaves`, in order."""
    if isinstance(skeleton, dict):
        return {key: put_back(value, leaves) for key, value in skeleton.items()}
    if isinstance(skeleton, list):
        return [put_back(value, leaves) for value in skeleton]
    return skeleton if isinstance(skeleton, str) else next(leaves)


def leaf_paths(skeleton: Json) -> list[str]:
    """A JSON Pointer for each leaf, in order; only needed to say where something is wrong."""
    found: list[str] = []

    def visit(value: Json, path: str) -> None:
        if isinstance(value, dict):
            for key, entry in value.items():
                visit(entry, pointer(path, key))
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                visit(entry, f"{path}/{index}")
        elif not isinstance(value, str):
            found.append(path)

    visit(skeleton, "")
    return found


def pointer(path: str, key: str) -> str:
    """`path` extended by `key`, escaped as RFC 6901 asks."""
    return f"{path}/{key.replace('~', '~0').replace('/', '~1')}"


def _object(
    value: dict[str, Json], walk: _Walk, path: str, depth: int, *, embedded: bool
) -> dict[str, Json]:
    walk.objects += 1
    if walk.objects > MAX_OBJECTS:
        raise Malformed(f"more than {MAX_OBJECTS} objects; split the document", path)
    if not value:
        raise Uncovered("an empty object is signed by nobody; leave it out", path)
    if "@value" in value:
        return _language_value(value, walk, path)
    kept: dict[str, Json] = {}
    for key, entry in value.items():
        where = pointer(path, key)
        if key == "@context" and embedded:
            walk.contexts.check(entry, where)
            kept[key] = entry
        elif key.startswith("@") or ":" in key:
            raise Uncovered(f"{key!r} is not a plain term of the contexts; use the term", where)
        elif key in walk.contexts.structural:
            kept[key] = _names(entry, where)
        else:
            kept[key] = _value(entry, walk, where, depth + 1, key)
    return kept


def _value(value: Json, walk: _Walk, path: str, depth: int, key: str) -> Json:
    if isinstance(value, dict | list) and depth > MAX_DEPTH:
        raise Malformed(f"nested deeper than {MAX_DEPTH} levels", path)
    if isinstance(value, dict):
        return _object(value, walk, path, depth, embedded=key in EMBEDDED_CREDENTIALS)
    if isinstance(value, list):
        if not value:
            raise Uncovered("an empty array is signed by nobody; leave it out", path)
        if any(isinstance(entry, list) for entry in value):
            raise Uncovered("an array inside an array has no meaning here", path)
        walk.pairs += len(value) ** 2
        if walk.pairs > MAX_PAIRS:
            raise Malformed("arrays are too long, or too many are; split the document", path)
        _refuse_repeats(value, path)
        return [
            _value(entry, walk, f"{path}/{index}", depth + 1, key)
            for index, entry in enumerate(value)
        ]
    return _leaf(value, walk, path)


def _leaf(value: str | int | float | bool | None, walk: _Walk, path: str) -> int:
    if value is None:
        raise Uncovered("null is signed by nobody; leave it out", path)
    walk.leaves.append(value)
    if len(walk.leaves) > MAX_LEAVES:
        raise Malformed(f"more than {MAX_LEAVES} values; split the document", path)
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        check_text(value, path)
        return TEXT
    check_number(value, path)
    return NUMBER


def _language_value(value: dict[str, Json], walk: _Walk, path: str) -> dict[str, Json]:
    """`{"@value": text, "@language": tag}`, the only value object that every peer reads alike."""
    text, language = value.get("@value"), value.get("@language")
    if value.keys() != {"@value", "@language"} or not isinstance(text, str):
        raise Uncovered("write the plain value, or @value with @language and nothing else", path)
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise Uncovered(f"{language!r} is not a language tag such as 'en' or 'pt-BR'", path)
    return {"@value": _leaf(text, walk, f"{path}/@value"), "@language": language}


def _names(value: Json, path: str) -> Json:
    """A name or an array of distinct names, kept as it is: it steers what other keys mean."""
    names = value if isinstance(value, list) else [value]
    if not names or len(names) > MAX_TYPES:
        raise Uncovered(f"expected 1 to {MAX_TYPES} names", path)
    if not all(isinstance(name, str) for name in names):
        raise Uncovered("expected a name or an array of names", path)
    if len(set(map(str, names))) < len(names):
        raise Uncovered("a name is repeated; a signature covers it once", path)
    for name in names:
        check_text(str(name), path)
    return value


def _refuse_repeats(values: list[Json], path: str) -> None:
    # RDF is a set: a second copy of a value, or a second object with the id of the first, would be
    # covered by no signature of its own.
    known = [(type(value), value) for value in map(_identity, values) if isinstance(value, Leaf)]
    if len(set(known)) < len(known):
        raise Uncovered("a value is repeated; a signature covers it once", path)


def _identity(value: Json) -> Json:
    return value.get("id") if isinstance(value, dict) else value


def check_text(text: str, path: str) -> None:
    """Raise `Uncovered` for characters that implementations canonicalise differently."""
    found = _UNSAFE_TEXT.search(text)
    if found:
        raise Uncovered(
            f"the character U+{ord(found[0]):04X} cannot be signed reliably; remove it", path
        )


def check_number(number: float, path: str) -> None:
    """Raise `Uncovered` for numbers whose canonical form implementations disagree about."""
    if isinstance(number, int) or number.is_integer():
        if abs(number) >= MAX_EXACT:
            raise Uncovered("whole numbers must stay below 2^53; write it as text", path)
        if number == 0 and str(number).startswith("-"):
            raise Uncovered("minus zero; write 0", path)
        return
    digits = re.sub(r"e.*|[-.]", "", repr(number)).lstrip("0")
    if abs(number) < MIN_DECIMAL or len(digits) > MAX_DIGITS:
        raise Uncovered(f"decimals need {MAX_DIGITS} digits at most and 0.000001 at least", path)
