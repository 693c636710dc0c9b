"""Which entry of a status list a new credential gets: a free one at random.

Source: W3C "Bitstring Status List v1.0", section 5 (privacy).  Entries handed out in order would
tell everyone who was awarded when, and beside whom (w3c/vc-bitstring-status-list#150).

Values only.  The caller keeps which entries are taken, apart from the published bits, in the same
transaction as the credentials, and brings the randomness.
"""

from collections.abc import Callable
from fractions import Fraction

from cairn.core.errors import Conflict
from cairn.core.status.bitstring import StatusList

# Even at the bound one draw in four hits a free entry, so the draws need no list of what is free.
# The quarter left unused is a crowd of decoys as well.
MAX_FILL = Fraction(3, 4)


def allocate(taken: StatusList, count: int, choose: Callable[[int], int]) -> tuple[int, ...]:
    """`count` distinct entries free in `taken`, in an order that says nothing about their place.

    `choose(n)` draws evenly from 0 to n - 1: pass `secrets.randbelow`.  Mark the result in `taken`
    and store it with the credentials, or they will be handed out again.  2 to 10 µs for each.

    Raises `Conflict` if the list would be more than `MAX_FILL` full; nothing is allocated then.
    """
    used = taken.count()
    limit = int(len(taken) * MAX_FILL)
    if used + count > limit:
        raise Conflict(
            f"status list has {used} of {limit} entries in use, {count} more do not fit; "
            "start another list"
        )
    drawn: dict[int, None] = {}  # a set that keeps the order of the draws
    while len(drawn) < count:
        index = choose(len(taken))
        if not taken[index]:
            drawn[index] = None
    return tuple(drawn)
