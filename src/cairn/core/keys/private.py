"""Private keys: sign bytes, and the forms a secret is kept in, PKCS#8 PEM and Multikey.

Source: RFC 8032, RFC 6979, RFC 5958 (PKCS#8), W3C Controlled Identifiers 1.0, section 2.2.2.
Both signature schemes are deterministic, so signing needs no randomness and one message has one
signature.  Where a secret comes from and how it is guarded belong to the caller.
"""

from dataclasses import dataclass, field
from typing import Self

import nacl.bindings
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cairn.core.codec import multibase
from cairn.core.errors import Malformed
from cairn.core.keys import pem
from cairn.core.keys.public import MAX_MULTIKEY, PublicKey
from cairn.core.keys.types import CURVES, SIZES, KeyType


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A secret with its public key; the secret stays out of `repr`, logs and messages."""

    type: KeyType
    secret: bytes = field(repr=False)  # Ed25519: seed; P-256, P-384: the integer, big-endian
    public: PublicKey = field(init=False, compare=False)
    _expanded: bytes = field(init=False, repr=False, compare=False)  # Ed25519: seed and public key
    _scalar: ec.EllipticCurvePrivateKey | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SIZES[self.type].secret:
            wanted = SIZES[self.type].secret
            raise Malformed(f"{self.type} secret of {len(self.secret)} bytes; need {wanted}")
        scalar = None
        if self.type is KeyType.ED25519:
            raw, expanded = nacl.bindings.crypto_sign_seed_keypair(self.secret)
        else:
            scalar, expanded = _ecdsa_key(self.type, self.secret), b""
            raw = scalar.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        object.__setattr__(self, "public", PublicKey(self.type, raw))
        object.__setattr__(self, "_expanded", expanded)
        object.__setattr__(self, "_scalar", scalar)

    @classmethod
    def from_seed(cls, kind: KeyType, seed: bytes) -> Self:
        """The key of 32 secret bytes (48 for P-384), uniformly random from the caller.

        For P-256 and P-384 they are the integer itself.  Raises `Malformed` if that is zero or
        not below the curve's order: the caller draws again.
        """
        return cls(kind, seed)

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`: R||S, or r||s at full length; always the same bytes."""
        if self._scalar is None:
            return nacl.bindings.crypto_sign(message, self._expanded)[: SIZES[self.type].signature]
        algorithm = ec.ECDSA(CURVES[self.type].hash, deterministic_signing=True)
        r, s = decode_dss_signature(self._scalar.sign(message, algorithm))
        half = SIZES[self.type].signature // 2
        return r.to_bytes(half) + s.to_bytes(half)

    @classmethod
    def from_multikey(cls, text: str) -> Self:
        """The key in a `secretKeyMultibase`.  Raises `Malformed`, without the text."""
        data = multibase.decode(text, max_length=MAX_MULTIKEY)
        for kind, sizes in SIZES.items():
            if data.startswith(sizes.secret_prefix):
                return cls(kind, data[2:])
        raise Malformed(f"not a secret Multikey of {', '.join(KeyType)}")

    def to_pem(self, passphrase: bytes | None) -> bytes:
        """PKCS#8 PEM, locked with `passphrase` unless that is None; see `pem.write`."""
        return pem.write(
            self._scalar or Ed25519PrivateKey.from_private_bytes(self.secret), passphrase
        )

    @classmethod
    def from_pem(cls, data: bytes, passphrase: bytes | None) -> Self:
        """The key in a PKCS#8 PEM file.

        Raises `Malformed`, saying what to mend: a missing, needless or wrong passphrase, a file
        that is no private key, or a key of another type.
        """
        key = pem.read(data, passphrase)
        if isinstance(key, Ed25519PrivateKey):
            return cls(KeyType.ED25519, key.private_bytes_raw())
        if isinstance(key, ec.EllipticCurvePrivateKey):
            for kind, curve in CURVES.items():
                if key.curve.name == curve.curve.name:
                    secret = key.private_numbers().private_value
                    return cls(kind, secret.to_bytes(SIZES[kind].secret))
        raise Malformed(f"the file holds a key of another type; need {', '.join(KeyType)}")


def _ecdsa_key(kind: KeyType, secret: bytes) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(secret)
    if not 0 < number < CURVES[kind].order:
        raise Malformed(f"a {kind} secret lies between 0 and the order of the curve; draw again")
    return ec.derive_private_key(number, CURVES[kind].curve)
