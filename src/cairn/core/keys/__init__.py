"""Raw signatures: Ed25519, P-256 and P-384, with one written rule for edge cases."""

from cairn.core.keys.private import PrivateKey
from cairn.core.keys.public import PublicKey
from cairn.core.keys.types import KeyType

__all__ = ["KeyType", "PrivateKey", "PublicKey"]
