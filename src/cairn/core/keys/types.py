"""The kinds of key Cairn signs and verifies with, and the sizes and codes of each.

Source: multicodec table (the two-byte varints in front of a Multikey), RFC 8037 and RFC 7518
(names of curves and algorithms).
"""

from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


class KeyType(StrEnum):
    """A key type, spelled as the `crv` of its JWK."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in bytes, and what stands in front of a key in a Multikey."""

    public: int
    secret: int
    signature: int
    public_prefix: bytes
    secret_prefix: bytes
    algorithms: tuple[str, ...]  # what `alg` may say in a JWK


@dataclass(frozen=True, slots=True)
class Curve:
    """An elliptic curve with the hash that its signatures use."""

    curve: ec.EllipticCurve
    hash: hashes.HashAlgorithm
    order: int  # n, the number of points


SIZES = {
    KeyType.ED25519: Sizes(32, 32, 64, b"\xed\x01", b"\x80\x26", ("EdDSA", "Ed25519")),
    KeyType.P256: Sizes(33, 32, 64, b"\x80\x24", b"\x86\x26", ("ES256",)),
    KeyType.P384: Sizes(49, 48, 96, b"\x81\x24", b"\x87\x26", ("ES384",)),
}

CURVES = {
    KeyType.P256: Curve(
        ec.SECP256R1(),
        hashes.SHA256(),
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ),
    KeyType.P384: Curve(
        ec.SECP384R1(),
        hashes.SHA384(),
        int(
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
            16,
        ),
    ),
}
