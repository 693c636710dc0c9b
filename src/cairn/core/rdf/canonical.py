"""RDFC-1.0: the one order and the one set of blank node names that a dataset is hashed under.

Source: W3C Recommendation "RDF Dataset Canonicalization", 21 May 2024, sections 4.3 to 4.8 and 5;
numbers in comments are the steps there, so hold the two side by side.

Three things are ours.  Work is counted and bounded, as 4.4.3 and 7.1 ask of implementations.
Section 4.8 recurses as deep as a chain of blank nodes is long: here a generator asks `_walked`
for the deeper hash and gets it sent, so that a list of a thousand entries needs no Python stack.
And an issuer is a dict, whose order is the order of issuing and whose length is the counter.

One gap is the Recommendation's: 4.7.3 hashes no graph name, so that blank nodes linked alike,
but crosswise in two graphs, have more than one "canonical" form, and which one comes out depends
on the order of the input (here as in rdf-canonize 5).  Nodes with ids are safe from it.
"""

import hashlib
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from types import MappingProxyType
from typing import Literal, cast

from cairn.core.errors import Malformed
from cairn.core.rdf.nquads import Quad, line

DEFAULT_BUDGET = 10_000  # steps; the figures behind it stand at `canonicalize`
ISSUED_PER_STEP = 32  # what one step pays for, besides a hash: names copied,
CHARACTERS_PER_STEP = 1024  # and characters hashed

_Issuer = dict[str, str]  # blank node term -> issued term, "_:" included in both
_Hashed = tuple[str, _Issuer]
_Asked = tuple[str, _Issuer]  # the arguments of a deeper hash
_Walk = Generator[_Asked, _Hashed, _Hashed]


@dataclass(frozen=True, slots=True)
class Canonical:
    """A dataset in serialised canonical form (section 5), and how its blank nodes got there."""

    nquads: str
    issued: Mapping[str, str]  # input blank node identifier -> canonical one, both without "_:"


@dataclass(slots=True)
class _State:
    """The canonicalization state (4.3), and the work done so far."""

    mentions: dict[str, list[Quad]]  # blank node to quads map
    digest: Callable[[str], str]
    limit: int
    work: int = 0
    first_degree: dict[str, str] = field(default_factory=dict)
    canonical: _Issuer = field(default_factory=dict)

    def spend(self, steps: int) -> None:
        self.work += steps
        if self.work > self.limit:
            raise Malformed(
                f"telling {len(self.mentions)} objects without an id apart needs more than"
                f" {self.limit} steps; graphs like this are built to exhaust verifiers:"
                " give these objects an id"
            )


def canonicalize(
    quads: Iterable[Quad],
    *,
    hash_name: Literal["sha256", "sha384"] = "sha256",
    budget: int = DEFAULT_BUDGET,
) -> Canonical:
    """The canonical form of a dataset (4.4.3); order, repetition and labels of `quads` are moot.

    Raises `Malformed` on a blank node as predicate, and past `budget` steps (plus one for each
    blank node, as that much any document may ask): refuse the document, a retry ends the same.
    A step is a hash, a node on a path tried, or 1,024 characters or 32 names moved for one.

    The default lets every positive test of the W3C through, where the three graphs of twelve
    alike nodes (044 to 046) take 6,516 steps and all others 91 or fewer.  At 1.3 to 2.5 µs a
    step, as measured, the poison graph (074) ends within 13 to 25 ms.  Sixty quads with six
    unlike blank nodes take six steps, and 60 to 150 µs.
    """
    dataset = dict.fromkeys(quads)  # a set whose order, and so whose work, is the same each run
    mentions = _mentions(dataset)  # 2
    state = _State(mentions, _digest(hash_name), budget + len(mentions))  # 1
    by_hash: dict[str, list[str]] = {}
    for node in state.mentions:  # 3
        state.first_degree[node] = _hash_first_degree(state, node)
        by_hash.setdefault(state.first_degree[node], []).append(node)
    in_hash_order = [by_hash[digest] for digest in sorted(by_hash)]
    for nodes in in_hash_order:  # 4
        if len(nodes) == 1:
            _issue(state.canonical, "c14n", nodes[0])
    for nodes in in_hash_order:  # 5
        if len(nodes) > 1:
            _issue_tied(state, nodes)
    return _serialized(dataset, state.canonical)  # 6, 7


def _digest(hash_name: str) -> Callable[[str], str]:
    algorithm = hashlib.sha384 if hash_name == "sha384" else hashlib.sha256
    return lambda text: algorithm(text.encode()).hexdigest()


def _mentions(dataset: Iterable[Quad]) -> dict[str, list[Quad]]:
    mentions: dict[str, list[Quad]] = {}
    for quad in dataset:
        subject, predicate, object_, graph = quad
        if predicate[0] != "<":  # its label would be signed as it happens to be
            raise Malformed(f"predicate {predicate} is not an IRI")
        for term in dict.fromkeys((subject, object_, graph)):  # named twice is one mention
            if term.startswith("_:"):
                mentions.setdefault(term, []).append(quad)
    return mentions


def _issue(issuer: _Issuer, prefix: str, node: str) -> str:
    """Issue Identifier (4.5.2)."""
    return issuer.setdefault(node, f"_:{prefix}{len(issuer)}")


def _issue_tied(state: _State, nodes: list[str]) -> None:
    """Name the nodes of one first degree hash, and those they lead to (4.4.3, step 5)."""
    paths: list[_Hashed] = []  # 5.1
    for node in nodes:  # 5.2
        if node not in state.canonical:  # 5.2.1
            issuer: _Issuer = {}  # 5.2.2
            _issue(issuer, "b", node)  # 5.2.3
            paths.append(_walked(state, node, issuer))  # 5.2.4
    for _, issuer in sorted(paths, key=lambda path: path[0]):  # 5.3
        for node in issuer:  # 5.3.1
            _issue(state.canonical, "c14n", node)


def _hash_first_degree(state: _State, node: str) -> str:
    """Hash First Degree Quads (4.6.3)."""
    state.spend(1)

    def placeholder(term: str) -> str:
        return term if not term.startswith("_:") else "_:a" if term == node else "_:z"

    lines = [  # 1, 2, 3
        line((placeholder(subject), predicate, placeholder(object_), placeholder(graph)))
        for subject, predicate, object_, graph in state.mentions[node]
    ]
    return state.digest("".join(sorted(lines)))  # 4, 5


def _hash_related(
    state: _State, related: str, predicate: str, issuer: _Issuer, position: str
) -> str:
    """Hash Related Blank Node (4.7.3)."""
    named = state.canonical.get(related) or issuer.get(related) or state.first_degree[related]
    return state.digest(f"{position}{predicate if position != 'g' else ''}{named}")


def _related(state: _State, node: str, issuer: _Issuer) -> dict[str, list[str]]:
    """The blank nodes beside `node`, by related hash, with repetitions (4.8.3, steps 1 to 3)."""
    related: dict[str, list[str]] = {}
    for subject, predicate, object_, graph in state.mentions[node]:
        for position, term in (("s", subject), ("o", object_), ("g", graph)):
            if term.startswith("_:") and term != node:
                state.spend(1 + len(predicate) // CHARACTERS_PER_STEP)
                digest = _hash_related(state, term, predicate, issuer, position)
                related.setdefault(digest, []).append(term)
    return related


def _walked(state: _State, node: str, issuer: _Issuer) -> _Hashed:
    """Hash N-Degree Quads of `node`, and of each node that it asks for on the way."""
    walks = [_hash_n_degree(state, node, issuer)]
    answer: _Hashed | None = None
    while True:
        try:
            asked = next(walks[-1]) if answer is None else walks[-1].send(answer)
        except StopIteration as done:
            answer = cast(_Hashed, done.value)  # a generator's value is untyped in StopIteration
            walks.pop()
            if not walks:
                return answer
        else:
            walks.append(_hash_n_degree(state, *asked))
            answer = None


def _hash_n_degree(state: _State, node: str, issuer: _Issuer) -> _Walk:
    """Hash N-Degree Quads (4.8.3).  May change `issuer`: go on with the returned one."""
    related = _related(state, node, issuer)  # 1, 2, 3
    data = ""  # 4
    for digest in sorted(related):  # 5
        path, issuer = yield from _chosen_path(state, related[digest], issuer)
        data += digest + path  # 5.1, 5.5
    return state.digest(data), issuer  # 6


def _chosen_path(state: _State, nodes: list[str], issuer: _Issuer) -> _Walk:
    """The least path through `nodes` in any order, with its issuer (4.8.3, steps 5.2 to 5.6)."""
    chosen, chosen_issuer = "", issuer  # 5.2, 5.3
    for order in permutations(nodes):  # 5.4
        # one order leaves nothing to go back to, and without the copy a long chain stays linear
        tried = issuer if len(nodes) == 1 else _copied(state, issuer)  # 5.4.1
        found = yield from _path(state, order, tried, chosen)
        if found and (not chosen or found[0] < chosen):  # 5.4.6
            chosen, chosen_issuer = found
    return chosen, chosen_issuer  # 5.6


def _path(
    state: _State, order: Iterable[str], issuer: _Issuer, chosen: str
) -> Generator[_Asked, _Hashed, _Hashed | None]:
    """One path and its issuer, or None once it is beaten (4.8.3, steps 5.4.2 to 5.4.5)."""
    path, deeper = "", []  # 5.4.2, 5.4.3
    for related in order:  # 5.4.4
        state.spend(1)
        if related in state.canonical:
            path += state.canonical[related]  # 5.4.4.1
        else:
            if related not in issuer:
                deeper.append(related)  # 5.4.4.2.1
            path += _issue(issuer, "b", related)  # 5.4.4.2.2
        if _is_beaten(path, chosen):  # 5.4.4.3
            return None
    for related in deeper:  # 5.4.5
        named = issuer[related]
        digest, issuer = yield related, issuer  # 5.4.5.1, 5.4.5.4
        path += f"{named}<{digest}>"  # 5.4.5.2, 5.4.5.3
        if _is_beaten(path, chosen):  # 5.4.5.5
            return None
    return path, issuer


def _copied(state: _State, issuer: _Issuer) -> _Issuer:
    state.spend(1 + len(issuer) // ISSUED_PER_STEP)  # else one step could cost any time and space
    return issuer.copy()


def _is_beaten(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen


def _serialized(dataset: Iterable[Quad], canonical: _Issuer) -> Canonical:
    """Section 5.  Sorting by code point is what Python does with `str`."""

    def named(term: str) -> str:
        return canonical.get(term, term)

    lines = [line((named(s), predicate, named(o), named(g))) for s, predicate, o, g in dataset]
    issued = {node.removeprefix("_:"): name.removeprefix("_:") for node, name in canonical.items()}
    return Canonical("".join(sorted(lines)), MappingProxyType(issued))
