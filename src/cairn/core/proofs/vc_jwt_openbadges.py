"""VC-JWT in the Open Badges profile: the payload is the credential, with registered claims beside.

Source: 1EdTech Open Badges 3.0, section 8.2 "JSON Web Token Proof Format": RS256 at least, no
header but `alg`, `typ`, `kid` and `jwk`, one of the last two; `iss`, `jti`, `nbf` and `sub` repeat
the credential, `exp` its end.  Drafts put the credential into a `vc` claim: see `vc_jwt_1_1`.

`sub` is asked for only where the subject has an id: identified by a hashed e-mail it has none to
repeat, and what does not exist cannot be required.
"""

from collections.abc import Iterator, Mapping

from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import SigningKey
from cairn.core.proofs.jose import sign_jws
from cairn.core.proofs.token import (
    REGISTERED,
    Document,
    TokenProfile,
    contradictions,
    identity_of,
    numeric_date,
    same_moment,
)

_HEADERS = frozenset({"alg", "typ", "kid", "jwk"})


def sign_open_badge(credential: Document, key: SigningKey, *, key_url: str | None = None) -> str:
    """The token of `credential`; `key_url` is where the JWK of `key` is published.

    Without `key_url` the header holds the JWK itself, which proves nothing about the issuer by
    itself.  Raises `Malformed` for a credential without issuer, id or validFrom.
    """
    header: dict[str, Json] = {"typ": "JWT"}
    if key_url is None:
        header["jwk"] = key.public.jwk()
    else:
        header["kid"] = key_url
    return sign_jws(header, strict_json.write({**credential, **_claims(credential)}), key)


def _claims(credential: Document) -> dict[str, Json]:
    issuer, identity = identity_of(credential.get("issuer")), identity_of(credential.get("id"))
    if not issuer or not identity:
        raise Malformed("an Open Badges token repeats the ids of issuer and credential")
    claims: dict[str, Json] = {
        "iss": issuer,
        "jti": identity,
        "nbf": _seconds(credential, "validFrom"),
    }
    if subject := identity_of(credential.get("credentialSubject")):
        claims["sub"] = subject
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential, "validUntil")
    return claims


def _seconds(credential: Document, member: str) -> int:
    value = credential.get(member)
    if not isinstance(value, str):
        raise Malformed("expected a date and time such as 2026-05-14T10:00:00Z", f"/{member}")
    return int(timestamps.parse(value).timestamp())


def _document(claims: Document) -> dict[str, Json]:
    document = {name: value for name, value in claims.items() if name not in REGISTERED}
    until = numeric_date(claims, "exp")
    if until and "validUntil" not in document:
        document["validUntil"] = timestamps.write(until)
    return document


def _breaches(header: Document, claims: Document, document: Document) -> Iterator[str]:
    yield from _breaches_of_header(header)
    for name in ("iss", "jti", "nbf"):
        if name not in claims:
            yield f"{name} is missing"
    if "sub" not in claims and identity_of(document.get("credentialSubject")):
        yield "sub is missing"
    yield from contradictions(claims, document)
    since, until = numeric_date(claims, "nbf"), numeric_date(claims, "exp")
    if since and not same_moment(document, "validFrom", since):
        yield "nbf is not the validFrom of the credential"
    if until and not same_moment(document, "validUntil", until):
        yield "exp is not the validUntil of the credential"


def _breaches_of_header(header: Mapping[str, Json]) -> Iterator[str]:
    for name in sorted(header.keys() - _HEADERS):
        yield f"its header may not hold {name!r}"
    if header.get("typ", "JWT") != "JWT":
        yield "its typ is not JWT"
    if "kid" not in header and "jwk" not in header:
        yield "its header names no key"


PROFILE = TokenProfile("vc-jwt-openbadges", _document, _breaches)
