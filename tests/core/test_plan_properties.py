"""Plans against the general path: the same bytes, or the same refusal, whatever is sent."""

import copy

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cairn.core.codec.iri import are_plainly_absolute, follows_grammar, is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError
from cairn.core.rdf.canonical import canonicalize
from cairn.core.rdf.document import Vocabulary, canonical_bytes, to_quads
from cairn.core.rdf.layout import leaf_positions, read_layout
from cairn.core.rdf.narrowing import WATCHED
from cairn.core.rdf.outline import TEXT, outline
from tests.core.badges import Badge, badge
from tests.strategies.shapes import documents, iris, plain_iris

GENERAL = Vocabulary()
PLANNED = Vocabulary()
Outcome = bytes | tuple[type[CairnError], str]


def generally(document: Json) -> Outcome:
    try:
        return canonicalize(to_quads(document, GENERAL)).nquads.encode()
    except CairnError as refusal:
        return type(refusal), str(refusal)


def as_a_service_does(document: Json, vocabulary: Vocabulary = PLANNED) -> Outcome:
    try:
        return canonical_bytes(document, vocabulary)
    except CairnError as refusal:
        return type(refusal), str(refusal)


def by_plan(document: Json) -> bytes | None:
    reading = read_layout(document)
    return None if reading is None else PLANNED.shapes.canonical(reading, PLANNED.contexts)


@given(documents())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_both_ways_give_the_same_bytes_or_the_same_refusal(pair: tuple[Badge, Badge]) -> None:
    first, second = pair
    expected = generally(first)
    assert [as_a_service_does(first) for _ in range(3)] == [expected] * 3
    expected = generally(second)
    planned = by_plan(second)  # learnt from other values
    assert planned is None or planned == expected
    assert [as_a_service_does(second) for _ in range(3)] == [expected] * 3


@given(documents())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_so_do_narrow_plans(pair: tuple[Badge, Badge]) -> None:
    """As above, once many documents have come that differ from the first in one text only."""
    first, second = pair
    if not isinstance(generally(first), bytes):
        return
    vocabulary = Vocabulary(PLANNED.contexts)
    for number in range(WATCHED + 3):
        canonical_bytes({**first, "name": f"Name {number}"}, vocabulary)
    for document in (first, {**second, "name": "Name"}, second):
        expected = generally(document)
        reading = read_layout(document)
        planned = reading and vocabulary.shapes.canonical(reading, vocabulary.contexts)
        assert planned is None or planned == expected
        assert as_a_service_does(document, vocabulary) == expected


def test_most_documents_go_by_a_plan() -> None:
    seen = {"plan": 0, "general": 0, "refused": 0}

    @given(documents())
    @settings(
        max_examples=200,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def count(pair: tuple[Badge, Badge]) -> None:
        for document in pair:
            outcomes = [as_a_service_does(document) for _ in range(3)]
            if not isinstance(outcomes[0], bytes):
                seen["refused"] += 1
            else:
                seen["general" if by_plan(document) is None else "plan"] += 1

    count()
    assert seen["plan"] > 2 * seen["general"], seen
    assert seen["refused"] > 0, seen


@given(st.one_of(iris, plain_iris, st.from_regex(r"(https?|urn:uuid|did):[!-~]{0,20}")))
@example("https://x.example/..")
@example("https://x.example/a/./b")
@example("http://")
@example("did:x:..")
@example("https://x.example/#a#b")
@example("https://x.example/a\nhttps://x.example/b")
@example("https://x.example\n")
def test_what_is_plainly_absolute_is_absolute(text: str) -> None:
    assert is_absolute_iri(text) == follows_grammar(text)
    try:
        line = text.encode() + b"\n"
    except UnicodeEncodeError:
        return
    if "\n" not in text and are_plainly_absolute(line):
        assert follows_grammar(text)


def test_the_plainest_iris_are_plain() -> None:
    lines = b"https://x.example/a/1?b=c#d\ndid:web:x.example:i:1#key-1\nurn:uuid:0b7a-1\n"
    assert are_plainly_absolute(lines)
    assert not are_plainly_absolute(lines + b"relative\n")
    assert not are_plainly_absolute(b"https://x.example/a\nb\n")
    assert are_plainly_absolute(b"https://x.example/#a\nhttps://x.example/#b\n")
    assert not are_plainly_absolute(b"https://x.example/a\nhttps://x.example/#b#c\n")


@given(documents())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_reading_has_the_leaves_of_the_outline(pair: tuple[Badge, Badge]) -> None:
    for document in pair:
        reading = read_layout(document)
        if reading is None or not isinstance(generally(document), bytes):
            continue
        outlined = outline(document, GENERAL.contexts)
        fixed, positions = leaf_positions(outlined.skeleton)
        texts = [place for kind, place in positions if kind == TEXT]
        assert sorted([*fixed, *texts]) == list(range(len(reading.strings)))
        escaped = [reading.strings[place].decode() for place in texts]
        plain = [leaf for leaf in outlined.leaves if isinstance(leaf, str)]
        assert [_unescaped(text) for text in escaped] == plain


def _unescaped(text: str) -> str:
    for escape, character in (("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ('\\"', '"')):
        text = text.replace("\\\\", "\0").replace(escape, character).replace("\0", "\\\\")
    return text.replace("\\\\", "\\")


@pytest.mark.parametrize(
    "text", ["\x00", "\x08", "\x7f", "\ud800", "\ufdd0", "\ufffe", "\U0010ffff"]
)
def test_unsafe_text_has_no_reading(text: str) -> None:
    document = badge()
    document["name"] = f"a{text}"
    assert read_layout(document) is None


def test_objects_with_one_id_part_ways_only_together() -> None:
    document = badge()
    for _ in range(3):
        canonical_bytes(document, PLANNED)
    assert by_plan(document) is not None
    altered = copy.deepcopy(document)
    altered["issuer"]["name"] = "Another"
    assert by_plan(altered) is None  # differs from the creator: the general path refuses
    altered["credentialSubject"]["achievement"]["creator"]["name"] = "Another"
    assert by_plan(altered) == generally(altered)
    altered["issuer"]["id"] = "https://another.example/1"
    assert by_plan(altered) is None  # other ids are shared: a plan of its own
    assert [as_a_service_does(altered) for _ in range(2)] == [generally(altered)] * 2
    assert by_plan(altered) == generally(altered)
