"""A shape as byte templates: a document's canonical form by substitution, hashing and sorting.

The fast path beside the general one (`outline`, `shape`, `canonical`), and only ever a faster way
to the same bytes.  It makes the same checks, and whatever is not plainly in order has no form here:
the general path then decides, and names the fault.  Blank nodes are named by their first-degree
hashes (RDFC-1.0, section 4.4.3, step 4); where two are equal, the general path goes on.

A plan is immutable, and was compared with the general path when it was compiled.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from operator import eq

import orjson

from cairn.core.codec.iri import are_plainly_absolute
from cairn.core.rdf.outline import Uncovered, check_number
from cairn.core.rdf.shape import Shape, unfit
from cairn.core.rdf.slots import Slot
from cairn.core.rdf.template import Pick, Template


@dataclass(frozen=True, slots=True)
class Node:
    """A blank node whose first-degree hash varies."""

    index: int
    unordered: int  # its different lines, if they must be sorted once filled in; else 0


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
    digests: tuple[bytes, ...]  # first-degree hashes of the blank nodes, b"" where they vary
    varying: tuple[Node, ...]
    hashed: Template  # one text for each of `varying`
    labels: tuple[bytes, ...]
    lines: Template

    def canonical(self, texts: Sequence[bytes], numbers: Sequence[bytes]) -> bytes | None:
        """The canonical N-Quads; None where the general path must decide.

        `texts` are JSON-escaped and safe, `numbers` as JSON writes them.
        """
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
        found = self.lines.fill(values)
        found.sort()
        if True in map(eq, found, islice(found, 1, None)):
            found = list(dict.fromkeys(found))
        return b"".join(found)

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
        digests = list(self.digests)
        for node, text in zip(self.varying, self.hashed.fill(values), strict=True):
            if node.unordered:
                lines = sorted(text.split(b"\n")[:-1])
                if len(set(lines)) != node.unordered:
                    return None
                text = b"\n".join((*lines, b""))
            digests[node.index] = hashlib.sha256(text).digest()
        names = dict(zip(sorted(digests), self.labels, strict=True))
        if len(names) != len(digests):
            return None
        return [names[digest] for digest in digests]


def number_term(shape: Shape, slot: Slot, token: bytes) -> bytes:
    """The term of a number as JSON writes it.  Raises `Uncovered`."""
    number = orjson.loads(token)
    check_number(number, "")
    return shape.render(slot, number).encode()
