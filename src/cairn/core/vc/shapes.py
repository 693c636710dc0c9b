"""What the data model asks of single properties of a credential, each refusal with its path.

Source: W3C "Verifiable Credentials Data Model 2.0", sections 4.3 to 4.14 and 5.1 to 5.6; version
1.1, sections 4 and 5, where it differs.  Form only: no address is followed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cairn.core.codec import timestamps
from cairn.core.codec.iri import is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.rdf.contexts import PINNED, VC_1, VC_2

Version = Literal[1, 2]

MAX_RESOURCES = 64
# Where the specification wants a type (and an id) on every entry of a property.
_TYPED = ("termsOfUse", "evidence", "confidenceMethod", "renderMethod")
_TYPED_AND_NAMED = ("credentialSchema", "refreshService")
_CHECKED = (*_TYPED, *_TYPED_AND_NAMED, "credentialStatus")
_LANGUAGE_MEMBERS = frozenset({"@value", "@language", "@direction"})


@dataclass(frozen=True, slots=True)
class RelatedResource:
    """A document the issuer refers to, with digests of it; each digest given must fit."""

    id: str
    sri: str  # "" if absent
    multibase: tuple[str, ...]


def read_version(document: Mapping[str, Json]) -> Version:
    """Which data model the contexts begin with (section 4.3); further ones are URLs or objects."""
    value = document.get("@context")
    entries = value if isinstance(value, list) else [value]
    if not entries or entries[0] not in (VC_2, VC_1):
        raise Malformed(f"expected the contexts, beginning with {VC_2}", "/@context")
    for index, entry in enumerate(entries):
        if isinstance(entry, str) and (entry in PINNED or is_absolute_iri(entry)):
            continue
        if not isinstance(entry, dict):
            raise Malformed("expected a URL or an object", f"/@context/{index}")
    return 2 if entries[0] == VC_2 else 1


def check_types(document: Mapping[str, Json]) -> None:
    """Section 4.5: one or more names, nothing else."""
    value = document.get("type")
    entries = value if isinstance(value, list) else [value]
    if not entries or not all(isinstance(entry, str) and entry for entry in entries):
        raise Malformed("expected a name or an array of names", "/type")


def check_texts(owner: Mapping[str, Json], path: str = "") -> None:
    """Section 4.6: `name` and `description` are text, or objects of text with a language."""
    for name in ("name", "description"):
        if name in owner:
            value = owner[name]
            if isinstance(value, str):
                continue
            entries = value if isinstance(value, list) else [value]
            if not entries or not all(_is_language_value(entry) for entry in entries):
                raise Malformed(
                    "expected text, or objects with @value, @language and @direction only",
                    f"{path}/{name}",
                )


def check_entries(document: Mapping[str, Json]) -> None:
    """Sections 4.10 to 5.6: types, and ids where they are asked for, of each entry."""
    for name in _CHECKED:
        for entry, path in placed(document[name], f"/{name}") if name in document else ():
            if not isinstance(entry, dict):
                raise Malformed("expected an object", path)
            if not (isinstance(entry.get("type"), str) or names_of(entry)):
                raise Malformed("expected a type", f"{path}/type")
            read_optional_iri(entry, "id", path)
            if name in _TYPED_AND_NAMED and "id" not in entry:
                raise Malformed("expected an id", f"{path}/id")


def placed(value: Json, path: str) -> list[tuple[Json, str]]:
    """The one value, or each of an array, with its JSON Pointer."""
    if isinstance(value, list):
        return [(entry, f"{path}/{index}") for index, entry in enumerate(value)]
    return [(value, path)]


def read_resources(document: Mapping[str, Json]) -> tuple[RelatedResource, ...]:
    """Section 5.3: objects with an id that stands once, and at least one digest each."""
    if "relatedResource" not in document:
        return ()
    value = document["relatedResource"]
    entries = value if isinstance(value, list) else [value]
    if not 1 <= len(entries) <= MAX_RESOURCES:
        raise Malformed(f"expected 1 to {MAX_RESOURCES} objects", "/relatedResource")
    found = [_resource(entry, f"/relatedResource/{index}") for index, entry in enumerate(entries)]
    if len({resource.id for resource in found}) < len(found):
        raise Malformed("an id stands here twice", "/relatedResource")
    return tuple(found)


def read_objects(document: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    """The object, or the objects, under `name`; none if it is absent."""
    if name not in document:
        return []
    value = document[name]
    entries = value if isinstance(value, list) else [value]
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if len(objects) < len(entries):
        raise Malformed("expected an object, or an array of objects", f"/{name}")
    return objects


def read_moment(document: Mapping[str, Json], name: str) -> datetime | None:
    """The time under `name`, None if it is absent."""
    if name not in document:
        return None
    value = document[name]
    if not isinstance(value, str):
        raise Malformed("expected a date and time such as 2026-05-14T10:00:00Z", f"/{name}")
    try:
        return timestamps.parse(value)
    except Malformed as err:
        raise Malformed(str(err), f"/{name}") from err


def read_optional_iri(document: Mapping[str, Json], name: str, path: str = "") -> str:
    """The absolute IRI under `name`, "" if it is absent."""
    if name not in document:
        return ""
    value = document[name]
    if not isinstance(value, str) or not is_absolute_iri(value):
        raise Malformed("expected an absolute IRI", f"{path}/{name}")
    return value


def names_of(document: Json | Mapping[str, Json]) -> frozenset[str]:
    """The types a document claims; none if it is not an object or has no readable type."""
    given = document.get("type") if isinstance(document, dict | Mapping) else None
    names = given if isinstance(given, list) else [given]
    return frozenset([name for name in names if isinstance(name, str)])


def _is_language_value(value: Json) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("@value"), str):
        return False
    return (
        value.keys() <= _LANGUAGE_MEMBERS
        and isinstance(value.get("@language", ""), str)
        and value.get("@direction", "ltr") in ("ltr", "rtl")
    )


def _resource(value: Json, path: str) -> RelatedResource:
    if not isinstance(value, dict):
        raise Malformed("expected an object with an id and a digest", path)
    if "id" not in value:
        raise Malformed("expected an id", f"{path}/id")
    identity = read_optional_iri(value, "id", path)
    sri = value.get("digestSRI", "")
    if not isinstance(sri, str) or ("digestSRI" in value and not sri.strip()):
        raise Malformed("expected text such as sha384-…", f"{path}/digestSRI")
    given = value.get("digestMultibase", [])
    texts = given if isinstance(given, list) else [given]
    digests = tuple(text for text in texts if isinstance(text, str) and text)
    if len(digests) < len(texts) or ("digestMultibase" in value and not digests):
        raise Malformed("expected multibase text", f"{path}/digestMultibase")
    if not sri and not digests:
        raise Malformed("expected digestSRI or digestMultibase", path)
    return RelatedResource(identity, sri, digests)
