"""The nine attack groups of the canonicalisation design: shown against a plain library, refused.

Each case of groups 1 to 4 alters a signed badge so that the signed graph stays the same: the plain
library accepts it (the first assertion), ours refuses it and says where.

Every case runs twice: by the general path, and with plans at hand for the very shape of the
document, learnt from documents with harmless values.
"""

import contextlib
import copy
import sys
import threading
from collections.abc import Callable
from itertools import count as counting
from typing import Any

import orjson
import pytest

from cairn.core.codec import strict_json
from cairn.core.errors import CairnError, Malformed
from cairn.core.rdf import cache as shapes
from cairn.core.rdf.cache import ShapeCache
from cairn.core.rdf.canonical import canonicalize
from cairn.core.rdf.contexts import DATA_INTEGRITY_2, OB_3_0_3, VC_2, RefusedContext
from cairn.core.rdf.document import Vocabulary, canonical_form, to_quads
from cairn.core.rdf.layout import read_layout
from cairn.core.rdf.outline import Uncovered, outline
from cairn.core.rdf.positions import check_positions
from tests.core import plain_library
from tests.core.badges import CREDENTIAL, ISSUER, Badge, badge

VOCABULARY = Vocabulary()
Alteration = Callable[[Badge], None]


WITH_PLANS = Vocabulary()


@pytest.fixture(autouse=True, params=["general", "plans"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How `ours` reads documents in this run of a case."""
    monkeypatch.setattr(sys.modules[__name__], "ours", _READERS[request.param])
    return str(request.param)


def _by_the_general_path(document: Badge) -> str:
    body = {key: value for key, value in document.items() if key != "proof"}
    return canonicalize(to_quads(body, VOCABULARY)).nquads


def _with_plans(document: Badge) -> str:
    """Documents of the same shape come first, so that there is a plan if there can be one."""
    body = {key: value for key, value in document.items() if key != "proof"}
    for keep_equal in ("all", "ids", "none"):
        with contextlib.suppress(CairnError, RecursionError):
            harmless = _harmless(body, keep_equal, {})
            for _ in range(3):
                canonical_form(harmless, WITH_PLANS)
    return canonical_form(body, WITH_PLANS)


def _harmless(value: Any, keep_equal: str, known: dict[str, str], key: str = "") -> Any:
    """`value` with other texts; `keep_equal` says which stay equal if they were."""
    if key == "@context" or key in VOCABULARY.contexts.structural:
        return value
    if isinstance(value, dict):
        return {name: _harmless(entry, keep_equal, known, name) for name, entry in value.items()}
    if isinstance(value, list):
        return [_harmless(entry, keep_equal, known, key) for entry in value]
    if not isinstance(value, str) or key == "@language":
        return value
    new = f"urn:uuid:{next(_NUMBERS)}"
    keeps = keep_equal == "all" or (keep_equal == "ids" and key in ("id", "resultDescription"))
    return known.setdefault(value, new) if keeps else new


_NUMBERS = counting()
_READERS: dict[str, Callable[[Badge], str]] = {
    "general": _by_the_general_path,
    "plans": _with_plans,
}
ours = _by_the_general_path


def test_the_plans_are_there() -> None:
    for document in (badge(), _altered(_add("description", "More."))):
        assert _with_plans(document) == _by_the_general_path(document)
        reading = read_layout(document)
        assert reading is not None
        assert WITH_PLANS.shapes.canonical(reading, WITH_PLANS.contexts) is not None


def _accepted_plainly_and_refused_by_us(alter: Alteration, where: str) -> None:
    original = badge()
    altered = plain_library.sign(original)
    alter(altered)
    assert plain_library.accepts(altered), "the attack must work on the plain library"
    with pytest.raises(Uncovered) as refusal:
        ours(altered)
    assert where in refusal.value.path


def _altered(alter: Alteration) -> Badge:
    document = badge()
    alter(document)
    return document


def test_the_untouched_badge_is_read_as_the_plain_library_reads_it() -> None:
    assert ours(badge()) == plain_library.canonical(badge())


# Group 1: hidden revocation


def _hide_status_in_the_endorsement(signed: Badge) -> None:
    subject = signed["endorsement"][0]["credentialSubject"]
    subject["credentialStatus"] = signed.pop("credentialStatus")
    subject["validUntil"] = signed.pop("validUntil")
    subject["type"] = ["EndorsementSubject", "VerifiableCredential"]


def test_status_cannot_hide_in_an_endorsement_of_the_credential_itself() -> None:
    _accepted_plainly_and_refused_by_us(
        _hide_status_in_the_endorsement, "/endorsement/0/credentialSubject"
    )
    with pytest.raises(Uncovered, match="cannot stand here"):
        check_positions(_altered(_hide_status_in_the_endorsement))


def test_properties_of_objects_with_one_id_cannot_be_moved_between_them() -> None:
    original = badge()
    creator = original["credentialSubject"]["achievement"]["creator"]
    creator["name"] = "Accrediting Body"
    altered = copy.deepcopy(original)
    altered["issuer"]["name"], altered["credentialSubject"]["achievement"]["creator"]["name"] = (
        "Accrediting Body",
        "North University",
    )
    assert plain_library.canonical(original) == plain_library.canonical(altered)
    for document in (original, altered):  # ambiguous already when issued, so refused then too
        with pytest.raises(Uncovered, match="two different objects have the id"):
            ours(document)


def test_indices_of_status_entries_with_one_id_cannot_be_swapped() -> None:
    def entries(first: str, second: str) -> Badge:
        document = badge()
        entry = document["credentialStatus"]
        document["credentialStatus"] = [
            {**entry, "statusPurpose": "revocation", "statusListIndex": first},
            {**entry, "statusPurpose": "suspension", "statusListIndex": second},
        ]
        return document

    assert plain_library.canonical(entries("1", "2")) == plain_library.canonical(entries("2", "1"))
    with pytest.raises(Uncovered, match="repeated"):
        ours(entries("1", "2"))


# Group 2: unsigned evidence


@pytest.mark.parametrize(
    "iri",
    [
        "https://x.example/<x>",
        "https://x.example/{r}",
        "https://x.example/a b",
        "https://x.example/%zz",
        "https://[::1",
        "https://x.example:port/",
        "https://x.example/\ufdd0",
        "https://x.example/\ue000",
        "relative/path",
        "_:b0",
    ],
)
def test_evidence_with_an_unfit_iri_is_refused(iri: str) -> None:
    document = badge()
    document["evidence"] = [{"id": iri, "type": ["Evidence"], "name": "Diploma of Harvard"}]
    with pytest.raises(Uncovered) as refusal:
        ours(document)
    assert refusal.value.path == "/evidence/0/id"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("evidence", [{"id": "https://x.example/<x>", "type": ["Evidence"], "name": "Diploma"}]),
        ("evidence", [{"id": "https://x.example/{r}", "type": ["Evidence"], "name": "Diploma"}]),
        ("description", {"@value": "PhD of Harvard University", "@language": "en_US"}),
    ],
)
def test_what_a_lenient_library_drops_cannot_be_appended(key: str, value: object) -> None:
    altered = _altered(_add(key, value))
    assert plain_library.canonical_by_pyoxigraph(altered) == (
        plain_library.canonical_by_pyoxigraph(badge())
    )
    with pytest.raises(Uncovered) as refusal:
        ours(altered)
    assert refusal.value.path.startswith(f"/{key}")


@pytest.mark.parametrize("tag", ["en_US", "EN", "e", "en-", "x" * 9])
def test_a_literal_with_a_malformed_language_is_refused(tag: str) -> None:
    document = badge()
    document["description"] = {"@value": "text", "@language": tag}
    with pytest.raises(Uncovered, match="language tag"):
        ours(document)


# Group 3: what isn't a string


def _add(key: str, value: object, *path: str) -> Alteration:
    def alter(signed: Badge) -> None:
        target = signed
        for step in path:
            target = target[step]
        target[key] = copy.deepcopy(value)

    return alter


@pytest.mark.parametrize(
    ("alter", "where"),
    [
        pytest.param(_add("foo", {"type": ["Harvard University", "PhD"]}), "foo", id="types only"),
        pytest.param(_add("remark", {"proofPurpose": "any text"}), "remark", id="vocab-coerced"),
        pytest.param(_add("degree", "PhD"), "/degree", id="unknown key"),
        pytest.param(_add("degree", "PhD", "credentialSubject"), "degree", id="unknown key, deep"),
        pytest.param(_add("evidence", None), "/evidence", id="null"),
        pytest.param(_add("evidence", []), "/evidence", id="empty array"),
        pytest.param(_add("@included", [{"id": "urn:x:y"}]), "@included", id="@included"),
        pytest.param(_add("@index", "PhD"), "@index", id="@index"),
        pytest.param(_add("gpa", 4.0, "credentialSubject"), "gpa", id="number under unknown key"),
        pytest.param(_add("honours", True, "credentialSubject"), "honours", id="boolean"),
        pytest.param(
            _add("validUntil", "2099-01-01T00:00:00Z", "credentialSubject"),
            "validUntil",
            id="a term where it is none",
        ),
    ],
)
def test_what_the_plain_library_drops_is_refused(alter: Alteration, where: str) -> None:
    _accepted_plainly_and_refused_by_us(alter, where)


@pytest.mark.parametrize("key", ["@reverse", "@nest", "@graph", "@set", "@list", "@json"])
def test_keywords_are_refused_wherever_they_stand(key: str) -> None:
    document = badge()
    document["credentialSubject"][key] = {"name": "x"}
    with pytest.raises(Uncovered, match="plain term"):
        ours(document)


def test_an_empty_object_is_refused() -> None:
    document = badge()
    document["evidence"] = {}
    with pytest.raises(Uncovered, match="empty object"):
        ours(document)


def test_a_repeated_value_is_refused() -> None:
    def repeat(signed: Badge) -> None:
        signed["credentialSubject"]["achievement"]["tag"].append("data")

    _accepted_plainly_and_refused_by_us(repeat, "tag")


# Group 4: spelling


def _rename(old: str, new: str, *path: str) -> Alteration:
    def alter(signed: Badge) -> None:
        target = signed
        for step in path:
            target = target[step]
        target[new] = target.pop(old)

    return alter


def _wrap(key: str, wrapper: Callable[[object], object], *path: str) -> Alteration:
    def alter(signed: Badge) -> None:
        target = signed
        for step in path:
            target = target[step]
        target[key] = wrapper(target[key])

    return alter


_ACHIEVEMENT = ("credentialSubject", "achievement")


@pytest.mark.parametrize(
    ("alter", "where"),
    [
        pytest.param(_rename("criteria", "Criteria", *_ACHIEVEMENT), "", id="another term"),
        pytest.param(_rename("type", "@type"), "@type", id="@type"),
        pytest.param(_rename("id", "@id"), "@id", id="@id"),
        pytest.param(
            _rename("validUntil", "https://www.w3.org/2018/credentials#validUntil"),
            "validUntil",
            id="full IRI, so validUntil is not read",
        ),
        pytest.param(_wrap("name", lambda v: {"@value": v}), "/name", id="@value"),
        pytest.param(_wrap("name", lambda v: {"@set": [v]}), "name", id="@set"),
        pytest.param(
            _wrap("creditsEarned", lambda _: "5.5E0", "credentialSubject"),
            "creditsEarned",
            id="number as text",
        ),
    ],
)
def test_another_spelling_of_a_signed_term_is_refused(alter: Alteration, where: str) -> None:
    original = badge()
    altered = copy.deepcopy(original)
    alter(altered)
    typed = {"validUntil"} & set(original) - set(altered)
    if not typed:  # a full IRI loses the term's datatype, which PyLD then shows in the graph
        assert plain_library.canonical(altered) == plain_library.canonical(original)
    with pytest.raises(Uncovered) as refusal:
        ours(altered)
    assert where in refusal.value.path


def test_a_type_may_not_be_written_as_the_property_with_its_iri() -> None:
    def located(type_name: str) -> Badge:
        document = badge()
        place = {"type": type_name, "latitude": 53.27, "longitude": -9.05}
        document["issuer"]["address"] = {"type": ["Address"], "geo": place}
        del document["credentialSubject"]["achievement"]["creator"]
        return document

    assert ours(located("GeoCoordinates")) == plain_library.canonical(located("GeoCoordinates"))
    with pytest.raises(Uncovered):
        ours(located("geo"))


def test_a_boolean_as_text_is_refused() -> None:
    def quote(signed: Badge) -> None:
        signed["credentialSubject"]["identifier"][0]["hashed"] = "false"

    _accepted_plainly_and_refused_by_us(quote, "hashed")


@pytest.mark.parametrize(
    "contexts",
    [
        pytest.param([OB_3_0_3, VC_2], id="reordered"),
        pytest.param([VC_2, OB_3_0_3, OB_3_0_3], id="repeated"),
        pytest.param([VC_2, OB_3_0_3, VC_2], id="closing with the first"),
        pytest.param([VC_2, DATA_INTEGRITY_2, OB_3_0_3], id="not listed"),
        pytest.param([VC_2, OB_3_0_3, {"name": "https://schema.org/alternateName"}], id="inline"),
        pytest.param([VC_2, OB_3_0_3, {"@vocab": "https://x.example/"}], id="inline @vocab"),
        pytest.param({"@import": VC_2}, id="@import"),
        pytest.param([], id="none"),
        pytest.param(None, id="null"),
        pytest.param([VC_2, [OB_3_0_3]], id="array in array"),
    ],
)
def test_only_listed_sequences_of_contexts_are_read(contexts: object) -> None:
    document = badge()
    document["@context"] = contexts
    with pytest.raises(RefusedContext):
        ours(document)


def test_a_context_below_the_root_is_refused_but_at_an_embedded_credential() -> None:
    document = badge()
    document["credentialSubject"]["@context"] = [VC_2, OB_3_0_3]
    with pytest.raises(Uncovered, match="plain term"):
        ours(document)


def test_reversed_subjects_are_signed_alike_so_no_reader_may_take_the_first() -> None:
    two = badge()
    first = two["credentialSubject"]
    second = {"id": "urn:example:2", "type": ["AchievementSubject"], "role": "tutor"}
    two["credentialSubject"] = [first, second]
    reversed_ = {**two, "credentialSubject": [second, first]}
    assert plain_library.canonical(two) == plain_library.canonical(reversed_)
    assert ours(two) == ours(reversed_)


# Group 5: duplicate keys


def test_a_key_given_twice_is_refused_where_a_plain_parser_keeps_the_last() -> None:
    data = orjson.dumps(badge())
    doubled = data.replace(b'{"@context"', b'{"validUntil":"2099-01-01T00:00:00Z","@context"', 1)
    assert orjson.loads(doubled) == badge()
    with pytest.raises(Malformed, match="validUntil"):
        strict_json.read(doubled)


# Group 6: cache keys


def test_true_and_one_have_different_shapes_although_python_holds_them_equal() -> None:
    def key(value: object) -> bytes:
        document = badge()
        document["credentialSubject"]["creditsEarned"] = value
        return outline(document, VOCABULARY.contexts).key

    assert ("x", 1) == ("x", True)  # what a key of tuples would compare
    assert len({key(1), key(True), key("1")}) == 3


@pytest.mark.parametrize(
    "types", [[{"id": "urn:x:y"}], {"@id": "x"}, 5, None, [None], [[]], ["a"] * 9]
)
def test_a_type_that_is_no_name_is_refused_and_nothing_worse(types: object) -> None:
    document = badge()
    document["credentialSubject"]["type"] = types
    with pytest.raises(Uncovered):
        ours(document)


def test_nesting_of_900_is_refused_and_nothing_worse() -> None:
    document = badge()
    inner: Badge = {"name": "x"}
    for _ in range(900):
        inner = {"parentOrg": inner}
    document["issuer"]["parentOrg"] = inner
    with pytest.raises(Malformed, match="nested deeper"):
        ours(document)


def test_a_plan_of_another_context_set_or_code_version_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache = ShapeCache()
    contexts = VOCABULARY.contexts
    outlined = outline(badge(), contexts)
    cache.shape(outlined, contexts)
    monkeypatch.setattr(shapes, "CODE_VERSION", b"other")
    cache.shape(outlined, contexts)
    assert len(cache) == 2


# Group 7: plans are published whole, caches bounded


def test_threads_get_whole_shapes_and_one_result() -> None:
    vocabulary = Vocabulary()
    results: list[str] = []

    def work() -> None:
        results.extend(canonical_form(badge(), vocabulary) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 30
    assert set(results) == {ours(badge())}
    assert len(vocabulary.shapes) == 1


def test_the_cache_is_bounded_in_bytes_whatever_shapes_are_sent() -> None:
    vocabulary = Vocabulary(shapes=ShapeCache(max_bytes=100_000))
    for count in range(1, 40):
        document = badge()
        document["credentialSubject"]["achievement"]["tag"] = [f"t{i}" for i in range(count)]
        canonical_form(document, vocabulary)
        assert vocabulary.shapes.used_bytes <= 100_000
    assert 0 < len(vocabulary.shapes) < 39


def test_a_refused_shape_is_remembered_and_refused_again() -> None:
    vocabulary = Vocabulary()
    document = {**badge(), "degree": "PhD"}
    for _ in range(2):
        with pytest.raises(Uncovered, match="degree"):
            canonical_form(document, vocabulary)
    assert len(vocabulary.shapes) == 1


# Group 8: emission


@pytest.mark.parametrize(
    "name", ['Ada",', "Ada\\", 'Ada"}]', "Ada\u2028", "Ada\nB", "%s%d{}", "\x85"]
)
def test_a_name_full_of_syntax_is_written_and_read_back(name: str) -> None:
    document = badge()
    document["credentialSubject"]["identifier"][0]["identityHash"] = name
    emitted = strict_json.write(document)
    assert strict_json.read(emitted) == document
    assert ours(document) == plain_library.canonical(document)


# Group 9 (proof type, suite, purpose, expiry, multibase) stands in test_verify.py


def test_issuer_and_credential_of_the_fixture_share_ids_on_purpose() -> None:
    document = badge()
    assert document["credentialSubject"]["achievement"]["creator"]["id"] == ISSUER
    assert document["endorsement"][0]["credentialSubject"]["id"] == CREDENTIAL
