"""Which profile a token follows: the one door for text that may be a token.

Source: the `typ` values of each profile (RFC 8725, section 3.11: explicit typing); where a profile
has none, the shape of its claims.  A token with another `typ` that stands for a credential all the
same is read by its shape, and breaks a rule: better a true sentence than none.
"""

import re

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.proofs import sd_jwt_vc, vc_jwt_1_1, vc_jwt_openbadges, vc_jwt_w3c
from cairn.core.proofs.jose import breach_of_header, read_jws, read_object
from cairn.core.proofs.token import Document, Token, TokenProfile

_BY_TYP = {
    vc_jwt_w3c.CREDENTIAL_TYP: vc_jwt_w3c.CREDENTIAL,
    vc_jwt_w3c.PRESENTATION_TYP: vc_jwt_w3c.PRESENTATION,
}
# Looser than what is read, so that a flawed token is named as one; `e` begins '{' in base64.
_LOOKS_LIKE = re.compile(rb"\s*e[A-Za-z0-9_+/=-]+\.[A-Za-z0-9_+/=-]*\.[A-Za-z0-9_.~+/=-]*\s*")
_ENVELOPES = {
    "EnvelopedVerifiableCredential": ("application/vc+jwt", "application/vc+sd-jwt"),
    "EnvelopedVerifiablePresentation": ("application/vp+jwt",),
}


def looks_like_token(data: bytes) -> bool:
    """Whether `data` is meant to be a token rather than JSON; linear in its length."""
    return _LOOKS_LIKE.fullmatch(data) is not None


def read_token(text: str) -> Token:
    """The token in `text`, white space around it set aside.

    Raises `Malformed` if it cannot be read or stands for no credential and no presentation.
    """
    text = text.strip()
    if "~" in text:
        return sd_jwt_vc.read_sd_jwt(text)
    jws = read_jws(text)
    claims = read_object(jws.payload)
    profile = _profile(jws.header, claims)
    document = profile.document(claims)
    return Token(
        profile, jws, claims, document, tuple(profile.breaches(jws.header, claims, document))
    )


def all_breaches(token: Token) -> tuple[str, ...]:
    """The rules that a token breaks, first those of every signature."""
    general = breach_of_header(token.jws.header)
    return (general, *token.breaches) if general else token.breaches


def wrap(token: str) -> dict[str, Json]:
    """The `vc+jwt` or `vp+jwt` as a JSON-LD object, as a presentation holds it.

    Source: VC Data Model 2.0, sections 4.13 and 4.14.  Raises `Malformed` for another token.
    """
    typ = str(read_token(token).jws.header.get("typ"))
    for kind, media_types in _ENVELOPES.items():
        if f"application/{typ}" in media_types:
            return {
                "@context": "https://www.w3.org/ns/credentials/v2",
                "id": f"data:application/{typ},{token.strip()}",
                "type": kind,
            }
    raise Malformed(f"no envelope is defined for tokens of the type {typ!r}")


def unwrap(document: Json) -> str | None:
    """The token in an enveloped credential or presentation; None if it is not one.

    Raises `Malformed` for an envelope without a token of its own kind.
    """
    types = document.get("type") if isinstance(document, dict) else None
    names = types if isinstance(types, list) else [types]
    for kind, media_types in _ENVELOPES.items():
        if kind in names and isinstance(document, dict):
            return _unwrap(document, media_types)
    return None


def _unwrap(document: dict[str, Json], media_types: tuple[str, ...]) -> str:
    url = document.get("id")
    media_type, comma, text = url.partition(",") if isinstance(url, str) else ("", "", "")
    wanted = media_type.removeprefix("data:")
    if not media_type.startswith("data:") or not comma or wanted not in media_types:
        raise Malformed(f"expected data:{media_types[0]}, and a token", "/id")
    if f"application/{read_token(text).jws.header.get('typ')}" != wanted:
        raise Malformed(f"the token in it is no {wanted}", "/id")
    return text


def _profile(header: Document, claims: Document) -> TokenProfile:
    typed = _BY_TYP.get(str(header.get("typ")))
    if typed is not None:
        return typed
    if "vc" in claims:
        return vc_jwt_1_1.CREDENTIAL
    if "vp" in claims:
        return vc_jwt_1_1.PRESENTATION
    types = claims.get("type")
    if "VerifiablePresentation" in (types if isinstance(types, list) else [types]):
        return vc_jwt_w3c.PRESENTATION
    if "@context" in claims:
        return vc_jwt_openbadges.PROFILE
    if "vct" in claims:
        raise Malformed("an SD-JWT ends with '~', or with what its holder signed")
    raise Malformed("this token stands for no credential and no presentation")
