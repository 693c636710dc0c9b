"""JSON Web Tokens: Wycheproof, a second opinion, each profile as it should be, and the attacks."""

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwk as theirs_jwk
from joserfc import jws as theirs_jws

from cairn.core.codec import base64url, strict_json
from cairn.core.errors import Malformed
from cairn.core.keys import (
    KeyType,
    PrivateKey,
    PublicKey,
    RsaPrivateKey,
    RsaPublicKey,
    SigningKey,
    read_public_jwk,
)
from cairn.core.keys.types import CURVES
from cairn.core.proofs import jose
from cairn.core.proofs.jose import holds, read_jws, sign_jws
from cairn.core.proofs.token import numeric_date
from cairn.core.proofs.tokens import looks_like_token, read_token, unwrap, wrap
from cairn.core.proofs.vc_jwt_openbadges import sign_open_badge
from cairn.core.proofs.vc_jwt_w3c import sign_credential, sign_presentation
from cairn.core.verify.report import Outcome, Reason
from tests.core.issuing import DID, DID_URL, KEY, METHOD, did_json, own_badge
from tests.core.token_making import (
    ISSUER,
    KEY_URL,
    P256,
    P384,
    STRANGER,
    Claims,
    answer,
    badge_claims,
    badge_token,
    checks_of,
    credential,
    old_claims,
    raw,
    rsa_key,
    token_of,
    w3c_claims,
    w3c_token,
    web,
)
from tests.reference import reference

WYCHEPROOF = "vectors/wycheproof"
KEYS: list[SigningKey] = [KEY, P256, P384]
Attack = Callable[[], str]


# Published vectors


@pytest.mark.conformance
def test_every_rsa_verdict_agrees() -> None:
    seen: Counter[str] = Counter()
    wrong = []
    found = json.loads(reference(f"{WYCHEPROOF}/rsa_signature_2048_sha256_test.json").read_bytes())
    for group in found["testGroups"]:
        numbers = group["publicKey"]
        modulus = int(numbers["modulus"], 16)
        key = RsaPublicKey(modulus, int(numbers["publicExponent"], 16))
        if "keyJwk" in group:
            assert RsaPublicKey.from_jwk(group["keyJwk"]) == key
        for case in group["tests"]:
            seen[case["result"]] += 1
            verdict = key.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            # "acceptable" is a digest without its NULL, which RFC 8017 says not to write
            if verdict != (case["result"] == "valid"):
                wrong.append((case["tcId"], case["comment"]))
    assert wrong == []
    assert seen == {"valid": 9, "invalid": 249, "acceptable": 1}


@pytest.mark.conformance
def test_every_verdict_on_signatures_agrees_but_for_algorithms_we_do_not_take() -> None:
    found = json.loads(reference(f"{WYCHEPROOF}/json_web_signature_test.json").read_bytes())
    seen: Counter[str] = Counter()
    wrong = []
    for group in found["testGroups"]:
        key = group.get("public", group["private"])
        for case in group["tests"]:
            verdict = accepts(case["jws"], key)
            ours = key.get("alg", "") in jose.ALGORITHMS or verdict
            seen[f"{case['result']}, {'ours' if ours else 'not ours'}"] += 1
            if verdict != (case["result"] == "valid" and ours):
                wrong.append((case["tcId"], group["comment"], case["comment"]))
    assert wrong == []
    assert seen["valid, ours"] >= 5
    assert seen["invalid, ours"] > 200


def accepts(token: Any, key: dict[str, Any]) -> bool:
    if not isinstance(token, str):
        return False
    try:
        return holds(read_jws(token), read_public_jwk(key))
    except Malformed:
        return False


# A second opinion: joserfc


def their_key(key: PrivateKey | RsaPrivateKey) -> Any:
    public = key.public.jwk()
    if isinstance(key, RsaPrivateKey):
        return theirs_jwk.RSAKey.import_key(key.to_pem(None))
    kind = theirs_jwk.OKPKey if public["kty"] == "OKP" else theirs_jwk.ECKey
    return kind.import_key(key.to_pem(None))


@pytest.mark.filterwarnings(
    "ignore:EdDSA is deprecated"
)  # RFC 9864 names it Ed25519; few read that
@pytest.mark.parametrize("key", [*KEYS, "rsa"], ids=["Ed25519", "P-256", "P-384", "RSA"])
def test_each_accepts_what_the_other_signed_and_refuses_it_altered(key: Any) -> None:
    key = rsa_key() if key == "rsa" else key
    algorithm = key.public.algorithms[0]
    ours = sign_jws({"kid": "k"}, b'{"a":1}', key)
    registry = theirs_jws.JWSRegistry(algorithms=[algorithm])
    read = theirs_jws.deserialize_compact(ours, their_key(key), registry=registry)
    assert read.payload == b'{"a":1}'
    theirs = theirs_jws.serialize_compact(
        {"alg": algorithm}, b'{"b":2}', their_key(key), registry=registry
    )
    assert holds(read_jws(theirs), key.public)
    header, _, signature = theirs.split(".")
    altered = ".".join((header, base64url.encode(b'{"b":3}'), signature))
    assert not holds(read_jws(altered), key.public)
    assert read_public_jwk(their_key(key).as_dict(private=False)) == key.public


# Keys


@pytest.mark.parametrize(
    ("bits", "is_taken"), [(2040, False), (2048, True), (4096, True), (4104, False)]
)
def test_rsa_keys_have_2048_to_4096_bits(bits: int, is_taken: bool) -> None:
    modulus = (1 << (bits - 1)) | 1
    if is_taken:
        assert RsaPublicKey(modulus, 65537).modulus == modulus
    else:
        with pytest.raises(Malformed, match="bits"):
            RsaPublicKey(modulus, 65537)


@pytest.mark.parametrize("exponent", [0, 1, 2, 4, 65536, 2**32, 2**32 + 1, -3])
def test_rsa_exponents_are_odd_and_of_a_sensible_size(exponent: int) -> None:
    with pytest.raises(Malformed):
        RsaPublicKey(rsa_key().public.modulus, exponent)
    assert RsaPublicKey(rsa_key().public.modulus, 2**32 - 1).exponent == 2**32 - 1


def test_an_even_modulus_is_no_key() -> None:
    with pytest.raises(Malformed):
        RsaPublicKey((1 << 2047) | 2, 65537)


@pytest.mark.parametrize(
    "changes",
    [
        {"d": "AQAB"},
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"key_ops": "verify"},
        {"key_ops": []},
        {"alg": "PS256"},
        {"alg": "HS256"},
        {"kty": "oct"},
        {"kty": "EC"},
        {"n": "AAAB"},
        {"n": 5},
        {"n": ""},
        {"n": "A" * 700},
        {"e": "AAEAAQ"},
        {"e": "AQAB="},
        {"e": "AQABAQAB"},
        {"e": None},
    ],
    ids=str,
)
def test_an_rsa_jwk_that_is_none_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_public_jwk({**rsa_key().public.jwk(), **changes})


def test_an_rsa_key_travels_as_jwk_and_pem() -> None:
    key = rsa_key()
    assert read_public_jwk({**key.public.jwk(), "use": "sig", "key_ops": ["verify"]}) == key.public
    again = RsaPrivateKey.from_pem(key.to_pem(b"locked"), b"locked")
    assert again.public == key.public
    assert again.sign(b"m") == key.sign(b"m")
    assert str(key.public.modulus) not in repr(key)
    assert key.public.thumbprint() == their_key(key).thumbprint()


def test_a_pem_of_another_type_is_no_rsa_key() -> None:
    with pytest.raises(Malformed, match="RSA"):
        RsaPrivateKey.from_pem(P256.to_pem(None), None)
    with pytest.raises(Malformed, match="another type"):
        PrivateKey.from_pem(rsa_key().to_pem(None), None)


@pytest.mark.parametrize("changes", [{"key_ops": ["encrypt"]}, {"key_ops": None}])
def test_an_elliptic_key_for_other_operations_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="key_ops"):
        PublicKey.from_jwk({**P256.public.jwk(), **changes})


# Each profile as it should be


def test_an_open_badges_token_with_a_key_address_is_authored() -> None:
    token = sign_open_badge(credential(), rsa_key(), key_url=KEY_URL)
    read = read_token(token)
    assert read.profile.name == "vc-jwt-openbadges"
    assert read.document == credential()
    assert read.claims["nbf"] == badge_claims()["nbf"]
    assert read.claims["exp"] == badge_claims()["exp"]
    outcome, reasons = answer(token)
    assert outcome is Outcome.IN_FORCE
    assert reasons == {
        Reason.CONTEXT_KNOWN,
        Reason.DOCUMENT_COVERED,
        Reason.PROOF_HOLDS,
        Reason.ISSUER_CONTROLS_KEY,
    }


def test_a_subject_with_an_id_is_repeated() -> None:
    document = credential()
    document["credentialSubject"]["id"] = "did:example:ada"
    token = read_token(sign_open_badge(document, rsa_key(), key_url=KEY_URL))
    assert token.claims["sub"] == "did:example:ada"
    assert token.breaches == ()


@pytest.mark.parametrize("missing", ["issuer", "id", "validFrom"])
def test_a_credential_without_what_a_token_repeats_makes_none(missing: str) -> None:
    document = credential()
    del document[missing]
    with pytest.raises(Malformed):
        sign_open_badge(document, rsa_key(), key_url=KEY_URL)


def test_an_end_that_only_the_token_says_counts() -> None:
    claims = badge_claims(validUntil=None)
    assert read_token(badge_token(claims)).document["validUntil"] == "2028-01-01T00:00:00Z"


def test_fractions_of_a_second_are_no_contradiction() -> None:
    claims = badge_claims(validFrom="2026-01-01T00:00:00.789Z")
    assert answer(badge_token(claims))[0] is Outcome.IN_FORCE


@pytest.mark.parametrize("where", ["profile", "key set", "metadata", "key set elsewhere"])
def test_an_embedded_key_counts_where_the_issuer_publishes_it(where: str) -> None:
    public = rsa_key().public.jwk()
    places: dict[str, Claims] = {
        "profile": {ISSUER: {"id": ISSUER, "type": "Profile", "jwks": {"keys": [public]}}},
        "key set": {ISSUER: {"keys": [public]}},
        "metadata": {
            "https://uni.example/.well-known/jwt-vc-issuer/issuers/1": {
                "issuer": ISSUER,
                "jwks": {"keys": [public]},
            }
        },
        "key set elsewhere": {
            ISSUER: {"id": ISSUER, "jwks_uri": "https://uni.example/keys"},
            "https://uni.example/keys": {"keys": [P256.public.jwk(), public]},
        },
    }
    token = sign_open_badge(credential(), rsa_key())
    assert answer(token, web(at=places[where]))[0] is Outcome.IN_FORCE


def test_an_embedded_key_alone_is_not_the_issuers() -> None:
    token = sign_open_badge(credential(), rsa_key())
    documents = web(at={ISSUER: {"id": ISSUER, "type": "Profile"}})
    outcome, reasons = answer(token, documents)
    assert outcome is Outcome.ALTERED
    assert {Reason.PROOF_HOLDS, Reason.ISSUER_OTHER_KEY} <= reasons


def test_an_embedded_key_of_an_issuer_who_does_not_answer_is_not_checked() -> None:
    outcome, reasons = answer(sign_open_badge(credential(), rsa_key()))
    assert outcome is Outcome.NOT_CHECKED
    assert {Reason.PROOF_HOLDS, Reason.ISSUER_KEYS_UNOBTAINABLE} <= reasons


def test_an_rsa_key_in_a_did_document_signs_tokens() -> None:
    method = {
        "id": f"{DID}#rsa",
        "type": "JsonWebKey",
        "controller": DID,
        "publicKeyJwk": rsa_key().public.jwk(),
    }
    at = {DID_URL: did_json(verificationMethod=[method], assertionMethod=[f"{DID}#rsa"])}
    token = token_of(w3c_claims(), rsa_key(), typ="vc+jwt", kid=f"{DID}#rsa")
    assert answer(token, web(at=at))[0] is Outcome.IN_FORCE
    for changes in ({"revoked": "2026-01-02T00:00:00Z"}, {"controller": "did:web:evil.example"}):
        altered = did_json(
            verificationMethod=[{**method, **changes}], assertionMethod=[f"{DID}#rsa"]
        )
        assert answer(token, web(at={DID_URL: altered}))[0] is not Outcome.IN_FORCE
    unlisted = did_json(verificationMethod=[method], assertionMethod=[])
    assert answer(token, web(at={DID_URL: unlisted}))[0] is not Outcome.IN_FORCE


@pytest.mark.parametrize("kid", [METHOD.id, "#key-1", "key-1"])
def test_a_w3c_token_is_authored_by_a_key_of_its_issuer(kid: str) -> None:
    outcome, reasons = answer(w3c_token(kid=kid))
    assert outcome is Outcome.IN_FORCE
    assert Reason.ISSUER_CONTROLS_KEY in reasons


def test_the_w3c_token_we_sign_follows_its_profile() -> None:
    token = read_token(sign_credential(own_badge(), KEY, verification_method=METHOD.id))
    assert token.profile.name == "vc+jwt"
    assert token.jws.header == {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": METHOD.id}
    assert token.document == own_badge()
    assert answer(token)[0] is Outcome.IN_FORCE


@pytest.mark.parametrize("name", ["vc", "vp", "iss", "exp", "nonce"])
def test_a_member_that_a_token_reads_otherwise_is_not_signed(name: str) -> None:
    with pytest.raises(Malformed, match="another meaning"):
        sign_credential({**own_badge(), name: 1}, KEY, verification_method=METHOD.id)


@pytest.mark.parametrize("key", [P256, P384], ids=["ES256", "ES384"])
def test_a_did_jwk_issuer_signs_with_its_only_key(key: PrivateKey) -> None:
    did = "did:jwk:" + base64url.encode(strict_json.write(key.public.jwk()))
    claims = w3c_claims(issuer=did, iss=did)
    assert answer(token_of(claims, key, typ="vc+jwt", kid=f"{did}#0"))[0] is Outcome.IN_FORCE
    assert answer(token_of(claims, key, typ="vc+jwt"))[0] is Outcome.IN_FORCE
    assert answer(token_of(claims, STRANGER, typ="vc+jwt"))[0] is Outcome.ALTERED


def test_an_older_token_is_filled_in_by_its_claims() -> None:
    token = read_token(badge_token(old_claims()))
    assert token.profile.name == "jwt_vc_json"
    assert token.breaches == ()
    assert token.document["id"] == "https://uni.example/c/1"
    assert token.document["validFrom"] == "2026-01-01T00:00:00Z"
    assert token.document["validUntil"] == "2028-01-01T00:00:00Z"
    assert answer(token)[0] is Outcome.IN_FORCE


def test_an_older_credential_is_filled_in_in_its_own_words() -> None:
    claims = old_claims()
    claims["vc"]["@context"] = ["https://www.w3.org/2018/credentials/v1"]
    claims["vc"].pop("issuer")
    claims["sub"] = "did:example:ada"
    document = read_token(badge_token(claims)).document
    assert document["issuer"] == ISSUER
    assert document["issuanceDate"] == "2026-01-01T00:00:00Z"
    assert document["expirationDate"] == "2028-01-01T00:00:00Z"
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    assert subject["id"] == "did:example:ada"


@pytest.mark.parametrize("make", [badge_token, w3c_token, lambda: badge_token(old_claims())])
def test_white_space_around_a_token_is_no_part_of_it(make: Attack) -> None:
    token = make()
    assert looks_like_token(f"\n {token}\r\n".encode())
    assert read_token(f"\n {token}\r\n").jws.text == token


def test_an_envelope_holds_its_token() -> None:
    token = w3c_token()
    envelope = wrap(token)
    assert envelope["type"] == "EnvelopedVerifiableCredential"
    assert str(envelope["id"]).startswith("data:application/vc+jwt,ey")
    assert unwrap(envelope) == token
    assert unwrap({**envelope, "type": ["EnvelopedVerifiableCredential"]}) == token
    assert unwrap(own_badge()) is None
    shown = sign_presentation(
        {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "VerifiablePresentation"},
        KEY,
        verification_method=METHOD.id,
        challenge="c",
        domain="d",
    )
    assert wrap(shown)["type"] == "EnvelopedVerifiablePresentation"


@pytest.mark.parametrize(
    "identity",
    [
        None,
        5,
        "",
        "https://uni.example/c/1",
        "data:",
        "data:application/vc+jwt",
        "data:application/vc+jwt;base64,TOKEN",
        "data:application/jwt,TOKEN",
        "data:application/vp+jwt,TOKEN",
        "data:application/vc+sd-jwt,TOKEN",
        "DATA:application/vc+jwt,TOKEN",
        "TOKEN",
        "data:application/vc+jwt,",
        "data:application/vc+jwt,{}",
    ],
)
def test_an_envelope_without_its_own_token_is_malformed(identity: Any) -> None:
    if isinstance(identity, str):
        identity = identity.replace("TOKEN", w3c_token())
    envelope = {"type": "EnvelopedVerifiableCredential", "id": identity}
    with pytest.raises(Malformed):
        unwrap(envelope)


def test_no_envelope_is_made_for_a_token_of_another_kind() -> None:
    with pytest.raises(Malformed, match="envelope"):
        wrap(badge_token())


# What is read as a token


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"a":"eyJ.eyJ.eyJ"}',
        b"ey",
        b"ey.ey",
        b"https://x/ey.ey.ey",
        b"\x89PNG",
        b"e..\xff",
    ],
)
def test_what_is_no_token_does_not_look_like_one(data: bytes) -> None:
    assert not looks_like_token(data)


@given(st.binary(max_size=200))
def test_looking_never_fails(data: bytes) -> None:
    assert looks_like_token(data) in (True, False)


@given(st.text(max_size=200))
def test_reading_raises_nothing_but_malformed(text: str) -> None:
    try:
        read_token(text)
    except Malformed:
        return
    raise AssertionError(text)


def test_a_token_that_stands_for_nothing_is_malformed() -> None:
    nothing: list[Claims] = [{}, {"iss": "x"}, {"vc": None}, {"vc": []}, {"vp": 5}, {"vct": "x"}]
    for claims in nothing:
        with pytest.raises(Malformed):
            read_token(token_of(claims, KEY, typ="JWT"))


# Bounds


def padded_token(size: int) -> str:
    """A token of exactly `size` characters."""
    header, signature = base64url.encode(b'{"alg":"EdDSA"}'), base64url.encode(bytes(64))
    room = size - len(header) - len(signature) - 2
    return f"{header}.{'A' * room}.{signature}"


def test_a_token_of_the_most_characters_is_read_and_one_more_is_not() -> None:
    size = jose.MAX_TOKEN - jose.MAX_TOKEN % 4
    while (size - 108) % 4 == 1:
        size -= 1
    assert read_jws(padded_token(size)).payload
    with pytest.raises(Malformed, match="at most"):
        read_jws("a" * (jose.MAX_TOKEN + 1))


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_a_header_has_a_bound(more: int, is_read: bool) -> None:
    empty = len(b'{"alg":"EdDSA","x":""}')
    header = json.dumps(
        {"alg": "EdDSA", "x": "a" * (jose.MAX_HEADER * 3 // 4 - empty + more)},
        separators=(",", ":"),
    ).encode()
    text = raw(header, {}, bytes(64))
    if is_read:
        assert read_jws(text).payload == b"{}"
    else:
        with pytest.raises(Malformed, match="over-long"):
            read_jws(text)


@pytest.mark.parametrize(("size", "is_read"), [(525, True), (526, False)])
def test_a_signature_has_a_bound(size: int, is_read: bool) -> None:
    text = raw({"alg": "RS256"}, {}, bytes(size))
    if is_read:
        assert not holds(read_jws(text), rsa_key().public)
    else:
        with pytest.raises(Malformed):
            read_jws(text)


@pytest.mark.parametrize(
    ("value", "is_read"),
    [(0, True), (253402300799, True), (253402300800, False), (-1, False), (1.5, True)],
)
def test_moments_lie_in_the_years_1970_to_9999(value: float, is_read: bool) -> None:
    if is_read:
        assert numeric_date({"exp": value}, "exp")
    else:
        with pytest.raises(Malformed):
            numeric_date({"exp": value}, "exp")


@pytest.mark.parametrize("value", [True, "1767225600", None, [], {}])
def test_a_moment_is_a_number(value: Any) -> None:
    with pytest.raises(Malformed, match="number"):
        numeric_date({"exp": value}, "exp")


# Attacks: each is named after what it tries, and none ends in force


def shared_secret(secret: bytes) -> str:
    """HS256 with the issuer's public key for a secret: what an unbound `alg` would accept."""
    header, payload = {"alg": "HS256", "typ": "JWT", "kid": KEY_URL}, badge_claims()
    signed = raw(header, payload, b"").rstrip(".")
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64url.encode(mac)}"


def with_header(**changes: Any) -> str:
    """The good Open Badges token with another header, signed by its own key all the same."""
    header = {"typ": "JWT", "kid": KEY_URL, **changes}
    return token_of(badge_claims(), rsa_key(), **header)


def unsigned(algorithm: str, signature: bytes = b"") -> str:
    return raw({"alg": algorithm, "typ": "JWT", "kid": KEY_URL}, badge_claims(), signature)


def respelt(part: int, change: Callable[[str], str], make: Attack = w3c_token) -> str:
    parts = make().split(".")
    parts[part] = change(parts[part])
    return ".".join(parts)


def ecdsa_with(r: int, s: int) -> str:
    header = {"alg": "ES256", "typ": "JWT", "kid": KEY_URL}
    return raw(header, badge_claims(), r.to_bytes(32) + s.to_bytes(32))


def der_signature() -> str:
    header = {"alg": "ES256", "typ": "JWT", "kid": KEY_URL}
    good = token_of(badge_claims(), P256, typ="JWT", kid=KEY_URL)
    signature = read_jws(good).signature
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    return raw(header, badge_claims(), der)


def last_bits(text: str) -> str:
    """Another last letter with the same bytes, for decoders that forgive stray bits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]


def twice(member: str, first: str, second: str) -> str:
    """The claims of the badge with one member written twice."""
    claims = json.dumps(w3c_claims())
    doubled = claims[:-1] + f', "{member}": {json.dumps(second)}}}'
    payload = doubled.replace(json.dumps(first), json.dumps(first), 1).encode()
    return sign_jws({"typ": "vc+jwt", "kid": METHOD.id}, payload, KEY)


N256 = CURVES[KeyType.P256].order
HOSTILE_JWK = STRANGER.public.jwk()

ATTACKS: dict[str, Attack] = {
    # no signature, or a shared one
    "alg none": lambda: unsigned("none"),
    "alg None": lambda: unsigned("None"),
    "alg NONE": lambda: unsigned("NONE"),
    "alg nOnE with a signature": lambda: unsigned("nOnE", bytes(64)),
    "alg none, signature of another token": lambda: unsigned(
        "none", read_jws(badge_token()).signature
    ),
    "no alg": lambda: raw({"typ": "JWT", "kid": KEY_URL}, badge_claims(), bytes(256)),
    "empty alg": lambda: unsigned("", bytes(256)),
    "alg is a number": lambda: raw({"alg": 5, "kid": KEY_URL}, badge_claims(), bytes(64)),
    "alg is a list": lambda: raw({"alg": ["RS256"], "kid": KEY_URL}, badge_claims(), bytes(64)),
    "alg is null": lambda: raw({"alg": None, "kid": KEY_URL}, badge_claims(), bytes(64)),
    "HS256 with the modulus": lambda: shared_secret(
        base64url.decode(str(rsa_key().public.jwk()["n"]))
    ),
    "HS256 with the JWK": lambda: shared_secret(strict_json.write(rsa_key().public.jwk())),
    "HS256 with nothing": lambda: shared_secret(b""),
    "HS512": lambda: unsigned("HS512", bytes(64)),
    "empty signature": lambda: unsigned("RS256"),
    "zero signature": lambda: unsigned("RS256", bytes(256)),
    "short signature": lambda: unsigned("RS256", bytes(255)),
    "long signature": lambda: unsigned("RS256", bytes(257)),
    "signature of another token": lambda: unsigned(
        "RS256", read_jws(badge_token(badge_claims(name="Other"))).signature
    ),
    "signature by another RSA key": lambda: badge_token(key=rsa_key(2048, 1)),
    # algorithm and key do not belong together
    "ES256 for an RSA key": lambda: unsigned("ES256", bytes(64)),
    "EdDSA for an RSA key": lambda: unsigned("EdDSA", bytes(64)),
    "RS384 for an RS256 key": lambda: unsigned("RS384", bytes(256)),
    "PS256 for an RS256 key": lambda: unsigned("PS256", bytes(256)),
    "RS1": lambda: unsigned("RS1", bytes(256)),
    "rs256 in small letters": lambda: unsigned("rs256", read_jws(badge_token()).signature),
    "ES384 for a P-256 key": lambda: token_of(
        w3c_claims(), P384, typ="vc+jwt", kid=METHOD.id, alg="ES384"
    ),
    "alg of another key type than the signature's": lambda: w3c_token(alg="ES256"),
    "ES256K": lambda: w3c_token(alg="ES256K"),
    "RSA key published, ECDSA signature": lambda: badge_token(key=P256),
    # numbers of a signature
    "r = 0": lambda: ecdsa_with(0, 1),
    "s = 0": lambda: ecdsa_with(1, 0),
    "r = s = 0": lambda: ecdsa_with(0, 0),
    "r = n": lambda: ecdsa_with(N256, 1),
    "s = n": lambda: ecdsa_with(1, N256),
    "r = s = n": lambda: ecdsa_with(N256, N256),
    "DER instead of r and s": der_signature,
    "Ed25519: S plus the order": lambda: respelt(2, plus_order),
    "Ed25519: zero": lambda: respelt(2, lambda _: base64url.encode(bytes(64))),
    # extensions
    "crit": lambda: with_header(crit=["exp"], exp=5),
    "crit of b64": lambda: with_header(crit=["b64"], b64=False),
    "crit of an unknown name": lambda: with_header(crit=["urn:example:x"]),
    "empty crit": lambda: with_header(crit=[]),
    "crit is null": lambda: with_header(crit=None),
    "b64 false without crit": lambda: with_header(b64=False),
    "b64 true": lambda: with_header(b64=True),
    "crit in a W3C token": lambda: w3c_token(crit=["b64"], b64=False),
    "b64 in a W3C token": lambda: w3c_token(b64=False),
    # other keys
    "jku": lambda: with_header(jku="https://evil.example/jwks"),
    "x5u": lambda: with_header(x5u="https://evil.example/cert"),
    "x5c beside kid": lambda: with_header(x5c=["MIIB"]),
    "cty, which Open Badges does not allow": lambda: with_header(cty="JWT"),
    "embedded key of a stranger": lambda: badge_token(key=STRANGER, typ="JWT", jwk=HOSTILE_JWK),
    "embedded key of a stranger in a W3C token": lambda: token_of(
        w3c_claims(), STRANGER, typ="vc+jwt", jwk=HOSTILE_JWK
    ),
    "embedded key beside the issuer's kid": lambda: token_of(
        badge_claims(), STRANGER, typ="JWT", kid=KEY_URL, jwk=HOSTILE_JWK
    ),
    "embedded secret key": lambda: badge_token(
        key=STRANGER, typ="JWT", jwk={**HOSTILE_JWK, "d": base64url.encode(b"\x33" * 32)}
    ),
    "embedded key for encryption": lambda: badge_token(
        key=STRANGER, typ="JWT", jwk={**HOSTILE_JWK, "use": "enc"}
    ),
    "embedded key that is text": lambda: with_header(jwk="key"),
    "embedded symmetric key": lambda: raw(
        {"alg": "HS256", "typ": "JWT", "jwk": {"kty": "oct", "k": "AAAA"}},
        badge_claims(),
        bytes(32),
    ),
    "no key at all": lambda: badge_token(typ="JWT"),
    "key of a stranger's DID": lambda: token_of(
        w3c_claims(),
        STRANGER,
        typ="vc+jwt",
        kid=f"did:key:{STRANGER.public.multikey}#{STRANGER.public.multikey}",
    ),
    "key address on another host": lambda: badge_token(typ="JWT", kid="https://evil.example/k"),
    "key address on a host that looks alike": lambda: badge_token(
        typ="JWT", kid="https://uni.example.evil.example/issuers/1/keys/1"
    ),
    "key address with a user name": lambda: badge_token(
        typ="JWT", kid="https://uni.example@evil.example/issuers/1/keys/1"
    ),
    "key address beside the issuer's": lambda: badge_token(
        typ="JWT", kid="https://uni.example/issuers/12/keys/1"
    ),
    "key address among the uploads": lambda: badge_token(
        typ="JWT", kid="https://uni.example/media/k"
    ),
    "key address that climbs": lambda: badge_token(
        typ="JWT", kid="https://uni.example/issuers/1/../../media/k"
    ),
    "key address that climbs in code": lambda: badge_token(
        typ="JWT", kid="https://uni.example/issuers/1/%2e%2e/%2e%2e/media/k"
    ),
    "key address that redirects": lambda: badge_token(
        typ="JWT", kid="https://uni.example/issuers/1/go?to=https://evil.example/k"
    ),
    "key address without TLS": lambda: badge_token(typ="JWT", kid=KEY_URL.replace("https", "http")),
    "key in a file": lambda: badge_token(typ="JWT", kid="file:///etc/passwd"),
    "key in a data URL": lambda: badge_token(typ="JWT", kid='data:application/json,{"kty":"RSA"}'),
    "kid is a number": lambda: with_header(kid=5),
    "kid that is nobody's": lambda: w3c_token(kid=f"{DID}#gone"),
    "empty kid": lambda: with_header(kid=""),
    # the wrong kind of token
    "typ of something else": lambda: with_header(typ="at+jwt"),
    "typ jwt in small letters": lambda: with_header(typ="jwt"),
    "typ of the W3C with claims of Open Badges": lambda: with_header(typ="vc+jwt", cty="vp"),
    "typ with a media type in front": lambda: w3c_token(typ="application/vc+jwt"),
    "typ of an access token": lambda: w3c_token(typ="at+jwt"),
    "typ of a proof of a wallet": lambda: w3c_token(typ="openid4vci-proof+jwt"),
    "typ is a list": lambda: with_header(typ=["JWT"]),
    "cty of something else": lambda: w3c_token(cty="JWT"),
    "cty of an older kind": lambda: w3c_token(cty="vc+ld+json"),
    # claims that contradict the credential
    "iss of somebody else": lambda: badge_token(badge_claims(iss="https://evil.example")),
    "iss missing": lambda: badge_token(badge_claims(iss=None)),
    "iss is a list": lambda: badge_token(badge_claims(iss=[ISSUER])),
    "W3C iss of somebody else": lambda: w3c_token(w3c_claims(iss="did:web:evil.example")),
    "issuer of somebody else": lambda: badge_token(badge_claims(issuer="https://evil.example")),
    "jti of another": lambda: badge_token(badge_claims(jti="https://uni.example/c/2")),
    "jti missing": lambda: badge_token(badge_claims(jti=None)),
    "W3C jti of another": lambda: w3c_token(w3c_claims(jti="https://uni.example/c/2")),
    "nbf earlier than validFrom": lambda: badge_token(badge_claims(nbf=1)),
    "nbf a second later": lambda: badge_token(badge_claims(nbf=badge_claims()["nbf"] + 1)),
    "nbf missing": lambda: badge_token(badge_claims(nbf=None)),
    "nbf without validFrom": lambda: badge_token(badge_claims(validFrom=None)),
    "nbf is text": lambda: badge_token(badge_claims(nbf="1767225600")),
    "exp later than validUntil": lambda: badge_token(badge_claims(exp=4102444800)),
    "exp a second earlier": lambda: badge_token(badge_claims(exp=badge_claims()["exp"] - 1)),
    "exp beyond time": lambda: badge_token(badge_claims(exp=10**15)),
    "sub of somebody else": lambda: badge_token(
        badge_claims(sub="did:example:eve", credentialSubject=subject("did:example:ada"))
    ),
    "sub missing": lambda: badge_token(badge_claims(credentialSubject=subject("did:example:ada"))),
    "W3C sub of somebody else": lambda: w3c_token(
        w3c_claims(sub="did:example:eve", credentialSubject=subject("did:example:ada"))
    ),
    "W3C signature past its end": lambda: w3c_token(w3c_claims(exp=1767225600)),
    "W3C signature ends now": lambda: w3c_token(w3c_claims(exp=1780315200)),
    "W3C signature of the future": lambda: w3c_token(w3c_claims(nbf=1780315201)),
    "vc claim in a W3C token": lambda: w3c_token(w3c_claims(vc=own_badge())),
    "vp claim in a W3C token": lambda: w3c_token(w3c_claims(vp={})),
    # two credentials in one token
    "vc claim and a credential beside it": lambda: badge_token({**badge_claims(), **old_claims()}),
    "vc claim and a subject beside it": lambda: badge_token(
        old_claims(credentialSubject={"id": "x:y"})
    ),
    "vc claim and a status beside it": lambda: badge_token(
        old_claims(credentialStatus={"id": "x:y"})
    ),
    "vc and vp claims": lambda: badge_token(old_claims(vp={"type": "VerifiablePresentation"})),
    "vc claim: issuer of somebody else": lambda: badge_token(old_vc(issuer="https://evil.example")),
    "vc claim: id of another": lambda: badge_token(old_vc(id="https://uni.example/c/2")),
    "vc claim: later end": lambda: badge_token(old_vc(validUntil="2099-01-01T00:00:00Z")),
    "vc claim: earlier begin": lambda: badge_token(old_vc(validFrom="1999-01-01T00:00:00Z")),
    "vc claim: subject is somebody else": lambda: badge_token(
        {**old_vc(credentialSubject=subject("did:example:ada")), "sub": "did:example:eve"}
    ),
    "vc claim: typ of something else": lambda: token_of(
        old_claims(), rsa_key(), typ="at+jwt", kid=KEY_URL
    ),
    # two readings of one token
    "a member twice": lambda: twice("name", "Data analysis", "Astrophysics"),
    "an issuer twice": lambda: twice("issuer", DID, "https://evil.example"),
    "alg twice": lambda: raw(
        b'{"alg":"none","alg":"RS256","kid":"' + KEY_URL.encode() + b'"}',
        badge_claims(),
        bytes(256),
    ),
    "terms defined in the token": lambda: w3c_token(
        w3c_claims(**{"@context": [*own_badge()["@context"], {"name": "https://x.example/n"}]})
    ),
    "unknown terms": lambda: w3c_token(
        w3c_claims(**{"@context": [*own_badge()["@context"], "https://evil.example/c"]})
    ),
    "no terms": lambda: w3c_token(w3c_claims(**{"@context": None})),
    # spelling
    "two parts": lambda: w3c_token().rpartition(".")[0],
    "four parts": lambda: w3c_token() + ".e30",
    "five parts, as if encrypted": lambda: w3c_token() + ".e30.e30",
    "a dot at the end": lambda: w3c_token() + ".",
    "a dot in front": lambda: "." + w3c_token(),
    "padding in the header": lambda: respelt(0, lambda text: text + "=" * (-len(text) % 4 or 4)),
    "padding in the payload": lambda: respelt(1, lambda text: text + "="),
    "padding in the signature": lambda: respelt(2, lambda text: text + "=="),
    "stray bits in the signature": lambda: respelt(2, last_bits),
    "plain base64": lambda: respelt(1, lambda text: text.replace("A", "+")),
    "a line break inside": lambda: respelt(1, lambda text: text[:20] + "\n" + text[20:]),
    "a space inside": lambda: respelt(1, lambda text: text[:20] + " " + text[20:]),
    "letters beyond ASCII": lambda: respelt(1, lambda text: text + "\u00e9"),
    "full-width dots": lambda: w3c_token().replace(".", "\uff0e"),
    "a null byte": lambda: w3c_token() + "\x00",
    "payload altered": lambda: respelt(
        1, lambda _: base64url.encode(json.dumps(w3c_claims(name="X")).encode())
    ),
    "header altered": lambda: respelt(
        0,
        lambda _: base64url.encode(
            b'{"alg":"EdDSA","kid":"%s","typ":"vc+jwt" }' % METHOD.id.encode()
        ),
    ),
    "payload is an array": lambda: raw(
        {"alg": "EdDSA", "typ": "vc+jwt"}, [w3c_claims()], bytes(64)
    ),
    "payload is text": lambda: raw({"alg": "EdDSA", "typ": "vc+jwt"}, "x", bytes(64)),
    "payload is a token": lambda: raw(
        {"alg": "EdDSA", "cty": "JWT"}, w3c_token().encode(), bytes(64)
    ),
    "payload is empty": lambda: raw({"alg": "EdDSA", "typ": "vc+jwt"}, b"", bytes(64)),
    "payload with a byte order mark": lambda: raw({"alg": "EdDSA"}, b"\xef\xbb\xbf{}", bytes(64)),
    "payload nested deep": lambda: raw(
        {"alg": "EdDSA"}, b'{"@context":' + b"[" * 99 + b"]" * 99 + b"}", bytes(64)
    ),
    "header is an array": lambda: raw([{"alg": "EdDSA"}], w3c_claims(), bytes(64)),
    "header is null": lambda: raw(None, w3c_claims(), bytes(64)),
    "header nested deep": lambda: raw({"alg": "EdDSA", "x": [[[[[]]]]]}, w3c_claims(), bytes(64)),
    "JSON serialisation": lambda: json.dumps({"payload": "e30", "signatures": []}),
    "huge": lambda: "e" * (jose.MAX_TOKEN + 1),
    "a million dots": lambda: "e" + "." * 1_000_000,
}


def subject(identity: str) -> Claims:
    return {**own_badge()["credentialSubject"], "id": identity}


def old_vc(**changes: Any) -> Claims:
    claims = old_claims()
    return {**claims, "vc": {**claims["vc"], **changes}}


def plus_order(text: str) -> str:
    data = base64url.decode(text)
    order = 2**252 + 27742317777372353535851937790883648493
    return base64url.encode(
        data[:32] + (int.from_bytes(data[32:], "little") + order).to_bytes(32, "little")
    )


# What a forger controls: another host, and the uploads and neighbours on the issuer's own.
HOSTILE = {
    "https://evil.example/k": rsa_key().public.jwk(),
    "https://uni.example.evil.example/issuers/1/keys/1": rsa_key().public.jwk(),
    "https://uni.example@evil.example/issuers/1/keys/1": rsa_key().public.jwk(),
    "https://uni.example/issuers/12/keys/1": rsa_key().public.jwk(),
    "https://uni.example/media/k": rsa_key().public.jwk(),
    "https://uni.example/issuers/1/../../media/k": rsa_key().public.jwk(),
    "https://uni.example/issuers/1/%2e%2e/%2e%2e/media/k": rsa_key().public.jwk(),
    "https://uni.example/issuers/1/go?to=https://evil.example/k": rsa_key().public.jwk(),
    KEY_URL.replace("https", "http"): rsa_key().public.jwk(),
    ISSUER: {"id": ISSUER, "type": "Profile", "name": "University"},
}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_is_taken_for_a_credential_in_force(name: str) -> None:
    documents = web(at=HOSTILE)
    try:
        outcome, _ = answer(ATTACKS[name](), documents)
    except Malformed:
        pass
    else:
        assert outcome in (Outcome.ALTERED, Outcome.NOT_CHECKED)
    assert not any("evil" in url or "media" in url or "?" in url for url in documents.asked)


def test_the_attacks_are_attacks_because_their_good_twins_are_in_force() -> None:
    for token in (badge_token(), w3c_token(), badge_token(old_claims())):
        assert answer(token, web(at=HOSTILE))[0] is Outcome.IN_FORCE
    assert len(ATTACKS) >= 80


@pytest.mark.parametrize(
    ("name", "reason", "outcome"),
    [
        ("alg none", Reason.PROOF_FORBIDDEN, Outcome.ALTERED),
        ("HS256 with the modulus", Reason.PROOF_FORBIDDEN, Outcome.ALTERED),
        ("crit of b64", Reason.PROOF_FORBIDDEN, Outcome.ALTERED),
        ("jku", Reason.PROOF_FORBIDDEN, Outcome.ALTERED),
        ("nbf earlier than validFrom", Reason.PROOF_FORBIDDEN, Outcome.ALTERED),
        ("W3C signature past its end", Reason.PROOF_EXPIRED, Outcome.ALTERED),
        ("W3C signature of the future", Reason.PROOF_FORBIDDEN, Outcome.ALTERED),
        ("ES256K", Reason.PROOF_UNSUPPORTED, Outcome.NOT_CHECKED),
        ("PS256 for an RS256 key", Reason.PROOF_UNSUPPORTED, Outcome.NOT_CHECKED),
        ("ES256 for an RSA key", Reason.PROOF_MISMATCH, Outcome.ALTERED),
        ("key address on another host", Reason.ISSUER_OTHER_KEY, Outcome.ALTERED),
        ("key of a stranger's DID", Reason.ISSUER_OTHER_KEY, Outcome.ALTERED),
        ("embedded key of a stranger", Reason.ISSUER_OTHER_KEY, Outcome.ALTERED),
        ("kid that is nobody's", Reason.PROOF_KEY_UNOBTAINABLE, Outcome.NOT_CHECKED),
        ("unknown terms", Reason.CONTEXT_UNKNOWN, Outcome.NOT_CHECKED),
        ("terms defined in the token", Reason.CONTEXT_INLINE, Outcome.ALTERED),
    ],
)
def test_an_attack_has_its_reason(name: str, reason: Reason, outcome: Outcome) -> None:
    found, reasons = answer(ATTACKS[name](), web(at=HOSTILE))
    assert reason in reasons
    assert found is outcome


def test_a_certificate_is_said_to_be_unsupported() -> None:
    token = token_of(w3c_claims(), KEY, typ="vc+jwt", x5c=["MIIB"])
    outcome, reasons = answer(token)
    assert outcome is Outcome.NOT_CHECKED
    assert Reason.PROOF_UNSUPPORTED in reasons


def test_a_key_in_the_header_moves_no_byte_over_the_network_before_the_signature_holds() -> None:
    documents = web()
    forged = raw({"alg": "EdDSA", "typ": "JWT", "jwk": HOSTILE_JWK}, badge_claims(), bytes(64))
    checks_of(forged, documents)
    assert documents.asked == []


@pytest.mark.parametrize(
    ("count", "outcome"), [(100, Outcome.IN_FORCE), (101, Outcome.NOT_CHECKED)]
)
def test_a_key_set_has_a_bound(count: int, outcome: Outcome) -> None:
    keys = [P256.public.jwk()] * (count - 1) + [rsa_key().public.jwk()]
    documents = web(at={ISSUER: {"keys": keys}})
    assert answer(sign_open_badge(credential(), rsa_key()), documents)[0] is outcome


def test_a_key_that_was_given_up_is_no_longer_the_issuers() -> None:
    given_up = {**rsa_key().public.jwk(), "revoked": {"revoked_at": 1}}
    documents = web(at={ISSUER: {"keys": [given_up]}})
    assert answer(sign_open_badge(credential(), rsa_key()), documents)[0] is Outcome.ALTERED


def test_a_key_set_on_another_host_is_not_the_issuers() -> None:
    at = {
        ISSUER: {"id": ISSUER, "jwks_uri": "https://evil.example/k"},
        "https://evil.example/k": {"keys": [rsa_key().public.jwk()]},
    }
    documents = web(at=at)
    assert answer(sign_open_badge(credential(), rsa_key()), documents)[0] is Outcome.NOT_CHECKED
    assert "https://evil.example/k" not in documents.asked


def test_metadata_of_somebody_else_counts_for_nothing() -> None:
    url = "https://uni.example/.well-known/jwt-vc-issuer/issuers/1"
    at = {url: {"issuer": "https://uni.example", "jwks": {"keys": [rsa_key().public.jwk()]}}}
    token = sign_open_badge(credential(), rsa_key())
    assert answer(token, web(at=at))[0] is Outcome.NOT_CHECKED


def test_a_high_s_counts() -> None:
    """About half of all signatures; refusing them would refuse half of the issuers."""
    did = f"did:key:{P256.public.multikey}"
    token = token_of(
        w3c_claims(issuer=did, iss=did), P256, typ="vc+jwt", kid=f"{did}#{P256.public.multikey}"
    )
    signed, _, signature = token.rpartition(".")
    data = base64url.decode(signature)
    other = data[:32] + (N256 - int.from_bytes(data[32:])).to_bytes(32)
    for each in (data, other):
        assert answer(f"{signed}.{base64url.encode(each)}")[0] is Outcome.IN_FORCE


def test_base64_of_the_standard_library_agrees_on_what_we_write() -> None:
    header, payload, _ = badge_token().split(".")
    for part in (header, payload):
        assert json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
