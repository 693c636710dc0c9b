"""Private keys at rest: AES-256-GCM under the master key of the installation.

Source: NIST SP 800-38D.  The id of the key is associated data, so that a wrapped key put into
another row does not open.  Wrapping alone is here; what opens a key is in `unwrapping`, which no
page may import.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from cairn.core.errors import Malformed

NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key that wraps all others; the secret stays out of `repr`, logs and messages."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != _KEY_BYTES:
            raise Malformed(f"a master key of {len(self.secret)} bytes; need {_KEY_BYTES}")

    @property
    def id(self) -> str:
        """Which master key this is: 16 hexadecimal digits that say nothing about the key."""
        return hashlib.sha256(b"cairn master key\0" + self.secret).hexdigest()[:16]


def master_key() -> MasterKey:
    """The master key of this installation.  Raises `Malformed` if it has none."""
    secret = settings.CAIRN.master_key
    if secret is None:
        raise Malformed("CAIRN_MASTER_KEY is not set; make one with cairn keys master")
    return MasterKey(secret)


def wrap(private: bytes, *, key_id: UUID, master: MasterKey) -> bytes:
    """`private`, wrapped: a fresh nonce, then the ciphertext with its tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(master.secret).encrypt(nonce, private, key_id.bytes)
