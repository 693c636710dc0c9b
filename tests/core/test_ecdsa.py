"""`ecdsa-rdfc-2019` and `ecdsa-jcs-2019`: the published vectors, then the laws.

ECDSA signatures of the vectors were made with random numbers, so they are verified; their hashes
are compared byte by byte.
"""

import hashlib
import json
from typing import Any

import pytest

from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey, PublicKey
from cairn.core.keys.types import CURVES
from cairn.core.proofs.data_integrity import SUITES, add_proof, holds, read_proofs
from cairn.core.rdf.document import Vocabulary
from tests.core.badges import badge
from tests.core.test_proofs import load, vocabulary
from tests.reference import reference

__all__ = ["vocabulary"]  # the fixture

P256 = PrivateKey.from_seed(KeyType.P256, b"\x07" * 32)
P384 = PrivateKey.from_seed(KeyType.P384, b"\x08" * 48)
ED25519 = PrivateKey.from_seed(KeyType.ED25519, b"\x09" * 32)
VOCABULARY = Vocabulary()
ECDSA = ["ecdsa-jcs-2019", "ecdsa-rdfc-2019"]
HASH = {"P256": "sha256", "P384": "sha384"}
CASES = [
    ("ecdsa-rdfc-2019", "P256", "ecdsa-rdfc-2019-p256", "unsigned.json"),
    ("ecdsa-rdfc-2019", "P256", "ecdsa-rdfc-2019-p256/employ", "employmentAuth.json"),
    ("ecdsa-rdfc-2019", "P384", "ecdsa-rdfc-2019-p384", "unsigned.json"),
    ("ecdsa-rdfc-2019", "P384", "ecdsa-rdfc-2019-p384/employ", "employmentAuth.json"),
    ("ecdsa-jcs-2019", "P256", "ecdsa-jcs-2019-p256", "unsigned.json"),
    ("ecdsa-jcs-2019", "P384", "ecdsa-jcs-2019-p384", "unsigned.json"),
]


def signed(suite: str, key: PrivateKey = P256, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = add_proof(
        {**badge(), **changes},
        key,
        VOCABULARY,
        cryptosuite=suite,
        verification_method="did:example:1#key",
        created="2026-01-01T00:00:00Z",
    )
    return made


def key_named_in(document: dict[str, Any]) -> PublicKey:
    method: str = document["proof"]["verificationMethod"]
    return PublicKey.from_multikey(method.partition("#")[2])


@pytest.mark.conformance
@pytest.mark.parametrize(("suite", "curve", "folder", "unsigned"), CASES)
def test_each_step_gives_the_published_bytes(
    vocabulary: Vocabulary, suite: str, curve: str, folder: str, unsigned: str
) -> None:
    ending = ("JCSECDSA" if "jcs" in suite else "ECDSA") + curve
    path = f"vectors/ecdsa/{folder}"
    text = {
        name: reference(f"{path}/{name}{ending}.txt").read_text()
        for name in ("canonDoc", "docHash", "proofCanon", "proofHash", "combinedHash", "sigHex")
    }
    config = load(f"{path}/proofConfig{ending}.json")
    if "rdfc" in suite:
        config.pop("@context")
    document = load(f"vectors/ecdsa/{unsigned}")
    data, options = SUITES[suite].transform(document, config, vocabulary, HASH[curve])
    assert data.decode() == text["canonDoc"]
    assert options.decode() == text["proofCanon"]
    assert hashlib.new(HASH[curve], data).hexdigest() == text["docHash"].strip()
    assert hashlib.new(HASH[curve], options).hexdigest() == text["proofHash"].strip()
    published = load(f"{path}/signed{ending}.json")
    key = key_named_in(published)
    combined = SUITES[suite].hash_data(document, config, vocabulary, key.type)
    assert combined.hex() == text["combinedHash"].strip()
    (proof,) = read_proofs(published)
    assert proof.signature.hex() == text["sigHex"].strip()
    assert holds(published, proof, key, vocabulary)
    assert not holds({**published, "name": "Another"}, proof, key, vocabulary)


@pytest.mark.conformance
@pytest.mark.parametrize("curve", ["p256", "p384"])
def test_the_published_key_pairs_belong_together(curve: str) -> None:
    pair = json.loads(reference(f"vectors/ecdsa/{curve}KeyPair.json").read_text())
    key = PrivateKey.from_multikey(pair["secretKeyMultibase"])
    assert key.public.multikey == pair["publicKeyMultibase"]


@pytest.mark.conformance
def test_a_published_signature_with_a_high_s_holds() -> None:
    high = 0
    for _, curve, folder, _ in CASES:
        ending = ("JCSECDSA" if "jcs" in folder else "ECDSA") + curve
        signature = bytes.fromhex(
            reference(f"vectors/ecdsa/{folder}/sigHex{ending}.txt").read_text().strip()
        )
        kind = KeyType.P256 if curve == "P256" else KeyType.P384
        high += int.from_bytes(signature[len(signature) // 2 :]) > CURVES[kind].order // 2
    assert high  # the test above accepted it


@pytest.mark.parametrize("suite", ECDSA)
@pytest.mark.parametrize("key", [P256, P384], ids=["P-256", "P-384"])
def test_what_is_signed_holds_and_nothing_else_does(suite: str, key: PrivateKey) -> None:
    document = signed(suite, key)
    (proof,) = read_proofs(document)
    stranger = PrivateKey.from_seed(key.type, b"\x0a" * len(key.secret)).public
    assert holds(document, proof, key.public, VOCABULARY)
    assert not holds(document, proof, stranger, VOCABULARY)
    assert not holds({**document, "name": "Another"}, proof, key.public, VOCABULARY)


@pytest.mark.parametrize("suite", ECDSA)
def test_signing_twice_gives_the_same_bytes(suite: str) -> None:
    assert signed(suite) == signed(suite)


@pytest.mark.parametrize("suite", ECDSA)
def test_the_other_of_two_signatures_holds_too(suite: str) -> None:
    """(r, n - s) is valid by FIPS 186-5: signature bytes are never an identity."""
    document = signed(suite)
    (proof,) = read_proofs(document)
    order = CURVES[KeyType.P256].order
    r, s = proof.signature[:32], int.from_bytes(proof.signature[32:])
    assert P256.public.verify(
        SUITES[suite].hash_data(
            {key: value for key, value in document.items() if key != "proof"},
            proof.config,
            VOCABULARY,
            KeyType.P256,
        ),
        r + (order - s).to_bytes(32),
    )


@pytest.mark.parametrize("suite", ECDSA)
def test_a_key_of_another_type_neither_signs_nor_holds(suite: str) -> None:
    with pytest.raises(Malformed, match="Ed25519"):
        signed(suite, ED25519)
    document = signed(suite)
    (proof,) = read_proofs(document)
    assert not holds(document, proof, ED25519.public, VOCABULARY)
    assert not holds(document, proof, P384.public, VOCABULARY)


@pytest.mark.parametrize("suite", ECDSA)
@pytest.mark.parametrize(
    "signature",
    [
        bytes(64),
        bytes(32) + b"\x01" * 32,
        b"\x01" * 32 + bytes(32),
        CURVES[KeyType.P256].order.to_bytes(32) + b"\x01" * 32,
        b"\x01" * 32 + CURVES[KeyType.P256].order.to_bytes(32),
        b"\x01" * 63,
        b"\x01" * 65,
        b"",
    ],
    ids=["zero", "r=0", "s=0", "r=n", "s=n", "short", "long", "empty"],
)
def test_numbers_outside_the_order_never_hold(suite: str, signature: bytes) -> None:
    document = signed(suite)
    (proof,) = read_proofs(document)
    data = SUITES[suite].hash_data(document, proof.config, VOCABULARY, KeyType.P256)
    assert not P256.public.verify(data, signature)
