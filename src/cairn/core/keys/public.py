"""Public keys: verify bytes, and the two texts a key travels as, Multikey and JWK.

Source: W3C Controlled Identifiers 1.0, section 2.2.2 (Multikey) and 2.2.3 (JsonWebKey), RFC 7517,
RFC 7638, RFC 8037.  What counts as a key or a signature is decided in `cairn.core.keys.rule`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec

from cairn.core.codec import base64url, multibase, strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import members, rule
from cairn.core.keys.types import SIZES, KeyType

MAX_MULTIKEY = 128  # characters; the longest we read, a P-384 key, has 70


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that the rule accepts; making one takes about 50 µs, so keep it."""

    type: KeyType
    raw: bytes  # Ed25519: 32 bytes; P-256, P-384: compressed SEC 1 point, 33 or 49 bytes
    _point: ec.EllipticCurvePublicKey | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        point = None
        if self.type is KeyType.ED25519:
            rule.require_ed25519_key(self.raw)
        else:
            point = rule.require_ecdsa_key(self.type, self.raw)
        object.__setattr__(self, "_point", point)

    def __reduce__(self) -> tuple[object, ...]:
        return self.__class__, (self.type, self.raw)  # OpenSSL's point cannot cross processes

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (R||S or r||s, fixed length) is this key's over `message`."""
        if self._point is None:
            return rule.holds_ed25519(self.raw, message, signature)
        return rule.holds_ecdsa(self.type, self._point, message, signature)

    @property
    def algorithms(self) -> tuple[str, ...]:
        """What the `alg` of a signature by this key may say in JOSE."""
        return SIZES[self.type].algorithms

    @property
    def multikey(self) -> str:
        """The `publicKeyMultibase` text."""
        return multibase.encode_base58btc(SIZES[self.type].public_prefix + self.raw)

    @classmethod
    def from_multikey(cls, text: str) -> Self:
        """The key in a `publicKeyMultibase`.  Raises `Malformed`, also for types we do not read."""
        if not text.startswith("z"):
            raise Malformed("a public Multikey starts with 'z' (base58btc)")
        data = multibase.decode(text, max_length=MAX_MULTIKEY)
        for kind, sizes in SIZES.items():
            if data.startswith(sizes.public_prefix):
                return cls(kind, data[2:])
            if data.startswith(sizes.secret_prefix):
                raise Malformed(
                    "this Multikey is a secret key; publish the public one, replace both"
                )
        raise Malformed(f"Multikey of an unknown type (0x{data[:2].hex()}); need {_known()}")

    def jwk(self) -> dict[str, Json]:
        """The JWK with its required members only, in the order RFC 7638 hashes them."""
        if self._point is None:
            return {"crv": self.type.value, "kty": "OKP", "x": base64url.encode(self.raw)}
        point = self._point.public_numbers()
        size = SIZES[self.type].public - 1
        return {
            "crv": self.type.value,
            "kty": "EC",
            "x": base64url.encode(point.x.to_bytes(size)),
            "y": base64url.encode(point.y.to_bytes(size)),
        }

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Json]) -> Self:
        """The key in a public signing JWK; `kid` and foreign members are left aside.

        Raises `Malformed` for secret members, types we do not read, another use or algorithm,
        wrong lengths, and points off the curve.
        """
        members.require_public(jwk)
        kind = _type_of(jwk)
        size = SIZES[kind].public - (kind is not KeyType.ED25519)
        x = members.read_bytes(jwk, "x", size)
        if kind is KeyType.ED25519:
            return cls(kind, x)
        y = members.read_bytes(jwk, "y", size)
        key = cls(kind, bytes([2 + (y[-1] & 1)]) + x)
        if key.jwk()["y"] != jwk["y"]:  # the x may be on the curve with another y
            raise Malformed(f"the JWK's x and y are no point of {kind}")
        return key

    def thumbprint(self) -> str:
        """The SHA-256 thumbprint of RFC 7638, base64url."""
        return base64url.encode(hashlib.sha256(strict_json.write(self.jwk())).digest())


def _type_of(jwk: Mapping[str, Json]) -> KeyType:
    curve = jwk.get("crv")
    if not isinstance(curve, str) or curve not in set(KeyType):
        raise Malformed(f"JWK for a curve other than {_known()}", "/crv")
    kind = KeyType(curve)
    family = "OKP" if kind is KeyType.ED25519 else "EC"
    if jwk.get("kty") != family:
        raise Malformed(f"a JWK for {curve} has the kty {family}", "/kty")
    members.require_signing(jwk, curve, SIZES[kind].algorithms)
    return kind


def _known() -> str:
    return ", ".join(KeyType)
