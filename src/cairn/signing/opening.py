"""Open the keys of an organisation: for the signer job, nobody else.

An import contract keeps the pages and services of all rooms away from this module.
"""

from datetime import datetime

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.did.web import document_url
from cairn.core.errors import Conflict, Unobtainable
from cairn.core.rdf.document import Vocabulary
from cairn.core.verify.ports import Sources
from cairn.organisations.models import Organisation
from cairn.signing.custody import same_role
from cairn.signing.identity import issuer_did, key_url
from cairn.signing.models import SigningKey
from cairn.signing.security_module import KeysAway
from cairn.signing.selectors import did_document, published_jwk
from cairn.signing.signer import Signer
from cairn.signing.unwrapping import open_document_key, open_token_key
from cairn.signing.wrapping import master_key


def open_signer(
    organisation: Organisation, now: datetime, vocabulary: Vocabulary | None = None
) -> Signer:
    """The signer of `organisation`; a `vocabulary` that is kept learns the shapes it signs.

    Raises `Conflict` if the organisation lacks an active key, `Malformed` if the master key is
    missing or another one, `KeysAway` if a key is in a security module that does not answer, or is
    still to be made there.  Three queries.
    """
    master = master_key()
    active = organisation.signing_keys.filter(state=SigningKey.State.ACTIVE).select_related(
        "held_in_module"
    )
    keys = {key.algorithm: key for key in active}
    document_row = _of(keys, organisation, "Ed25519")
    token_row = _of(keys, organisation, "RSA")
    did = issuer_did(organisation)
    url = key_url(organisation, token_row.fragment)
    jwk = published_jwk(organisation, token_row.fragment)
    published = {document_url(did): did_document(organisation), url: jwk or {}}
    return Signer(
        did=did,
        document_fragment=document_row.fragment,
        token_fragment=token_row.fragment,
        token_key_url=url,
        opened_at=now,
        sources=Sources(documents=_Published(published), vocabulary=vocabulary or Vocabulary()),
        document_key=open_document_key(document_row, master),
        token_key=open_token_key(token_row, master),
    )


def _of(keys: dict[str, SigningKey], organisation: Organisation, algorithm: str) -> SigningKey:
    for name in same_role(algorithm):
        if name in keys:
            return keys[name]
    if organisation.wanted_keys.exists():
        raise KeysAway("the keys of this organisation are being made in the security module")
    raise Conflict(f"{organisation.id} has no active {algorithm} key; make its keys first")


class _Published:
    """The documents of one issuer by their addresses, for reading back what was signed."""

    def __init__(self, documents: dict[str, dict[str, Json]]) -> None:
        self._documents = {url: strict_json.write(value) for url, value in documents.items()}

    def get(self, url: str, *, now: datetime) -> bytes:
        if url not in self._documents:
            raise Unobtainable(f"{url} is not an address of this issuer")
        return self._documents[url]
