"""The API for machines, an OpenAPI document, and for people, a page made from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.platform.http import public
from cairn.site.openapi import document, problem_codes


@dataclass(frozen=True, slots=True)
class Example:
    """A command for a terminal, and what it prints in part; a test runs it."""

    title: str | Promise
    command: str
    prints: str


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a schema, in words."""

    name: str
    kind: str
    targets: tuple[str, ...]  # the schemas that it may hold
    values: tuple[str, ...]
    description: str
    is_optional: bool


def examples(base_url: str) -> tuple[Example, ...]:
    """What a reader can copy."""
    address = f"{base_url}/api/v1/verify"
    return (
        Example(
            _("A credential as JSON"),
            f"curl -s -H 'Content-Type: application/vc' --data-binary @badge.json {address}",
            '"outcome":"in_force"',
        ),
        Example(
            _("A picture or a PDF, compared with a name, in French"),
            "curl -s -H 'Content-Type: image/png' --data-binary @badge.png "
            f"'{address}?name=Ada%20Lovelace&lang=fr'",
            '"reason":"holder_matches"',
        ),
        Example(
            _("Many at once"),
            f"curl -s -H 'Content-Type: application/zip' --data-binary @badges.zip {address}",
            '"where":"ada.json"',
        ),
        Example(
            _("What holds no credential is refused"),
            f"curl -s -H 'Content-Type: text/plain' --data-binary hello {address}",
            '"code":"no_credential"',
        ),
    )


def upload_example(base_url: str) -> str:
    """How a table is uploaded from a terminal."""
    return (
        "curl -s -H 'Authorization: Bearer cairn_…' -H 'Idempotency-Key: term-2026-1' "
        "-H 'Content-Type: text/csv' --data-binary @people.csv "
        f"'{base_url}/api/v1/organisations/…/batches?version=…'"
    )


@public
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of this installation."""
    body = strict_json.write(document(settings.CAIRN.base_url))
    return HttpResponse(body, content_type="application/json")


@public
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The reference for people."""
    described = document(settings.CAIRN.base_url)
    operation = _object(_object(_object(described["paths"])["/api/v1/verify"])["post"])
    schemas = _object(_object(described["components"])["schemas"])
    context = {
        "operation": operation,
        "media_types": list(_object(_object(operation["requestBody"])["content"])),
        "responses": [
            (status, _object(said)) for status, said in _object(operation["responses"]).items()
        ],
        "operations": list(_operations(_object(described["paths"]))),
        "schemas": [(name, _fields(_object(schema))) for name, schema in schemas.items()],
        "problems": problem_codes(),
        "upload_example": upload_example(settings.CAIRN.base_url),
        "examples": examples(settings.CAIRN.base_url),
    }
    return render(request, "site/api_docs.html", context)


def _operations(paths: dict[str, Json]) -> Iterator[tuple[str, str, dict[str, Json]]]:
    """Method, address and operation of all that needs a token."""
    for address, found in paths.items():
        for method, operation in _object(found).items():
            if isinstance(operation, dict) and operation.get("security"):
                yield method.upper(), address, operation


def _fields(schema: dict[str, Json]) -> list[Field]:
    required = cast(list[Json], schema["required"])
    return [
        _field(name, _object(value), name not in required)
        for name, value in _object(schema["properties"]).items()
    ]


def _field(name: str, value: dict[str, Json], is_optional: bool) -> Field:
    items = value.get("items")
    inner = items if isinstance(items, dict) else value
    options = [inner, *map(_object, cast(list[Json], inner.get("oneOf", [])))]
    targets = [str(option["$ref"]).rpartition("/")[2] for option in options if "$ref" in option]
    enum = cast(list[Json], inner.get("enum", [inner["const"]] if "const" in inner else []))
    return Field(
        name=name,
        kind=_kind(value, has_targets=bool(targets)),
        targets=tuple(targets),
        values=tuple(map(str, enum)),
        description=str(value.get("description", "")),
        is_optional=is_optional,
    )


def _kind(value: dict[str, Json], *, has_targets: bool) -> str:
    kind = value.get("format") or value.get("type") or ("object" if has_targets else "string")
    return " | ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def _object(value: Json) -> dict[str, Json]:
    return cast(dict[str, Json], value)  # our own document: its shape is known
