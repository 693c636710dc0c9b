"""Older tokens, read only: the credential in a `vc` claim, the presentation in a `vp` claim.

Source: W3C "Verifiable Credentials Data Model 1.1", section 6.3.1, known to OID4VCI as
`jwt_vc_json`; drafts of Open Badges 3.0 did the same.  Registered claims stand for members of the
credential: where it is silent they fill it in, where it speaks they must say the same.
"""

from collections.abc import Iterator
from datetime import datetime

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.proofs.token import (
    Document,
    TokenProfile,
    contradictions,
    identity_of,
    numeric_date,
    same_moment,
)

_VC_1 = "https://www.w3.org/2018/credentials/v1"
# Beside a `vc` claim these would be a second credential in one token.
_CREDENTIAL_MEMBERS = ("@context", "type", "issuer", "credentialSubject", "credentialStatus")


def _credential(claims: Document) -> dict[str, Json]:
    document = _object(claims, "vc")
    document.setdefault("issuer", claims.get("iss"))
    if "jti" in claims:
        document.setdefault("id", claims["jti"])
    subject = document.get("credentialSubject")
    if "sub" in claims and isinstance(subject, dict) and "id" not in subject:
        document["credentialSubject"] = {"id": claims["sub"], **subject}
    for member, moment in _period(claims, document):
        document.setdefault(member, timestamps.write(moment))
    return document


def _breaches(header: Document, claims: Document, document: Document) -> Iterator[str]:
    if header.get("typ", "JWT") != "JWT":
        yield "its typ is not JWT"
    if "vp" in claims:
        yield "it holds both a vc and a vp claim"
    for name in _CREDENTIAL_MEMBERS:
        if name in claims:
            yield f"it holds {name!r} beside its vc claim"
    yield from contradictions(claims, document)
    for member, moment in _period(claims, document):
        if not same_moment(document, member, moment):
            yield f"its dates are not the {member} of the credential"


def _period(claims: Document, document: Document) -> Iterator[tuple[str, datetime]]:
    """The members that `nbf` and `exp` stand for, with the moments they give."""
    contexts = document.get("@context")
    first = contexts[0] if isinstance(contexts, list) and contexts else contexts
    since, until = (
        ("issuanceDate", "expirationDate") if first == _VC_1 else ("validFrom", "validUntil")
    )
    for claim, member in (("nbf", since), ("exp", until)):
        moment = numeric_date(claims, claim)
        if moment:
            yield member, moment


def _presentation(claims: Document) -> dict[str, Json]:
    document = _object(claims, "vp")
    document.setdefault("holder", claims.get("iss"))
    return document


def _breaches_of_presentation(
    header: Document, claims: Document, document: Document
) -> Iterator[str]:
    if header.get("typ", "JWT") != "JWT":
        yield "its typ is not JWT"
    if "vc" in claims:
        yield "it holds both a vc and a vp claim"
    if claims.get("iss") != identity_of(document.get("holder")):
        yield "iss is not the holder of the presentation"


def _object(claims: Document, name: str) -> dict[str, Json]:
    value = claims.get(name)
    if not isinstance(value, dict):
        raise Malformed("expected a JSON object", f"/{name}")
    return dict(value)


CREDENTIAL = TokenProfile("jwt_vc_json", _credential, _breaches)
PRESENTATION = TokenProfile(
    "jwt_vp_json",
    _presentation,
    _breaches_of_presentation,
    is_presentation=True,
    dates_the_signature=True,
)
