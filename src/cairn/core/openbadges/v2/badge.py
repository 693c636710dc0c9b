"""The documents of an Open Badge 2.0: Assertion, BadgeClass, Profile, CryptographicKey, lists.

Source: 1EdTech "Open Badges Specification v2.0", sections Assertion to RevocationList.  The context
is recognised by its address and not processed: the fields are read as plain JSON, by name, so that
a context of one's own cannot give them another meaning.

Shapes only.  Which document is fetched from where, and what it is worth, is for
`cairn.core.verify.badges2`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cairn.core.codec import timestamps
from cairn.core.codec.iri import is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed

CONTEXTS = frozenset({"https://w3id.org/openbadges/v2", "http://w3id.org/openbadges/v2"})
MAX_SCOPES = 64
_VERIFICATIONS: dict[str, Literal["hosted", "signed"]] = {
    "HostedBadge": "hosted",
    "hosted": "hosted",
    "SignedBadge": "signed",
    "signed": "signed",
}
_Object = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Assertion:
    """A badge given to one person; `document` is all of it, as read."""

    document: _Object
    id: str
    badge: "Link"
    recipient: _Object
    issued_on: datetime
    expires: datetime | None
    verification: Literal["hosted", "signed"]
    creator: str  # address of the key that signed, "" if absent


@dataclass(frozen=True, slots=True)
class Link:
    """Another document by its address, or with what is said of it on the spot."""

    id: str  # "" if it has none
    embedded: _Object | None


@dataclass(frozen=True, slots=True)
class BadgeClass:
    """What the badge is for, and whose it is."""

    id: str
    name: str
    issuer_id: str


@dataclass(frozen=True, slots=True)
class Profile:
    """An issuer, as it describes itself at its own address."""

    id: str
    name: str
    keys: tuple[Link, ...]
    revocation_list: str  # "" if absent
    starts_with: tuple[str, ...]
    allowed_origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A published key and who owns it."""

    id: str
    owner: str
    pem: str


def is_badge2(document: Json) -> bool:
    """Whether `document` is an Assertion of Open Badges 2.0."""
    if not isinstance(document, dict) or "Assertion" not in _names(document):
        return False
    value = document.get("@context")
    entries = value if isinstance(value, list) else [value]
    return any(isinstance(entry, str) and entry in CONTEXTS for entry in entries)


def inline_context(document: _Object) -> str:
    """The path of definitions that the document brings itself, "" if it brings none."""
    value = document.get("@context")
    entries = value if isinstance(value, list) else [value]
    for index, entry in enumerate(entries):
        if not isinstance(entry, str):
            return f"/@context/{index}" if isinstance(value, list) else "/@context"
    return ""


def is_revoked(document: Json) -> bool:
    """Whether a hosted assertion says that it was withdrawn; anything but `false` says so."""
    return isinstance(document, dict) and document.get("revoked", False) is not False


def read_assertion(document: Json) -> Assertion:
    """Raises `Malformed`, with path, where the specification is not followed."""
    found = _object(document, "", "Assertion")
    verification = found.get("verification", found.get("verify"))
    if not isinstance(verification, dict):
        raise Malformed("expected an object", "/verification")
    kinds = [_VERIFICATIONS[name] for name in _names(verification) if name in _VERIFICATIONS]
    if len(kinds) != 1:
        raise Malformed("expected HostedBadge or SignedBadge", "/verification/type")
    recipient = found.get("recipient")
    if not isinstance(recipient, dict):
        raise Malformed("expected an object", "/recipient")
    return Assertion(
        found,
        _iri(found, "id", ""),
        _link(found.get("badge"), "/badge"),
        recipient,
        timestamps.parse(_text(found, "issuedOn", "")),
        timestamps.parse(_text(found, "expires", "")) if "expires" in found else None,
        kinds[0],
        _iri(verification, "creator", "/verification") if "creator" in verification else "",
    )


def read_badge_class(document: Json) -> BadgeClass:
    """Raises `Malformed`, with path."""
    found = _object(document, "", "BadgeClass")
    issuer = _link(found.get("issuer"), "/issuer")
    if not issuer.id:
        raise Malformed("expected the address of the issuer", "/issuer/id")
    return BadgeClass(_iri(found, "id", ""), _text(found, "name", ""), issuer.id)


def read_profile(document: Json) -> Profile:
    """Raises `Malformed`, with path."""
    found = _object(document, "", "")
    if not _names(found) & {"Issuer", "Profile"}:
        raise Malformed("expected the type Profile", "/type")
    scope = found.get("verification", {})
    if not isinstance(scope, dict):
        raise Malformed("expected an object", "/verification")
    keys = found.get("publicKey", [])
    entries = keys if isinstance(keys, list) else [keys]
    if len(entries) > MAX_SCOPES:
        raise Malformed(f"more than {MAX_SCOPES} keys", "/publicKey")
    return Profile(
        _iri(found, "id", ""),
        _text(found, "name", ""),
        tuple(_link(entry, "/publicKey") for entry in entries),
        _iri(found, "revocationList", "") if "revocationList" in found else "",
        _texts(scope, "startsWith", "/verification"),
        _texts(scope, "allowedOrigins", "/verification"),
    )


def read_key(document: Json) -> SigningKey:
    """Raises `Malformed`, with path."""
    found = _object(document, "", "")
    if "CryptographicKey" not in _names(found):
        raise Malformed("expected the type CryptographicKey", "/type")
    return SigningKey(
        _iri(found, "id", ""), _iri(found, "owner", ""), _text(found, "publicKeyPem", "")
    )


def read_revoked(document: Json, issuer_id: str) -> frozenset[str]:
    """The ids that the issuer's revocation list names.  Raises `Malformed`, with path."""
    found = _object(document, "", "RevocationList")
    if _link(found.get("issuer"), "/issuer").id != issuer_id:
        raise Malformed(f"it is not the list of {issuer_id}", "/issuer")
    entries = found.get("revokedAssertions", [])
    if not isinstance(entries, list):
        raise Malformed("expected an array", "/revokedAssertions")
    ids = set()
    for index, entry in enumerate(entries):
        given = entry.get("id", entry.get("uid")) if isinstance(entry, dict) else entry
        if not isinstance(given, str) or not given:
            raise Malformed("expected an id", f"/revokedAssertions/{index}")
        ids.add(given)
    return frozenset(ids)


def first_difference(given: Json, published: Json, path: str = "") -> str | None:
    """Where `given` says what `published` does not; None if all it says is published too.

    An address stands for the document at it.  Contexts are not compared: they are not read.
    """
    if isinstance(given, dict) and isinstance(published, dict):
        for key, value in given.items():
            if key == "@context":
                continue
            if key not in published:
                return f"{path}/{key}"
            found = first_difference(value, published[key], f"{path}/{key}")
            if found is not None:
                return found
        return None
    if isinstance(given, dict) and isinstance(published, str):
        return None if given.get("id") == published else path
    if isinstance(published, dict) and isinstance(given, str):
        return None if published.get("id") == given else path
    if isinstance(given, list) and isinstance(published, list) and len(given) == len(published):
        pairs = enumerate(zip(given, published, strict=True))
        places = (first_difference(left, right, f"{path}/{i}") for i, (left, right) in pairs)
        return next((place for place in places if place is not None), None)
    is_same = type(given) is type(published) and given == published
    return None if is_same else path or "/"


def _object(document: Json, path: str, kind: str) -> _Object:
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object", path)
    if kind and kind not in _names(document):
        raise Malformed(f"expected the type {kind}", f"{path}/type")
    return document


def _names(document: _Object) -> frozenset[str]:
    given = document.get("type")
    names = given if isinstance(given, list) else [given]
    return frozenset(name for name in names if isinstance(name, str))


def _link(value: Json, path: str) -> Link:
    if isinstance(value, str):
        return Link(_iri({"id": value}, "id", path), None)
    if not isinstance(value, dict):
        raise Malformed("expected an address or an object", path)
    return Link(_iri(value, "id", path) if "id" in value else "", value)


def _text(owner: _Object, name: str, path: str) -> str:
    value = owner.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed("expected text", f"{path}/{name}")
    return value


def _iri(owner: _Object, name: str, path: str) -> str:
    value = _text(owner, name, path)
    if not is_absolute_iri(value):
        raise Malformed("expected an absolute address", f"{path}/{name}")
    return value


def _texts(owner: _Object, name: str, path: str) -> tuple[str, ...]:
    value = owner.get(name, [])
    entries = value if isinstance(value, list) else [value]
    texts = tuple(entry for entry in entries if isinstance(entry, str) and entry)
    if len(texts) < len(entries) or len(texts) > MAX_SCOPES:
        raise Malformed(f"expected text, or at most {MAX_SCOPES} texts", f"{path}/{name}")
    return texts
