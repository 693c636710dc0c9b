"""A shape as byte templates: a document's canonical form by substitution, hashing and sorting.

The fast path beside the general one (`outline`, `shape`, `canonical`), and only ever a faster way
to the same bytes.  It makes the same checks, and whatever is not plainly in order has no form here:
the general path then decides, and names the fault.  Blank nodes are named by their first-degree
hashes (RDFC-1.0, section 4.4.3, step 4); where two are equal, the general path goes on.

A plan is immutable, and was compared with the general path when it was compiled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from operator import eq

import orjson

from cairn.core.codec.iri import are_plainly_absolute
from cairn.core.rdf.outline import Uncovered, check_number
from cairn.core.rdf.shape import Shape, unfit
from cairn.core.rdf.slots import Slot
from cairn.core.rdf.template import Pick, Template


@dataclass(frozen=True, slots=True)
class Plan:
    """How to get from the leaves of a document to its canonical N-Quads."""

    shape: Shape
    number_slots: tuple[tuple[Slot, bytes, bytes], ...]  # with a number and what it becomes
    constants: tuple[bytes, ...]  # leaves that are the same in all documents, for the checks
    distinct: tuple[tuple[Pick, int], ...]
    alike: tuple[Pick, Pick]
    subjects: tuple[Pick, int]
    iris: Pick
    are_schemes_plain: bool
    digests: tuple[bytes, ...]  # first-degree hashes of the blank nodes whose lines don't vary
    hashed: Template  # the lines of each of the others
    unordered: tuple[int, ...]  # of each: how many of them differ if they are to be sorted, else 0
    labels: tuple[bytes, ...]  # as many as there are blank nodes
    lines: Template
    still: tuple[bytes, ...]  # the lines in which nothing varies, in pieces, sorted

    def canonical(self, texts: Sequence[bytes], numbers: Sequence[bytes]) -> bytes | None:
        """The canonical N-Quads; None where the general path must decide.

        `texts` are JSON-escaped and safe, `numbers` as JSON writes them.
        """
        found = self.filled(texts, numbers)
        return None if found is None else joined([*found, *self.still])

    def filled(self, texts: Sequence[bytes], numbers: Sequence[bytes]) -> list[bytes] | None:
        """The lines in which something varies, in pieces that are to be sorted; None likewise."""
        values = [*texts, *self.constants]
        if numbers:
            rendered = self._rendered(numbers)
            if rendered is None:
                return None
            values += rendered
        if not self._are_fit(values):
            return None
        if self.labels:
            names = self._names(values)
            if names is None:
                return None
            values += names
        return self.lines.fill(values)

    def _are_fit(self, values: Sequence[bytes]) -> bool:
        """What the general path refuses about the values of a document, and what plans rest on."""
        one, other = self.alike
        subjects, count = self.subjects
        if one(values) != other(values) or len(set(subjects(values))) != count:
            return False
        for pick, count in self.distinct:
            if len(set(pick(values))) != count:
                return False
        iris = self.iris(values)
        if self.are_schemes_plain and are_plainly_absolute(b"\n".join((*iris, b""))):
            return True
        slot = Slot(0, is_iri=True)
        return not any(unfit(slot, iri.decode(), self.shape.schemes) for iri in iris)

    def _rendered(self, numbers: Sequence[bytes]) -> list[bytes] | None:
        rendered = []
        for token, (slot, known, term) in zip(numbers, self.number_slots, strict=True):
            if token == known:
                rendered.append(term)
                continue
            try:
                rendered.append(number_term(self.shape, slot, token))
            except Uncovered:
                return None
        return rendered

    def _names(self, values: Sequence[bytes]) -> list[bytes] | None:
        """The canonical names of the blank nodes, None if first-degree hashes don't tell them."""
        texts = self.hashed.fill(values)
        if self.unordered:
            ordered = [_sorted(*both) for both in zip(texts, self.unordered, strict=True)]
            if None in ordered:
                return None
            texts = [text for text in ordered if text is not None]
        digests = [*self.digests, *[sha256(text).digest() for text in texts]]
        names = dict(zip(sorted(digests), self.labels, strict=True))
        if len(names) != len(digests):
            return None
        return [names[digest] for digest in digests]


def joined(pieces: list[bytes]) -> bytes:
    """The pieces in their order, each once.  Sorts `pieces`."""
    pieces.sort()
    if True in map(eq, pieces, islice(pieces, 1, None)):
        pieces = list(dict.fromkeys(pieces))
    return b"".join(pieces)


def _sorted(text: bytes, different: int) -> bytes | None:
    """The lines of `text` in their order; None unless as many as `different` differ."""
    if not different:
        return text
    lines = sorted(text.split(b"\n")[:-1])
    return b"\n".join((*lines, b"")) if len(set(lines)) == different else None


def number_term(shape: Shape, slot: Slot, token: bytes) -> bytes:
    """The term of a number as JSON writes it.  Raises `Uncovered`."""
    number = orjson.loads(token)
    check_number(number, "")
    return shape.render(slot, number).encode()
