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
5. identity: objects with one id are one object (`identity`, for each document).
"""

from dataclasses import dataclass, field
from typing import Literal

from cairn.core.codec.strict_json import Json
from cairn.core.rdf.cache import MissBudget, ShapeCache
from cairn.core.rdf.canonical import canonicalize
from cairn.core.rdf.contexts import ContextSet, shipped
from cairn.core.rdf.identity import check_identity
from cairn.core.rdf.layout import read_layout, text_of
from cairn.core.rdf.nquads import Quad
from cairn.core.rdf.outline import Outline, outline
from cairn.core.rdf.shape import Shape


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The contexts to read with and the shapes learnt so far.  Callers own it and pass it in.

    A server makes one for each client, with the same `shapes` and the client's own `misses`.
    """

    contexts: ContextSet = field(default_factory=shipped)
    shapes: ShapeCache = field(default_factory=ShapeCache)
    misses: MissBudget | None = None


def canonical_form(
    document: Json,
    vocabulary: Vocabulary,
    *,
    hash_name: Literal["sha256", "sha384"] = "sha256",
) -> str:
    """The canonical N-Quads of `document`.

    Raises `Uncovered`, with path, for what no signature would cover; `RefusedContext` and
    `UnknownContext` for its contexts; `Malformed` over a bound, among them the work on blank nodes;
    `TooManyShapes` if the client has used up its misses.
    """
    return canonical_bytes(document, vocabulary, hash_name=hash_name).decode()


def canonical_bytes(
    document: Json,
    vocabulary: Vocabulary,
    *,
    hash_name: Literal["sha256", "sha384"] = "sha256",
) -> bytes:
    """The canonical N-Quads as they are hashed, by a plan if there is one.  Raises likewise."""
    contexts, shapes, misses = vocabulary.contexts, vocabulary.shapes, vocabulary.misses
    reading = read_layout(document) if hash_name == "sha256" else None
    if reading is not None:
        planned = shapes.canonical(reading, contexts)
        if planned is not None:
            return planned
    outlined, shape, was_known = shaped(document, vocabulary)
    quads = shape.fill(outlined.leaves)
    form = canonicalize(quads, hash_name=hash_name).nquads.encode()
    if was_known and reading is not None:
        shapes.learn(reading, outlined, shape, contexts, misses)
    return form


def canonical_config(
    config: Json,
    vocabulary: Vocabulary,
    *,
    hash_name: Literal["sha256", "sha384"] = "sha256",
) -> bytes:
    """As `canonical_bytes`, and remembered: the proofs of a batch have one configuration."""
    text = text_of(config)
    if text is None:
        return canonical_bytes(config, vocabulary, hash_name=hash_name)
    key = hash_name.encode() + vocabulary.contexts.digest + text
    form = vocabulary.shapes.recall(key)
    if form is None:
        form = canonical_bytes(config, vocabulary, hash_name=hash_name)
        vocabulary.shapes.remember(key, form)
    return form


def to_quads(document: Json, vocabulary: Vocabulary) -> list[Quad]:
    """The quads of `document`, blank nodes under provisional names.  Raises as `canonical_form`."""
    outlined, shape, _ = shaped(document, vocabulary)
    return shape.fill(outlined.leaves)


def shaped(document: Json, vocabulary: Vocabulary) -> tuple[Outline, Shape, bool]:
    """The general path: every rule that needs the document itself, then its shape.

    The last says whether the shape was known.  Raises as `canonical_form`.
    """
    outlined = outline(document, vocabulary.contexts)
    check_identity(document)
    shape, was_known = vocabulary.shapes.shape(outlined, vocabulary.contexts, vocabulary.misses)
    return outlined, shape, was_known
