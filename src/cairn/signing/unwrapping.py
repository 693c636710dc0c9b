"""Open private keys: for the signer job and for changing the master key, nobody else.

An import contract keeps the pages and services of all rooms away from this module.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cairn.core.errors import Malformed
from cairn.core.keys import (
    DocumentKey,
    KeyType,
    PrivateKey,
    PublicKey,
    RsaPrivateKey,
    RsaPublicKey,
    SigningKey,
    VerifyingKey,
)
from cairn.signing import models
from cairn.signing.security_module import (
    ModuleDocumentKey,
    ModuleTokenKey,
    SecurityModule,
    security_module,
)
from cairn.signing.wrapping import NONCE_BYTES, MasterKey


def unwrap(row: models.SigningKey, master: MasterKey) -> bytes:
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


def open_document_key(row: models.SigningKey, master: MasterKey) -> DocumentKey:
    """The key that signs documents.

    Raises `Malformed` as `unwrap` does, and for a forged row; `KeysAway` if its module is.
    """
    if is_held(row):
        public, module = _held_public(row)
        if not isinstance(public, PublicKey):
            raise Malformed(f"the key {row.id} in the security module signs no documents")
        return ModuleDocumentKey(row.id, public, module)
    key = PrivateKey.from_seed(KeyType(row.algorithm), unwrap(row, master))
    _require_fit(row, key.public)
    return key


def open_token_key(row: models.SigningKey, master: MasterKey) -> SigningKey:
    """The RSA key that signs tokens.  Raises as `open_document_key` does."""
    if is_held(row):
        public, module = _held_public(row)
        if not isinstance(public, RsaPublicKey):
            raise Malformed(f"the key {row.id} in the security module is no RSA key")
        return ModuleTokenKey(row.id, public, module)
    # AES-GCM has just shown that these are the bytes that were wrapped.
    key = RsaPrivateKey.from_pem(unwrap(row, master), None, is_our_own=True)
    _require_fit(row, key.public)
    return key


def is_held(row: models.SigningKey) -> bool:
    """Whether it is in a security module.  No query if `held_in_module` came along."""
    return hasattr(row, "held_in_module")


def _held_public(row: models.SigningKey) -> tuple[VerifyingKey, SecurityModule]:
    module = security_module()
    public = module.public_of(row.id)
    _require_fit(row, public)
    return public, module


def _require_fit(row: models.SigningKey, public: VerifyingKey) -> None:
    if public.jwk() != row.public_jwk:
        raise Malformed(f"the public part of key {row.id} is another key's; restore the row")
