"""Making plans: once for a shape, and for a batch of documents that share most leaves."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cairn.core.errors import Malformed
from cairn.core.rdf.canonical import canonicalize
from cairn.core.rdf.layout import Reading, read_layout
from cairn.core.rdf.outline import NUMBER, Outline, put_back
from cairn.core.rdf.plan import Plan, number_term
from cairn.core.rdf.shape import Shape
from cairn.core.rdf.slots import Slot
from cairn.core.rdf.source import QuadPieces, Source, TermPieces, source_of
from cairn.core.rdf.template import Line, Pick, in_order, line_of, picker, template

_PLAIN_SCHEMES = frozenset({"did", "urn"})  # of the plainest IRIs, those that no // follows

_Bound = tuple[tuple[bytes | int | str, ...], ...]  # a quad's terms: bytes, values, blank nodes


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where the leaves of a plan's documents come from.

    `Plan.canonical` is given so many `texts` and `numbers`; `places` says which of them a leaf is.
    Leaves without a place are `constants`: escaped text, or the term of a number.
    """

    texts: int
    numbers: tuple[bytes, ...]  # as in one document: what comes again needs no second look
    places: Mapping[int, int]
    constants: Mapping[int, bytes]


def compile_plan(shape: Shape, outline: Outline, reading: Reading) -> tuple[Source, Plan] | None:
    """The plan for documents like this one, and its source; None if there is none."""
    source = source_of(shape, outline)
    if source is None:
        return None
    places = {leaf: place for leaf, (kind, place) in enumerate(source.positions) if kind <= NUMBER}
    arrangement = Arrangement(len(reading.strings), tuple(reading.numbers), places, {})
    plan = assemble(shape, source, arrangement)
    tried = read_layout(put_back(outline.skeleton, iter(source.sentinels)))
    try:
        expected = canonicalize(shape.fill(source.sentinels)).nquads.encode()
    except Malformed:
        return None
    # Texts that are all different show each slot in its place.  Where even they don't tell the
    # blank nodes apart, no document has a canonical form by this plan.
    if tried is None or plan.canonical(tried.strings, tried.numbers) != expected:
        return None
    return source, plan


def assemble(shape: Shape, source: Source, arrangement: Arrangement) -> Plan:
    """The plan of `source` for leaves that come as `arrangement` says."""
    constants = arrangement.constants
    checked = {*source.subjects, *(leaf for group in source.distinct for leaf in group)}
    checked |= {leaf for pair in source.alike for leaf in pair}
    kept = sorted(checked & constants.keys())
    index = _indices(source, arrangement, kept)
    quads = [_bound(quad, index, constants) for quad in source.quads]
    hashes = {blank: _hash_lines(about, blank) for blank, about in _by_blank(quads).items()}
    blanks = sorted(hashes, key=lambda blank: _varies(hashes[blank]))  # those that don't come first
    varying = [in_order(hashes[blank]) for blank in blanks if _varies(hashes[blank])]
    unordered = [len(set(_flat(lines))) if len(lines) > 1 else 0 for lines in varying]
    first_name = arrangement.texts + len(kept) + len(arrangement.numbers)
    names = {blank: first_name + number for number, blank in enumerate(blanks)}
    chunks = _chunks(quads, names)
    both = [(one, other) for one, other in source.alike if not {one, other} <= constants.keys()]
    return Plan(
        shape=shape,
        number_slots=_number_slots(shape, source, arrangement),
        constants=tuple(constants[leaf] for leaf in kept),
        distinct=tuple(
            (_pick(group, index), len(group))
            for group in source.distinct
            if not constants.keys() >= set(group)  # those of one document do differ
        ),
        alike=(_pick([one for one, _ in both], index), _pick([two for _, two in both], index)),
        subjects=(_pick(source.subjects, index), len(source.subjects)),
        iris=_pick([leaf for leaf in source.iris if leaf not in constants], index),
        are_schemes_plain=not _PLAIN_SCHEMES & shape.schemes,
        digests=tuple(_digest(hashes[blank]) for blank in blanks if not _varies(hashes[blank])),
        hashed=template(map(_flat, varying)),
        unordered=tuple(unordered) if any(unordered) else (),
        labels=tuple(b"_:c14n%d" % number for number in range(len(blanks))),
        lines=template(chunk for chunk in chunks if _varies(chunk)),
        still=tuple(sorted(_text(chunk) for chunk in chunks if not _varies(chunk))),
    )


def _indices(source: Source, arrangement: Arrangement, kept: list[int]) -> dict[int, int]:
    """Which value of `Plan.canonical` a leaf is: texts come first, then constants, then numbers."""
    index = {}
    for leaf, place in arrangement.places.items():
        is_number = source.positions[leaf][0] == NUMBER
        index[leaf] = arrangement.texts + len(kept) + place if is_number else place
    return index | {leaf: arrangement.texts + number for number, leaf in enumerate(kept)}


def _number_slots(
    shape: Shape, source: Source, arrangement: Arrangement
) -> tuple[tuple[Slot, bytes, bytes], ...]:
    slots = {
        place: shape.slots[leaf]
        for leaf, place in arrangement.places.items()
        if source.positions[leaf][0] == NUMBER
    }
    return tuple(
        (slots[place], token, number_term(shape, slots[place], token))
        for place, token in enumerate(arrangement.numbers)
    )


def _pick(leaves: list[int] | tuple[int, ...], index: Mapping[int, int]) -> Pick:
    return picker([index[leaf] for leaf in leaves])


def _bound(quad: QuadPieces, index: Mapping[int, int], constants: Mapping[int, bytes]) -> _Bound:
    def bound(term: TermPieces) -> tuple[bytes | int | str, ...]:
        return tuple(
            piece
            if not isinstance(piece, int)
            else constants[piece]
            if piece in constants
            else index[piece]
            for piece in term
        )

    return tuple(bound(term) for term in quad)


def _by_blank(quads: list[_Bound]) -> dict[str, list[_Bound]]:
    """The quads that mention each blank node; each quad once, in their order."""
    found: dict[str, list[_Bound]] = {}
    for quad in quads:
        for blank in dict.fromkeys(_blanks(quad)):
            found.setdefault(blank, []).append(quad)
    return found


def _blanks(quad: _Bound) -> list[str]:
    return [piece for term in quad for piece in term if isinstance(piece, str)]


def _line(quad: _Bound, name: Callable[[str], bytes | int]) -> Line:
    subject, predicate, object_, graph = quad
    terms = (
        [subject, predicate, object_, graph] if graph != (b"",) else [subject, predicate, object_]
    )
    pieces: list[bytes | int] = []
    for term in terms:
        pieces += [name(piece) if isinstance(piece, str) else piece for piece in term]
        pieces.append(b" ")
    return line_of([*pieces, b".\n"])


def _hash_lines(about: list[_Bound], blank: str) -> list[Line]:
    """The lines that mention `blank`, as its first-degree hash has them."""
    return [_line(quad, lambda other: b"_:a" if other == blank else b"_:z") for quad in about]


def _varies(lines: list[Line]) -> bool:
    return any(isinstance(piece, int) for line in lines for piece in line)


def _text(lines: list[Line]) -> bytes:
    """The text of lines in which nothing varies."""
    return b"".join(piece for line in lines for piece in line if isinstance(piece, bytes))


def _digest(lines: list[Line]) -> bytes:
    return hashlib.sha256(b"".join(sorted(_text([line]) for line in lines))).digest()


def _flat(entries: list[list[Line]]) -> list[Line]:
    return [line for entry in entries for line in entry]


def _chunks(quads: list[_Bound], names: Mapping[str, int]) -> list[list[Line]]:
    """Lines that stand together in every document, by subject as far as their order is known."""
    by_subject: dict[tuple[bytes | int | str, ...], list[Line]] = {}
    for quad in dict.fromkeys(quads):
        by_subject.setdefault(quad[0], []).append(_line(quad, names.__getitem__))
    chunks = []
    for subject, lines in by_subject.items():
        holes = [place for place, piece in enumerate(subject) if not isinstance(piece, bytes)]
        chunks += in_order(lines, holes[-1] + 1 if holes else 0)
    return chunks
