"""Open wrapped private keys: for the signer job and for changing the master key, nobody else.

An import contract keeps the pages and services of all rooms away from this module.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey, RsaPrivateKey
from cairn.signing.models import SigningKey
from cairn.signing.wrapping import NONCE_BYTES, MasterKey


def unwrap(row: SigningKey, master: MasterKey) -> bytes:
    """The private part of a key as `wrapping.wrap` was given it.

    Raises `Malformed` if another master key wraps it, or if the bytes were altered or moved
    between rows.
    """
    if row.master_key_id != master.id:
        raise Malformed(
            f"key {row.id} is wrapped under the master key {row.master_key_id}, and "
            f"CAIRN_MASTER_KEY is {master.id}; set the one it was wrapped with"
        )
    wrapped = bytes(row.wrapped_private)
    try:
        return AESGCM(master.secret).decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], row.id.bytes
        )
    except (InvalidTag, ValueError) as err:
        raise Malformed(
            f"the wrapped key {row.id} is not what was stored; restore it from a backup"
        ) from err


def open_document_key(row: SigningKey, master: MasterKey) -> PrivateKey:
    """The key that signs documents.  Raises `Malformed` as `unwrap` does, and for a forged row."""
    key = PrivateKey.from_seed(KeyType(row.algorithm), unwrap(row, master))
    _require_fit(row, key.public.jwk())
    return key


def open_token_key(row: SigningKey, master: MasterKey) -> RsaPrivateKey:
    """The RSA key that signs tokens.  Raises `Malformed` as `open_document_key` does."""
    # AES-GCM has just shown that these are the bytes that were wrapped.
    key = RsaPrivateKey.from_pem(unwrap(row, master), None, is_our_own=True)
    _require_fit(row, key.public.jwk())
    return key


def _require_fit(row: SigningKey, public: dict[str, Json]) -> None:
    if public != row.public_jwk:
        raise Malformed(f"the public part of key {row.id} is another key's; restore the row")
