"""The API of this installation as an OpenAPI document, written by hand from the code's own lists.

Source: OpenAPI Specification 3.1.1.  Enumerations are those of the core, so that they can't drift;
a test holds real answers against the schemas.
"""

from importlib.metadata import version

from cairn.core.codec.strict_json import Json
from cairn.core.verify.report import CheckId, Outcome, Reason, Result
from cairn.core.wording import render
from cairn.site import openapi_batches
from cairn.verification.answers import UNREADABLE
from cairn.verification.api import PATH
from cairn.verification.requests import MAX_CLAIM, MEDIA_TYPES, TITLES
from cairn.verification.services import MAX_ANSWERS, MAX_BYTES

Object = dict[str, Json]

OPENAPI_PATH = "/api/v1/openapi.json"
_JSON, _PROBLEM = "application/json", "application/problem+json"
_REFUSALS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "400",
        "No credential could be read in what was sent, or the request is wrong.",
        ("no_credential", "unreadable", "empty", "bad_parameter", "bad_length"),
    ),
    ("405", "Another method than POST.", ("method_not_allowed",)),
    ("408", "The file came too slowly.", ("too_slow",)),
    ("411", "The request doesn't say how long the file is.", ("length_required",)),
    ("413", f"The file is larger than {MAX_BYTES:,} bytes.", ("too_large",)),
    ("415", "The body isn't labelled as a file.", ("unsupported_media_type",)),
    ("429", "Too many requests; Retry-After says when to come back.", ("too_many_requests",)),
    ("503", "Too much to do just now; Retry-After says when to come back.", ("busy",)),
)


def document(base_url: str) -> Object:
    """The whole document for the installation at `base_url`."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Cairn",
            "version": version("cairn-credentials"),
            "description": (
                "Check credentials: no account is needed and nothing is kept. Award in bulk: with "
                "a token of an organisation."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "paths": {
            PATH: {"post": _verify()},
            **openapi_batches.paths(),
            OPENAPI_PATH: {"get": _openapi()},
        },
        "components": {
            "schemas": _schemas() | openapi_batches.schemas(),
            "securitySchemes": openapi_batches.security(),
        },
    }


def problem_codes() -> list[tuple[str, str, str]]:
    """Each refusal as status, code and title; a code of both parts stands once."""
    found = [(status, code, TITLES[code]) for status, _, codes in _REFUSALS for code in codes]
    known = {code for _, code, _ in found}
    return found + [each for each in openapi_batches.problem_codes() if each[1] not in known]


def _verify() -> Object:
    return {
        "operationId": "verify",
        "summary": "Check a credential",
        "description": (
            "The body is the file itself: JSON, a token, a picture, a PDF, text with a link, or a "
            "ZIP of these. What it is, its own bytes say. Every outcome that stands for a "
            "credential, good or bad, is a 200 with a report."
        ),
        "parameters": [
            _parameter("name", "A name to compare with the person it was awarded to."),
            _parameter("email", "An e-mail address to compare likewise."),
            {
                "name": "lang",
                "in": "query",
                "description": "The language of the sentences; else Accept-Language decides.",
                "schema": {"type": "string", "enum": list(render.languages())},
            },
        ],
        "requestBody": {
            "required": True,
            "description": f"At most {MAX_BYTES:,} bytes.",
            "content": {media_type: _body_of(media_type) for media_type in MEDIA_TYPES},
        },
        "responses": {
            "200": {
                "description": "The answers, one for each credential found.",
                "content": {_JSON: {"schema": _ref("Answers")}},
            },
            **{status: _refusal(status, meaning) for status, meaning, _ in _REFUSALS},
        },
        "security": [],
    }


def _openapi() -> Object:
    return {
        "operationId": "openapi",
        "summary": "This document",
        "responses": {
            "200": {
                "description": "An OpenAPI 3.1 document.",
                "content": {_JSON: {"schema": {"type": "object"}}},
            }
        },
        "security": [],
    }


def _parameter(name: str, description: str) -> Object:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", "maxLength": MAX_CLAIM},
    }


def _body_of(media_type: str) -> Object:
    is_json = media_type.endswith("json") or media_type == "application/vc"
    return {"schema": {"type": "object"}} if is_json else {}


def _refusal(status: str, meaning: str) -> Object:
    said: Object = {
        "description": meaning,
        "content": {_PROBLEM: {"schema": _ref("Problem")}},
    }
    if status in ("429", "503"):
        seconds: Object = {"type": "integer", "minimum": 1}
        said["headers"] = {
            "Retry-After": {"required": True, "description": "Seconds.", "schema": seconds}
        }
    if status == "405":
        said["headers"] = {"Allow": {"required": True, "schema": {"type": "string"}}}
    return said


def _schemas() -> Object:
    return {
        "Answers": _object(
            {
                "results": {
                    "type": "array",
                    "items": {"oneOf": [_ref("Report"), _ref("Unreadable")]},
                    "maxItems": MAX_ANSWERS,
                    "description": "One for each credential in the file, in its order.",
                },
                "is_complete": {
                    "type": "boolean",
                    "description": "False if the file was too much to look at all of it.",
                },
            }
        ),
        "Report": _object(_REPORT | {"where": _WHERE, "problem": _PROBLEM_TEXT}, "problem"),
        "Unreadable": _object(
            {"where": _WHERE, "outcome": {"const": UNREADABLE}, "problem": _PROBLEM_TEXT}
        ),
        "Facts": _object(
            {
                **{name: _text(meaning) for name, meaning in _FACTS.items()},
                "subject_ids": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Identifiers of the persons it is about.",
                },
            }
        ),
        "Check": _object(
            {
                "id": _enumeration(CheckId, "What was checked."),
                "result": _enumeration(Result, "How it ended; could not reach is not_checked."),
                "reason": _enumeration(Reason, "Why; for programs."),
                "sentence": _text("The same for people."),
                "detail": _text("The same for technicians, or empty."),
                "facts": {
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                    "description": "The values in the sentences.",
                },
            }
        ),
        "Embedded": _object(
            _REPORT
            | {
                "path": _text("JSON Pointer to it in the outer credential."),
                "kind": {"type": "string", "enum": ["endorsement", "credential"]},
            }
        ),
        "Problem": _problem(),
    }


def _problem() -> Object:
    codes: list[Json] = [code for _, _, codes in _REFUSALS for code in codes]
    return {
        **_object(
            {
                "type": {"type": "string", "format": "uri"},
                "title": _text("The kind of problem."),
                "status": {"type": "integer"},
                "detail": _text("What was seen and how to mend it."),
                "code": {"type": "string", "enum": codes, "description": "For programs."},
                "results": {
                    "type": "array",
                    "items": {"oneOf": [_ref("Report"), _ref("Unreadable")]},
                },
                "is_complete": {"type": "boolean"},
            },
            "results",
            "is_complete",
        ),
        "description": "Problem details, RFC 9457.",
    }


def _object(properties: Object, *optional: str) -> Object:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


def _text(description: str) -> Object:
    return {"type": "string", "description": description}


def _enumeration(
    values: type[CheckId] | type[Result] | type[Reason] | type[Outcome], description: str
) -> Object:
    return {
        "type": "string",
        "enum": [value.value for value in values],
        "description": description,
    }


_WHERE = _text("Which part of what was sent: a member of an archive, a link; empty for all of it.")
_PROBLEM_TEXT = _text("What could not be read, and how to mend it.")
_FACTS = {
    "credential_id": "Its identifier.",
    "title": "What it is called.",
    "achievement_id": "Identifier of what was achieved.",
    "issuer_id": "Identifier of the issuer.",
    "issuer_name": "What the issuer calls itself.",
    "recipient": "The name of the person, if it is written in clear.",
    "valid_from": "RFC 3339.",
    "valid_until": "RFC 3339, or empty.",
    "language": "BCP 47, or empty.",
}
_REPORT: Object = {
    "outcome": _enumeration(Outcome, "The one answer."),
    "headline": _text("The same as a sentence."),
    "facts": {
        **_ref("Facts"),
        "description": "What it says of itself, empty where it says nothing: a stranger's words.",
    },
    "checks": {"type": "array", "items": _ref("Check")},
    "embedded": {
        "type": "array",
        "items": _ref("Embedded"),
        "description": "Credentials inside it, each judged by its own proof.",
    },
    "checked_at": {"type": "string", "format": "date-time"},
}
