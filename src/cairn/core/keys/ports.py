"""What signs, wherever its secret is kept: in memory, or in a module that never gives it away."""

from typing import Protocol

from cairn.core.keys.public import PublicKey
from cairn.core.keys.rsa import RsaPublicKey
from cairn.core.keys.types import KeyType


class SigningKey(Protocol):
    """Signs the bytes of a token; `sign` may take a round trip and raise `Unobtainable`."""

    @property
    def public(self) -> PublicKey | RsaPublicKey: ...

    def sign(self, message: bytes) -> bytes:
        """The signature over `message` in the form that `public` verifies."""
        ...


class DocumentKey(Protocol):
    """Signs documents and tokens: a key of a type that Data Integrity knows."""

    @property
    def type(self) -> KeyType: ...

    @property
    def public(self) -> PublicKey: ...

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`: R||S, or r||s at full length."""
        ...
