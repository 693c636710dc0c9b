"""RSA keys, for JSON Web Tokens only: RS256 is what Open Badges asks of every issuer.

Source: RFC 7518, sections 3.3 and 6.3 (RS256, JWK), RFC 8017, section 8.2 (RSASSA-PKCS1-v1_5).
What counts as a key or a signature is decided in `cairn.core.keys.rule`.  No Multikey is read or
written: no Data Integrity suite signs with RSA.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cairn.core.codec import base64url, strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import members, pem, rule

ALGORITHMS = ("RS256",)


@dataclass(frozen=True, slots=True)
class RsaPublicKey:
    """An RSA key that the rule accepts; it verifies RS256."""

    modulus: int = field(repr=False)
    exponent: int
    _key: rsa.RSAPublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = rule.require_rsa_key(self.modulus, self.exponent)
        object.__setattr__(self, "_key", key)

    def __reduce__(self) -> tuple[object, ...]:
        return self.__class__, (self.modulus, self.exponent)  # OpenSSL's key stays behind

    @property
    def algorithms(self) -> tuple[str, ...]:
        """What the `alg` of a signature by this key may say in JOSE."""
        return ALGORITHMS

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's over `message`, with SHA-256."""
        if len(signature) != -(-self.modulus.bit_length() // 8):
            return False
        try:
            self._key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def jwk(self) -> dict[str, Json]:
        """The JWK with its required members only, in the order RFC 7638 hashes them."""
        return {"e": _uint(self.exponent), "kty": "RSA", "n": _uint(self.modulus)}

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Json]) -> Self:
        """The key in a public RSA JWK.

        Raises `Malformed` for secret members, another use or algorithm, and keys that the rule
        refuses.
        """
        members.require_public(jwk)
        if jwk.get("kty") != "RSA":
            raise Malformed("expected a JWK of the kty RSA", "/kty")
        members.require_signing(jwk, "RSA", ALGORITHMS)
        modulus = members.read_number(jwk, "n", rule.MAX_RSA_BITS // 8)
        return cls(modulus, members.read_number(jwk, "e", 4))

    def thumbprint(self) -> str:
        """The SHA-256 thumbprint of RFC 7638, base64url."""
        return base64url.encode(hashlib.sha256(strict_json.write(self.jwk())).digest())


@dataclass(frozen=True, slots=True)
class RsaPrivateKey:
    """A secret RSA key; it stays out of `repr`, logs and messages.

    RS256 has no randomness: one message has one signature.  Signing takes about a millisecond.
    """

    public: RsaPublicKey
    _key: rsa.RSAPrivateKey = field(repr=False, compare=False)

    def sign(self, message: bytes) -> bytes:
        """The RS256 signature over `message`."""
        return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())

    def to_pem(self, passphrase: bytes | None) -> bytes:
        """PKCS#8 PEM, locked with `passphrase` unless that is None; see `pem.write`."""
        return pem.write(self._key, passphrase)

    @classmethod
    def from_pem(cls, data: bytes, passphrase: bytes | None, *, is_our_own: bool = False) -> Self:
        """The key in a PKCS#8 PEM file; a new one is drawn where randomness is at hand.

        `is_our_own`: nobody changed these bytes, so opening them takes no 0.1 s (see `pem.read`).
        Raises `Malformed` as `pem.read` does, and for a key of another type or size.
        """
        key = pem.read(data, passphrase, is_our_own=is_our_own)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise Malformed("the file holds a key of another type; need RSA")
        numbers = key.public_key().public_numbers()
        return cls(RsaPublicKey(numbers.n, numbers.e), key)


def _uint(number: int) -> str:
    return base64url.encode(number.to_bytes(-(-number.bit_length() // 8)))
