"""Proof sets and chains: the published vectors, what a chain covers, and the games with it."""

from typing import Any

import pytest

from cairn.core.codec import strict_json
from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey, PublicKey
from cairn.core.proofs.chains import all_before, previous_ids, previous_proofs
from cairn.core.proofs.data_integrity import SUITES, add_proof, holds, proofs_before, read_proofs
from cairn.core.rdf.document import Vocabulary
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Outcome, Reason, Report, Result
from tests.core.badges import Badge
from tests.core.issuing import NOW, VOCABULARY, own_badge, published, signed
from tests.core.test_proofs import load, vocabulary

__all__ = ["vocabulary"]  # the fixture

FOLDER = "vectors/eddsa/proof-set-chain"
BOARD = PrivateKey.from_seed(KeyType.ED25519, b"\x21" * 32)
BOARD_METHOD = f"did:key:{BOARD.public.multikey}#{BOARD.public.multikey}"
FIRST, SECOND = "urn:uuid:1", "urn:uuid:2"


def chained(document: Badge, suite: str = "eddsa-rdfc-2022") -> Badge:
    """The board's proof, then the issuer's over it."""
    approved = approve(document, suite)
    return signed(approved, cryptosuite=suite, extra={"id": SECOND, "previousProof": FIRST})


def approve(document: Badge, suite: str = "eddsa-rdfc-2022") -> Badge:
    return add_proof(
        document,
        BOARD,
        VOCABULARY,
        cryptosuite=suite,
        verification_method=BOARD_METHOD,
        created="2026-01-01T00:00:00Z",
        extra={"id": FIRST},
    )


def report_on(document: Badge) -> Report:
    sources = Sources(documents=published(), vocabulary=VOCABULARY)
    return verify(strict_json.write(document), sources, now=NOW)


def reasons(report: Report) -> set[Reason]:
    return {check.reason for check in report.checks}


# The vectors


@pytest.mark.conformance
@pytest.mark.parametrize("name", ["signedProofChain1", "signedProofChain2"])
def test_every_proof_of_the_published_chains_holds(vocabulary: Vocabulary, name: str) -> None:
    document = load(f"{FOLDER}/{name}.json")
    for proof in read_proofs(document):
        key = PublicKey.from_multikey(proof.verification_method.partition("#")[2])
        assert holds(document, proof, key, vocabulary)


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("config", "temporary"),
    [
        ("proofChainConfigSigned1", "proofChainTempDoc1"),
        ("proofChainConfigSigned2", "proofChainTempDoc2"),
    ],
)
def test_the_document_that_a_chained_proof_signs_is_the_published_one(
    vocabulary: Vocabulary, config: str, temporary: str
) -> None:
    proof, signed_document = load(f"{FOLDER}/{config}.json"), load(f"{FOLDER}/{temporary}.json")
    chain = load(f"{FOLDER}/signedProofChain2.json")
    assert previous_proofs(proof, chain["proof"]) == signed_document["proof"]
    options = {key: value for key, value in proof.items() if key not in ("proofValue", "@context")}
    data = SUITES["eddsa-rdfc-2022"].hash_data(
        signed_document, options, vocabulary, KeyType.ED25519
    )
    key = PublicKey.from_multikey(proof["verificationMethod"].partition("#")[2])
    (read, *_) = read_proofs({"proof": proof})
    assert key.verify(data, read.signature)


@pytest.mark.conformance
def test_the_last_proof_of_the_published_chain_rests_on_all_the_others() -> None:
    chain = load(f"{FOLDER}/signedProofChain2.json")
    *_, last = read_proofs(chain)
    before = proofs_before(chain, last)
    assert [proof.config["id"] for proof in before] == [
        chain["proof"][index]["id"] for index in (2, 0, 1)
    ]


# What a chain covers


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_chain_is_in_force(suite: str) -> None:
    report = report_on(chained(own_badge(), suite))
    assert report.outcome is Outcome.IN_FORCE
    assert sum(check.reason is Reason.PROOF_HOLDS for check in report.checks) == 2
    assert sum(check.reason is Reason.ISSUER_CONTROLS_KEY for check in report.checks) == 1


def test_a_list_of_one_is_a_name() -> None:
    document = approve(own_badge())
    report = report_on(signed(document, extra={"previousProof": [FIRST]}))
    assert report.outcome is Outcome.IN_FORCE


def test_the_issuers_proof_does_not_survive_another_proof_under_the_same_name() -> None:
    document: Any = chained(own_badge())
    other = approve({**own_badge(), "name": "Astrophysics"})
    document["proof"][0] = other["proof"][0]
    report = report_on(document)
    assert report.outcome is Outcome.ALTERED
    assert Reason.PROOF_MISMATCH in reasons(report)


def test_an_earlier_proof_that_does_not_hold_breaks_the_chain() -> None:
    forged: Any = approve(own_badge())
    elsewhere: Any = approve({**own_badge(), "name": "Astrophysics"})
    forged["proof"][0]["proofValue"] = elsewhere["proof"][0]["proofValue"]
    report = report_on(signed(forged, extra={"previousProof": FIRST}))
    assert report.outcome is Outcome.ALTERED
    assert Reason.PROOF_MISMATCH in reasons(report)


def test_an_earlier_proof_whose_key_cannot_be_had_is_not_checked() -> None:
    unknown: Any = approve(own_badge())
    unknown["proof"][0]["verificationMethod"] = "did:web:board.example#key"
    report = report_on(signed(unknown, extra={"previousProof": FIRST}))
    assert report.outcome is Outcome.NOT_CHECKED
    assert Reason.PROOF_KEY_UNOBTAINABLE in reasons(report)


def test_a_later_proof_by_a_stranger_changes_nothing() -> None:
    document = signed(own_badge(), extra={"id": FIRST})
    later = add_proof(
        document,
        BOARD,
        VOCABULARY,
        cryptosuite="eddsa-rdfc-2022",
        verification_method=BOARD_METHOD,
        created="2026-01-02T00:00:00Z",
        extra={"previousProof": FIRST},
    )
    assert report_on(later).outcome is Outcome.IN_FORCE


# Games


@pytest.mark.parametrize(
    "previous",
    [
        "urn:uuid:nobody",
        [FIRST, "urn:uuid:nobody"],
        [],
        "",
        [""],
        5,
        None,
        {"id": FIRST},
        [FIRST, FIRST],
        [FIRST, 5],
        [[FIRST]],
    ],
)
def test_a_name_that_is_nobodys_vouches_for_nothing(previous: Any) -> None:
    document: Any = chained(own_badge())
    document["proof"][1]["previousProof"] = previous
    report = report_on(document)
    assert report.outcome is Outcome.ALTERED
    assert Reason.PROOF_UNREADABLE in reasons(report) or Reason.DOCUMENT_UNCOVERED in reasons(
        report
    )


def test_the_earlier_proof_cannot_be_taken_away() -> None:
    document: Any = chained(own_badge())
    del document["proof"][0]
    assert report_on(document).outcome is Outcome.ALTERED


def test_the_name_of_the_earlier_proof_cannot_be_taken_away() -> None:
    document: Any = chained(own_badge())
    del document["proof"][1]["previousProof"]
    assert report_on(document).outcome is Outcome.ALTERED


def test_two_proofs_with_one_name_are_no_answer() -> None:
    document: Any = chained(own_badge())
    document["proof"].insert(0, {**document["proof"][0], "created": "2026-01-03T00:00:00Z"})
    assert report_on(document).outcome is Outcome.ALTERED


def test_a_proof_before_itself_is_refused() -> None:
    document: Any = chained(own_badge())
    document["proof"][1]["previousProof"] = SECOND
    report = report_on(document)
    assert report.outcome is Outcome.ALTERED
    assert all(check.result is not Result.PASS for check in report.checks if check.id == "proof")


def proof(name: str, *previous: str) -> dict[str, Any]:
    return {"id": name, **({"previousProof": list(previous)} if previous else {})}


@pytest.mark.parametrize(
    "proofs",
    [
        [proof("a", "b"), proof("b", "a")],
        [proof("a", "b"), proof("b", "c"), proof("c", "b")],
        [proof("a", "b"), proof("b", "c"), proof("c", "d"), proof("d", "b")],
        [proof("a", "b", "c"), proof("b"), proof("c", "c")],
        [proof("a", "a")],
    ],
)
def test_circles_are_refused(proofs: list[dict[str, Any]]) -> None:
    with pytest.raises(Malformed, match="made before"):
        all_before(proofs[0], proofs)


def test_a_name_of_two_proofs_names_none() -> None:
    proofs = [proof("a", "b"), proof("b"), {**proof("b"), "created": "2026"}]
    with pytest.raises(Malformed, match="2 proofs"):
        previous_proofs(proofs[0], proofs)


def test_what_two_proofs_rest_on_is_listed_once() -> None:
    proofs = [proof("a", "b", "c"), proof("b", "d"), proof("c", "d"), proof("d")]
    assert [entry["id"] for entry in all_before(proofs[0], proofs)] == ["b", "c", "d"]


def test_a_proof_alone_rests_on_nothing() -> None:
    assert previous_ids({"id": "a"}) == ()
    assert all_before(proof("a"), [proof("a")]) == []
