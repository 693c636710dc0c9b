"""`cairn.core.keys`: published keys and signatures, the written rule, and every form of a key."""

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec import base64url, multibase
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey, PublicKey
from cairn.core.keys.types import CURVES, SIZES
from tests.core import edwards
from tests.reference import reference

SEED = bytes(range(1, 33))
KEYS = {
    KeyType.ED25519: PrivateKey.from_seed(KeyType.ED25519, SEED),
    KeyType.P256: PrivateKey.from_seed(KeyType.P256, SEED),
    KeyType.P384: PrivateKey.from_seed(KeyType.P384, SEED + SEED[:16]),
}
every_type = pytest.mark.parametrize("kind", KeyType)
types = st.sampled_from(KeyType)


@dataclass(frozen=True)
class Vector:
    kind: KeyType
    secret: str
    public: str
    message: bytes
    signature: str


PUBLISHED = [
    Vector(  # RFC 8032, section 7.1, TEST 2
        KeyType.ED25519,
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        b"\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    Vector(  # RFC 6979, appendix A.2.5, SHA-256, "sample"; its s is high
        KeyType.P256,
        "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
        "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
        b"sample",
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    ),
    Vector(  # RFC 6979, appendix A.2.6, SHA-384, "sample"
        KeyType.P384,
        "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8"
        "96d5724e4c70a825f872c9ea60d2edf5",
        "02ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c6"
        "4def8f0ea9055866064a254515480bc13",
        b"sample",
        "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
        "81a648152e44acf96e36dd1e80fabe4699ef4aeb15f178cea1fe40db2603138f"
        "130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
    ),
]


@pytest.mark.parametrize("vector", PUBLISHED, ids=lambda vector: vector.kind)
def test_signs_and_verifies_as_published(vector: Vector) -> None:
    key = PrivateKey.from_seed(vector.kind, bytes.fromhex(vector.secret))
    signature = bytes.fromhex(vector.signature)
    assert key.public.raw.hex() == vector.public
    assert key.sign(vector.message) == signature
    assert key.public.verify(vector.message, signature)


@given(types, st.binary(), st.integers(min_value=0), st.integers(0, 7))
def test_a_changed_signature_or_message_does_not_hold(
    kind: KeyType, message: bytes, place: int, bit: int
) -> None:
    signature = KEYS[kind].sign(message)
    changed = bytearray(signature)
    changed[place % len(signature)] ^= 1 << bit
    public = KEYS[kind].public
    assert public.verify(message, signature)
    assert not public.verify(message, bytes(changed))
    assert not public.verify(message + b"\0", signature)


@given(types, st.binary(max_size=200))
def test_hostile_signatures_are_false_and_nothing_worse(kind: KeyType, signature: bytes) -> None:
    assert KEYS[kind].public.verify(b"message", signature) is False


@every_type
def test_a_signature_of_another_length_does_not_hold(kind: KeyType) -> None:
    signature = KEYS[kind].sign(b"m")
    for other in (b"", signature[:-1], signature + b"\0", b"\0" + signature, signature * 2):
        assert KEYS[kind].public.verify(b"m", other) is False


@every_type
def test_another_key_does_not_verify(kind: KeyType) -> None:
    other = PrivateKey.from_seed(kind, bytes(SIZES[kind].secret - 1) + b"\7")
    assert not other.public.verify(b"m", KEYS[kind].sign(b"m"))


# The written rule, Ed25519


SMALL_ORDER = [edwards.multiply(i, edwards.ORDER_8) for i in range(8)]


@pytest.mark.parametrize("point", SMALL_ORDER, ids=str)
def test_keys_of_small_order_or_with_a_small_order_part_are_refused(point: edwards.Point) -> None:
    with pytest.raises(Malformed, match="prime-order"):
        PublicKey(KeyType.ED25519, edwards.encode(point))
    if point != edwards.IDENTITY:
        mixed = edwards.add(edwards.decode(KEYS[KeyType.ED25519].public.raw), point)
        with pytest.raises(Malformed, match="prime-order"):
            PublicKey(KeyType.ED25519, edwards.encode(mixed))


@pytest.mark.parametrize("y", range(19))
@pytest.mark.parametrize("sign", [0, 1])
def test_keys_that_are_not_encoded_canonically_are_refused(y: int, sign: int) -> None:
    with pytest.raises(Malformed):
        PublicKey(KeyType.ED25519, (edwards.P + y | sign << 255).to_bytes(32, "little"))


def test_a_key_off_the_curve_is_refused() -> None:
    with pytest.raises(Malformed):
        PublicKey(KeyType.ED25519, (2).to_bytes(32, "little"))


def test_an_s_beyond_the_order_is_refused() -> None:
    signature = KEYS[KeyType.ED25519].sign(b"m")
    s = int.from_bytes(signature[32:], "little")
    again = signature[:32] + (s + edwards.L).to_bytes(32, "little")
    assert not KEYS[KeyType.ED25519].public.verify(b"m", again)


@pytest.mark.parametrize("point", SMALL_ORDER, ids=str)
def test_an_r_of_small_order_is_refused(point: edwards.Point) -> None:
    key = KEYS[KeyType.ED25519]
    forged = edwards.sign_with(point, 0, edwards.scalar_of(SEED), key.public.raw, b"m")
    assert not key.public.verify(b"m", forged)


@pytest.mark.parametrize("part", SMALL_ORDER[1:], ids=str)
def test_an_r_with_a_small_order_part_is_refused(part: edwards.Point) -> None:
    # A cofactored verifier accepts these, OpenSSL and WebCrypto do not.
    key = KEYS[KeyType.ED25519]
    nonce = 12345678901234567890
    r = edwards.add(edwards.multiply(nonce, edwards.BASE), part)
    forged = edwards.sign_with(r, nonce, edwards.scalar_of(SEED), key.public.raw, b"m")
    assert not key.public.verify(b"m", forged)


def test_the_oracle_itself_makes_good_signatures() -> None:
    key = KEYS[KeyType.ED25519]
    r = edwards.multiply(99, edwards.BASE)
    signature = edwards.sign_with(r, 99, edwards.scalar_of(SEED), key.public.raw, b"m")
    assert key.public.verify(b"m", signature)


def test_a_signature_that_binds_no_message_needs_what_the_rule_refuses() -> None:
    # Under the identity as key, R = [s]B holds for every message: OpenSSL says yes.
    identity = edwards.encode(edwards.IDENTITY)
    forged = edwards.encode(edwards.multiply(5, edwards.BASE)) + (5).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(identity).verify(forged, b"anything at all")
    with pytest.raises(Malformed):
        PublicKey(KeyType.ED25519, identity)


# The written rule, ECDSA


@pytest.mark.parametrize("kind", CURVES)
def test_both_s_and_its_negative_hold(kind: KeyType) -> None:
    signature = KEYS[kind].sign(b"m")
    half = len(signature) // 2
    s = int.from_bytes(signature[half:])
    other = signature[:half] + (CURVES[kind].order - s).to_bytes(half)
    assert KEYS[kind].public.verify(b"m", other)


@pytest.mark.parametrize("kind", CURVES)
def test_r_and_s_lie_between_zero_and_the_order(kind: KeyType) -> None:
    signature = KEYS[kind].sign(b"m")
    half = len(signature) // 2
    for value in (0, CURVES[kind].order, CURVES[kind].order + 1, 256**half - 1):
        edge = value.to_bytes(half)
        assert not KEYS[kind].public.verify(b"m", edge + signature[half:])
        assert not KEYS[kind].public.verify(b"m", signature[:half] + edge)
        assert not KEYS[kind].public.verify(b"m", edge + edge)


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"\x05" + raw[1:],
        lambda raw: b"\x00",
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: b"\x04" + raw[1:] + raw[1:],
        lambda raw: b"\x02" + b"\xff" * (len(raw) - 1),  # x is not below the prime
    ],
)
def test_a_point_has_one_encoding(kind: KeyType, spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Malformed):
        PublicKey(kind, spoil(KEYS[kind].public.raw))


@pytest.mark.parametrize("kind", CURVES)
def test_about_half_of_all_x_are_on_the_curve_and_the_others_are_refused(kind: KeyType) -> None:
    kept = 0
    for x in range(1, 65):
        try:
            PublicKey(kind, b"\x02" + x.to_bytes(SIZES[kind].public - 1))
        except Malformed:
            continue
        kept += 1
    assert 16 < kept < 48


@pytest.mark.parametrize("kind", CURVES)
def test_a_secret_lies_between_zero_and_the_order(kind: KeyType) -> None:
    size = SIZES[kind].secret
    largest = (CURVES[kind].order - 1).to_bytes(size)
    assert PrivateKey.from_seed(kind, largest).secret == largest
    for number in (0, CURVES[kind].order, 256**size - 1):
        with pytest.raises(Malformed, match="draw again"):
            PrivateKey.from_seed(kind, number.to_bytes(size))


# Forms


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("path", "secret", "kind"),
    [
        ("vectors/eddsa/keyPair.json", "privateKeyMultibase", KeyType.ED25519),
        ("vectors/ecdsa/p256KeyPair.json", "secretKeyMultibase", KeyType.P256),
        ("vectors/ecdsa/p384KeyPair.json", "secretKeyMultibase", KeyType.P384),
    ],
)
def test_the_key_pairs_of_the_w3c_vectors_belong_together(
    path: str, secret: str, kind: KeyType
) -> None:
    pair = json.loads(reference(path).read_bytes())
    key = PrivateKey.from_multikey(pair[secret])
    assert key.type is kind
    assert key.public.multikey == pair["publicKeyMultibase"]
    assert PublicKey.from_multikey(pair["publicKeyMultibase"]) == key.public


@every_type
def test_a_multikey_starts_as_its_type_does(kind: KeyType) -> None:
    public = KEYS[kind].public
    start = {KeyType.ED25519: "z6Mk", KeyType.P256: "zDn", KeyType.P384: "z82"}[kind]
    assert public.multikey.startswith(start)
    assert PublicKey.from_multikey(public.multikey) == public


@every_type
def test_no_form_changes_a_key(kind: KeyType) -> None:
    key = KEYS[kind]
    assert PublicKey.from_jwk(key.public.jwk()) == key.public
    assert pickle.loads(pickle.dumps(key.public)) == key.public  # noqa: S301 - our own bytes
    assert PrivateKey.from_pem(key.to_pem(None), None) == key
    assert PrivateKey.from_pem(key.to_pem(b"long and random"), b"long and random") == key


def test_the_jwk_and_thumbprint_of_rfc_8037() -> None:
    jwk: dict[str, Json] = {  # appendix A.2 and A.3
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    key = PublicKey.from_jwk(jwk)
    assert key.jwk() == jwk
    assert key.thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_p256_jwk_of_rfc_7515() -> None:
    jwk: dict[str, Json] = {  # appendix A.3
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
    signature = base64url.decode(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    signed = (
        b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0"
        b"dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    )
    key = PublicKey.from_jwk({**jwk, "kid": "1", "use": "sig", "alg": "ES256"})
    assert key.verify(signed, signature)
    assert key.jwk() == jwk


ED_JWK = KEYS[KeyType.ED25519].public.jwk()
EC_JWK = KEYS[KeyType.P256].public.jwk()


@pytest.mark.parametrize(
    ("jwk", "reason"),
    [
        ({**ED_JWK, "d": "AAAA"}, "secret member 'd'"),
        ({**EC_JWK, "k": ""}, "secret member 'k'"),
        ({**ED_JWK, "crv": "X25519"}, "curve other than"),
        ({**EC_JWK, "crv": "secp256k1"}, "curve other than"),
        ({**EC_JWK, "crv": ["P-256"]}, "curve other than"),
        ({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "curve other than"),
        ({**EC_JWK, "kty": "OKP"}, "kty EC"),
        ({**ED_JWK, "kty": "EC"}, "kty OKP"),
        ({**EC_JWK, "use": "enc"}, "not for signatures"),
        ({**EC_JWK, "alg": "ES384"}, "alg ES256"),
        ({**ED_JWK, "alg": []}, "alg"),
        ({**ED_JWK, "x": ED_JWK["x"] + "A"}, "'x' must be"),  # type: ignore[operator]  # a str
        ({**ED_JWK, "x": 1}, "'x' must be"),
        ({**EC_JWK, "y": None}, "'y' must be"),
        ({**EC_JWK, "y": EC_JWK["x"]}, "no point"),
        ({**EC_JWK, "x": "A" * 42 + "B"}, "no byte"),
        ({**EC_JWK, "x": "=" * 43}, "padding"),
        ({**EC_JWK, "x": "_" * 42 + "8"}, "no point"),
        ({}, "curve other than"),
    ],
)
def test_other_jwks_are_refused(jwk: dict[str, Json], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        PublicKey.from_jwk(jwk)


def test_the_other_square_root_is_another_key() -> None:
    jwk = dict(EC_JWK)
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    y = int.from_bytes(base64url.decode(str(jwk["y"])))
    jwk["y"] = base64url.encode((p - y).to_bytes(32))
    assert PublicKey.from_jwk(jwk) != KEYS[KeyType.P256].public


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xe7\x01" + bytes(33), "unknown type"),  # secp256k1
        (b"\xec\x01" + bytes(32), "unknown type"),  # X25519
        (b"\x80\x26" + SEED, "secret key"),
        (b"\xed\x01" + SEED + b"\0", "33 bytes"),
        (b"\x80\x24" + b"\x04" + bytes(64), "compressed point"),
        (b"\xed", "unknown type"),
        (b"", "unknown type"),
        (bytes(200), "at most"),
    ],
)
def test_other_multikeys_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        PublicKey.from_multikey(multibase.encode_base58btc(data))


def test_a_multikey_has_one_base() -> None:
    data = SIZES[KeyType.ED25519].public_prefix + KEYS[KeyType.ED25519].public.raw
    with pytest.raises(Malformed, match="base58btc"):
        PublicKey.from_multikey(multibase.encode_base64url(data))


@pytest.mark.parametrize(
    "text", [KEYS[KeyType.ED25519].public.multikey, "z", "zAAAA", "uAAAA", "z6Mk" * 99]
)
def test_what_is_no_secret_multikey_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        PrivateKey.from_multikey(text)


def test_a_passphrase_that_does_not_fit_says_what_to_mend() -> None:
    key = KEYS[KeyType.P256]
    locked, plain = key.to_pem(b"right"), key.to_pem(None)
    with pytest.raises(Malformed, match="passphrase is wrong"):
        PrivateKey.from_pem(locked, b"wrong")
    with pytest.raises(Malformed, match="give its passphrase"):
        PrivateKey.from_pem(locked, None)
    with pytest.raises(Malformed, match="give its passphrase"):
        PrivateKey.from_pem(locked, b"")
    with pytest.raises(Malformed, match="give no passphrase"):
        PrivateKey.from_pem(plain, b"right")
    with pytest.raises(Malformed, match="locks nothing"):
        key.to_pem(b"")


def test_other_files_are_refused() -> None:
    plain = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    foreign = (
        ec.derive_private_key(7, ec.SECP256K1()),
        Ed448PrivateKey.from_private_bytes(b"7" * 57),
    )
    for other in foreign:
        with pytest.raises(Malformed, match="another type"):
            PrivateKey.from_pem(other.private_bytes(*plain), None)
    for data in (b"", b"hello", KEYS[KeyType.P256].to_pem(None)[:-40]):
        with pytest.raises(Malformed, match="not a private key"):
            PrivateKey.from_pem(data, None)


@every_type
def test_a_secret_is_never_shown(kind: KeyType) -> None:
    shown = repr(KEYS[kind]) + str(KEYS[kind])
    assert repr(KEYS[kind].secret) not in shown
    assert KEYS[kind].secret.hex() not in shown
    assert "secret" not in shown
    with pytest.raises(Malformed) as caught:
        PrivateKey.from_seed(kind, KEYS[kind].secret + b"!")
    assert repr(KEYS[kind].secret)[2:-1] not in str(caught.value)
