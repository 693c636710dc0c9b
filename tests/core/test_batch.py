"""`cairn.core.proofs.batch`: what a batch signs is what `add_proof` signs, byte for byte."""

import threading
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec import strict_json
from cairn.core.errors import CairnError, Malformed
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.proofs import batch as batches
from cairn.core.proofs.batch import Batch, Signer, prepare_batch, varying_between
from cairn.core.proofs.batch_emission import DamagedEmission
from cairn.core.proofs.data_integrity import add_proof, holds, read_proofs
from cairn.core.rdf.document import Vocabulary
from cairn.core.rdf.outline import Uncovered
from tests.core.badges import Badge, badge
from tests.strategies.shapes import any_texts, iris, numbers

VOCABULARY = Vocabulary()
KEY = PrivateKey.from_seed(KeyType.ED25519, b"\x05" * 32)
SIGNER = Signer(KEY, "did:example:1#key", "2026-01-01T00:00:00Z")
VARYING = (
    "/id",
    "/credentialSubject/identifier/0/identityHash",
    "/credentialSubject/creditsEarned",
    "/credentialStatus/id",
    "/credentialStatus/statusListIndex",
)
VALUES: tuple[Any, ...] = (
    "https://uni.example/c/2",
    "Grace Hopper",
    4,
    "https://uni.example/status/1#7",
    "7",
)


def plain() -> Badge:
    document = badge()
    del document["endorsement"]
    return document


def with_values(values: tuple[Any, ...]) -> Badge:
    document = plain()
    document["id"], name, credits_, status, index = values
    document["credentialSubject"]["identifier"][0]["identityHash"] = name
    document["credentialSubject"]["creditsEarned"] = credits_
    document["credentialStatus"] |= {"id": status, "statusListIndex": index}
    return document


def prepared() -> Batch:
    found = prepare_batch(plain(), VARYING, SIGNER, VOCABULARY)
    assert found is not None
    return found


def plainly(document: Badge) -> bytes:
    signed = add_proof(
        document,
        KEY,
        VOCABULARY,
        cryptosuite="eddsa-rdfc-2022",
        verification_method=SIGNER.verification_method,
        created=SIGNER.created,
    )
    return strict_json.write(signed)


BATCH = prepared()


def test_a_batch_signs_as_add_proof_does() -> None:
    assert BATCH.issue(VALUES) == plainly(with_values(VALUES))
    assert BATCH.issue_document(with_values(VALUES)) == plainly(with_values(VALUES))


def test_what_a_batch_signs_verifies() -> None:
    document = strict_json.read(BATCH.issue(VALUES))
    assert isinstance(document, dict)
    (proof,) = read_proofs(document)
    assert holds(document, proof, KEY.public, VOCABULARY)


@given(st.tuples(iris, any_texts, numbers, iris, any_texts))
def test_any_values_are_signed_alike_or_refused_alike(values: tuple[Any, ...]) -> None:
    try:
        expected = plainly(with_values(values))
    except CairnError as refusal:
        with pytest.raises(type(refusal)):
            BATCH.issue(values)
        assert BATCH.issue_document(with_values(values)) is None
    else:
        assert BATCH.issue(values) == expected
        assert BATCH.issue_document(with_values(values)) in (expected, None)


def test_documents_of_another_batch_are_left_aside() -> None:
    other = with_values(VALUES)
    other["name"] = "Another"
    assert BATCH.issue_document(other) is None
    assert BATCH.issue_document({**plain(), "description": "More."}) is None
    numbered = with_values(VALUES)
    numbered["credentialSubject"]["creditsEarned"] = "4"
    assert BATCH.issue_document(numbered) is None


def test_values_come_in_the_order_asked_for() -> None:
    order = tuple(reversed(VARYING))
    turned = prepare_batch(plain(), order, SIGNER, VOCABULARY)
    assert turned is not None
    assert turned.varying == order
    assert turned.issue(tuple(reversed(VALUES))) == BATCH.issue(VALUES)


def test_shared_objects_vary_together_or_are_refused() -> None:
    both = ("/issuer/name", "/credentialSubject/achievement/creator/name")
    found = prepare_batch(plain(), both, SIGNER, VOCABULARY)
    assert found is not None
    renamed = plain()
    renamed["issuer"]["name"] = renamed["credentialSubject"]["achievement"]["creator"]["name"] = "N"
    assert found.issue(("N", "N")) == plainly(renamed)
    with pytest.raises(Uncovered, match="two different objects"):
        found.issue(("N", "M"))


@pytest.mark.parametrize(
    ("pointers", "problem"),
    [
        (("/nothing",), "no text or number"),
        (("/type/0",), "no text or number"),
        (("/credentialSubject/identifier/0/hashed",), "no text or number"),
        (("/id", "/id"), "twice"),
    ],
)
def test_places_that_cannot_vary_are_refused(pointers: tuple[str, ...], problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        prepare_batch(plain(), pointers, SIGNER, VOCABULARY)


@pytest.mark.parametrize("values", [(), VALUES[:-1], (*VALUES, "x")])
def test_another_number_of_values_is_refused(values: tuple[Any, ...]) -> None:
    with pytest.raises(Malformed, match="need 5"):
        BATCH.issue(values)


@pytest.mark.parametrize("value", [True, None, 5, ["a"], {"a": "b"}])
def test_a_value_of_another_kind_is_never_signed_as_text(value: Any) -> None:
    values = (VALUES[0], value, *VALUES[2:])
    try:
        expected = plainly(with_values(values))
    except CairnError:
        with pytest.raises(CairnError):
            BATCH.issue(values)
    else:
        assert BATCH.issue(values) == expected


def test_there_is_no_batch_for_other_keys_and_signed_documents() -> None:
    other = Signer(PrivateKey(KeyType.P256, (1).to_bytes(32)), "did:example:1#key", SIGNER.created)
    assert prepare_batch(plain(), VARYING, other, VOCABULARY) is None
    assert prepare_batch(strict_json.read(BATCH.issue(VALUES)), VARYING, SIGNER, VOCABULARY) is None  # type: ignore[arg-type]


def test_there_is_no_batch_where_blank_nodes_tie() -> None:
    document = plain()
    entry = {"type": ["Alignment"], "targetName": "x", "targetUrl": "https://x.example/1"}
    document["credentialSubject"]["achievement"]["alignment"] = [entry, dict(entry)]
    assert prepare_batch(document, VARYING, SIGNER, VOCABULARY) is None


# Attack group 8: emission


@pytest.mark.parametrize(
    "name", ['Ada",', "Ada\\", 'Ada"}]', "Ada\u2028", "Ada\nB", "%s%b{}", "\x85", '","x":"y']
)
def test_a_name_full_of_syntax_is_written_and_read_back(name: str) -> None:
    document = with_values((VALUES[0], name, *VALUES[2:]))
    signed = strict_json.read(BATCH.issue((VALUES[0], name, *VALUES[2:])))
    assert isinstance(signed, dict)
    assert {key: value for key, value in signed.items() if key != "proof"} == document


def test_what_does_not_read_back_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Parser:
        @staticmethod
        def loads(data: bytes) -> Any:
            return orjson.loads(data.replace(b"Grace Hopper", b"Mallory"))

    monkeypatch.setattr(batches, "orjson", Parser)
    with pytest.raises(DamagedEmission):
        BATCH.issue(VALUES)
    with pytest.raises(DamagedEmission):
        BATCH.issue_document(with_values(VALUES))


def test_threads_may_share_a_batch() -> None:
    wanted = {
        number: plainly(with_values((f"https://uni.example/c/{number}", *VALUES[1:])))
        for number in range(20)
    }
    found: dict[int, bytes] = {}

    def work(numbers_: range) -> None:
        for number in numbers_:
            found[number] = BATCH.issue((f"https://uni.example/c/{number}", *VALUES[1:]))

    threads = [threading.Thread(target=work, args=(range(n, 20, 4),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == wanted


def test_the_values_that_vary_are_found_between_two_documents() -> None:
    assert varying_between(plain(), with_values(VALUES), VOCABULARY) == VARYING
    assert varying_between(plain(), {**plain(), "description": "More."}, VOCABULARY) == ()
