"""A verifiable presentation as a value: who shows which credentials, read strictly.

Source: W3C "Verifiable Credentials Data Model 2.0", section 4.13.  What is shown is read by itself,
each credential by its own proof: nothing of a credential is ever taken from the presentation.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cairn.core.codec.iri import is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.vc.credential import PRESENTATION_TYPE, names_of

MAX_CREDENTIALS = 50


@dataclass(frozen=True, slots=True)
class Presentation:
    """A document that has the form of a presentation; `document` is the whole of it, as read."""

    document: Mapping[str, Json]
    id: str  # "" if absent
    holder_id: str  # "" if absent
    credentials: tuple[Mapping[str, Json] | str, ...]  # objects, and tokens of older forms


def read_presentation(document: Json | Mapping[str, Json]) -> Presentation:
    """Read a presentation.  Raises `Malformed`, with path, where the data model is not followed."""
    if not isinstance(document, Mapping):
        raise Malformed("expected a JSON object")
    if PRESENTATION_TYPE not in names_of(document):
        raise Malformed(f"expected {PRESENTATION_TYPE} among the types", "/type")
    if not isinstance(document.get("@context"), str | list):
        raise Malformed("expected the contexts, beginning with that of VC 2.0", "/@context")
    return Presentation(
        document,
        _identity(document.get("id", ""), "/id"),
        _holder(document.get("holder")),
        tuple(_credentials(document.get("verifiableCredential", []))),
    )


def _holder(value: Json) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    return "" if value is None else _identity(value, "/holder")


def _identity(value: Json, path: str) -> str:
    if value == "":
        return ""
    if not isinstance(value, str) or not is_absolute_iri(value):
        raise Malformed("expected an absolute IRI", path)
    return value


def _credentials(value: Json) -> list[Mapping[str, Json] | str]:
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MAX_CREDENTIALS:
        raise Malformed(f"more than {MAX_CREDENTIALS} credentials", "/verifiableCredential")
    found: list[Mapping[str, Json] | str] = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict | str) or not entry:
            raise Malformed("expected a credential", f"/verifiableCredential/{index}")
        found.append(entry)
    return found
