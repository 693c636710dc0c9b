"""What is measured: Cairn's side and the raw side of each row, on the corpus."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from typing import Any

import nacl.bindings
from pyld import jsonld

from cairn.core.codec import strict_json
from cairn.core.did import key as did_key
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.proofs.batch import Batch, Signer, prepare_batch
from cairn.core.proofs.data_integrity import add_proof, holds, read_proofs
from cairn.core.rdf.canonical import canonicalize
from cairn.core.rdf.contexts import shipped
from cairn.core.rdf.document import Vocabulary, canonical_bytes, to_quads
from cairn.core.rdf.layout import read_layout
from cairn.core.rdf.outline import Leaf
from cairn.core.status.bitstring import StatusList
from cairn.core.status.credential import status_list_credential
from cairn.core.verify.authorship import check_authorship, is_authored
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Outcome

CORPUS = Path(__file__).parent / "corpus"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
CREATED = "2026-05-14T10:00:00Z"
SEED = bytes([1]) * 32
KEY = PrivateKey.from_seed(KeyType.ED25519, SEED)
STATUS_LIST = "https://badges.north.example/status/3f2b8f9e-5a0e-4a4f-8d0c-1a2b3c4d5e6f"
ISSUER = did_key.did_for(KEY.public)
METHOD = did_key.resolve(ISSUER).methods[0].id
VARYING = (
    "/id",
    "/validFrom",
    "/awardedDate",
    "/credentialSubject/identifier/0/identityHash",
    "/credentialSubject/identifier/0/salt",
    "/credentialSubject/identifier/1/identityHash",
    "/credentialSubject/result/0/value",
    "/credentialStatus/id",
    "/credentialStatus/statusListIndex",
)
VARYING_IDS = (
    "/credentialSubject/id",
    "/credentialSubject/identifier/0/id",
    "/credentialSubject/identifier/1/id",
    "/credentialSubject/result/0/id",
)
_COPIES = 64  # different documents, so that nothing is measured on one that is still at hand
_VOCABULARY = Vocabulary()
_NAMES = ("Ada Lovelace", "Zoë Ndiaye-Ångström", "Grace Hopper", "Chen Wei", "Nour El-Sayed")


def document(name: str) -> dict[str, Any]:
    """A new copy of a document of the corpus."""
    value: dict[str, Any] = json.loads((CORPUS / f"{name}.json").read_text())
    return value


def batch(name: str) -> tuple[Batch, Iterator[tuple[Leaf, ...]]]:
    """A batch of the document, and slot values without end, all different."""
    sample = document(name)
    varying = VARYING + (VARYING_IDS if name == "identified" else ())
    found = prepare_batch(sample, varying, Signer(KEY, METHOD, CREATED), Vocabulary())
    assert found is not None
    return found, cycle([_values(number, len(varying)) for number in range(1000)])


def issuing(name: str) -> Callable[[], object]:
    """Slot values to signed JSON, another each time."""
    made, values = batch(name)
    return lambda: made.issue(next(values))


def raw_signing() -> Callable[[], object]:
    """Ed25519 by libsodium and nothing else."""
    secret = nacl.bindings.crypto_sign_seed_keypair(SEED)[1]
    messages = (number.to_bytes(64) for number in count())
    return lambda: nacl.bindings.crypto_sign(next(messages), secret)


def raw_verifying() -> Callable[[], object]:
    """Ed25519 by libsodium and nothing else."""
    public, secret = nacl.bindings.crypto_sign_seed_keypair(SEED)
    signed = cycle(
        [nacl.bindings.crypto_sign(number.to_bytes(64), secret) for number in range(_COPIES)]
    )
    return lambda: nacl.bindings.crypto_sign_open(next(signed), public)


def signed_bytes() -> list[bytes]:
    """Different signed credentials of one shape, as bytes."""
    made, values = batch("realistic")
    return [made.issue(next(values)) for _ in range(_COPIES)]


def proving(copies: list[bytes]) -> Callable[[], object]:
    """From bytes to steps 3 to 6: all of it means something and is signed, with whose key.

    Peers, too, resolve the key by its id and ask for its purpose.
    """
    sources, turn = Sources(), cycle(copies)

    def work() -> None:
        read = strict_json.read(next(turn))
        assert isinstance(read, dict)
        assert is_authored(check_authorship(read, ISSUER, sources, NOW))

    for _ in range(2 * _COPIES):
        work()
    return work


def holding(copies: list[bytes]) -> Callable[[], object]:
    """As `proving`, with the key given and nobody asking whose it is and what it is for."""
    vocabulary, turn = Vocabulary(), cycle(copies)

    def work() -> None:
        read = strict_json.read(next(turn))
        assert isinstance(read, dict)
        (proof,) = read_proofs(read)
        assert holds(read, proof, KEY.public, vocabulary)

    for _ in range(2 * _COPIES):
        work()
    return work


def reported(count: int) -> list[bytes]:
    """Signed credentials of one shape without a status list, as bytes."""
    return [strict_json.write(_signed(_without_status(number))) for number in range(count)]


def reporting(copies: list[bytes]) -> Callable[[], object]:
    """All steps of a report, the status list and the key at hand."""
    sources = Sources(documents=_Published({STATUS_LIST: _status_list()}))
    turn = cycle(copies)
    for _ in range(2 * _COPIES):
        report = verify(next(turn), sources, now=NOW)
        assert report.outcome is Outcome.IN_FORCE, report
    return lambda: verify(next(turn), sources, now=NOW)


def unseen(name: str) -> Callable[[], object]:
    """Canonical forms by all of the general path: of shapes never seen, with contexts that were."""
    vocabulary, turn = Vocabulary(), _new_shapes(name)
    canonical_bytes(next(turn), vocabulary)
    return lambda: canonical_bytes(next(turn), vocabulary)


def normalizing(name: str) -> Callable[[], object]:
    """PyLD's own, on the same documents; the contexts at hand, as far as PyLD keeps them."""

    def load(url: str, _options: object) -> dict[str, Any]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": shipped().documents[url],
        }

    options = {
        "format": "application/n-quads",
        "documentLoader": load,
        "base": "https://b.invalid/",
    }
    turn = _new_shapes(name)
    return lambda: jsonld.normalize(next(turn), options)


def compiled(name: str) -> Callable[[], object]:
    """Canonical forms of documents whose plans are known; checked against the general path."""
    bodies, vocabulary = _alike(name), Vocabulary()
    for body in bodies + bodies:
        canonical_bytes(body, vocabulary)
    for body in bodies:
        reading = read_layout(body)
        assert reading is not None
        expected = canonicalize(to_quads(body, vocabulary)).nquads.encode()
        assert vocabulary.shapes.canonical(reading, vocabulary.contexts) == expected
    turn = cycle(bodies)
    return lambda: canonical_bytes(next(turn), vocabulary)


def general(name: str) -> Callable[[], object]:
    """Canonical forms of the same documents by the general path, the shape at hand."""
    turn, vocabulary = cycle(_alike(name)), Vocabulary()
    return lambda: canonicalize(to_quads(next(turn), vocabulary)).nquads.encode()


def signed_document() -> dict[str, Any]:
    """For peers, who take one proof as an object."""
    return _signed(document("realistic"))


def _signed(body: dict[str, Any]) -> dict[str, Any]:
    return add_proof(
        body,
        KEY,
        _VOCABULARY,
        cryptosuite="eddsa-rdfc-2022",
        verification_method=METHOD,
        created=CREATED,
    )


def _without_status(number: int) -> dict[str, Any]:
    body = document("realistic")
    del body["credentialStatus"]
    body["id"] += f"{number:04d}"
    return body


@dataclass(frozen=True, slots=True)
class _Published:
    """Documents at hand by their addresses."""

    kept: Mapping[str, bytes]

    def get(self, url: str, *, now: datetime) -> bytes:
        return self.kept[url]


def _status_list() -> bytes:
    """The signed list that the entries of `signed_bytes` name: nothing is revoked."""
    unsigned = status_list_credential(
        list_url=STATUS_LIST,
        issuer_id=ISSUER,
        purpose="revocation",
        statuses=StatusList.empty(),
        valid_from="2026-09-01T00:00:00Z",
        valid_until="2026-10-01T00:00:00Z",
    )
    return strict_json.write(_signed(unsigned))


def _alike(name: str) -> list[dict[str, Any]]:
    """Documents of one issuer and one shape, with ids, dates and recipients of their own."""
    bodies = []
    for number in range(_COPIES):
        body = document(name)
        body["id"] += f"{number:04d}"
        body["validFrom"] = f"2026-05-14T10:{number % 60:02d}:00Z"
        for endorsement in body.get("endorsement", []):
            endorsement["credentialSubject"]["id"] = body["id"]
        for identity in body["credentialSubject"].get("identifier", []):
            identity["identityHash"] += f" {number}"
        bodies.append(body)
    return bodies


def _new_shapes(name: str) -> Iterator[dict[str, Any]]:
    body = document(name)
    subject = body["credentialSubject"]
    for number in count(1):
        types = [*subject["type"], f"ext:T{number}"]
        yield {**body, "credentialSubject": {**subject, "type": types}}


def _values(number: int, wanted: int) -> tuple[Leaf, ...]:
    stem = f"{number:08x}"
    values = (
        f"https://badges.north.example/c/{stem}-3f7e-4ab4-8f34-2c1e3a6d0001",
        f"2026-05-{1 + number % 28:02d}T10:00:00Z",
        f"2026-04-{1 + number % 28:02d}T00:00:00Z",
        f"sha256${stem * 8}",
        stem * 4,
        f"{_NAMES[number % 5]} {number}",
        str(50 + number % 50),
        f"https://badges.north.example/status/3f2b8f9e-5a0e-4a4f-8d0c-1a2b3c4d5e6f#{number}",
        str(number),
        *(f"urn:uuid:{stem}-8a54-4b2f-8a67-0a3b5c7d9e0{place}" for place in range(4)),
    )
    return values[:wanted]
