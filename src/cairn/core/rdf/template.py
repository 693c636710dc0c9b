"""Bytes with holes: lines of N-Quads whose order is known before the holes are filled.

A line is a tuple of pieces: bytes that stay, and numbers that say which value goes there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

Line = tuple[bytes | int, ...]
Values = Sequence[bytes]
Pick = Callable[[Values], tuple[bytes, ...]]

# Safe text holds none, so that it splits what was filled in together; a long one is soon found.
SEPARATOR = bytes(16)


@dataclass(frozen=True, slots=True)
class Template:
    """Texts to fill in one after the other, `SEPARATOR` between them."""

    format: bytes
    pick: Pick

    def fill(self, values: Values) -> list[bytes]:
        """The texts.  Values hold no `SEPARATOR`."""
        return self.fill_one(values).split(SEPARATOR) if self.format else []

    def fill_one(self, values: Values) -> bytes:
        """The text, where there is one."""
        return self.format % self.pick(values)


def template(texts: Iterable[Iterable[Line]]) -> Template:
    """A template of texts, each of lines in the order in which they are to stand."""
    written = [[piece for line in lines for piece in line] for lines in texts]
    return Template(
        SEPARATOR.join(b"".join(map(_hole, pieces)) for pieces in written),
        picker([piece for pieces in written for piece in pieces if isinstance(piece, int)]),
    )


def picker(indices: Sequence[int]) -> Pick:
    """A function that takes the values at `indices` out of a sequence, always as a tuple."""
    if not indices:
        return lambda _values: ()
    if len(indices) == 1:
        (only,) = indices
        return lambda values: (values[only],)
    return itemgetter(*indices)


def line_of(pieces: Iterable[bytes | int]) -> Line:
    """A line of these pieces, those that stay put together."""
    joined: list[bytes | int] = []
    for piece in pieces:
        if isinstance(piece, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def in_order(lines: Iterable[Line], after: int = 0) -> list[list[Line]]:
    """Lines in the order of their bytes, as far as it holds whatever is filled in.

    Each entry has lines that stand in that order, one behind the other.  Where the order depends on
    values, each line is an entry of its own: sort the entries once they are filled in.  The first
    `after` pieces of all lines are alike and don't count.
    """
    entries: list[list[Line]] = []
    was_settled = False
    for run in _runs(lines, after):
        is_settled = len(run) == 1 or (len(set(run)) == 1 and len(run[0]) == 1)
        if is_settled and was_settled:
            entries[-1] += run
        else:
            entries += [run] if is_settled else [[line] for line in run]
        was_settled = is_settled
    return entries


def _runs(lines: Iterable[Line], after: int) -> list[list[Line]]:
    """Sorted lines, together where one begins as another does as far as that is known."""
    runs: list[list[Line]] = []
    begins = None  # as all lines of the last run do: among sorted heads these stand together
    for head, line in sorted(((_head(line[after:]), line) for line in lines), key=itemgetter(0)):
        if begins is not None and head.startswith(begins):
            runs[-1].append(line)
        else:
            runs.append([line])
            begins = head
    return runs


def _head(line: Line) -> bytes:
    """What `line` begins with in any case."""
    return line[0] if line and isinstance(line[0], bytes) else b""


def _hole(piece: bytes | int) -> bytes:
    return b"%b" if isinstance(piece, int) else piece.replace(b"%", b"%%")
