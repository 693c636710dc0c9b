"""An issuer with a key, a did:web document and status lists, for tests of verification."""

from datetime import UTC, datetime
from typing import Any

from cairn.core.codec import strict_json
from cairn.core.did.document import VerificationMethod, did_document, to_json
from cairn.core.errors import Unobtainable
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.rdf.document import Vocabulary
from cairn.core.status.bitstring import StatusList
from cairn.core.status.credential import status_list_credential
from tests.core.badges import Badge, badge

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DID = "did:web:uni.example:i:1"
DID_URL = "https://uni.example/i/1/did.json"
LIST_URL = "https://uni.example/status/1"
KEY = PrivateKey.from_seed(KeyType.ED25519, b"\x01" * 32)
METHOD = VerificationMethod.of(DID, KEY.public, fragment="key-1")
VOCABULARY = Vocabulary()


class Published:
    """Documents by URL, counting what is asked; anything else cannot be obtained."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        self.documents = documents
        self.asked: list[str] = []

    def get(self, url: str, *, now: datetime) -> bytes:
        self.asked.append(url)
        if url not in self.documents:
            raise Unobtainable(f"{url} does not answer")
        return self.documents[url]


class Remembered:
    """A memory that is a dictionary."""

    def __init__(self, versions: dict[str, str] | None = None) -> None:
        self.versions = versions or {}

    def seen(self, url: str) -> str | None:
        return self.versions.get(url)

    def remember(self, url: str, version: str) -> None:
        self.versions[url] = max(version, self.versions.get(url, ""))


def own_badge(**changes: Any) -> Badge:
    """The fixture badge as our issuer would write it, without the endorsement."""
    document = badge()
    del document["endorsement"]
    document["issuer"] = {**document["issuer"], "id": DID}
    document["credentialSubject"]["achievement"]["creator"]["id"] = DID
    return {**document, **changes}


def signed(document: Badge, *, key: PrivateKey = KEY, **options: Any) -> Badge:
    wanted: dict[str, Any] = {
        "cryptosuite": "eddsa-rdfc-2022",
        "verification_method": METHOD.id,
        "created": "2026-01-01T00:00:00Z",
    }
    return add_proof(document, key, VOCABULARY, **{**wanted, **options})


def status_list(
    *revoked: int,
    purpose: Any = "revocation",
    valid_from: str = "2026-05-01T00:00:00Z",
    valid_until: str = "2026-07-01T00:00:00Z",
    issuer_id: str = DID,
    url: str = LIST_URL,
) -> Badge:
    """An unsigned list with these bits set."""
    return status_list_credential(
        list_url=url,
        issuer_id=issuer_id,
        purpose=purpose,
        statuses=StatusList.empty().marked(revoked),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def did_json(*methods: VerificationMethod, **changes: Any) -> bytes:
    document = to_json(did_document(DID, methods or (METHOD,)))
    return strict_json.write({**document, **changes})


def published() -> Published:
    """What our issuer publishes: its keys and a list on which nothing is revoked."""
    documents = {DID_URL: did_json(), LIST_URL: strict_json.write(signed(status_list()))}
    return Published(documents)
