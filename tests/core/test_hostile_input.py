"""Whatever is sent: a Report that is not "in force", or `Malformed` saying what and where.  Soon.

Never another exception, never a stack, never a long wait.  The cases stand in `hostile*.py`.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import Malformed
from cairn.core.rdf.document import Vocabulary
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Outcome, Report
from cairn.core.wording import render
from tests.core import hostile, hostile_documents, hostile_servers
from tests.core.issuing import DID_URL, LIST_URL, NOW, VOCABULARY, Published, published
from tests.timing import took_at_most

pytestmark = pytest.mark.timed
LIMIT = 0.75  # seconds of processor time; most take 5 ms, a new shape of a badge about 20
DEAR_LIMIT = 3.0  # for what uses up every bound: about 1 s


def answer(
    data: bytes,
    limit: float = LIMIT,
    documents: Published | None = None,
    vocabulary: Vocabulary | None = None,
) -> Report | None:
    """The report, or None for `Malformed`; by default as for the first document of its shape."""
    first = [vocabulary] if vocabulary else []

    def verified() -> Report | str:
        # what `vocabulary` has learnt in one run would make the next cheaper
        known = first.pop() if first else Vocabulary()
        sources = Sources(documents=documents or published(), vocabulary=known)
        try:
            return verify(data, sources, now=NOW)
        except Malformed as err:
            return str(err)

    found = took_at_most(limit, verified)
    if isinstance(found, Report):
        return found
    assert 10 < len(found) < 1000, "say what is wrong, in a few words"
    return None


def refused(data: bytes, limit: float = LIMIT, documents: Published | None = None) -> Report | None:
    report = answer(data, limit, documents)
    assert report is None or report.outcome is not Outcome.IN_FORCE
    return report


def placed(found: str, wanted: str) -> bool:
    """Whether one place is the other, above it or below it."""
    found, wanted = f"{found}/", f"{wanted}/"
    return found.startswith(wanted) or wanted.startswith(found)


def test_what_the_cases_alter_is_in_force_unaltered() -> None:
    for suite in hostile.SUITES:
        report = answer(hostile.dumped(hostile.signed_badge(suite)))
        assert report is not None
        assert report.outcome is Outcome.IN_FORCE


@pytest.mark.parametrize("name", hostile.REPLACEMENTS)
def test_another_kind_of_value_anywhere_is_refused_and_its_place_named(name: str) -> None:
    where, make = hostile.REPLACEMENTS[name]
    data = make()
    if refused(data) is None:
        with pytest.raises(Malformed) as refusal:
            verify(data, Sources(vocabulary=VOCABULARY), now=NOW)
        assert placed(refusal.value.path, where)


# An endorsement inside inherits the contexts, so without its own it says the same.
OF_NO_MATTER = re.compile(r"nothing at /endorsement/0/@context(/1)?")


@pytest.mark.parametrize("name", hostile.REMOVALS)
def test_what_is_left_out_is_noticed(name: str) -> None:
    report = answer(hostile.REMOVALS[name]())
    if not OF_NO_MATTER.fullmatch(name):
        assert report is None or report.outcome is not Outcome.IN_FORCE


@pytest.mark.parametrize("name", hostile.BYTES)
def test_bytes_that_are_no_credential_are_refused(name: str) -> None:
    refused(hostile.BYTES[name]())


@pytest.mark.parametrize("name", hostile_documents.ALTERED)
@pytest.mark.parametrize("suite", hostile.SUITES)
def test_a_forged_badge_is_refused(suite: str, name: str) -> None:
    document = hostile.signed_badge(suite)
    hostile_documents.ALTERED[name](document)
    report = refused(hostile.dumped(document))
    if report is not None:
        render_all(report)


@pytest.mark.parametrize("name", hostile_documents.DEAR)
@pytest.mark.parametrize("suite", hostile.SUITES)
def test_a_forged_badge_within_every_bound_ends_soon(suite: str, name: str) -> None:
    document = hostile.signed_badge(suite)
    hostile_documents.DEAR[name](document)
    refused(hostile.dumped(document), DEAR_LIMIT)


@pytest.mark.parametrize("name", hostile_servers.DID_DOCUMENTS)
def test_a_hostile_did_document_makes_no_badge_true_or_unreadable(name: str) -> None:
    documents = published()
    documents.documents[DID_URL] = hostile_servers.DID_DOCUMENTS[name]()
    report = refused(hostile.dumped(hostile.signed_badge()), documents=documents)
    assert report is not None, "the badge itself can be read"


@pytest.mark.parametrize("name", hostile_servers.STATUS_LISTS)
def test_a_hostile_status_list_makes_no_badge_true_or_unreadable(name: str) -> None:
    documents = published()
    documents.documents[LIST_URL] = hostile_servers.STATUS_LISTS[name]()
    report = refused(hostile.dumped(hostile.signed_badge()), documents=documents)
    assert report is not None, "the badge itself can be read"
    assert report.outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize("name", hostile_servers.LONG_DID_DOCUMENTS)
def test_a_did_document_full_of_other_things_costs_little(name: str) -> None:
    documents = published()
    documents.documents[DID_URL] = hostile_servers.LONG_DID_DOCUMENTS[name]()
    report = answer(hostile.dumped(hostile.signed_badge()), documents=documents)
    assert report is not None
    assert report.outcome is Outcome.IN_FORCE


def used_vocabulary() -> Vocabulary:
    """One that has seen the badge often, so that its shape is known and compiled."""
    vocabulary = Vocabulary()
    for suite in hostile.SUITES * 3:
        answer(hostile.dumped(hostile.signed_badge(suite)), vocabulary=vocabulary)
    return vocabulary


def test_a_known_shape_changes_no_answer() -> None:
    """Same keys, other values: what the shape of a genuine badge was learnt for."""
    vocabulary = used_vocabulary()
    cases = [make() for name, (_, make) in hostile.REPLACEMENTS.items() if name.startswith("text")]
    for alter in hostile_documents.ALTERED.values():
        document = hostile.signed_badge()
        alter(document)
        cases.append(hostile.dumped(document))
    for data in cases:
        first, later = answer(data), answer(data, vocabulary=vocabulary)
        assert first == later


def test_no_address_of_a_forged_badge_is_asked_but_that_of_its_issuer() -> None:
    for alter in hostile_documents.ALTERED.values():
        document, documents = hostile.signed_badge(), published()
        alter(document)
        answer(hostile.dumped(document), documents=documents)
        for url in documents.asked:
            assert url in (DID_URL, LIST_URL) or url.endswith("/did.json")


def render_all(report: Report) -> None:
    """Every sentence of `report`, in every language: none may break, none may move a cursor."""
    for language in render.languages():
        for check in report.checks:
            for sentence in (render.sentence, render.detail):
                text = sentence(check.reason, check.facts, language)
                assert not set(text) & set("\x1b\x9b\u202e\u2067\u200b\r\x07\x08")


# Random changes

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 2**53), st.floats(), st.text(max_size=8)
)
keys = st.one_of(
    st.sampled_from(
        ["id", "type", "name", "proof", "@context", "@value", "@id", "credentialSubject"]
    ),
    st.text(max_size=6),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=6,
)


def replace(draw: st.DrawFn, document: Any, path: tuple[str | int, ...]) -> None:
    hostile.put(document, path, draw(values))


def remove(draw: st.DrawFn, document: Any, path: tuple[str | int, ...]) -> None:
    del hostile.at(document, path[:-1])[path[-1]]


def wrap(draw: st.DrawFn, document: Any, path: tuple[str | int, ...]) -> None:
    hostile.put(document, path, [hostile.at(document, path)])


def insert(draw: st.DrawFn, document: Any, path: tuple[str | int, ...]) -> None:
    parent = hostile.at(document, path[:-1])
    if isinstance(parent, dict):
        parent[draw(keys)] = draw(values)
    else:
        parent.insert(int(path[-1]), draw(values))


def copy_elsewhere(draw: st.DrawFn, document: Any, path: tuple[str | int, ...]) -> None:
    other = draw(st.sampled_from(list(hostile.places(document))))
    hostile.put(document, path, json.loads(json.dumps(hostile.at(document, other))))


def rename(draw: st.DrawFn, document: Any, path: tuple[str | int, ...]) -> None:
    parent = hostile.at(document, path[:-1])
    if isinstance(parent, dict):
        other = draw(st.sampled_from([p[-1] for p in hostile.places(document)]))
        parent[str(other)] = parent.pop(path[-1])


def turn_round(draw: st.DrawFn, document: Any, path: tuple[str | int, ...]) -> None:
    value = hostile.at(document, path)
    if isinstance(value, list):
        value.reverse()
    elif isinstance(value, str):
        hostile.put(document, path, value[::-1])


Change = Callable[[st.DrawFn, Any, tuple[str | int, ...]], None]
changes: list[Change] = [replace, remove, wrap, insert, copy_elsewhere, rename, turn_round]


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    document = hostile.signed_badge(draw(st.sampled_from(hostile.SUITES)))
    for _ in range(draw(st.integers(1, 3))):
        change = draw(st.sampled_from(changes))
        change(draw, document, draw(st.sampled_from(list(hostile.places(document)))))
    return document


def meaning(value: Any, key: str = "") -> Any:
    """One form for what JSON-LD reads alike: `[x]` and `x`, `{"id": x}` and `x`, any order."""
    if isinstance(value, list):
        entries = [meaning(entry, key) for entry in value]
        if len(entries) == 1:
            return entries[0]
        is_list = key in ("@context", "allowedValue")
        return entries if is_list else sorted(entries, key=lambda entry: json.dumps(entry))
    if isinstance(value, dict):
        if value.keys() == {"id"}:
            return value["id"]
        ignored = {"proof"} if "proof" in value else {"@context"}  # see OF_NO_MATTER
        return {name: meaning(value[name], name) for name in sorted(value.keys() - ignored)}
    return 5 if value == 5 and not isinstance(value, bool) else value


USED = used_vocabulary()


@given(mutants())
def test_no_random_change_is_in_force_but_one_that_means_the_same(document: Any) -> None:
    report = answer(hostile.dumped(document), vocabulary=USED)
    if report is None:
        return
    render_all(report)
    if report.outcome is Outcome.IN_FORCE:
        assert meaning(document) == meaning(hostile.signed_badge())


@given(st.binary(max_size=200))
def test_no_random_bytes_are_a_credential(data: bytes) -> None:
    report = answer(data)
    assert report is None or report.outcome is Outcome.NO_CREDENTIAL


@given(st.data())
def test_no_badge_with_bytes_changed_is_in_force(data: st.DataObject) -> None:
    original = hostile.dumped(hostile.signed_badge())
    start = data.draw(st.integers(0, len(original) - 1))
    size = data.draw(st.integers(0, 4))
    altered = original[:start] + data.draw(st.binary(max_size=4)) + original[start + size :]
    report = answer(altered)
    if report is not None and report.outcome is Outcome.IN_FORCE:
        assert meaning(json.loads(altered)) == meaning(json.loads(original))
