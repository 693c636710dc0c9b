"""`cairn.core.rdf.canonical` against pyoxigraph, the laws of any canonical form, and its bounds."""

import random
import re
from itertools import pairwise, permutations

import pyoxigraph as ox
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from cairn.core.errors import Malformed
from cairn.core.rdf.canonical import canonicalize
from cairn.core.rdf.nquads import Quad
from tests.core.rdf_reading import ours, parsed

# Few names, so that nodes come out alike.  Five blank nodes: pyoxigraph has no bound on its work.
blanks = st.sampled_from([ox.BlankNode(f"x{number}") for number in range(5)])
names = st.sampled_from([ox.NamedNode(f"http://example.org/{name}") for name in "sté"])
predicates = st.sampled_from([ox.NamedNode(f"http://example.org/{name}") for name in "pq"])
# pyoxigraph escapes U+FFFE and U+FFFF, against appendix A, and puts language tags in lower case
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from('\x00\b\t\n\x0b\f\r"\\\x7f\x85\u2028'),
    max_size=4,
)
literals = st.one_of(
    st.sampled_from([ox.Literal("a"), ox.Literal("1", datatype=ox.NamedNode("x:integer"))]),
    st.builds(ox.Literal, texts),
    st.builds(lambda text: ox.Literal(text, language="fr-be"), texts),
)
# Links between blank nodes in one graph: see `test_alike_links_in_two_graphs_have_two_forms`.
# And pyoxigraph 0.5.13 hashes a node once that 4.8.3 step 3 lists twice, as several graphs make it.
Graph = ox.DefaultGraph | ox.NamedNode
graph_names: st.SearchStrategy[Graph] = st.sampled_from(
    [ox.DefaultGraph(), ox.NamedNode("http://example.org/g")]
)


def datasets_in(graph: Graph) -> st.SearchStrategy[list[ox.Quad]]:
    some = st.builds(ox.Quad, blanks | names, predicates, blanks | names | literals, st.just(graph))
    links = st.builds(ox.Quad, blanks, predicates, blanks, st.just(graph))
    ground = st.builds(ox.Quad, names, predicates, names | literals, blanks | names)
    return st.builds(
        list.__add__,
        st.lists(some, max_size=8) | st.lists(links, max_size=8),
        st.lists(ground, max_size=2, unique_by=lambda quad: str(quad.graph_name)),
    )


datasets = graph_names.flatmap(datasets_in)


def by_pyoxigraph(dataset: list[ox.Quad], algorithm: ox.CanonicalizationAlgorithm) -> str:
    canonical = ox.Dataset(dataset)
    canonical.canonicalize(algorithm)
    return "".join(sorted(f"{quad} .\n" for quad in canonical))


def canonical_or_reject(quads: list[Quad]) -> str:
    """Our form; an example past the budget shows nothing, and pyoxigraph might not end on it."""
    try:
        return canonicalize(quads).nquads
    except Malformed:
        reject()


def chains(length: int, *, twins: bool = False) -> list[Quad]:
    """Two chains alike, optionally with two leaves alike on each of their nodes."""
    found = []
    for chain in "ab":
        nodes = [f"_:{chain}{number}" for number in range(length)]
        found += [(node, "<x:next>", following, "") for node, following in pairwise(nodes)]
        if twins:
            found += [(node, "<x:has>", f"{node}{leaf}", "") for node in nodes for leaf in "xy"]
    return found


@given(datasets)
def test_agrees_with_pyoxigraph(dataset: list[ox.Quad]) -> None:
    expected = canonical_or_reject(ours(dataset))
    assert expected == by_pyoxigraph(dataset, ox.CanonicalizationAlgorithm.RDFC_1_0)


@given(datasets)
def test_agrees_with_pyoxigraph_under_sha_384(dataset: list[ox.Quad]) -> None:
    canonical_or_reject(ours(dataset))
    found = canonicalize(ours(dataset), hash_name="sha384").nquads
    assert found == by_pyoxigraph(dataset, ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_384)


@given(st.lists(st.text("ab", max_size=3), min_size=2, max_size=5, unique=True), st.integers(1, 4))
def test_agrees_with_pyoxigraph_on_chains_alike_up_to_their_ends(
    ends: list[str], length: int
) -> None:
    alike = "".join(
        f"_:n{end}x{number} <x:next> _:n{end}x{number + 1} .\n"
        for end in ends
        for number in range(length)
    )
    unlike = "".join(f'_:n{end}x{length} <x:next> "{end}" .\n' for end in ends)
    dataset = parsed((alike + unlike).encode())
    expected = by_pyoxigraph(dataset, ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert canonicalize(ours(dataset)).nquads == expected


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        pytest.param(
            "_:x <x:p> _:y . _:x <x:p> _:y <x:g> . _:u <x:p> _:v <x:g> . _:w <x:p> _:v .",
            "_:c14n0 <x:p> _:c14n3 . _:c14n1 <x:p> _:c14n3 <x:g> ."
            " _:c14n2 <x:p> _:c14n4 . _:c14n2 <x:p> _:c14n4 <x:g> .",
            id="one link in two graphs",
        ),
        pytest.param(
            "_:a <x:p> _:b _:g . _:b <x:p> _:c _:g . _:c <x:p> _:d _:g .",
            "_:c14n1 <x:p> _:c14n4 _:c14n0 . _:c14n3 <x:p> _:c14n2 _:c14n0 ."
            " _:c14n4 <x:p> _:c14n3 _:c14n0 .",
            id="a chain in a blank graph",
        ),
        pytest.param(
            "_:b <x:p> _:b _:d . _:c <x:p> _:b _:b . _:d <x:p> _:b _:c .",
            "_:c14n0 <x:p> _:c14n0 _:c14n1 . _:c14n1 <x:p> _:c14n0 _:c14n2 ."
            " _:c14n2 <x:p> _:c14n0 _:c14n0 .",
            id="graphs that are nodes of each other",
        ),
        pytest.param(
            "_:a <x:p> _:c _:b . _:c <x:p> _:b _:b . _:d <x:p> _:c _:c .",
            "_:c14n0 <x:p> _:c14n1 _:c14n1 . _:c14n2 <x:p> _:c14n0 _:c14n0 ."
            " _:c14n3 <x:p> _:c14n0 _:c14n1 .",
            id="graphs beside predicates, which 4.7.3 step 2 leaves out",
        ),
    ],
)
def test_agrees_with_rdf_canonize_5_on_blank_nodes_in_several_graphs(
    dataset: str, expected: str
) -> None:
    quads = ours(parsed(dataset.replace(" . ", " .\n").encode()))
    assert canonicalize(quads).nquads == expected.replace(" . ", " .\n") + "\n"


def test_alike_links_in_two_graphs_have_two_forms() -> None:
    """A gap of the Recommendation, not a wish: 4.7.3 hashes no graph beside subject and object."""
    crossed = [
        ("_:a", "<x:p>", "_:c", ""),
        ("_:a", "<x:p>", "_:d", "<x:g>"),
        ("_:b", "<x:p>", "_:d", ""),
        ("_:b", "<x:p>", "_:c", "<x:g>"),
    ]
    assert len({canonicalize(order).nquads for order in permutations(crossed)}) == 2


@given(datasets, st.permutations(range(5)), st.randoms(use_true_random=False))
def test_labels_order_and_repetition_change_nothing(
    dataset: list[ox.Quad], labels: list[int], rng: random.Random
) -> None:
    def renamed(term: str) -> str:
        return re.sub(r"^_:x(\d)$", lambda found: f"_:x{labels[int(found[1])]}", term)

    quads = ours(dataset)
    others = [(renamed(s), p, renamed(o), renamed(g)) for s, p, o, g in quads]
    others += rng.choices(others, k=3) if others else []
    rng.shuffle(others)
    assert canonical_or_reject(others) == canonical_or_reject(quads)


@given(datasets)
def test_the_canonical_form_is_its_own(dataset: list[ox.Quad]) -> None:
    canonical = canonical_or_reject(ours(dataset))
    assert canonical_or_reject(ours(parsed(canonical.encode()))) == canonical


@given(datasets)
def test_the_issued_map_turns_the_input_into_the_output(dataset: list[ox.Quad]) -> None:
    canonical_or_reject(ours(dataset))
    result = canonicalize(ours(dataset))
    lines = {
        " ".join(
            f"_:{result.issued[term[2:]]}" if term[:2] == "_:" else term for term in quad if term
        )
        for quad in ours(dataset)
    }
    assert result.nquads == "".join(sorted(f"{line} .\n" for line in lines))
    assert sorted(result.issued.values()) == [f"c14n{i}" for i in range(len(result.issued))]


def test_no_quads_are_the_empty_text() -> None:
    assert canonicalize([]).nquads == ""
    assert canonicalize([]).issued == {}


def test_a_long_chain_of_alike_nodes_ends_without_a_deep_stack() -> None:
    result = canonicalize(chains(2000), budget=40_000)
    assert len(result.issued) == 4000


def test_unlike_blank_nodes_need_no_budget() -> None:
    unlike = [(f"_:b{number}", "<x:is>", f'"{number}"', "") for number in range(100)]
    assert len(canonicalize(unlike, budget=0).issued) == 100


def test_past_its_budget_it_says_what_was_asked_and_how_to_mend_it() -> None:
    alike = [("_:a", "<x:knows>", "_:b", ""), ("_:b", "<x:knows>", "_:a", "")]
    with pytest.raises(Malformed, match=r"telling 2 objects .* more than 7 steps.* give .* an id"):
        canonicalize(alike, budget=5)


def test_names_copied_count_as_work() -> None:
    # 20 paths a node without counting copies: copies of up to 900 names must not come for nothing
    with pytest.raises(Malformed, match="steps"):
        canonicalize(chains(300, twins=True), budget=16_000)


def test_characters_hashed_count_as_work() -> None:
    predicate = f"<x:{'y' * 2**20}>"
    with pytest.raises(Malformed, match="steps"):
        canonicalize([("_:a", predicate, "_:b", ""), ("_:b", predicate, "_:a", "")], budget=2000)


def test_refuses_a_blank_predicate() -> None:
    with pytest.raises(Malformed, match="predicate _:p"):
        canonicalize([("_:s", "_:p", "_:o", "")])
