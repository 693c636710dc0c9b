"""Any public JWK that we can check signatures with.

Source: RFC 7517.  What each type asks of its members stands with the type.
"""

from collections.abc import Mapping

from cairn.core.codec.strict_json import Json
from cairn.core.keys.public import PublicKey
from cairn.core.keys.rsa import RsaPublicKey

VerifyingKey = PublicKey | RsaPublicKey


def read_public_jwk(jwk: Mapping[str, Json]) -> VerifyingKey:
    """The key in a public signing JWK.  Raises `Malformed`, also for types we do not read."""
    return RsaPublicKey.from_jwk(jwk) if jwk.get("kty") == "RSA" else PublicKey.from_jwk(jwk)
