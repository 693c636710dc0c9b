"""did:key: a key that is its own identifier, resolved from the text alone.

Source: W3C CCG "The did:key Method" v0.9.  A key agreement key is not derived: we only sign.
"""

from cairn.core.did.document import DidDocument, VerificationMethod
from cairn.core.did.syntax import require_did
from cairn.core.errors import Malformed
from cairn.core.keys import PublicKey

_PREFIX = "did:key:"


def did_for(key: PublicKey) -> str:
    """The did:key of `key`."""
    return _PREFIX + key.multikey


def resolve(did: str) -> DidDocument:
    """The document of a did:key; its one method may assert and authenticate.

    Raises `Malformed` for another method or a key that the rule refuses.
    """
    if not require_did(did).startswith(_PREFIX):
        raise Malformed(f"{did!r} is not a did:key")
    method = VerificationMethod.of(did, PublicKey.from_multikey(did.removeprefix(_PREFIX)))
    return DidDocument(did, (method,), (method.id,), (method.id,))
