"""Narrow plans: for documents that share most leaves, as those of one issuer do.

A plan of a shape takes every leaf as a hole.  Where documents of the shape keep coming in which
most leaves are the same, those become part of the templates, and of what a document is recognised
by: it takes the narrow plan only if it has them exactly so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cairn.core.rdf.layout import Reading
from cairn.core.rdf.outline import NUMBER, TEXT
from cairn.core.rdf.plan import Plan
from cairn.core.rdf.planning import Arrangement, assemble
from cairn.core.rdf.source import Source

WATCHED = 16  # documents from which is learnt what varies
LONGEST_PAUSE = 4096  # documents between two tries, once the first ones taught little


@dataclass(slots=True)
class Watch:
    """What varied in the documents that took one plan.  Its owner sees to it that one thread does.

    Pauses grow, so that traffic without habits costs nothing to speak of.
    """

    _first: Sequence[bytes] = ()
    _varying: set[int] = field(default_factory=set)
    _left: int = WATCHED
    _pause: int = 0
    _next_pause: int = WATCHED

    def note(self, strings: Sequence[bytes]) -> set[int] | None:
        """Take notice of a document; which strings varied if enough have been seen, else None."""
        if self._pause:
            self._pause -= 1
            return None
        if not self._first:
            self._first = strings
        both = enumerate(zip(self._first, strings, strict=True))
        self._varying |= {place for place, (one, other) in both if one != other}
        self._left -= 1
        if self._left:
            return None
        varying = self._varying
        self._first, self._varying, self._left = (), set(), WATCHED
        self._pause = self._next_pause
        self._next_pause = min(2 * self._next_pause, LONGEST_PAUSE)
        return varying


def narrow_plan(
    source: Source, plan: Plan, reading: Reading, varying: set[int]
) -> tuple[list[int], Plan] | None:
    """A plan for documents like this one in all but the `varying` strings.

    With it the strings by which such a document is recognised.  None if less than half of its
    texts would be fixed.
    """
    texts = {leaf: place for leaf, (kind, place) in enumerate(source.positions) if kind == TEXT}
    fixed = {leaf: place for leaf, place in texts.items() if place not in varying}
    if 2 * len(fixed) < len(texts):
        return None
    arrangement = Arrangement(
        len(reading.strings),
        tuple(reading.numbers),
        {
            leaf: place
            for leaf, (kind, place) in enumerate(source.positions)
            if leaf not in fixed and kind <= NUMBER
        },
        {leaf: reading.strings[place] for leaf, place in fixed.items()},
    )
    narrow = assemble(plan.shape, source, arrangement)
    strings, numbers = reading.strings, reading.numbers
    if narrow.canonical(strings, numbers) != plan.canonical(strings, numbers):
        return None
    return sorted([*source.fixed, *fixed.values()]), narrow
