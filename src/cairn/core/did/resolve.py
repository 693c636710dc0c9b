"""From an identifier to its document, as far as that goes without a network."""

from cairn.core.did import jwk, key
from cairn.core.did.document import DidDocument
from cairn.core.did.syntax import base_did

__all__ = ["base_did", "resolve_offline"]


def resolve_offline(did: str) -> DidDocument | None:
    """The document of a did:key or did:jwk; None for anything that has to be fetched.

    Raises `Malformed` for a did:key or did:jwk that holds no key the rule accepts.
    """
    if did.startswith("did:key:"):
        return key.resolve(did)
    if did.startswith("did:jwk:"):
        return jwk.resolve(did)
    return None
