"""`Ed25519Signature2020`: the W3C vector, a badge of VC 1.1, and confusions of the two forms."""

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.codec import multibase, strict_json
from cairn.core.errors import Malformed
from cairn.core.keys import PublicKey
from cairn.core.proofs import ed25519_signature_2020
from cairn.core.proofs.data_integrity import add_proof, holds, read_proofs
from cairn.core.rdf.contexts import ED25519_2020, OB_3_0_3, VC_1, VC_2, context_set, shipped
from cairn.core.rdf.document import Vocabulary
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Outcome, Reason, Report
from tests.core.badges import Badge
from tests.core.issuing import KEY, METHOD, NOW, VOCABULARY, own_badge, published
from tests.reference import reference

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
TYPE = ed25519_signature_2020.TYPE


def vector(name: str) -> Any:
    path: Path = reference(f"vectors/eddsa/Ed25519Signature2020/{name}")
    return json.loads(path.read_text()) if name.endswith("json") else path.read_text().strip()


def example_vocabulary() -> Vocabulary:
    documents = {
        **shipped().documents,
        EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}},
    }
    return Vocabulary(context_set(documents, frozenset({(VC_2, EXAMPLES, ED25519_2020)})))


@pytest.mark.conformance
def test_each_step_gives_the_published_bytes() -> None:
    document = vector("signedEdSig.json")
    (proof,) = read_proofs(document)
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    vocabulary = example_vocabulary()
    key = PublicKey.from_multikey(proof.verification_method.partition("#")[2])
    hashed = ed25519_signature_2020.SUITE.hash_data(unsigned, proof.config, vocabulary, key.type)
    assert hashed.hex() == vector("combinedHashEdSig.txt")
    assert multibase.encode_base58btc(proof.signature) == vector("sigBTC58EdSig.txt")
    assert holds(document, proof, key, vocabulary)
    assert not holds({**document, "name": "PhD"}, proof, key, vocabulary)


def badge_1(**proof: Any) -> Badge:
    """A badge of VC 1.1 signed as it was signed then; `proof` changes the proof before signing."""
    document = own_badge(issuanceDate="2026-01-01T00:00:00Z")
    document["@context"] = [VC_1, OB_3_0_3, ED25519_2020]
    del document["validFrom"], document["validUntil"], document["credentialStatus"]
    config: Any = {
        "type": TYPE,
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": METHOD.id,
        "proofPurpose": "assertionMethod",
        **proof,
    }
    suite = ed25519_signature_2020.SUITE
    data = suite.hash_data(document, config, VOCABULARY, KEY.public.type)
    value = multibase.encode_base58btc(KEY.sign(data))
    return {**document, "proof": {**config, "proofValue": value}}


def report_on(document: Badge) -> Report:
    sources = Sources(documents=published(), vocabulary=VOCABULARY)
    return verify(strict_json.write(document), sources, now=NOW)


def test_a_badge_of_version_1_signed_so_is_in_force() -> None:
    report = report_on(badge_1())
    assert report.outcome is Outcome.IN_FORCE, report.checks


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("issuanceDate",), "2025-01-01T00:00:00Z"),
        (("expirationDate",), "2099-01-01T00:00:00Z"),
        (("validUntil",), "2099-01-01T00:00:00Z"),
        (("name",), "Astrophysics"),
        (("proof", "created"), "2025-01-01T00:00:00Z"),
        (("proof", "proofPurpose"), "authentication"),
        (("proof", "type"), "DataIntegrityProof"),
        (("proof", "cryptosuite"), "eddsa-rdfc-2022"),
        (("proof", "cryptosuite"), TYPE),
        (("proof", "type"), "Ed25519Signature2018"),
        (("proof", "nonce"), "x"),
    ],
    ids=str,
)
def test_attack_of_altering_what_was_signed_then(path: tuple[str, ...], value: str) -> None:
    document: Any = badge_1()
    target = document if len(path) == 1 else document[path[0]]
    target[path[-1]] = value
    assert report_on(document).outcome is Outcome.ALTERED


def test_attack_of_the_old_type_as_a_cryptosuite() -> None:
    document = badge_1()
    document["proof"] = {**document["proof"], "type": "DataIntegrityProof", "cryptosuite": TYPE}
    with pytest.raises(Malformed, match="not a cryptosuite"):
        read_proofs(document)


def test_attack_of_a_proof_of_the_old_type_for_another_purpose() -> None:
    report = report_on(badge_1(proofPurpose="authentication"))
    assert report.outcome is Outcome.ALTERED
    assert Reason.PROOF_UNREADABLE in {check.reason for check in report.checks}


def test_nothing_is_signed_so_any_more() -> None:
    with pytest.raises(Malformed, match="no way to sign"):
        add_proof(
            own_badge(),
            KEY,
            VOCABULARY,
            cryptosuite=TYPE,
            verification_method=METHOD.id,
            created="2026-01-01T00:00:00Z",
        )
