"""The OpenAPI document says what the API does, and the examples of its page run."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cairn.site.openapi import document
from cairn.verification.api import PATH, VerifyApi
from cairn.verification.limits import Limits
from cairn.verification.requests import MEDIA_TYPES, TITLES
from tests.asgi import Answer, ask
from tests.core.issuing import NOW
from tests.verification.test_api import as_bytes, own, plain_check

BASE = "https://cairn.test"
DOCUMENT = document(BASE)


def schema_of(name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture
def app() -> Iterator[VerifyApi]:
    made = VerifyApi(BASE, check=plain_check, now=lambda: NOW, limits=Limits(10**9, 10**9, 10**9))
    yield made
    made.close()


def post(app: VerifyApi, body: bytes, query: str = "") -> Answer:
    headers = {"content-type": "application/octet-stream"}
    return ask(app, "POST", PATH + query, body, headers=headers)


def test_the_document_is_valid_and_served(client: Client) -> None:
    schemathesis.openapi.from_dict(json.loads(json.dumps(DOCUMENT))).validate()
    answer = client.get("/api/v1/openapi.json")
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == DOCUMENT


@pytest.mark.parametrize(
    "changes",
    [{}, {"validUntil": "2026-02-01T00:00:00Z"}, {"validFrom": "2026-12-01T00:00:00Z"}],
)
def test_reports_are_as_the_document_says(app: VerifyApi, changes: dict[str, Any]) -> None:
    schema_of("Answers").validate(post(app, as_bytes(own(**changes)), "?name=Ada").json)


def test_answers_on_archives_and_altered_ones_are_as_the_document_says(app: VerifyApi) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.json", as_bytes({**own(), "name": "Another"}))
        archive.writestr("b.json", b"{")
        archive.writestr("c.txt", b"nothing")
    schema_of("Answers").validate(post(app, packed.getvalue()).json)


@pytest.mark.parametrize("body", [b"{", b"hello", b"", b"%PDF-1.7"])
def test_refusals_are_as_the_document_says(app: VerifyApi, body: bytes) -> None:
    schema_of("Problem").validate(post(app, body).json)


def test_every_code_of_a_refusal_has_its_line_in_the_reference(client: Client) -> None:
    page = client.get("/api/docs").content.decode()
    for code in TITLES.keys() - {"not_found"}:
        assert f'id="{code}"' in page


def test_the_reference_asks_nothing_of_other_sites(client: Client) -> None:
    page = client.get("/api/docs").content.decode()
    assert 'src="http' not in page
    assert "cdn" not in page.lower()


for media_type in MEDIA_TYPES:
    if not media_type.endswith("json"):

        @schemathesis.serializer(media_type)
        def _as_it_is(context: Any, value: Any) -> bytes:
            return value if isinstance(value, bytes) else json.dumps(value).encode()


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_sent_gets_an_answer_of_the_document(
    app: VerifyApi, mode: GenerationMode
) -> None:
    """Requests drawn by schemathesis from the document, and against it; the seed is fixed."""
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(DOCUMENT)))
    schema.app = app
    operation = schema[PATH]["POST"]
    most = int(os.environ.get("CAIRN_SCHEMATHESIS_EXAMPLES", "25"))

    @settings(
        max_examples=most,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def drawn(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    drawn()
