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
from typing import Any

from pyld import jsonld

from cairn.core.codec.strict_json import Json
from cairn.core.rdf.outline import Outline, Uncovered, leaf_paths, pointer, put_back
from cairn.core.rdf.processor import Processor
from cairn.core.rdf.slots import Sentinels, Slot, TemplateQuad, foreign, template_quads

# Two types with one IRI in the Open Badges context: the only synonyms that documents may carry.
_SYNONYMS = {"AchievementCredential": "OpenBadgeCredential"}
# The term of a property that has a type's IRI: compaction gives it where the type was meant.
_TYPES_OF_TERMS = {"geo": "GeoCoordinates"}
# Terms of a learner record that its context gives a datatype although they hold objects: compacting
# leaves the IRI there, which no document may write as a key, and which has no other term.
_CLR = "https://purl.imsglobal.org/spec/vc/clr/vocab.html#"
_TERMS_OF_OBJECTS = {
    f"{_CLR}association": "association",
    f"{_CLR}achievement": "achievement",
    f"{_CLR}identifier-1": "identifier",
}


def expand(shape: Outline, processor: Processor) -> tuple[TemplateQuad, ...]:
    """The quads of every document of this shape, with slots for its leaves.

    Costs milliseconds and depends on the shape only.  Raises `Uncovered`.
    """
    sentinels = Sentinels.absent_from(shape.key)
    document = put_back(shape.skeleton, sentinels.of(len(shape.leaves)))
    try:
        expanded = processor.expand(document, base=sentinels.base)
        _check_spelling(document, expanded, processor, sentinels.base)
    except (jsonld.JsonLdError, RecursionError) as err:
        raise Uncovered(f"JSON-LD refuses the document: {_reason(err)}") from err
    quads = template_quads(expanded[0], sentinels)
    if len(set(quads)) != _value_count(expanded[0]):
        raise Uncovered("part of the document has no place in the signed graph")
    _check_survival(shape, quads)
    return tuple(quads)


def _reason(err: BaseException) -> str:
    if isinstance(err, jsonld.JsonLdError):
        return str(err.code or err.args[0])
    return "nested too deeply"


def _check_spelling(
    document: Json, expanded: list[Any], processor: Processor, base: str, path: str = ""
) -> None:
    """Raise `Uncovered` where `document` uses another name than its contexts have for a thing.

    A credential inside with contexts of its own is read as if it stood by itself: the property
    that holds it may set the contexts around it aside, as `verifiableCredential` does.
    """
    if len(expanded) != 1:
        raise Uncovered("the document is not one object with terms of its contexts", path)
    inside = list(_with_own_contexts(document, path))
    body = _without(document, {id(inner) for inner, _ in inside})
    alone = processor.expand(body, base=base) if inside else expanded
    contexts = body.get("@context") if isinstance(body, dict) else None
    _same(body, processor.compact(alone, contexts, base=base), path)
    for inner, where in inside:
        _check_spelling(inner, processor.expand(inner, base=base), processor, base, where)


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
                raise Uncovered(foreign(key), pointer(path, key))
            if key not in given:
                raise Uncovered(f"write it as {key!r}, the one name for it here", path)
            _same(given[key], back[key], pointer(path, key))
    elif isinstance(given, list) and isinstance(back, list) and len(given) == len(back):
        for index, (left, right) in enumerate(zip(given, back, strict=True)):
            _same(left, right, f"{path}/{index}")
    elif given != back:
        shown = given if isinstance(given, str) else "this value"
        raise Uncovered(f"{shown!r} is read differently by its context", path)


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
