"""What a shape means: where each leaf of a JSON-LD document lands in the RDF graph.

A shape is expanded once with sentinels in place of its leaves, by PyLD.  Each sentinel then stands
in the quads exactly where the leaf of any document of that shape stands, so that documents are
filled in and never expanded themselves: what a signature covers is decided by the shape alone.

PyLD drops silently what it doesn't know.  So three things are checked here, once per shape:
compacting the expansion gives the input back (every key is a term, in its one spelling); there are
as many quads as the expansion has values (the conversion to RDF dropped none); every leaf is
found as one whole term (no value was resolved, split or rewritten).

Sources: JSON-LD 1.1 API, sections 5.1, 6.1 and 8.1; attacks 1 to 4 of
docs/explanation/canonical-forms.md.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyld import jsonld

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.rdf import nquads
from cairn.core.rdf.contexts import ContextSet
from cairn.core.rdf.outline import Leaf, Outline, Uncovered, leaf_paths, pointer, put_back

_XSD = "http://www.w3.org/2001/XMLSchema#"
# Two types with one IRI in the Open Badges context: the only synonyms that documents may carry.
_SYNONYMS = {"AchievementCredential": "OpenBadgeCredential"}
# The term of a property that has a type's IRI: compaction gives it where the type was meant.
_TYPES_OF_TERMS = {"geo": "GeoCoordinates"}
# Terms of a learner record that its context gives a datatype although they hold objects: compacting
# leaves the IRI there, which no document may write as a key, and which has no other term.
_CLR = "https://purl.imsglobal.org/spec/vc/clr/vocab.html#"
_TERMS_OF_OBJECTS = {f"{_CLR}association": "association", f"{_CLR}achievement": "achievement"}


@dataclass(frozen=True, slots=True)
class Slot:
    """Where leaf number `leaf` stands: as an IRI, or as a literal of `datatype` or `language`."""

    leaf: int
    is_iri: bool
    datatype: str = ""
    language: str = ""


Term = str | Slot
TemplateQuad = tuple[Term, Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Sentinels:
    """Stand-ins for leaves.  A counter, checked absent from the shape: the core has no randomness.

    `base` is the base IRI given to the expansion: whatever ends up below it was relative.
    """

    prefix: str
    base: str

    @classmethod
    def absent_from(cls, shape: bytes) -> "Sentinels":
        """Stand-ins that do not occur in `shape`."""
        number = 0
        while f"slot:{number}:".encode() in shape or f"base-{number}.".encode() in shape:
            number += 1
        return cls(f"urn:slot:{number}:", f"https://base-{number}.invalid/")

    def of(self, count: int) -> Iterator[Leaf]:
        return (f"{self.prefix}{index}" for index in range(count))

    def leaf(self, value: str) -> int | None:
        """The leaf that `value` stands for, None if it is none.

        Raises `Uncovered` if a stand-in is only a part of it.
        """
        if self.prefix not in value:
            return None
        number = value.removeprefix(self.prefix)
        if not number.isdecimal():
            raise Uncovered(f"a value is rewritten by its context: {value!r}")
        return int(number)


def expand(shape: Outline, contexts: ContextSet) -> tuple[TemplateQuad, ...]:
    """The quads of every document of this shape, with slots for its leaves.

    Costs milliseconds and depends on the shape only.  Raises `Uncovered`.
    """
    sentinels = Sentinels.absent_from(shape.key)
    document = put_back(shape.skeleton, sentinels.of(len(shape.leaves)))
    options = {"documentLoader": _loader(contexts), "base": sentinels.base}
    try:
        expanded = jsonld.expand(document, options)
        _check_spelling(document, expanded, options)
        dataset = jsonld.to_rdf(expanded, {"base": sentinels.base})
    except (jsonld.JsonLdError, RecursionError) as err:
        raise Uncovered(f"JSON-LD refuses the document: {_reason(err)}") from err
    quads = [_quad(quad, graph, sentinels) for graph, found in dataset.items() for quad in found]
    if len(set(quads)) != _value_count(expanded[0]):
        raise Uncovered("part of the document has no place in the signed graph")
    _check_survival(shape, quads)
    return tuple(quads)


def _loader(contexts: ContextSet) -> Any:  # PyLD's loader protocol is untyped
    def load(url: str, _options: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts.documents[url],
        }

    return load


def _reason(err: BaseException) -> str:
    if isinstance(err, jsonld.JsonLdError):
        return str(err.code or err.args[0])
    return "nested too deeply"


def _check_spelling(
    document: Json, expanded: list[Any], options: dict[str, Any], path: str = ""
) -> None:
    """Raise `Uncovered` where `document` uses another name than its contexts have for a thing.

    A credential inside with contexts of its own is read as if it stood by itself: the property
    that holds it may set the contexts around it aside, as `verifiableCredential` does.
    """
    if len(expanded) != 1:
        raise Uncovered("the document is not one object with terms of its contexts", path)
    inside = list(_with_own_contexts(document, path))
    body = _without(document, {id(inner) for inner, _ in inside})
    alone = jsonld.expand(body, options) if inside else expanded
    contexts = body.get("@context") if isinstance(body, dict) else None
    _same(body, jsonld.compact(alone, contexts, options), path)
    for inner, where in inside:
        _check_spelling(inner, jsonld.expand(inner, options), options, where)


def _with_own_contexts(document: Json, path: str) -> Iterator[tuple[dict[str, Json], str]]:
    """The outermost objects below `document` that have an `@context`, with their places."""
    pending: list[tuple[Json, str]] = [(document, path)]
    while pending:
        value, where = pending.pop()
        if isinstance(value, list):
            pending += [(entry, f"{where}/{index}") for index, entry in enumerate(value)]
        elif isinstance(value, dict) and "@context" in value and value is not document:
            yield value, where
        elif isinstance(value, dict):
            pending += [(entry, pointer(where, key)) for key, entry in value.items()]


def _without(value: Json, left_out: set[int]) -> Json:
    """A copy of `value` without these objects, and without properties that held only them."""
    if isinstance(value, list):
        return [_without(entry, left_out) for entry in value if id(entry) not in left_out]
    if isinstance(value, dict):
        kept = {
            key: _without(entry, left_out)
            for key, entry in value.items()
            if id(entry) not in left_out
        }
        return {key: entry for key, entry in kept.items() if entry != []}
    return value


def _same(given: Json, back: Json, path: str) -> None:
    """Raise `Uncovered` where `back`, compacted from the expansion of `given`, differs from it."""
    given, back = _plain(given), _plain(back)
    if isinstance(back, str):
        back = _TYPES_OF_TERMS.get(back, back)
    if isinstance(given, dict) and isinstance(back, dict):
        for key in given.keys() | back.keys():
            if key not in back:
                raise Uncovered(_foreign(key), pointer(path, key))
            if key not in given:
                raise Uncovered(f"write it as {key!r}, the one name for it here", path)
            _same(given[key], back[key], pointer(path, key))
    elif isinstance(given, list) and isinstance(back, list) and len(given) == len(back):
        for index, (left, right) in enumerate(zip(given, back, strict=True)):
            _same(left, right, f"{path}/{index}")
    elif given != back:
        shown = given if isinstance(given, str) else "this value"
        raise Uncovered(f"{shown!r} is read differently by its context", path)


def _foreign(key: str) -> str:
    return f"{key!r} is not a term here, so no signature covers it; remove it or rename it"


def _plain(value: Json) -> Json:
    """One form for what JSON-LD holds to be the same: `[x]` and `x`, `{"id": x}` and `x`."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = {
            _TERMS_OF_OBJECTS.get(key, key): entry
            for key, entry in value.items()
            if key != "@context"
        }
        if value.keys() == {"id"}:
            value = value["id"]
    return _SYNONYMS.get(value, value) if isinstance(value, str) else value


def _value_count(node: Mapping[str, Any]) -> int:
    """How many quads an expanded node object must give."""
    count = 0
    for key, values in node.items():
        if key == "@type":
            count += len(values)
        elif key == "@graph":
            count += sum(map(_value_count, values))
        elif not key.startswith("@"):
            count += sum(map(_one_value, values))
    return count


def _one_value(value: Mapping[str, Any]) -> int:
    if "@list" in value:  # the link, then first and rest of each entry
        return 1 + sum(1 + _one_value(entry) for entry in value["@list"])
    return 1 if "@value" in value else 1 + _value_count(value)


def _quad(quad: Mapping[str, Mapping[str, str]], graph: str, sentinels: Sentinels) -> TemplateQuad:
    name = {"type": "blank node" if graph.startswith("_:") else "IRI", "value": graph}
    predicate = _term(quad["predicate"], sentinels)
    if isinstance(predicate, Slot):
        raise Uncovered("a value is used as a property")
    return (
        _term(quad["subject"], sentinels),
        predicate,
        _term(quad["object"], sentinels),
        "" if graph == "@default" else _term(name, sentinels),
    )


def _term(term: Mapping[str, str], sentinels: Sentinels) -> Term:
    value, kind = term["value"], term["type"]
    if kind == "blank node":
        return value
    leaf = sentinels.leaf(value)
    if kind == "IRI":
        if value.startswith(sentinels.base):
            raise Uncovered(_foreign(value.removeprefix(sentinels.base)))
        return nquads.iri(value) if leaf is None else Slot(leaf, is_iri=True)
    datatype, language = term.get("datatype", ""), term.get("language", "")
    if datatype.startswith(sentinels.base) or ":" not in datatype:
        raise Uncovered(f"a value has the relative datatype {datatype!r}")
    if leaf is None:
        raise Malformed(f"{value!r} became a literal although it is no leaf")
    return Slot(leaf, False, "" if language else datatype, language)


def _check_survival(shape: Outline, quads: list[TemplateQuad]) -> None:
    """Each leaf is one literal, or an IRI wherever it stands; none is missing or both."""
    literals: Counter[int] = Counter()
    iris = set()
    for slot in (term for quad in quads for term in quad if isinstance(term, Slot)):
        if slot.is_iri:
            iris.add(slot.leaf)
        else:
            literals[slot.leaf] += 1
    for leaf in range(len(shape.leaves)):
        if (leaf in iris) == (literals[leaf] == 1) or literals[leaf] > 1:
            where = leaf_paths(shape.skeleton)[leaf]
            raise Uncovered("this value is not covered by a signature, or twice", where)
