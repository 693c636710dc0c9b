"""`cairn.core.status.allocation`: free, distinct, even, and telling nothing about order."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.errors import Conflict
from cairn.core.status.allocation import MAX_FILL, allocate
from cairn.core.status.bitstring import MIN_ENTRIES, StatusList

LIMIT = int(MIN_ENTRIES * MAX_FILL)


def seeded(seed: int) -> Callable[[int], int]:
    return Random(seed).randrange  # noqa: S311  reproducible on purpose


@settings(max_examples=25)
@given(
    st.frozensets(st.integers(0, MIN_ENTRIES - 1), max_size=60), st.integers(0, 400), st.integers()
)
def test_what_is_allocated_is_distinct_and_free(
    used: frozenset[int], count: int, seed: int
) -> None:
    taken = StatusList.empty().marked(used)
    indices = allocate(taken, count, seeded(seed))
    assert len(set(indices)) == len(indices) == count
    assert not any(taken[index] for index in indices)


def test_nothing_is_handed_out_twice_until_the_list_is_full() -> None:
    taken, choose = StatusList.empty(), seeded(1)
    handed_out: set[int] = set()
    for _ in range(3):
        indices = allocate(taken, LIMIT // 3, choose)
        taken = taken.marked(indices)
        handed_out.update(indices)
    assert len(handed_out) == LIMIT == taken.count()
    with pytest.raises(Conflict, match="start another list"):
        allocate(taken, 1, choose)


def test_a_batch_that_does_not_fit_is_refused_whole() -> None:
    taken = StatusList.empty().marked([7])
    assert len(allocate(taken, LIMIT - 1, seeded(2))) == LIMIT - 1
    with pytest.raises(Conflict, match=f"{LIMIT} more do not fit"):
        allocate(taken, LIMIT, seeded(2))


def test_the_index_tells_nothing_about_the_time_of_issue() -> None:
    indices = allocate(StatusList.empty(), 5000, seeded(3))
    places = {index: place for place, index in enumerate(sorted(indices))}
    squares = sum((order - places[index]) ** 2 for order, index in enumerate(indices))
    spearman = 1 - 6 * squares / (5000 * (5000**2 - 1))
    assert abs(spearman) < 0.05


def test_neighbours_in_time_are_not_neighbours_in_the_list() -> None:
    indices = allocate(StatusList.empty(), 5000, seeded(4))
    steps = [abs(a - b) for a, b in pairwise(indices)]
    assert sum(steps) / len(steps) == pytest.approx(MIN_ENTRIES / 3, rel=0.05)


def test_every_part_of_the_list_is_used_alike_even_when_half_is_taken() -> None:
    taken = StatusList.empty().marked(range(0, MIN_ENTRIES, 2))
    indices = allocate(taken, 16_000, seeded(5))
    parts = [0] * 16
    for index in indices:
        parts[index * 16 // MIN_ENTRIES] += 1
    # 1000 expected in each; chi-square with 15 degrees of freedom is below 37.7 in 999 of 1000.
    assert sum((part - 1000) ** 2 / 1000 for part in parts) < 37.7


def test_a_draw_is_cheap_at_the_bound() -> None:
    draws = 0
    choose = seeded(6)

    def counted(below: int) -> int:
        nonlocal draws
        draws += 1
        return choose(below)

    size = 2**20 // 8
    taken = StatusList(b"\xee" * (size - 1000) + bytes(1000))  # 6 of 8, but for the last 1000
    allocate(taken, 6000, counted)
    assert draws < 5 * 6000
