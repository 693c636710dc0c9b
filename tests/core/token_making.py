"""Tokens by our issuer, and by forgers: any header, any claims, any signature."""

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cairn.core.codec import base64url, strict_json
from cairn.core.keys import KeyType, PrivateKey, RsaPrivateKey, SigningKey
from cairn.core.proofs.jose import sign_jws
from cairn.core.proofs.token import Token
from cairn.core.proofs.tokens import read_token
from cairn.core.verify.outcome import outcome_of
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, Outcome, Reason
from cairn.core.verify.tokens import check_token_authorship
from tests.core.issuing import KEY, METHOD, NOW, VOCABULARY, Published, own_badge, published

Claims = dict[str, Any]
ISSUER = "https://uni.example/issuers/1"
KEY_URL = "https://uni.example/issuers/1/keys/1"
SINCE, UNTIL = 1767225600, 1830297600  # validFrom and validUntil of the badge
P256 = PrivateKey.from_seed(KeyType.P256, b"\x31" * 32)
P384 = PrivateKey.from_seed(KeyType.P384, b"\x32" * 48)
STRANGER = PrivateKey.from_seed(KeyType.ED25519, b"\x33" * 32)


@cache
def rsa_key(bits: int = 2048, which: int = 0) -> RsaPrivateKey:
    """A new RSA key, the same one throughout a test run."""
    del which
    made = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return RsaPrivateKey.from_pem(pem, None)


def credential(**changes: Any) -> Claims:
    """A badge by an issuer with an https address."""
    return {**own_badge(), "issuer": {"id": ISSUER, "type": ["Profile"], "name": "U"}, **changes}


def badge_claims(**changes: Any) -> Claims:
    """What an Open Badges token says; None takes a claim away."""
    claims = {
        **credential(),
        "iss": ISSUER,
        "jti": "https://uni.example/c/1",
        "nbf": SINCE,
        "exp": UNTIL,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def w3c_claims(**changes: Any) -> Claims:
    """What a `vc+jwt` by our did:web issuer says."""
    claims = {**own_badge(), "iss": METHOD.controller, **changes}
    return {name: value for name, value in claims.items() if value is not None}


def old_claims(**changes: Any) -> Claims:
    """What a token with a `vc` claim says."""
    document = credential()
    for name in ("id", "validFrom", "validUntil"):
        del document[name]
    claims = {"iss": ISSUER, "jti": "https://uni.example/c/1", "nbf": SINCE, "exp": UNTIL}
    return {**claims, "vc": document, **changes}


def token_of(claims: Claims, key: SigningKey, **header: Any) -> str:
    return sign_jws(header, json.dumps(claims).encode(), key)


def badge_token(claims: Claims | None = None, key: SigningKey | None = None, **header: Any) -> str:
    """An Open Badges token; RS256 and a published key unless said otherwise."""
    header = header or {"typ": "JWT", "kid": KEY_URL}
    return token_of(claims or badge_claims(), key or rsa_key(), **header)


def w3c_token(claims: Claims | None = None, key: SigningKey = KEY, **header: Any) -> str:
    full = {"typ": "vc+jwt", "kid": METHOD.id, **header}
    return token_of(claims or w3c_claims(), key, **full)


def raw(header: Any, payload: Any, signature: bytes) -> str:
    """A token of any parts; bytes stand as they are, all else as JSON."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)
    ]
    return ".".join(base64url.encode(part) for part in (*parts, signature))


def web(**documents: Any) -> Published:
    """What our issuers publish: the did:web document, the https key, and `documents` by URL."""
    found = published()
    found.documents[KEY_URL] = strict_json.write(rsa_key().public.jwk())
    for url, document in documents.get("at", {}).items():
        found.documents[url] = (
            document if isinstance(document, bytes) else json.dumps(document).encode()
        )
    return found


def checks_of(token: str | Token, documents: Published | None = None) -> tuple[Check, ...]:
    read = read_token(token) if isinstance(token, str) else token
    sources = Sources(documents=documents or web(), vocabulary=VOCABULARY)
    return check_token_authorship(read, sources, NOW)


def answer(token: str | Token, documents: Published | None = None) -> tuple[Outcome, set[Reason]]:
    checks = checks_of(token, documents)
    return outcome_of(checks), {check.reason for check in checks}
