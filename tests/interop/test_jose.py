"""Tokens and ECDSA proofs, judged by others: npm jose, @sd-jwt/core, @digitalbazaar/ecdsa-*.

openbadgeslib signs Open Badges tokens with its own code; PyJWT beneath it shares none with ours.
"""

import json
from typing import Any

import pytest

from cairn.core.codec import base64url
from cairn.core.keys import PrivateKey, RsaPrivateKey, SigningKey
from cairn.core.proofs.data_integrity import add_proof, holds, read_proofs
from cairn.core.proofs.jose import holds as token_holds
from cairn.core.proofs.jose import read_jws
from cairn.core.proofs.key_binding import bind
from cairn.core.proofs.sd_jwt_vc import issue, present
from cairn.core.proofs.tokens import read_token
from cairn.core.proofs.vc_jwt_openbadges import sign_open_badge
from cairn.core.proofs.vc_jwt_w3c import sign_credential
from cairn.core.verify.report import Outcome
from tests.core.issuing import KEY, METHOD, NOW, VOCABULARY, own_badge
from tests.core.test_sd_jwt import HIDDEN, HOLDER, claims, salts
from tests.core.token_making import KEY_URL, P256, P384, answer, credential, rsa_key, web
from tests.interop.judges import Judges

Json = dict[str, Any]
SUITES = {
    "ecdsa-rdfc-2019": "digitalbazaar-ecdsa-rdfc",
    "ecdsa-jcs-2019": "digitalbazaar-ecdsa-jcs",
}
each_suite = pytest.mark.parametrize("suite", SUITES)
each_curve = pytest.mark.parametrize("key", [P256, P384], ids=["P-256", "P-384"])


def method_of(key: PrivateKey) -> str:
    return f"did:key:{key.public.multikey}#{key.public.multikey}"


def plain(key: PrivateKey) -> Json:
    """A credential by the did:key of `key`, without a status list to fetch."""
    document: Json = own_badge(issuer=method_of(key).partition("#")[0])
    del document["credentialStatus"]
    return document


def asked(judges: Judges, op: str, **request: Any) -> Json:
    return judges.ask_node(op, **request)


def algorithm(key: SigningKey) -> str:
    return key.public.algorithms[0]


def pem(key: PrivateKey | RsaPrivateKey) -> str:
    return key.to_pem(None).decode()


# ECDSA


@each_suite
@each_curve
def test_our_ecdsa_proof_is_accepted_and_refused_when_altered(
    judges: Judges, suite: str, key: PrivateKey
) -> None:
    signed = add_proof(
        plain(key),
        key,
        VOCABULARY,
        cryptosuite=suite,
        verification_method=method_of(key),
        created="2026-01-01T00:00:00Z",
    )
    request: Json = {"judge": SUITES[suite], "checks": "proof", "didDocuments": {}, "documents": {}}
    good = asked(judges, "verify", document=signed, **request)
    assert good["verified"], good
    bad = asked(judges, "verify", document={**signed, "name": "Astrophysics"}, **request)
    assert not bad["verified"]


@each_suite
@each_curve
def test_their_ecdsa_proof_holds_and_not_when_altered(
    judges: Judges, suite: str, key: PrivateKey
) -> None:
    prefix = {"P-256": b"\x86\x26", "P-384": b"\x87\x26"}[key.type]
    pair = {
        "publicKeyMultibase": key.public.multikey,
        "secretKeyMultibase": _base58(prefix + key.secret),
    }
    answered = asked(
        judges,
        "issue",
        judge=SUITES[suite],
        document=plain(key),
        keyPair=pair,
        verificationMethod=method_of(key),
        created="2026-01-01T00:00:00Z",
        documents={},
    )
    document = answered["document"]
    (proof,) = read_proofs(document)
    assert holds(document, proof, key.public, VOCABULARY)
    assert not holds({**document, "name": "Astrophysics"}, proof, key.public, VOCABULARY)


def _base58(data: bytes) -> str:
    digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = digits[digit] + text
    return f"z{text}"


# Tokens


def tokens() -> list[tuple[str, SigningKey]]:
    return [
        (sign_open_badge(credential(), rsa_key(), key_url=KEY_URL), rsa_key()),
        (sign_open_badge(credential(), rsa_key()), rsa_key()),
        (sign_credential(own_badge(), KEY, verification_method=METHOD.id), KEY),
        (sign_credential(plain(P256), P256, verification_method=method_of(P256)), P256),
        (sign_credential(plain(P384), P384, verification_method=method_of(P384)), P384),
    ]


def test_our_tokens_are_accepted_and_refused_when_altered(judges: Judges) -> None:
    for token, key in tokens():
        request: Json = {"jwk": key.public.jwk(), "algorithm": algorithm(key)}
        good = asked(judges, "verifyToken", token=token, **request)
        assert good["verified"], good
        assert good["detail"]["payload"] == dict(read_token(token).claims)
        header, payload, signature = token.split(".")
        altered = json.loads(base64url.decode(payload)) | {"name": "Astrophysics"}
        forged = ".".join((header, base64url.encode(json.dumps(altered).encode()), signature))
        assert not asked(judges, "verifyToken", token=forged, **request)["verified"]


def test_their_tokens_are_in_force_here(judges: Judges) -> None:
    made = sign_credential(own_badge(), KEY, verification_method=METHOD.id)
    twins: list[tuple[str, PrivateKey | RsaPrivateKey]] = [
        (sign_open_badge(credential(), rsa_key(), key_url=KEY_URL), rsa_key()),
        (made, KEY),
    ]
    for token, key in twins:
        read = read_token(token)
        theirs = asked(
            judges,
            "signToken",
            pem=pem(key),
            header=dict(read.jws.header),
            payload=dict(read.claims),
        )["token"]
        assert token_holds(read_jws(theirs), key.public)
        assert answer(theirs, web())[0] is Outcome.IN_FORCE


# Selective disclosure


def test_our_sd_jwt_is_accepted_with_its_key_binding(judges: Judges) -> None:
    whole = issue(claims(), KEY, key_id=METHOD.id, hidden=HIDDEN, salts=salts())
    shown = present(whole, whole.split("~")[1:2])
    bound = bind(
        shown, HOLDER, audience="https://a.example", nonce="n", now=NOW, hash_name="sha256"
    )
    request: Json = {
        "jwk": KEY.public.jwk(),
        "algorithm": "EdDSA",
        "holder": HOLDER.public.jwk(),
        "nonce": "n",
    }
    good = asked(judges, "verifySdJwt", token=bound, **request)
    assert good["verified"], good
    assert good["detail"]["payload"] == dict(read_token(bound).claims)
    for altered in ({**request, "nonce": "other"}, {**request, "jwk": P256.public.jwk()}):
        assert not asked(judges, "verifySdJwt", token=bound, **altered)["verified"]


def test_their_sd_jwt_is_read_with_nested_and_array_disclosures(judges: Judges) -> None:
    payload = {**claims(), "address": {"city": "Paris", "country": "FR"}, "skills": ["a", "b", "c"]}
    answered = asked(
        judges,
        "issueSdJwt",
        pem=pem(P256),
        header={"alg": "ES256", "typ": "dc+sd-jwt", "kid": method_of(P256)},
        payload={**payload, "iss": method_of(P256).partition("#")[0]},
        hidden={
            "_sd": ["given_name", "address"],
            "_sd_decoy": 2,
            "address": {"_sd": ["city"]},
            "skills": {"_sd": [0, 2]},
        },
    )
    assert "token" in answered, answered
    token = read_token(answered["token"])
    wanted = {**payload, "iss": method_of(P256).partition("#")[0]}
    assert dict(token.claims) == wanted
    assert token.disclosures is not None
    assert token.disclosures.held_back == 2
    assert answer(token)[0] is Outcome.IN_FORCE
    held = read_token(present(answered["token"], []))
    assert held.claims["skills"] == ["b"]
    assert held.disclosures is not None
    assert held.disclosures.held_back == 6
