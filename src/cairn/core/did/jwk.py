"""did:jwk: a JWK that is its own identifier, resolved from the text alone.

Source: the did:jwk method specification (quartzjer/did-jwk).
"""

from cairn.core.codec import base64url, strict_json
from cairn.core.did.document import DidDocument, VerificationMethod
from cairn.core.did.syntax import require_did
from cairn.core.errors import Malformed
from cairn.core.keys import PublicKey

_PREFIX = "did:jwk:"


def did_for(key: PublicKey) -> str:
    """The did:jwk of `key`, with required members only; other texts of one key exist."""
    return _PREFIX + base64url.encode(strict_json.write(key.jwk()))


def resolve(did: str) -> DidDocument:
    """The document of a did:jwk; its one method `#0` may assert and authenticate.

    Raises `Malformed` for another method, or a JWK that is not a public signing key we read.
    """
    if not require_did(did).startswith(_PREFIX):
        raise Malformed(f"{did!r} is not a did:jwk")
    jwk = strict_json.read(base64url.decode(did.removeprefix(_PREFIX)))
    if not isinstance(jwk, dict):
        raise Malformed("a did:jwk holds one JSON object")
    method = VerificationMethod.of(did, PublicKey.from_jwk(jwk), fragment="0")
    return DidDocument(did, (method,), (method.id,), (method.id,))
