"""Raw signatures: Ed25519, P-256, P-384 and RSA, with one written rule for edge cases."""

from cairn.core.keys.jwk import VerifyingKey, read_public_jwk
from cairn.core.keys.ports import DocumentKey, SigningKey
from cairn.core.keys.private import PrivateKey
from cairn.core.keys.public import PublicKey
from cairn.core.keys.rsa import RsaPrivateKey, RsaPublicKey
from cairn.core.keys.types import KeyType

__all__ = [
    "DocumentKey",
    "KeyType",
    "PrivateKey",
    "PublicKey",
    "RsaPrivateKey",
    "RsaPublicKey",
    "SigningKey",
    "VerifyingKey",
    "read_public_jwk",
]
