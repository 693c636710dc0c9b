"""`cairn.core.proofs`: the published vectors with every intermediate hash, then the laws."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey, PublicKey
from cairn.core.proofs.data_integrity import SUITES, add_proof, holds, read_proofs
from cairn.core.rdf.contexts import VC_2, context_set, shipped
from cairn.core.rdf.document import Vocabulary, canonical_form
from tests.core.badges import badge
from tests.reference import reference

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"
KEY = PrivateKey.from_seed(KeyType.ED25519, b"\x05" * 32)
VOCABULARY = Vocabulary()
OURS = sorted(name for name, suite in SUITES.items() if KEY.type in suite.key_types)

CONTEXTS = Path(__file__).parents[1] / "data" / "contexts"
RDFC = "vectors/eddsa/eddsa-rdfc-2022"
JCS = "vectors/eddsa/eddsa-jcs-2022"


def load(path: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(reference(path).read_text())
    return value


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """The shipped contexts and the one the published examples use; only tests know it."""
    documents = {
        **shipped().documents,
        EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}},
    }
    documents[CITIZENSHIP] = json.loads((CONTEXTS / "citizenship-v4rc1.jsonld").read_text())
    sequences = frozenset({(VC_2, EXAMPLES), (VC_2, CITIZENSHIP)})
    return Vocabulary(context_set(documents, sequences))


def vector_key() -> PrivateKey:
    return PrivateKey.from_multikey(load("vectors/eddsa/keyPair.json")["privateKeyMultibase"])


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("unsigned", "folder"),
    [
        ("vectors/eddsa/unsigned.json", RDFC),
        ("vectors/eddsa/employmentAuth.json", f"{RDFC}/employ"),
    ],
)
def test_each_step_of_eddsa_rdfc_2022_gives_the_published_bytes(
    vocabulary: Vocabulary, unsigned: str, folder: str
) -> None:
    document, config = load(unsigned), load(f"{folder}/proofConfigDataInt.json")
    text = {
        name: reference(f"{folder}/{name}DataInt.txt").read_text()
        for name in ("canonDoc", "docHash", "proofCanon", "proofHash", "combinedHash", "sigHex")
    }
    canonical, options = canonical_form(document, vocabulary), canonical_form(config, vocabulary)
    assert canonical == text["canonDoc"]
    assert options == text["proofCanon"]
    assert hashlib.sha256(canonical.encode()).hexdigest() == text["docHash"].strip()
    assert hashlib.sha256(options.encode()).hexdigest() == text["proofHash"].strip()
    config.pop("@context")
    combined = SUITES["eddsa-rdfc-2022"].hash_data(document, config, vocabulary, KeyType.ED25519)
    assert combined.hex() == text["combinedHash"].strip()
    (proof,) = read_proofs(load(f"{folder}/signedDataInt.json"))
    assert proof.signature.hex() == text["sigHex"].strip()
    key = PublicKey.from_multikey(proof.verification_method.partition("#")[2])
    assert holds(document, proof, key, vocabulary)


@pytest.mark.conformance
def test_each_step_of_eddsa_jcs_2022_gives_the_published_bytes(vocabulary: Vocabulary) -> None:
    unsigned, config = load("vectors/eddsa/unsigned.json"), load(f"{JCS}/proofConfigJCS.json")
    suite = SUITES["eddsa-jcs-2022"]
    document, options = suite.transform(unsigned, config, vocabulary, "sha256")
    assert document.decode() == reference(f"{JCS}/canonDocJCS.txt").read_text()
    assert options.decode() == reference(f"{JCS}/proofCanonJCS.txt").read_text()
    assert hashlib.sha256(document).hexdigest() == reference(f"{JCS}/docHashJCS.txt").read_text()
    assert hashlib.sha256(options).hexdigest() == reference(f"{JCS}/proofHashJCS.txt").read_text()
    combined = suite.hash_data(unsigned, config, vocabulary, KeyType.ED25519)
    assert combined.hex() == reference(f"{JCS}/combinedHashJCS.txt").read_text()


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("suite", "signed"),
    [
        ("eddsa-rdfc-2022", f"{RDFC}/signedDataInt.json"),
        ("eddsa-jcs-2022", f"{JCS}/signedJCS.json"),
    ],
)
def test_the_published_signature_is_made_and_accepted(
    vocabulary: Vocabulary, suite: str, signed: str
) -> None:
    published, key = load(signed), vector_key()
    made = add_proof(
        load("vectors/eddsa/unsigned.json"),
        key,
        vocabulary,
        cryptosuite=suite,
        verification_method=published["proof"]["verificationMethod"],
        created=published["proof"]["created"],
    )
    assert made["proof"] == [published["proof"]]
    (proof,) = read_proofs(published)
    assert holds(published, proof, key.public, vocabulary)
    published["credentialSubject"]["alumniOf"] = "Another School"
    assert not holds(published, proof, key.public, vocabulary)


@pytest.mark.conformance
@pytest.mark.parametrize("name", ["signedProofSet1", "signedProofSet2"])
def test_every_proof_of_the_published_sets_holds(vocabulary: Vocabulary, name: str) -> None:
    document = load(f"vectors/eddsa/proof-set-chain/{name}.json")
    proofs = read_proofs(document)
    assert proofs
    for proof in proofs:
        key = PublicKey.from_multikey(proof.verification_method.partition("#")[2])
        assert holds(document, proof, key, vocabulary)


@pytest.mark.parametrize("suite", OURS)
def test_what_is_signed_holds_and_nothing_else_does(suite: str) -> None:
    signed = add_proof(
        badge(),
        KEY,
        VOCABULARY,
        cryptosuite=suite,
        verification_method="did:example:1#key",
        created="2026-01-01T00:00:00Z",
    )
    (proof,) = read_proofs(signed)
    stranger = PrivateKey.from_seed(KeyType.ED25519, b"\x06" * 32).public
    assert holds(signed, proof, KEY.public, VOCABULARY)
    assert not holds(signed, proof, stranger, VOCABULARY)
    assert not holds({**signed, "name": "Another"}, proof, KEY.public, VOCABULARY)
    other_config: dict[str, Any] = {**signed["proof"][0], "created": "2026-01-02T00:00:00Z"}  # type: ignore[index,dict-item]
    (redated,) = read_proofs({**signed, "proof": other_config})
    assert not holds(signed, redated, KEY.public, VOCABULARY)


def test_a_second_proof_leaves_the_first_valid() -> None:
    document = badge()
    for suite in OURS:
        document = add_proof(
            document,
            KEY,
            VOCABULARY,
            cryptosuite=suite,
            verification_method="did:example:1#key",
            created="2026-01-01T00:00:00Z",
        )
    proofs = read_proofs(document)
    assert [proof.cryptosuite for proof in proofs] == OURS
    assert all(holds(document, proof, KEY.public, VOCABULARY) for proof in proofs)


def test_a_jcs_proof_may_not_bring_contexts_that_the_document_does_not_begin_with() -> None:
    signed = add_proof(
        badge(),
        KEY,
        VOCABULARY,
        cryptosuite="eddsa-jcs-2022",
        verification_method="did:example:1#key",
        created="2026-01-01T00:00:00Z",
    )
    signed["proof"][0]["@context"] = ["https://www.w3.org/2018/credentials/v1"]  # type: ignore[index,call-overload]
    (proof,) = read_proofs(signed)
    with pytest.raises(Malformed, match="beginning"):
        holds(signed, proof, KEY.public, VOCABULARY)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"type": "Ed25519Signature2020"}, "/proof/0/type"),
        ({"type": ["DataIntegrityProof", "Other"]}, "/proof/0/type"),
        ({"cryptosuite": None}, "/proof/0/cryptosuite"),
        ({"cryptosuite": ["eddsa-rdfc-2022"]}, "/proof/0/cryptosuite"),
        ({"verificationMethod": {"id": "did:example:1"}}, "/proof/0/verificationMethod"),
        ({"verificationMethod": ""}, "/proof/0/verificationMethod"),
        ({"proofPurpose": 5}, "/proof/0/proofPurpose"),
        ({"proofValue": "uAAAA"}, "/proof/0/proofValue"),
        ({"proofValue": "z0OIl"}, "/proof/0/proofValue"),
        ({"proofValue": "z" + "1" * 10_000}, "/proof/0/proofValue"),
        ({"created": 2026}, "/proof/0/created"),
        ({"expires": []}, "/proof/0/expires"),
    ],
)
def test_a_malformed_proof_is_named_by_its_place(changes: dict[str, Any], where: str) -> None:
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "verificationMethod": "did:example:1#key",
        "proofPurpose": "assertionMethod",
        "proofValue": "z111",
    }
    with pytest.raises(Malformed) as refusal:
        read_proofs({**badge(), "proof": [{**proof, **changes}]})
    assert refusal.value.path == where


@pytest.mark.parametrize("proof", [None, 5, "proof", [None], [[]], [{}] * 9])
def test_what_is_no_proof_is_malformed(proof: Any) -> None:
    with pytest.raises(Malformed):
        read_proofs({**badge(), "proof": proof})


def test_a_key_of_another_type_signs_nothing() -> None:
    with pytest.raises(Malformed, match="P-256"):
        add_proof(
            badge(),
            PrivateKey(KeyType.P256, (1).to_bytes(32, "big")),
            VOCABULARY,
            cryptosuite="eddsa-rdfc-2022",
            verification_method="did:example:1#key",
            created="2026-01-01T00:00:00Z",
        )
