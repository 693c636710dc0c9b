"""A verifiable credential as a value: what the data model asks of every credential, read strictly.

Source: W3C "Verifiable Credentials Data Model 2.0", sections 4.3 to 4.14, and 1.1, section 4.
Reading says only that a document has the form of a credential; whether it is true belongs to
`cairn.core.verify`.  Texts are the sender's words: whoever shows them goes through
`cairn.core.wording.names`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cairn.core.codec.iri import is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.vc.shapes import (
    RelatedResource,
    Version,
    check_entries,
    check_texts,
    check_types,
    names_of,
    placed,
    read_moment,
    read_objects,
    read_optional_iri,
    read_resources,
    read_version,
)

__all__ = ["CREDENTIAL_TYPE", "PRESENTATION_TYPE", "Credential", "names_of", "read_credential"]

CREDENTIAL_TYPE = "VerifiableCredential"
PRESENTATION_TYPE = "VerifiablePresentation"


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
    version: Version = 2
    schemas: tuple[tuple[str, str], ...] = ()  # (type, address) of each
    resources: tuple[RelatedResource, ...] = ()


def read_credential(document: Json) -> Credential:
    """Read a credential.  Raises `Malformed`, with path, where the data model is not followed."""
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object")
    types = names_of(document)
    if CREDENTIAL_TYPE not in types:
        raise Malformed(f"expected {CREDENTIAL_TYPE} among the types", "/type")
    check_types(document)
    version = read_version(document)
    check_entries(document)
    if version == 2:
        _check_texts(document)
    issuer_id, issuer_name = _issuer(document.get("issuer"))
    valid_from, valid_until = _period(document, version)
    return Credential(
        document,
        types,
        read_optional_iri(document, "id"),
        issuer_id,
        issuer_name,
        tuple(_subjects(document.get("credentialSubject"))),
        valid_from,
        valid_until,
        document.get("credentialStatus"),
        tuple([_text(entry.get("id")) for entry in read_objects(document, "refreshService")]),
        version,
        tuple(
            [
                (", ".join(sorted(names_of(entry))), _text(entry.get("id")))
                for entry in read_objects(document, "credentialSchema")
            ]
        ),
        read_resources(document) if version == 2 else (),
    )


def _check_texts(document: Mapping[str, Json]) -> None:
    check_texts(document)
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        check_texts(issuer, "/issuer")


def _period(
    document: Mapping[str, Json], version: Version
) -> tuple[datetime | None, datetime | None]:
    """The validity period; of several limits the narrower one.

    Version 1.1 requires `issuanceDate` and reserves `validFrom` and `validUntil`.
    """
    valid_from = read_moment(document, "validFrom")
    valid_until = read_moment(document, "validUntil")
    if version == 1:
        if "issuanceDate" not in document:
            raise Malformed("expected a date and time", "/issuanceDate")
        since = (valid_from, read_moment(document, "issuanceDate"))
        until = (valid_until, read_moment(document, "expirationDate"))
        valid_from = max((moment for moment in since if moment), default=None)
        valid_until = min((moment for moment in until if moment), default=None)
    if valid_from and valid_until and valid_until < valid_from:
        raise Malformed("ends before it begins", "/validUntil" if version == 2 else "")
    return valid_from, valid_until


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
    subjects: list[Mapping[str, Json]] = []
    for entry, path in placed(value, "/credentialSubject"):
        if not isinstance(entry, dict) or not entry:
            raise Malformed("expected an object that says something", path)
        read_optional_iri(entry, "id", path)
        subjects.append(entry)
    if not subjects:
        raise Malformed("expected a subject, found none", "/credentialSubject")
    return subjects


def _text(value: Json) -> str:
    """`value` if it is text or `{"@value": text}`, "" otherwise: names are for display only."""
    if isinstance(value, dict):
        value = value.get("@value")
    return value if isinstance(value, str) else ""
