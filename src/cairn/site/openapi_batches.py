"""The part of the OpenAPI document about bulk awards; see `openapi`, which puts it together."""

from cairn.core.codec.strict_json import Json
from cairn.issuing.api import MAX_PAGE, MEDIA_TYPES
from cairn.issuing.batch_forms import MAX_FILE
from cairn.issuing.batches.uploading import ROWS_AT_ONCE
from cairn.issuing.models import Batch, BatchRow
from cairn.organisations.api import MAX_KEY
from cairn.organisations.models import Scope
from cairn.platform.problems import STATUSES, TITLES

Object = dict[str, Json]

BATCHES = "/api/v1/organisations/{organisation}/batches"
_JSON, _PROBLEM = "application/json", "application/problem+json"
_READ, _WRITE = [Scope.READ_BATCHES.value], [Scope.WRITE_BATCHES.value]
_ALWAYS = ("unauthorised", "missing_scope", "not_allowed", "not_found", "too_many_requests")


def paths() -> Object:
    """The addresses, below those of the checker."""
    one = f"{BATCHES}/{{batch}}"
    return {
        BATCHES: {
            "parameters": [_ORGANISATION],
            "post": _operation(
                "uploadBatch",
                "Upload a table",
                "The body is the table: CSV, an Excel workbook, or rows in JSON. Nothing is "
                "awarded before a second person has approved it on its page. A table of more than "
                f"{ROWS_AT_ONCE} rows is read in the background: its state is `reading`.",
                _WRITE,
                {"201": _answer("The batch.", "Batch"), "200": _answer("A dry run.", "DryRun")},
                parameters=[_KEY, *_UPLOAD],
                body=_UPLOAD_BODY,
                refusals=("malformed", "conflict", "too_large", "unsupported_media_type", *_ONCE),
            ),
            "get": _operation(
                "listBatches",
                "All batches, newest first",
                "",
                _READ,
                {"200": _answer("A page of them.", "Batches")},
                parameters=_PAGE,
                refusals=("malformed",),
            ),
        },
        one: _one(
            get=_operation(
                "getBatch", "One batch", "", _READ, {"200": _answer("The batch.", "Batch")}
            )
        ),
        f"{one}/problems": _one(
            get=_operation(
                "listProblems",
                "What is wrong with its rows",
                "",
                _READ,
                {"200": _answer("A page of them.", "Problems")},
                parameters=_PAGE,
                refusals=("malformed",),
            )
        ),
        f"{one}/report": _one(
            get=_operation(
                "listRows",
                "What became of each row",
                "",
                _READ,
                {"200": _answer("A page of them.", "Rows")},
                parameters=_PAGE,
                refusals=("malformed",),
            )
        ),
        f"{one}/columns": _one(
            post=_operation(
                "mapColumns",
                "Say what the columns mean",
                "From heading to field, `-` to leave a column out. It is remembered.",
                _WRITE,
                {"200": _answer("The batch.", "Batch")},
                parameters=[_KEY],
                body=_json_body("Mapping"),
                refusals=("malformed", "conflict", "too_large", *_ONCE),
            )
        ),
        f"{one}/submit": _one(
            post=_operation(
                "submitBatch",
                "Ask a person to approve it",
                "There is no request that approves: a token says of nobody that they looked.",
                _WRITE,
                {"200": _answer("The batch.", "Batch")},
                parameters=[_KEY],
                refusals=("conflict", *_ONCE),
            )
        ),
    }


def schemas() -> Object:
    """What the answers hold."""
    moment: Object = {"type": ["string", "null"], "format": "date-time"}
    following: Object = {
        "type": ["string", "null"],
        "description": "The cursor of the next page, or null.",
    }
    short: Object = {
        "id": _text("Its id."),
        "state": {"type": "string", "enum": list(Batch.State.values)},
        "file_name": _text("As it was called."),
        "version": _text("Id of what is awarded."),
        "run": {"type": ["string", "null"], "description": "Id of the run."},
        "language": _text("Of the credentials, BCP 47."),
        "uploaded_at": {"type": "string", "format": "date-time"},
        "submitted_at": moment,
        "approved_at": moment,
        "problem": _text("Why it could not be read, or empty."),
    }
    counts: Object = {name: {"type": "integer"} for name in BatchRow.State.values}
    flaw: Object = {
        "column": _text("The heading, empty for the row as a whole."),
        "value": _text("What stands there."),
        "problem": _text("What is wrong with it."),
        "mend": _text("What to do."),
    }
    whole: Object = short | {
        "rows": {**_object(counts), "description": "How many rows are in each state."},
        "rows_read": {"type": "integer"},
        "rows_to_read": {"type": "integer"},
        "columns": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "From heading to field; empty where the heading says it.",
        },
        "header_problems": {"type": "array", "items": _ref("Flaw")},
    }
    row: Object = {
        "row": {"type": "integer", "description": "As a spreadsheet counts."},
        "state": {"type": "string", "enum": list(BatchRow.State.values)},
    }
    problems: Object = {"type": "array", "items": _ref("RowProblem")}
    return {
        "Flaw": _object(flaw),
        "RowProblem": _object(row | flaw),
        "Batch": _object(whole),
        "BatchInShort": _object(short),
        "Batches": _object(
            {"batches": {"type": "array", "items": _ref("BatchInShort")}, "next": following}
        ),
        "DryRun": _object(whole | {"id": {"type": "null"}, "problems": problems}),
        "Problems": _object({"problems": problems, "next": following}),
        "Rows": _object({"rows": {"type": "array", "items": _ref("Row")}, "next": following}),
        "Row": _object(
            row
            | {
                "name": _text("Of the learner."),
                "email": _text("Of the learner."),
                "credential": {"type": ["string", "null"], "description": "Its address."},
                "problems": {"type": "array", "items": _ref("Flaw")},
            }
        ),
        "Mapping": _object(
            {"mapping": {"type": "object", "additionalProperties": {"type": "string"}}}
        ),
        "Upload": _object(_UPLOAD_FIELDS | {"rows": _ROWS}, *_UPLOAD_FIELDS.keys() - {"version"}),
        "Refusal": {
            **_object(
                {
                    "type": _text("Leads to its line on the page of the API."),
                    "title": _text("What happened."),
                    "status": {"type": "integer"},
                    "detail": _text("The same for people, and how to mend it."),
                    "code": {"type": "string", "enum": list(TITLES)},
                    "path": _text("What of the request it is about."),
                },
                "path",
            ),
            "description": "Problem details, RFC 9457.",
        },
    }


def security() -> Object:
    """How a program says who it is."""
    return {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of the organisation, made in its console under Programs.",
        }
    }


def problem_codes() -> list[tuple[str, str, str]]:
    """Each refusal as status, code and title."""
    return [(str(STATUSES[code]), code, title) for code, title in TITLES.items()]


def _one(**operations: Object) -> Object:
    return {"parameters": [_ORGANISATION, _BATCH], **operations}


def _operation(
    name: str,
    summary: str,
    description: str,
    scopes: list[str],
    answers: Object,
    *,
    parameters: list[Json] | None = None,
    body: Object | None = None,
    refusals: tuple[str, ...] = (),
) -> Object:
    said: Object = {
        "operationId": name,
        "summary": summary,
        "description": description or f"{summary}.",
        "responses": answers | _refused((*_ALWAYS, *refusals)),
        "security": [{"token": [*scopes]}],
    }
    if parameters:
        said["parameters"] = [*parameters]
    if body:
        said["requestBody"] = body
    return said


def _refused(codes: tuple[str, ...]) -> Object:
    by_status: dict[str, list[str]] = {}
    for code in codes:
        by_status.setdefault(str(STATUSES[code]), []).append(TITLES[code])
    return {
        status: {
            "description": f"{', or: '.join(titles)}.",
            "content": {_PROBLEM: {"schema": _ref("Refusal")}},
        }
        for status, titles in sorted(by_status.items())
    }


def _answer(description: str, schema: str) -> Object:
    return {"description": description, "content": {_JSON: {"schema": _ref(schema)}}}


def _json_body(schema: str) -> Object:
    return {"required": True, "content": {_JSON: {"schema": _ref(schema)}}}


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


def _parameter(name: str, where: str, description: str, schema: Object) -> Object:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": description,
        "schema": schema,
    }


_UUID: Object = {"type": "string", "format": "uuid"}
_ORGANISATION = _parameter("organisation", "path", "Id of the organisation.", _UUID)
_BATCH = _parameter("batch", "path", "Id of the batch.", _UUID)
_ONCE = ("key_reused",)
_KEY = _parameter(
    "Idempotency-Key",
    "header",
    "Drawn by you. The same request under the same key within a day is answered and not repeated.",
    {"type": "string", "maxLength": MAX_KEY},
)
_PAGE: list[Json] = [
    _parameter("cursor", "query", "`next` of the page before.", {"type": "string"}),
    _parameter(
        "limit",
        "query",
        "How many.",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 100},
    ),
]
_UPLOAD_FIELDS: Object = {
    "version": {**_UUID, "description": "Id of the published version that is awarded."},
    "run": {**_UUID, "description": "Id of the run."},
    "language": _text("Of the credentials; else the one the version was written in."),
    "file_name": _text("How the table is called in the list."),
    "dry_run": {
        "type": "boolean",
        "description": f"Say what is wrong and keep nothing; up to {ROWS_AT_ONCE} rows.",
    },
}
_UPLOAD: list[Json] = [
    _parameter(name, "query", "", schema) | {"description": schema.get("description", "")}
    for name, schema in _UPLOAD_FIELDS.items()
    if isinstance(schema, dict)
]
_ROWS: Object = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}},
    "description": "A row each, from heading to text.",
}
_UPLOAD_BODY: Object = {
    "required": True,
    "description": f"At most {MAX_FILE:,} bytes. With rows in JSON the parameters stand in it.",
    "content": {
        **{media_type: {} for media_type in MEDIA_TYPES},
        _JSON: {"schema": _ref("Upload")},
    },
}
