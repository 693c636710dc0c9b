"""The document check: what a signature over the RDF of a JSON document really covers.

An RDFC signature is over quads, and people read JSON.  `canonical_form` is the one way from the
second to the first, for signing and for verifying alike, and refuses every document in which the
two could come apart.  Each rule closes an attack of docs/explanation/canonical-forms.md:

1. contexts: an exact list of sequences, no definitions inside the document (`contexts`);
2. JSON: no null, no empty container, no keyword, no repeated value, safe text and numbers
   (`outline`);
3. vocabulary: every key a term in its one spelling, every object, type and value in the graph
   exactly once, types in their places (`expansion`, `positions`, once per shape);
4. values: IRIs strict, one JSON type for each term (`shape`, for each document);
5. identity: objects with one id are one object (here, for each document).
"""

from dataclasses import dataclass, field
from typing import Literal

from cairn.core.codec.strict_json import Json
from cairn.core.rdf.canonical import canonicalize
from cairn.core.rdf.contexts import ContextSet, shipped
from cairn.core.rdf.nquads import Quad
from cairn.core.rdf.outline import EMBEDDED_CREDENTIALS, Uncovered, outline, pointer
from cairn.core.rdf.shape import ShapeCache


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The contexts to read with and the shapes learnt so far.  Callers own it and pass it in."""

    contexts: ContextSet = field(default_factory=shipped)
    shapes: ShapeCache = field(default_factory=ShapeCache)


def canonical_form(
    document: Json,
    vocabulary: Vocabulary,
    *,
    hash_name: Literal["sha256", "sha384"] = "sha256",
) -> str:
    """The canonical N-Quads of `document`.

    Raises `Uncovered`, with path, for what no signature would cover; `RefusedContext` and
    `UnknownContext` for its contexts; `Malformed` over a bound, among them the work on blank nodes.
    """
    return canonicalize(to_quads(document, vocabulary), hash_name=hash_name).nquads


def to_quads(document: Json, vocabulary: Vocabulary) -> list[Quad]:
    """The quads of `document`, blank nodes under provisional names.  Raises as `canonical_form`."""
    outlined = outline(document, vocabulary.contexts)
    _check_identity(document)
    shape = vocabulary.shapes.shape(outlined, vocabulary.contexts)
    return shape.fill(outlined.leaves)


def _check_identity(document: Json) -> None:
    """Objects with one id become one node, so that their properties could be moved between them.

    Raises `Uncovered` unless they are identical, mere references, or an endorsement's subject.
    """
    first: dict[str, tuple[dict[str, Json], str]] = {}
    for identity, value, path in _identified(document):
        if identity not in first:
            first[identity] = (value, path)
        elif value != first[identity][0]:
            raise Uncovered(
                f"two different objects have the id {identity!r} (the other: {first[identity][1]});"
                " make them equal, or give one another id",
                path,
            )


def _identified(document: Json) -> list[tuple[str, dict[str, Json], str]]:
    """Objects that have an id and say something, with their paths, in the order of the document."""
    found: list[tuple[str, dict[str, Json], str]] = []
    pending: list[tuple[Json, str, bool]] = [(document, "", False)]
    while pending:
        value, path, is_endorsed = pending.pop()
        if isinstance(value, list):
            pending += [(entry, f"{path}/{i}", is_endorsed) for i, entry in enumerate(value)]
        elif isinstance(value, dict):
            identity = value.get("id")
            speaks = value.keys() > {"id"} and not (is_endorsed and _is_mere_endorsement(value))
            if isinstance(identity, str) and speaks:
                found.append((identity, value, path))
            inside = _is_embedded(path)
            pending += [
                (entry, pointer(path, key), inside and key == "credentialSubject")
                for key, entry in value.items()
            ]
    return found


def _is_embedded(path: str) -> bool:
    return any(part in EMBEDDED_CREDENTIALS for part in path.split("/")[-2:])


def _is_mere_endorsement(subject: dict[str, Json]) -> bool:
    # Its only words count as the endorser's, once the endorsement's own proof holds.
    return subject.keys() <= {"id", "type", "endorsementComment"} and (
        subject.get("type") in ("EndorsementSubject", ["EndorsementSubject"])
    )
