"""Data Integrity proofs: add one to a document, read those it has, check one with a key.

Source: W3C "Verifiable Credential Data Integrity 1.0", sections 2.1 and 4.2 to 4.4.  Whose key it
is, and whether it may sign credentials, is asked elsewhere (`cairn.core.verify`): a proof that
holds says only that the holder of the key signed this document.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cairn.core.codec import multibase
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import DocumentKey, PublicKey
from cairn.core.proofs import (
    chains,
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ed25519_signature_2020,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from cairn.core.proofs.cryptosuite import Cryptosuite, Document
from cairn.core.rdf.document import Vocabulary

SUITES: Mapping[str, Cryptosuite] = {
    suite.name: suite
    for suite in (
        eddsa_rdfc_2022.SUITE,
        eddsa_jcs_2022.SUITE,
        ecdsa_rdfc_2019.SUITE,
        ecdsa_jcs_2019.SUITE,
    )
}
# What is verified: all that is signed, and what issuers signed with before.
VERIFIED: Mapping[str, Cryptosuite] = {
    **SUITES,
    ed25519_signature_2020.TYPE: ed25519_signature_2020.SUITE,
}
MAX_PROOFS = 8
_TEXTS = ("created", "expires", "nonce", "id")
_SIGNATURE_LIMIT = 200  # characters of a multibase signature; P-384 takes 133


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as it stands in a document; `config` is all of it but the signature."""

    cryptosuite: str
    verification_method: str
    purpose: str
    created: str  # "" if absent
    expires: str  # "" if absent
    signature: bytes
    config: Mapping[str, Json]


def add_proof(
    document: Document,
    key: DocumentKey,
    vocabulary: Vocabulary,
    *,
    cryptosuite: str,
    verification_method: str,
    created: str,
    purpose: str = "assertionMethod",
    extra: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """`document` with one more proof, in an array; `created` is `YYYY-MM-DDTHH:MM:SSZ`.

    `extra` are further members of the proof: `id` and `previousProof` (a chain), `challenge` and
    `domain` (a presentation), `expires`.

    Raises `Uncovered` if the signature would not cover all of it, `Malformed` for an unknown suite
    or a key of another type.
    """
    suite = SUITES.get(cryptosuite)
    if suite is None or key.type not in suite.key_types:
        raise Malformed(f"no way to sign {cryptosuite!r} with a key of type {key.type.value}")
    options: dict[str, Json] = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": created,
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
        **(extra or {}),
    }
    config = suite.configure(options, document)
    signed = _signed_by(config, document)
    signature = key.sign(suite.hash_data(signed, config, vocabulary, key.type))
    proof: dict[str, Json] = {**config, "proofValue": multibase.encode_base58btc(signature)}
    return {**_without_proof(document), "proof": [*_listed(document.get("proof", [])), proof]}


def read_proofs(document: Document) -> tuple[Proof, ...]:
    """The proofs of `document`; none if it has no `proof`.  Raises `Malformed` with the path."""
    entries = _listed(document.get("proof", []))
    if len(entries) > MAX_PROOFS:
        raise Malformed(f"more than {MAX_PROOFS} proofs", "/proof")
    return tuple(_read_proof(entry, f"/proof/{index}") for index, entry in enumerate(entries))


def holds(document: Document, proof: Proof, key: PublicKey, vocabulary: Vocabulary) -> bool:
    """Whether `key` signed `document` with `proof`.

    Raises `Malformed` for a suite not in `VERIFIED` and for a chain without its earlier proofs, and
    what the suite's canonical form raises.  A key of a type that the suite does not know makes the
    answer no.
    """
    suite = VERIFIED.get(proof.cryptosuite)
    if suite is None:
        raise Malformed(f"unknown cryptosuite {proof.cryptosuite!r}", "/proof/cryptosuite")
    if key.type not in suite.key_types:
        return False
    data = suite.hash_data(_signed_by(proof.config, document), proof.config, vocabulary, key.type)
    return key.verify(data, proof.signature)


def _read_proof(value: Json, path: str) -> Proof:
    if not isinstance(value, dict):
        raise Malformed("expected a JSON object", path)
    required = {name: _text(value, name, path) for name in _REQUIRED}
    optional = {name: _text(value, name, path) if name in value else "" for name in _TEXTS}
    return Proof(
        _suite_name(value, path),
        required["verificationMethod"],
        required["proofPurpose"],
        optional["created"],
        optional["expires"],
        _signature(required["proofValue"], f"{path}/proofValue"),
        {key: entry for key, entry in value.items() if key != "proofValue"},
    )


def _suite_name(value: Mapping[str, Json], path: str) -> str:
    """The suite of a proof: `cryptosuite`, or the type itself of what is older than that member."""
    older = ed25519_signature_2020.TYPE
    kind = value.get("type")
    if kind in (older, [older]):
        if "cryptosuite" in value:
            raise Malformed(f"a proof of the type {older} has no cryptosuite", f"{path}/type")
        return older
    if kind not in ("DataIntegrityProof", ["DataIntegrityProof"]):
        raise Malformed("expected the type DataIntegrityProof", f"{path}/type")
    name = _text(value, "cryptosuite", path)
    if name == older:
        raise Malformed(f"{older} is a type, not a cryptosuite", f"{path}/cryptosuite")
    return name


_REQUIRED = ("verificationMethod", "proofPurpose", "proofValue")


def _text(value: Mapping[str, Json], name: str, path: str) -> str:
    text = value.get(name)
    if not isinstance(text, str) or not text:
        raise Malformed("expected text", f"{path}/{name}")
    return text


def _signature(text: str, path: str) -> bytes:
    if not text.startswith("z"):
        raise Malformed("expected a base58btc value beginning with 'z'", path)
    try:
        return multibase.decode(text, max_length=_SIGNATURE_LIMIT)
    except Malformed as err:
        raise Malformed(str(err), path) from err


def _signed_by(config: Document, document: Document) -> dict[str, Json]:
    """The document as the proof with this configuration signs it: with the proofs it names."""
    signed = _without_proof(document)
    if "previousProof" in config:
        signed["proof"] = [dict(entry) for entry in chains.previous_proofs(config, _made(document))]
    return signed


def proofs_before(document: Document, proof: Proof) -> tuple[Proof, ...]:
    """The proofs that `proof` rests on, nearest first; none unless it is of a chain.

    Raises `Malformed` where they are missing, or were each made before the other.
    """
    if "previousProof" not in proof.config:
        return ()
    made = _made(document)
    before = chains.all_before(proof.config, made)
    return tuple(_read_proof(dict(entry), f"/proof/{made.index(entry)}") for entry in before)


def _without_proof(document: Document) -> dict[str, Json]:
    return {key: value for key, value in document.items() if key != "proof"}


def _made(document: Document) -> list[Mapping[str, Json]]:
    return [entry for entry in _listed(document.get("proof", [])) if isinstance(entry, dict)]


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
