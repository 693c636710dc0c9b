"""Key binding: the holder of an SD-JWT signs what they show, for one audience and one occasion.

Source: RFC 9901, sections 4.3 and 7.3; RFC 7800 (`cnf`).  The issuer wrote the holder's key into
`cnf`, so the issuer's signature is checked first, elsewhere.
"""

from datetime import datetime, timedelta

from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import SigningKey, VerifyingKey, read_public_jwk
from cairn.core.proofs.jose import breach_of_header, holds, read_object, sign_jws
from cairn.core.proofs.sd_jwt import digest
from cairn.core.proofs.token import Disclosures, Token, numeric_date

TYP = "kb+jwt"
MAX_AGE = timedelta(minutes=5)
MAX_SKEW = timedelta(minutes=1)  # how far another clock may be ahead


def bind(
    presented: str, key: SigningKey, *, audience: str, nonce: str, now: datetime, hash_name: str
) -> str:
    """`presented` (an SD-JWT that ends in '~') with the holder's signature for one occasion."""
    claims: dict[str, Json] = {
        "iat": int(now.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest(presented, hash_name),
    }
    return presented + sign_jws({"typ": TYP}, strict_json.write(claims), key)


def breach_of_binding(token: Token, *, audience: str, nonce: str, now: datetime) -> str:
    """Why `token` is not shown by its holder, here and now, "" if it is."""
    disclosures = token.disclosures
    if disclosures is None or disclosures.key_binding is None:
        return "its holder did not sign what is shown"
    jws = disclosures.key_binding
    try:
        key = _holder_key(token)
        claims = read_object(jws.payload)
        moment = numeric_date(claims, "iat")
    except Malformed as err:
        return str(err)
    if breach := breach_of_header(jws.header):
        return breach
    if jws.header.get("typ") != TYP:
        return f"its typ is not {TYP}"
    if not holds(jws, key):
        return "the holder's signature does not fit"
    return _breach_of_claims(claims, disclosures, audience, nonce) or _staleness(moment, now)


def holder_of(token: Token) -> str:
    """The thumbprint URI (RFC 9278) of the key the issuer wrote into `token`, "" if it is none."""
    try:
        return f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{_holder_key(token).thumbprint()}"
    except Malformed:
        return ""


def _breach_of_claims(
    claims: dict[str, Json], disclosures: Disclosures, audience: str, nonce: str
) -> str:
    if claims.get("aud") != audience:
        return "it was made for somebody else (aud)"
    if claims.get("nonce") != nonce:
        return "it was made for another occasion (nonce)"
    if claims.get("sd_hash") != digest(disclosures.presented, disclosures.hash_name):
        return "it was made for other disclosures (sd_hash)"
    return ""


def _staleness(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "it does not say when it was made (iat)"
    if not now - MAX_AGE <= moment <= now + MAX_SKEW:
        return f"it was made at {timestamps.write(moment)}, not now"
    return ""


def _holder_key(token: Token) -> VerifyingKey:
    confirmation = token.claims.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not isinstance(jwk, dict):
        raise Malformed("the issuer named no key of the holder", "/cnf/jwk")
    return read_public_jwk(jwk)
