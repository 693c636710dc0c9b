"""`vc+jwt` and `vp+jwt`: the payload is the credential or the presentation.

Source: W3C "Securing Verifiable Credentials using JOSE and COSE", sections 3.1.1 and 3.1.2.  Here
`exp` and `nbf` speak of the signature; the credential has `validFrom` and `validUntil` of its own.
"""

from collections.abc import Iterator

from cairn.core.codec import strict_json
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
)

CREDENTIAL_TYP, PRESENTATION_TYP = "vc+jwt", "vp+jwt"


def sign_credential(credential: Document, key: SigningKey, *, verification_method: str) -> str:
    """The `vc+jwt` of `credential`; `verification_method` is the URL of `key` in a DID document.

    Raises `Malformed` for a credential without issuer, or with members that a token gives another
    meaning.
    """
    issuer = identity_of(credential.get("issuer"))
    if not issuer:
        raise Malformed("a credential names its issuer", "/issuer")
    header: dict[str, Json] = {"typ": CREDENTIAL_TYP, "cty": "vc", "kid": verification_method}
    claims: dict[str, Json] = {**_unregistered(credential), "iss": issuer}
    return sign_jws(header, strict_json.write(claims), key)


def sign_presentation(
    presentation: Document,
    key: SigningKey,
    *,
    verification_method: str,
    challenge: str,
    domain: str,
) -> str:
    """The `vp+jwt` of `presentation` for one `domain` (aud) and one `challenge` (nonce)."""
    header: dict[str, Json] = {"typ": PRESENTATION_TYP, "cty": "vp", "kid": verification_method}
    claims: dict[str, Json] = {**_unregistered(presentation), "aud": domain, "nonce": challenge}
    return sign_jws(header, strict_json.write(claims), key)


def _unregistered(document: Document) -> Document:
    for name in sorted(document.keys() & (REGISTERED | {"vc", "vp"})):
        raise Malformed("has another meaning in a token; leave it out", f"/{name}")
    return document


def _document(claims: Document) -> dict[str, Json]:
    return {name: value for name, value in claims.items() if name not in REGISTERED}


def _breaches(header: Document, claims: Document, document: Document) -> Iterator[str]:
    yield from _breaches_of(header, claims, CREDENTIAL_TYP, "vc")
    yield from contradictions(claims, document)


def _breaches_of_presentation(
    header: Document, claims: Document, document: Document
) -> Iterator[str]:
    yield from _breaches_of(header, claims, PRESENTATION_TYP, "vp")
    holder = identity_of(document.get("holder"))
    if "iss" in claims and holder and claims["iss"] != holder:
        yield "iss is not the holder of the presentation"


def _breaches_of(header: Document, claims: Document, typ: str, cty: str) -> Iterator[str]:
    if header.get("typ") != typ:
        yield f"its typ is not {typ}"
    if header.get("cty", cty) != cty:
        yield f"its cty is not {cty}"
    for name in ("vc", "vp"):
        if name in claims:
            yield f"it holds a {name} claim, which belongs to older tokens"


CREDENTIAL = TokenProfile("vc+jwt", _document, _breaches, dates_the_signature=True)
PRESENTATION = TokenProfile(
    "vp+jwt",
    _document,
    _breaches_of_presentation,
    is_presentation=True,
    dates_the_signature=True,
)
