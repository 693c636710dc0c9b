"""A verifiable credential as a value: what the data model asks of every credential, read strictly.

Source: W3C "Verifiable Credentials Data Model 2.0", sections 4.3 to 4.14.  Reading says only that
a document has the form of a credential; whether it is true belongs to `cairn.core.verify`.  Texts
are the sender's words: whoever shows them goes through `cairn.core.wording.names`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cairn.core.codec import timestamps
from cairn.core.codec.iri import is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed

CREDENTIAL_TYPE = "VerifiableCredential"
PRESENTATION_TYPE = "VerifiablePresentation"
# Where the specification wants a type (and an id) on every entry of a property.
_TYPED = ("termsOfUse", "evidence", "confidenceMethod", "renderMethod")
_TYPED_AND_NAMED = ("credentialSchema", "refreshService")


@dataclass(frozen=True, slots=True)
class Credential:
    """A document that has the form of a credential; `document` is the whole of it, as read."""

    document: Mapping[str, Json]
    types: frozenset[str]
    id: str  # "" if absent
    issuer_id: str
    issuer_name: str  # "" if absent
    subjects: tuple[Mapping[str, Json], ...]
    valid_from: datetime | None
    valid_until: datetime | None
    status: Json  # None if absent; read by `cairn.core.status`
    refresh_urls: tuple[str, ...]


def names_of(document: Json | Mapping[str, Json]) -> frozenset[str]:
    """The types a document claims; none if it is not an object or has no readable type."""
    given = document.get("type") if isinstance(document, Mapping) else None
    names = given if isinstance(given, list) else [given]
    return frozenset(name for name in names if isinstance(name, str))


def read_credential(document: Json) -> Credential:
    """Read a credential.  Raises `Malformed`, with path, where the data model is not followed."""
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object")
    types = names_of(document)
    if CREDENTIAL_TYPE not in types:
        raise Malformed(f"expected {CREDENTIAL_TYPE} among the types", "/type")
    if not isinstance(document.get("@context"), str | list):
        raise Malformed("expected the contexts, beginning with that of VC 2.0", "/@context")
    _check_entries(document)
    issuer_id, issuer_name = _issuer(document.get("issuer"))
    valid_from = _moment(document, "validFrom")
    valid_until = _moment(document, "validUntil")
    if valid_from and valid_until and valid_until < valid_from:
        raise Malformed("ends before validFrom", "/validUntil")
    return Credential(
        document,
        types,
        _optional_iri(document, "id"),
        issuer_id,
        issuer_name,
        tuple(_subjects(document.get("credentialSubject"))),
        valid_from,
        valid_until,
        document.get("credentialStatus"),
        tuple(_text(entry.get("id")) for entry in _objects(document, "refreshService")),
    )


def _issuer(value: Json) -> tuple[str, str]:
    if isinstance(value, str):
        value = {"id": value}
    if not isinstance(value, dict):
        raise Malformed("expected an IRI, or an object with an id", "/issuer")
    identity = value.get("id")
    if not isinstance(identity, str) or not is_absolute_iri(identity):
        raise Malformed("expected an absolute IRI", "/issuer/id")
    return identity, _text(value.get("name"))


def _subjects(value: Json) -> list[Mapping[str, Json]]:
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise Malformed("expected a subject, found none", "/credentialSubject")
    subjects: list[Mapping[str, Json]] = []
    for entry in entries:
        if not isinstance(entry, dict) or not entry:
            raise Malformed("expected an object that says something", "/credentialSubject")
        _optional_iri(entry, "id", "/credentialSubject")
        subjects.append(entry)
    return subjects


def _check_entries(document: Mapping[str, Json]) -> None:
    for name in (*_TYPED, *_TYPED_AND_NAMED, "credentialStatus"):
        for entry in _objects(document, name):
            if not names_of(entry):
                raise Malformed("expected a type", f"/{name}/type")
            _optional_iri(entry, "id", f"/{name}")
            if name in _TYPED_AND_NAMED and "id" not in entry:
                raise Malformed("expected an id", f"/{name}/id")


def _objects(document: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    value = document.get(name, [])
    entries = value if isinstance(value, list) else [value]
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if len(objects) < len(entries):
        raise Malformed("expected an object, or an array of objects", f"/{name}")
    return objects


def _moment(document: Mapping[str, Json], name: str) -> datetime | None:
    if name not in document:
        return None
    value = document[name]
    if not isinstance(value, str):
        raise Malformed("expected a date and time such as 2026-05-14T10:00:00Z", f"/{name}")
    try:
        return timestamps.parse(value)
    except Malformed as err:
        raise Malformed(str(err), f"/{name}") from err


def _optional_iri(document: Mapping[str, Json], name: str, path: str = "") -> str:
    if name not in document:
        return ""
    value = document[name]
    if not isinstance(value, str) or not is_absolute_iri(value):
        raise Malformed("expected an absolute IRI", f"{path}/{name}")
    return value


def _text(value: Json) -> str:
    """`value` if it is text or `{"@value": text}`, "" otherwise: names are for display only."""
    if isinstance(value, dict):
        value = value.get("@value")
    return value if isinstance(value, str) else ""
