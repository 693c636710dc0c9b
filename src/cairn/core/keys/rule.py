"""The one written rule: which keys and signatures count.

libsodium, OpenSSL and WebCrypto differ at the edges, so that one signature could hold here and
fail in a browser.  What counts is written down and enforced here, whichever library does the work.

Ed25519 (RFC 8032, section 5.1.7, the cofactorless equation [S]B = R + [k]A):
1. A public key is the canonical encoding of a point of the prime-order subgroup: on the curve,
   not of small order, without a small-order part (such a key verifies by chance of the message).
2. A signature has 64 bytes.  S is canonical, 0 <= S < L: S + L would be a second signature.
3. R is the canonical encoding of a point not of small order, as libsodium asks.
Only a signer who means to can break 1 or 3; such a signature would bind nothing.

ECDSA on P-256 with SHA-256 and on P-384 with SHA-384 (FIPS 186-5, IEEE P1363 form):
4. A public key is a compressed point (SEC 1, section 2.3.3) on the curve, with x below the prime.
5. A signature is r and s, each of the full length of the order n, with 0 < r < n and 0 < s < n.
6. A high s counts: about half of all signatures have one.  So (r, n - s) is a second signature,
   and signature bytes are never an identity.

RSA with SHA-256, RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2), for JSON Web Tokens only:
7. A modulus has 2048 to 4096 bits and is odd; a public exponent is odd, from 3 to 2^32 - 1.
   Larger numbers would only let a stranger spend our time.
8. A signature has the length of the modulus; its padding is compared whole, never parsed.

A signature of another length does not hold; that is an answer (False), not an error.
"""

import nacl.bindings
import nacl.exceptions
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from cairn.core.errors import Malformed
from cairn.core.keys.types import CURVES, SIZES, KeyType

MIN_RSA_BITS, MAX_RSA_BITS = 2048, 4096
_MAX_RSA_EXPONENT = 2**32 - 1
_L = 2**252 + 27742317777372353535851937790883648493  # order of the Ed25519 base point
_P = 2**255 - 19  # the Ed25519 field
_Y_BITS = 2**255 - 1  # the top bit of an encoded point is the sign of x
_ORDER_8_Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _ORDER_8_Y, _P - _ORDER_8_Y})  # orders 4, 1, 2, 8, 8


def require_ed25519_key(raw: bytes) -> None:
    """Rule 1.  Raises `Malformed`."""
    if len(raw) != SIZES[KeyType.ED25519].public:
        raise Malformed(f"Ed25519 public key of {len(raw)} bytes; need 32")
    if not nacl.bindings.crypto_core_ed25519_is_valid_point(raw):
        raise Malformed(
            "not an Ed25519 public key: no canonical point of the prime-order subgroup; "
            "ask its owner for another key"
        )


def require_ecdsa_key(kind: KeyType, raw: bytes) -> ec.EllipticCurvePublicKey:
    """Rule 4; the key that `raw` stands for.  Raises `Malformed`."""
    if len(raw) != SIZES[kind].public or raw[0] not in (2, 3):
        raise Malformed(
            f"{kind} public key must be a compressed point of {SIZES[kind].public} bytes"
        )
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVES[kind].curve, raw)
    except ValueError as err:
        raise Malformed(f"not a {kind} public key: no point of the curve has this x") from err


def require_rsa_key(modulus: int, exponent: int) -> rsa.RSAPublicKey:
    """Rule 7; the key of these numbers.  Raises `Malformed`."""
    bits = modulus.bit_length()
    if not MIN_RSA_BITS <= bits <= MAX_RSA_BITS:
        raise Malformed(f"RSA key of {bits} bits; need {MIN_RSA_BITS} to {MAX_RSA_BITS}")
    if not (modulus & exponent & 1 and 3 <= exponent <= _MAX_RSA_EXPONENT):
        raise Malformed("not an RSA key: modulus and exponent are odd, the exponent 3 or more")
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as err:
        raise Malformed("not an RSA key; ask its owner for another one") from err


def holds_ed25519(raw: bytes, message: bytes, signature: bytes) -> bool:
    """Rules 2 and 3, then the equation, under a key that rule 1 has accepted."""
    if len(signature) != SIZES[KeyType.ED25519].signature:
        return False
    y = int.from_bytes(signature[:32], "little") & _Y_BITS
    if y >= _P or y in _SMALL_ORDER_Y or int.from_bytes(signature[32:], "little") >= _L:
        return False
    try:
        nacl.bindings.crypto_sign_open(signature + message, raw)
    except nacl.exceptions.BadSignatureError:
        return False
    return True


def holds_ecdsa(
    kind: KeyType, key: ec.EllipticCurvePublicKey, message: bytes, signature: bytes
) -> bool:
    """Rules 5 and 6, then the equation, under a key that rule 4 has accepted."""
    if len(signature) != SIZES[kind].signature:
        return False
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    curve = CURVES[kind]
    if not (0 < r < curve.order and 0 < s < curve.order):
        return False
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(curve.hash))
    except InvalidSignature:
        return False
    return True
