"""`cairn.core.rdf.cache`: when plans are made, for whom, and within which bounds."""

import threading

import pytest

from cairn.core.errors import Conflict
from cairn.core.rdf import cache as caches
from cairn.core.rdf.cache import MAX_NARROW, MAX_PLANS, MissBudget, ShapeCache, TooManyShapes
from cairn.core.rdf.document import Vocabulary, canonical_bytes, canonical_config
from cairn.core.rdf.layout import read_layout
from cairn.core.rdf.narrowing import WATCHED, Watch
from cairn.core.rdf.outline import Uncovered
from tests.core.badges import Badge, badge

CONTEXTS = Vocabulary().contexts


def tagged(count: int, first: str = "t") -> Badge:
    """A badge of its own shape for each `count`."""
    document = badge()
    document["credentialSubject"]["achievement"]["tag"] = [f"{first}{i}" for i in range(count)]
    return document


def by_plan(document: Badge, vocabulary: Vocabulary) -> bytes | None:
    reading = read_layout(document)
    assert reading is not None
    return vocabulary.shapes.canonical(reading, vocabulary.contexts)


def test_a_shape_gets_its_plan_at_second_sight() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    for number, expected in enumerate([False, True, True]):
        form = canonical_bytes(tagged(2, str(number)), vocabulary)
        planned = by_plan(tagged(2, str(number)), vocabulary)
        assert planned == (form if expected else None)


def test_a_refused_document_teaches_nothing() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    canonical_bytes(tagged(2), vocabulary)
    repeated = tagged(2)
    repeated["credentialSubject"]["achievement"]["tag"] = ["a", "a"]
    for _ in range(3):
        with pytest.raises(Uncovered):
            canonical_bytes(repeated, vocabulary)
    assert by_plan(tagged(2), vocabulary) is None


def test_a_plan_does_not_take_what_the_general_path_refuses() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    for _ in range(2):
        canonical_bytes(tagged(2), vocabulary)
    assert by_plan(tagged(2), vocabulary) is not None
    repeated, unnamed = tagged(2), tagged(2)
    repeated["credentialSubject"]["achievement"]["tag"] = ["a", "a"]
    unnamed["credentialSubject"]["achievement"]["id"] = "relative"
    for document in (repeated, unnamed):
        assert by_plan(document, vocabulary) is None
        with pytest.raises(Uncovered):
            canonical_bytes(document, vocabulary)


def test_an_object_written_twice_in_two_orders_goes_the_general_path() -> None:
    document = badge()
    creator = document["credentialSubject"]["achievement"]["creator"]
    document["credentialSubject"]["achievement"]["creator"] = dict(reversed(creator.items()))
    vocabulary = Vocabulary(CONTEXTS)
    forms = {canonical_bytes(document, vocabulary) for _ in range(4)}
    assert forms == {canonical_bytes(badge(), vocabulary)}
    assert by_plan(document, vocabulary) is None


def test_documents_that_tie_do_not_keep_others_from_their_plan() -> None:
    def aligned(first: str, second: str) -> Badge:
        document = badge()
        document["credentialSubject"]["achievement"]["alignment"] = [
            {"type": ["Alignment"], "targetName": name, "targetUrl": "https://x.example/1"}
            for name in (first, second)
        ]
        return document

    vocabulary = Vocabulary(CONTEXTS)
    for _ in range(3):
        canonical_bytes(aligned("alike", "alike"), vocabulary)
    assert by_plan(aligned("alike", "alike"), vocabulary) is None
    assert by_plan(aligned("one", "other"), vocabulary) is not None


def test_sha_384_goes_the_general_path() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    forms = {canonical_bytes(badge(), vocabulary, hash_name="sha384") for _ in range(3)}
    assert by_plan(badge(), vocabulary) is None
    assert forms.isdisjoint({canonical_bytes(badge(), vocabulary)})


def test_a_plan_of_another_code_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = Vocabulary(CONTEXTS)
    for _ in range(2):
        canonical_bytes(badge(), vocabulary)
    assert by_plan(badge(), vocabulary) is not None
    monkeypatch.setattr(caches, "CODE_VERSION", b"other")
    assert by_plan(badge(), vocabulary) is None


def test_the_bytes_of_shapes_and_plans_are_bounded_together() -> None:
    vocabulary = Vocabulary(CONTEXTS, ShapeCache(max_bytes=400_000))
    for count in range(1, 20):
        for _ in range(3):
            canonical_bytes(tagged(count), vocabulary)
            assert vocabulary.shapes.used_bytes <= 400_000
    assert by_plan(tagged(19), vocabulary) is not None
    assert by_plan(tagged(1), vocabulary) is None


def test_what_is_too_large_by_itself_is_not_kept() -> None:
    vocabulary = Vocabulary(CONTEXTS, ShapeCache(max_bytes=100))
    for _ in range(3):
        canonical_bytes(badge(), vocabulary)
    assert vocabulary.shapes.used_bytes == 0
    assert len(vocabulary.shapes) == 0


def config(created: str) -> Badge:
    return {
        "@context": badge()["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": "did:web:uni.example#key-1",
        "proofPurpose": "assertionMethod",
    }


def test_a_configuration_is_remembered_as_it_is_written() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    for created in ("2026-05-14T10:00:00Z", "2026-05-14T10:00:01Z") * 2:
        assert canonical_config(config(created), vocabulary) == (
            canonical_bytes(config(created), Vocabulary(CONTEXTS))
        )
    turned = dict(reversed(config("2026-05-14T10:00:00Z").items()))
    assert canonical_config(turned, vocabulary) == canonical_bytes(turned, Vocabulary(CONTEXTS))


def test_a_refused_configuration_is_refused_each_time() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    for _ in range(3):
        with pytest.raises(Uncovered):
            canonical_config({**config("2026-05-14T10:00:00Z"), "foreign": "x"}, vocabulary)


def test_the_bytes_of_remembered_configurations_are_bounded() -> None:
    vocabulary = Vocabulary(CONTEXTS, ShapeCache(max_bytes=200_000))
    for number in range(60):
        canonical_config(config(f"2026-05-14T10:00:{number:02d}Z"), vocabulary)
        assert vocabulary.shapes.used_bytes <= 200_000


def test_one_frame_has_few_plans() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    document = badge()
    for number in range(3 * MAX_PLANS):
        document["credentialSubject"]["type"] = ["AchievementSubject", f"ext:T{number}"]
        for _ in range(3):
            canonical_bytes(document, vocabulary)
        assert by_plan(document, vocabulary) is not None
    reading = read_layout(document)
    assert reading is not None
    key = caches._plan_key(reading, CONTEXTS)
    assert len(vocabulary.shapes._plans.get(key) or ()) == MAX_PLANS


def named(name: str, issuer: str = "North University") -> Badge:
    document = badge()
    document["name"] = name
    for profile in (document["issuer"], document["credentialSubject"]["achievement"]["creator"]):
        profile["name"] = issuer
    return document


def entries(vocabulary: Vocabulary) -> list[bool]:
    """Of the plans for a badge, in the order in which they are tried, whether each is narrow."""
    reading = read_layout(badge())
    assert reading is not None
    kept = vocabulary.shapes._plans.get(caches._plan_key(reading, CONTEXTS)) or ()
    return [entry.watch is None for entry in kept]


def test_documents_alike_in_most_leaves_get_a_narrow_plan() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    for number in range(2 + WATCHED):
        assert entries(vocabulary) in ([], [False])
        canonical_bytes(named(str(number)), vocabulary)
    assert entries(vocabulary) == [True, False]
    for document in (named("x"), named("x", "Another"), named('"\\\n', "%b"), badge()):
        expected = canonical_bytes(document, Vocabulary(CONTEXTS))
        assert by_plan(document, vocabulary) == expected


def test_several_issuers_have_narrow_plans_of_their_own_but_few() -> None:
    vocabulary = Vocabulary(CONTEXTS)
    for issuer in range(MAX_NARROW + 2):
        for number in range((WATCHED + 1) * 2 ** (issuer + 1)):  # pauses grow
            canonical_bytes(named(str(number), f"University {issuer}"), vocabulary)
    assert entries(vocabulary) == [True] * MAX_NARROW + [False]
    for issuer in range(MAX_NARROW + 2):
        document = named("x", f"University {issuer}")
        assert by_plan(document, vocabulary) == canonical_bytes(document, Vocabulary(CONTEXTS))


def test_documents_with_nothing_in_common_get_none() -> None:
    watch = Watch()
    notes = [watch.note([b"%d" % number, b"same"]) for number in range(10_000)]
    assert notes[: WATCHED - 1] == [None] * (WATCHED - 1)
    assert notes[WATCHED - 1] == {0}
    assert 0 < sum(note is not None for note in notes) < 20  # it asks ever more rarely


def test_a_client_that_sends_new_shapes_is_told_to_wait_and_others_are_not() -> None:
    shapes = ShapeCache()
    greedy = Vocabulary(CONTEXTS, shapes, MissBudget(2))
    canonical_bytes(tagged(1), greedy)
    canonical_bytes(tagged(2), greedy)
    with pytest.raises(TooManyShapes, match="try again later") as refusal:
        canonical_bytes(tagged(3), greedy)
    assert isinstance(refusal.value, Conflict)
    known = canonical_bytes(tagged(1), greedy)  # known shapes cost a client nothing
    assert by_plan(tagged(1), greedy) is None  # but it has nothing left for a plan
    canonical_bytes(tagged(3), Vocabulary(CONTEXTS, shapes, MissBudget(1)))
    assert canonical_bytes(tagged(1), Vocabulary(CONTEXTS, shapes)) == known
    assert by_plan(tagged(1), greedy) == known


def test_refused_shapes_cost_a_client_too() -> None:
    vocabulary = Vocabulary(CONTEXTS, ShapeCache(), MissBudget(1))
    with pytest.raises(Uncovered):
        canonical_bytes({**badge(), "degree": "PhD"}, vocabulary)
    with pytest.raises(TooManyShapes):
        canonical_bytes({**badge(), "diploma": "PhD"}, vocabulary)


def test_threads_get_whole_plans_and_the_bytes_of_one() -> None:
    shapes = ShapeCache(max_bytes=600_000)  # too little for all: plans come and go
    expected = [canonical_bytes(tagged(count), Vocabulary(CONTEXTS)) for count in range(1, 7)]
    found: list[bool] = []

    def work(offset: int) -> None:
        vocabulary = Vocabulary(CONTEXTS, shapes)
        for step in range(60):
            number = (offset + step) % 6
            found.append(canonical_bytes(tagged(number + 1), vocabulary) == expected[number])

    threads = [threading.Thread(target=work, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 240
    assert all(found)
    assert shapes.used_bytes <= 600_000
