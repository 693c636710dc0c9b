"""SD-JWT VC: a credential of claims, of which its holder shows some.

Source: draft-ietf-oauth-sd-jwt-vc-13 (the draft that is pinned here), sections 3.1 to 3.2, and RFC
9901; the media type was `vc+sd-jwt` until November 2024.  `vc+sd-jwt` is also what W3C "Securing
Verifiable Credentials using JOSE and COSE", section 3.2, calls a credential of the W3C data model
secured so: the payload tells which (`vct`, or `@context`).
"""

from collections.abc import Iterator, Mapping, Sequence

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import SigningKey
from cairn.core.proofs import sd_jwt
from cairn.core.proofs.jose import MAX_TOKEN, Jws, read_jws, read_object, sign_jws
from cairn.core.proofs.token import (
    REGISTERED,
    Disclosures,
    Document,
    Token,
    TokenProfile,
    contradictions,
)

TYP, LEGACY_TYP = "dc+sd-jwt", "vc+sd-jwt"
# A verifier that was not shown these would take the credential for another one.
_ALWAYS_SHOWN = ("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status")


def issue(
    claims: Document,
    key: SigningKey,
    *,
    key_id: str,
    hidden: Sequence[str],
    salts: Iterator[bytes],
    typ: str = TYP,
) -> str:
    """An SD-JWT of `claims` with every disclosure, as its holder gets it.

    The claims `hidden` can be held back; `salts` are random, 16 bytes each, from the caller.
    Raises `Malformed` for claims that everybody must see.
    """
    for name in hidden:
        if name in _ALWAYS_SHOWN or name not in claims:
            raise Malformed("cannot be held back", f"/{name}")
    payload, disclosures = sd_jwt.concealed(claims, hidden, salts)
    token = sign_jws({"typ": typ, "kid": key_id}, strict_json.write(payload), key)
    return "~".join((token, *disclosures, ""))


def present(token: str, shown: Sequence[str]) -> str:
    """`token` with the disclosures `shown` alone (texts from it), without a key binding."""
    issued = token.split("~")[0]
    return "~".join((issued, *shown, ""))


def read_sd_jwt(text: str) -> Token:
    """The token in `text`, its disclosures put in their places.

    Raises `Malformed` where it cannot be read, or a disclosure is not exactly where it belongs.
    """
    if len(text) > MAX_TOKEN:
        raise Malformed(f"a token of {len(text)} characters; at most {MAX_TOKEN} are read")
    if text.count("~") > sd_jwt.MAX_DISCLOSURES + 1:
        raise Malformed(f"more than {sd_jwt.MAX_DISCLOSURES} disclosures")
    issued, *disclosed, last = text.split("~")
    jws = read_jws(issued)
    opened = sd_jwt.open_payload(read_object(jws.payload), disclosed)
    binding: Jws | None = read_jws(last) if last else None
    profile = W3C if "@context" in opened.claims and "vct" not in opened.claims else PROFILE
    document = profile.document(opened.claims)
    breaches = (
        *profile.breaches(jws.header, opened.claims, document),
        *_hidden_claims(opened.shown),
    )
    presented = text[: len(text) - len(last)]
    disclosures = Disclosures(opened.shown, opened.held_back, presented, opened.hash_name, binding)
    return Token(profile, jws, opened.claims, document, breaches, disclosures)


def _hidden_claims(shown: Sequence[str]) -> Iterator[str]:
    for name in _ALWAYS_SHOWN:
        if any(f"{place}/".startswith(f"/{name}/") for place in shown):
            yield f"the claim {name} may not be disclosed selectively"


def _claims(claims: Document) -> dict[str, Json]:
    return dict(claims)


def _breaches(header: Document, claims: Document, _document: Document) -> Iterator[str]:
    if header.get("typ") not in (TYP, LEGACY_TYP):
        yield f"its typ is not {TYP}"
    if not _is_text(claims, "vct"):
        yield "it does not say what kind of credential it is (vct)"


def _w3c_document(claims: Document) -> dict[str, Json]:
    return {name: value for name, value in claims.items() if name not in REGISTERED}


def _w3c_breaches(header: Document, claims: Document, document: Document) -> Iterator[str]:
    if header.get("typ") != LEGACY_TYP:
        yield f"its typ is not {LEGACY_TYP}"
    for name in ("vc", "vp"):
        if name in claims:
            yield f"it holds a {name} claim, which belongs to older tokens"
    yield from contradictions(claims, document)


def _is_text(claims: Mapping[str, Json], name: str) -> bool:
    value = claims.get(name)
    return isinstance(value, str) and bool(value)


PROFILE = TokenProfile("sd-jwt-vc", _claims, _breaches, has_contexts=False)
W3C = TokenProfile("vc+sd-jwt", _w3c_document, _w3c_breaches, dates_the_signature=True)
