"""A token that stands for a credential or a presentation, and what a profile of tokens is.

Source: RFC 7519 (registered claims).  Each profile's own module names its specification and says
how claims become a document, and which rules of its own a token breaks.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.proofs.jose import Jws

Document = Mapping[str, Json]
REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "nonce"})
_MAX_SECONDS = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True, slots=True)
class TokenProfile:
    """A named way of putting a document into a token.

    `document(claims)` is the document that the token stands for, without its registered claims
    (raises `Malformed`); `breaches(header, claims, document)` are the rules of the profile that
    the token breaks, in words.
    """

    name: str
    document: Callable[[Document], dict[str, Json]]
    breaches: Callable[[Document, Document, Document], Iterator[str]]
    is_presentation: bool = False
    has_contexts: bool = True  # whether the document is JSON-LD
    # Whether exp and nbf speak of the signature, and not of the credential.
    dates_the_signature: bool = False


@dataclass(frozen=True, slots=True)
class Disclosures:
    """What a selectively disclosable token showed; `held_back` counts decoys too."""

    shown: tuple[str, ...]  # JSON Pointers into the claims
    held_back: int
    presented: str  # the text that a key binding signs: everything in front of it
    hash_name: str
    key_binding: Jws | None


@dataclass(frozen=True, slots=True)
class Token:
    """A token as read: what it stands for, and the rules it breaks; no signature is checked."""

    profile: TokenProfile
    jws: Jws
    claims: Document
    document: Document
    breaches: tuple[str, ...]
    disclosures: Disclosures | None = field(default=None)

    @property
    def signer_id(self) -> str:
        """Who must have signed it: the issuer or holder of the document, else `iss`, else ""."""
        role = "holder" if self.profile.is_presentation else "issuer"
        return identity_of(self.document.get(role)) or _text(self.claims.get("iss"))

    @property
    def signed_at(self) -> str:
        """When it says it was signed, as `YYYY-MM-DDTHH:MM:SSZ`, "" if it does not say."""
        moment = numeric_date(self.claims, "iat") or numeric_date(self.claims, "nbf")
        return timestamps.write(moment) if moment else ""


def identity_of(value: Json) -> str:
    """The id of an object that may stand as its id alone, "" if it has none."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return _text(value)


def numeric_date(claims: Document, name: str) -> datetime | None:
    """The moment in the claim `name`, in whole seconds; None if it is absent.

    Raises `Malformed` for what is no number of seconds in the years 1970 to 9999.
    """
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed("expected a number of seconds", f"/{name}")
    if not 0 <= value <= _MAX_SECONDS:
        raise Malformed("expected a moment in the years 1970 to 9999", f"/{name}")
    return datetime.fromtimestamp(int(value), UTC)


def same_moment(document: Document, member: str, moment: datetime) -> bool:
    """Whether the document says `moment` too, fractions of a second apart; False if it is silent.

    Raises `Malformed` if it says no time.
    """
    value = document.get(member)
    if not isinstance(value, str):
        return False
    return timestamps.parse(value).replace(microsecond=0) == moment


def contradictions(claims: Document, document: Document) -> Iterator[str]:
    """Where `iss`, `jti` and `sub` say something else than the document; absent claims agree."""
    pairs = (
        ("iss", "issuer", identity_of(document.get("issuer"))),
        ("jti", "id", _text(document.get("id"))),
    )
    for claim, member, value in pairs:
        if claim in claims and claims[claim] != value:
            yield f"{claim} is not the {member} of the credential"
    subject = document.get("credentialSubject")
    identity = identity_of(subject)
    if "sub" in claims and identity and claims["sub"] != identity:
        yield "sub is not the id of the credential's subject"


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
