"""What a plan is made from: the lines of a shape in pieces, and what must differ or be alike.

Worked out from a `Shape` and one document of it.  Of the document only this counts: its booleans,
and which of its objects have one id.  Documents that are not alike in that have plans of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import orjson

from cairn.core.codec.strict_json import Json
from cairn.core.rdf import nquads
from cairn.core.rdf.identity import identified
from cairn.core.rdf.layout import leaf_positions
from cairn.core.rdf.outline import BOOLEAN, NUMBER, TEXT, Leaf, Outline, put_back
from cairn.core.rdf.shape import Shape, unfit
from cairn.core.rdf.slots import Sentinels, Slot, Term

Piece = bytes | int | str  # bytes that stay, the number of a leaf, the label of a blank node
TermPieces = tuple[Piece, ...]
QuadPieces = tuple[TermPieces, TermPieces, TermPieces, TermPieces]
Pairs = list[tuple[int, int]]

_EXAMPLES: Mapping[int, Leaf] = {TEXT: "urn:uuid:0", NUMBER: 1, BOOLEAN: True}


@dataclass(frozen=True, slots=True)
class Source:
    """A shape as lines in pieces; where leaves are always alike, the first stands for them."""

    quads: tuple[QuadPieces, ...]
    fixed: tuple[int, ...]  # which strings of a reading belong to the shape
    positions: tuple[tuple[int, int], ...]  # of each leaf: its kind, and where a reading has it
    iris: tuple[int, ...]  # leaves that must be absolute IRIs
    subjects: tuple[int, ...]  # leaves that name objects, each another object
    distinct: tuple[tuple[int, ...], ...]  # leaves of one array, which must differ
    alike: tuple[tuple[int, int], ...]  # leaves of objects with one id, which must not differ
    sentinels: tuple[Leaf, ...]  # of a document like this, but with no two texts alike


def source_of(shape: Shape, outline: Outline) -> Source | None:
    """The source for documents like the one of `outline`; None if there is no plan for them."""
    fixed, positions = leaf_positions(outline.skeleton)
    kinds = [kind for kind, _ in positions]
    if any(
        unfit(slot, _EXAMPLES[kind], frozenset())
        for slot, kind in zip(shape.slots, kinds, strict=True)
    ):
        return None
    sentinels = Sentinels.absent_from(outline.key)
    document = put_back(outline.skeleton, sentinels.of(len(kinds)))
    distinct = [group for group in _arrays(document, sentinels) if len(group) > 1]
    alike = _alike(document, sentinels, kinds, shared_ids(shape, outline))
    if alike is None or any(kinds[leaf] != TEXT for group in distinct for leaf in group):
        return None
    first = _first(len(kinds), alike)
    quads = [_quad_pieces(quad, shape, outline, first) for quad in shape.quads]
    return Source(
        tuple(dict.fromkeys(quads)),
        tuple(fixed),
        tuple(positions),
        tuple(sorted({first[slot.leaf] for slot in shape.slots if slot.is_iri})),
        tuple(group[0] for group in shared_ids(shape, outline)),
        tuple(distinct),
        tuple((one, other) for other, one in enumerate(first) if one != other),
        tuple(
            f"{sentinels.prefix}{first[leaf]}" if kind == TEXT else outline.leaves[leaf]
            for leaf, kind in enumerate(kinds)
        ),
    )


def shared_ids(shape: Shape, outline: Outline) -> tuple[tuple[int, ...], ...]:
    """The leaves that name objects in the graph, those of one value together."""
    subjects = {subject.leaf for subject, *_ in shape.quads if isinstance(subject, Slot)}
    sharing: dict[Leaf, list[int]] = {}
    for leaf in sorted(subjects):
        sharing.setdefault(outline.leaves[leaf], []).append(leaf)
    return tuple(map(tuple, sharing.values()))


def _arrays(value: Json, sentinels: Sentinels) -> Iterator[tuple[int, ...]]:
    """For each array, the leaves that are its entries or their ids."""
    if isinstance(value, dict):
        for entry in value.values():
            yield from _arrays(entry, sentinels)
    elif isinstance(value, list):
        told_apart = [entry.get("id") if isinstance(entry, dict) else entry for entry in value]
        leaves = [sentinels.leaf(entry) for entry in told_apart if isinstance(entry, str)]
        yield tuple(leaf for leaf in leaves if leaf is not None)
        for entry in value:
            yield from _arrays(entry, sentinels)


def _alike(
    document: Json, sentinels: Sentinels, kinds: Sequence[int], sharing: Sequence[Sequence[int]]
) -> Pairs | None:
    """Leaves that the rule of identity makes alike in documents in which these ids are shared.

    None where objects with one id are written in different ways: the general path compares them.
    """
    objects = {sentinels.leaf(identity): value for identity, value, _ in identified(document)}
    if not objects.keys() <= {leaf for group in sharing for leaf in group}:
        return None
    pairs: Pairs = []
    for group in sharing:
        pairs += [(group[0], other) for other in group[1:]]
        forms = [_form(objects[leaf], sentinels, kinds) for leaf in group if leaf in objects]
        for form, leaves in forms[1:]:
            if form != forms[0][0]:
                return None
            pairs += zip(forms[0][1], leaves, strict=True)
    return pairs


def _form(value: Json, sentinels: Sentinels, kinds: Sequence[int]) -> tuple[bytes, list[int]]:
    """An object with the kinds of its leaves in their place, and which leaves those are."""
    leaves: list[int] = []

    def visit(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: visit(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [visit(entry) for entry in value]
        leaf = sentinels.leaf(value) if isinstance(value, str) else None
        if leaf is None:
            return value
        leaves.append(leaf)
        return kinds[leaf]

    return orjson.dumps(visit(value)), leaves


def _first(count: int, alike: Pairs) -> list[int]:
    """For each leaf the first that is alike, itself if there is none."""
    first = list(range(count))

    def of(leaf: int) -> int:
        while first[leaf] != leaf:
            leaf = first[leaf]
        return leaf

    for one, other in alike:
        low, high = sorted((of(one), of(other)))
        first[high] = low
    return [of(leaf) for leaf in range(count)]


def _quad_pieces(
    quad: Sequence[Term], shape: Shape, outline: Outline, first: Sequence[int]
) -> QuadPieces:
    return cast(QuadPieces, tuple(_term_pieces(term, shape, outline, first) for term in quad))


def _term_pieces(term: Term, shape: Shape, outline: Outline, first: Sequence[int]) -> TermPieces:
    if isinstance(term, str):
        return (term,) if term.startswith("_:") else (term.encode(),)
    leaf = outline.leaves[term.leaf]
    if isinstance(leaf, bool):
        return (shape.render(term, leaf).encode(),)
    if not isinstance(leaf, str):
        return (first[term.leaf],)  # rendered as a whole, for each document
    if term.is_iri:
        return (b"<", first[term.leaf], b">")
    empty = nquads.literal("", datatype=term.datatype, language=term.language)
    return (b'"', first[term.leaf], empty[1:].encode())
