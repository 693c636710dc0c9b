"""`cairn.core.rdf.canonical` by the W3C test suite for RDFC-1.0, poison graph included."""

import json
from functools import cache

import pytest

from cairn.core.errors import Malformed
from cairn.core.rdf.canonical import DEFAULT_BUDGET, Canonical, canonicalize
from cairn.core.rdf.nquads import Quad
from tests.core.rdf_reading import ours, parsed
from tests.reference import reference
from tests.timing import took_at_most

SUITE = "vectors/rdfc10"
POISON = "test074c"

# Written out, so that the tests have names where the data is absent; the last test compares.
_RETIRED = {7, 12, 15, 31, 32, 37, 41, 42, 49, 50, 51, 52}
EVAL = [f"test{number:03}c" for number in range(1, 78) if number not in _RETIRED | {74}]
_MAPPED = (3, 4, 5, 16, 17, 18, 20, 30, 47, 48, 53, 55, 56, 57, 60, 63, 70, 71, 72, 73, 75)
HARDEST = ["test044c", "test045c", "test046c"]  # twelve alike nodes each
MAP = [f"test{number:03}m" for number in _MAPPED]

pytestmark = pytest.mark.conformance


@cache
def manifest() -> dict[str, dict[str, str]]:
    entries = json.loads((reference(SUITE) / "manifest.jsonld").read_text())["entries"]
    return {entry["id"].removeprefix("#"): entry for entry in entries}


def action(name: str) -> list[Quad]:
    return ours(parsed((reference(SUITE) / manifest()[name]["action"]).read_bytes()))


def expected(name: str) -> str:
    return (reference(SUITE) / manifest()[name]["result"]).read_bytes().decode()


def canonical(name: str, budget: int = DEFAULT_BUDGET) -> Canonical:
    if manifest()[name].get("hashAlgorithm") == "SHA384":
        return canonicalize(action(name), hash_name="sha384", budget=budget)
    return canonicalize(action(name), budget=budget)


@pytest.mark.parametrize("name", EVAL)
def test_the_canonical_form(name: str) -> None:
    assert canonical(name).nquads == expected(name)


@pytest.mark.parametrize("name", MAP)
def test_the_issued_identifiers(name: str) -> None:
    assert canonical(name).issued == json.loads(expected(name))


def test_the_poison_graph_ends_by_the_counter() -> None:
    with pytest.raises(Malformed, match="built to exhaust verifiers"):
        canonical(POISON)


@pytest.mark.timed
def test_the_poison_graph_ends_within_50_ms() -> None:
    poison = action(POISON)

    def refused() -> None:
        with pytest.raises(Malformed):
            canonicalize(poison)

    took_at_most(0.050, refused)


@pytest.mark.parametrize("name", [name for name in EVAL if name not in HARDEST])
def test_all_but_the_hardest_need_a_hundredth_of_the_budget(name: str) -> None:
    assert canonical(name, budget=DEFAULT_BUDGET // 100).nquads == expected(name)


@pytest.mark.parametrize("name", HARDEST)
def test_the_hardest_need_two_thirds_of_the_budget(name: str) -> None:
    assert canonical(name, budget=DEFAULT_BUDGET * 2 // 3).nquads == expected(name)
    with pytest.raises(Malformed):
        canonical(name, budget=DEFAULT_BUDGET * 3 // 5)


def test_the_suite_is_these_tests_and_no_others() -> None:
    by_type: dict[str, list[str]] = {}
    for name, entry in manifest().items():
        by_type.setdefault(entry["type"].removeprefix("rdfc:RDFC10"), []).append(name)
    assert by_type == {"EvalTest": EVAL, "MapTest": MAP, "NegativeEvalTest": [POISON]}
