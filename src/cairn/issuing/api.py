"""Bulk awards for programs: upload a table, see what is wrong, submit it, read the report.

What it does is what the pages do.  Nothing approves here: that is what a second person is for, and
a token says of nobody that they looked.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.catalogue.selectors import awardable_versions
from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.issuing.addresses import credential_url
from cairn.issuing.batch_forms import MAX_FILE
from cairn.issuing.batches import files, reports, selectors, services
from cairn.issuing.batches.uploading import ROWS_AT_ONCE, Upload, take
from cairn.issuing.models import Batch, BatchRow
from cairn.organisations.api import Answer, Caller, api_page, once, page_of
from cairn.organisations.models import Scope
from cairn.platform.problems import Refusal

MAX_PAGE = 1000  # rows of one answer
_IN_MEMORY = 2**20
_CHUNK = 2**16
MEDIA_TYPES = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)
_JSON = "application/json"
_READ, _WRITE = Scope.READ_BATCHES, Scope.WRITE_BATCHES


class _DryRun(Exception):
    """Carries the answer out of the transaction that is taken back."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@api_page({"GET": _READ, "POST": _WRITE})
def batches(caller: Caller) -> Answer:
    """The batches, newest first; or a new one from a table."""
    if caller.request.method != "POST":
        return _list(caller)
    body, digest = _body(caller)
    with body:
        return once(caller, digest, lambda: _upload(caller, body))


@api_page({"GET": _READ})
def batch(caller: Caller, batch_id: UUID) -> Answer:
    """One batch, as far as it is."""
    return Answer(_said(_found(caller, batch_id)))


@api_page({"GET": _READ})
def problems(caller: Caller, batch_id: UUID) -> Answer:
    """What is wrong with its rows, in their order."""
    found = _found(caller, batch_id)
    after, most = _place(caller)
    rows = selectors.rows_with_problems(found).filter(number__gt=after)[: most + 1]
    shown, is_more = page_of(rows, most)
    more = str(shown[-1].number) if is_more else None
    return Answer({"problems": _problems(shown), "next": more})


@api_page({"GET": _READ})
def report(caller: Caller, batch_id: UUID) -> Answer:
    """What became of each row, in their order."""
    found = _found(caller, batch_id)
    after, most = _place(caller)
    shown, is_more = page_of(reports.outcomes(found, after, most + 1), most)
    said: list[Json] = [
        {
            "row": each.row,
            "state": each.state,
            "name": each.name,
            "email": each.email,
            "credential": credential_url(each.credential) if each.credential else None,
            "problems": cast(list[Json], each.problems),
        }
        for each in shown
    ]
    return Answer({"rows": said, "next": str(shown[-1].row) if is_more else None})


@api_page({"POST": _WRITE})
def columns(caller: Caller, batch_id: UUID) -> Answer:
    """Say what the columns mean, by heading."""
    body, digest = _body(caller)
    with body:
        mapping = _texts(_json(body).get("mapping"), "/mapping")

    def act() -> Answer:
        found = services.map_columns(
            batch_id=_found(caller, batch_id).id,
            mapping=mapping,
            actor=caller.client.acts_for,
            now=caller.now,
        )
        return Answer(_said(_found(caller, found.id)))

    return once(caller, digest, act)


@api_page({"POST": _WRITE})
def submit(caller: Caller, batch_id: UUID) -> Answer:
    """Ask a person to approve it."""

    def act() -> Answer:
        found = services.submit(
            batch_id=_found(caller, batch_id).id, actor=caller.client.acts_for, now=caller.now
        )
        return Answer(_said(_found(caller, found.id)))

    return once(caller, "", act)


def _upload(caller: Caller, body: IO[bytes]) -> Answer:
    said, file = _asked(caller, body)
    upload = _upload_of(caller, said, file)
    if said.get("dry_run", "") in ("true", "1"):
        return _dry_run(caller, replace(upload, batch_id=uuid4()))
    made = _taken(caller, upload)
    return Answer(_said(made), 201, _address(made))


def _dry_run(caller: Caller, upload: Upload) -> Answer:
    """What an upload would say; nothing of it stays."""
    try:
        with transaction.atomic():
            made = _taken(caller, upload)
            if made.state == Batch.State.READING:
                said = _("a dry run has at most %(most)s rows; upload it, nothing is awarded yet")
                raise Malformed(said % {"most": ROWS_AT_ONCE}, "/dry_run")
            found = list(selectors.rows_with_problems(made))
            raise _DryRun(Answer({**_said(made), "id": None, "problems": _problems(found)}))
    except _DryRun as done:
        return done.answer
    finally:
        files.discard(cast(UUID, upload.batch_id))


def _problems(rows: Iterable[BatchRow]) -> list[Json]:
    nothing = [{"column": "", "value": "", "problem": "", "mend": ""}]
    return [
        {"row": row.number, "state": row.state, **problem}
        for row in rows
        for problem in row.problems or nothing
    ]


def _taken(caller: Caller, upload: Upload) -> Batch:
    made = take(upload, actor=caller.client.acts_for, now=caller.now)
    return _found(caller, made.id)


def _upload_of(caller: Caller, said: Mapping[str, str], file: IO[bytes]) -> Upload:
    versions = awardable_versions(caller.organisation)
    version = versions.filter(pk=_uuid(said.get("version", ""), "/version")).first()
    if version is None:
        raise Malformed(_("there is no published version with this id; look it up"), "/version")
    run = said.get("run", "")
    offering = version.offerings.filter(pk=_uuid(run, "/run")).first() if run else None
    if run and offering is None:
        raise Malformed(_("there is no run of this version with this id"), "/run")
    return Upload(
        issuer=caller.organisation,
        version=version,
        offering=offering,
        language=said.get("language", "") or version.language,
        file=file,
        file_name=said.get("file_name", "") or caller.client.name,
        client_id=caller.client.id,
    )


def _asked(caller: Caller, body: IO[bytes]) -> tuple[Mapping[str, str], IO[bytes]]:
    """What was asked for, and the table: the body itself, or made of rows in JSON."""
    media_type = caller.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    query = {name: str(value) for name, value in caller.request.GET.items()}
    if media_type in MEDIA_TYPES:
        return query, body
    if media_type != _JSON:
        known = ", ".join((*MEDIA_TYPES, _JSON))
        detail = _("The body is a table: %(known)s.") % {"known": known}
        raise Refusal("unsupported_media_type", detail)
    found = _json(body)
    rows = found.pop("rows", None)
    said = query | {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in found.items()
        if value is not None
    }
    return said, _table_of(rows)


def _table_of(rows: Json) -> IO[bytes]:
    """Rows in JSON as the table that they would be."""
    if not isinstance(rows, list) or not rows:
        raise Malformed(_("give the rows as a list of objects, from heading to text"), "/rows")
    read = [_texts(row, f"/rows/{index}") for index, row in enumerate(rows)]
    headings = list(dict.fromkeys(heading for row in read for heading in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([row.get(heading, "") for heading in headings] for row in read)
    return io.BytesIO(text.getvalue().encode(errors="replace"))


def _texts(value: Json, path: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Malformed(_("is no object from heading to text"), path)
    found = {}
    for name, said in value.items():
        if isinstance(said, (dict, list, bool)):
            raise Malformed(_("is no text and no number"), f"{path}/{name}")
        found[name] = "" if said is None else str(said)
    return found


def _json(body: IO[bytes]) -> dict[str, Json]:
    body.seek(0)
    found = strict_json.read(body.read())
    if not isinstance(found, dict):
        raise Malformed(_("is no JSON object"), "/")
    return found


def _body(caller: Caller) -> tuple[IO[bytes], str]:
    """The body, spooled, and its digest.  Raises `Refusal` for one that is too large."""
    spooled = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    digest, size = hashlib.sha256(), 0
    while chunk := caller.request.read(_CHUNK):
        size += len(chunk)
        if size > MAX_FILE:
            spooled.close()
            raise Refusal("too_large", _("The table is larger than 30 MB; split it."))
        digest.update(chunk)
        spooled.write(chunk)
    return cast(IO[bytes], spooled), digest.hexdigest()


def _list(caller: Caller) -> Answer:
    found = selectors.batches_of(caller.organisation)
    if cursor := caller.request.GET.get("cursor", ""):
        last = found.filter(pk=_uuid(cursor, "/cursor")).first()
        if last is None:
            raise Malformed(_("there is no batch with this id"), "/cursor")
        at = last.uploaded_at
        found = found.filter(Q(uploaded_at__lt=at) | Q(uploaded_at=at, id__gt=last.id))
    most = _number(caller, "limit", 100, MAX_PAGE)
    shown, is_more = page_of(found[: most + 1], most)
    said: list[Json] = [_said(each, is_short=True) for each in shown]
    return Answer({"batches": said, "next": str(shown[-1].id) if is_more else None})


def _said(batch: Batch, *, is_short: bool = False) -> dict[str, Json]:
    """A batch as programs read it; `is_short` leaves out what costs a query."""
    submitted, approved = batch.submitted_at, batch.approved_at
    said: dict[str, Json] = {
        "id": str(batch.id),
        "state": batch.state,
        "file_name": batch.file_name,
        "version": str(batch.version_id),
        "run": str(batch.offering_id) if batch.offering_id else None,
        "language": batch.language,
        "uploaded_at": timestamps.write(batch.uploaded_at),
        "submitted_at": timestamps.write(submitted) if submitted else None,
        "approved_at": timestamps.write(approved) if approved else None,
        "problem": batch.source.problem,
    }
    if is_short:
        return said
    counts: dict[str, Json] = dict(selectors.counts(batch))
    return {
        **said,
        "rows": {state: counts.get(state, 0) for state in BatchRow.State.values},
        "rows_read": batch.source.rows_read,
        "rows_to_read": batch.source.rows_to_read,
        "columns": cast(dict[str, Json], batch.mapping) or dict.fromkeys(batch.header, ""),
        "header_problems": cast(list[Json], batch.header_problems),
    }


def _found(caller: Caller, batch_id: UUID) -> Batch:
    found = selectors.batches_of(caller.organisation).filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found


def _address(batch: Batch) -> str:
    return reverse("issuing:api_batch", args=[batch.issuer_id, batch.id])


def _place(caller: Caller) -> tuple[int, int]:
    """After which row, and how many rows, the caller wants."""
    return _number(caller, "cursor", 0, 10**9), max(1, _number(caller, "limit", 100, MAX_PAGE))


def _number(caller: Caller, name: str, default: int, most: int) -> int:
    text = caller.request.GET.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= most):
        raise Malformed(_("is no number up to %(most)s") % {"most": most}, f"/{name}")
    return int(text)


def _uuid(text: str, path: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as err:
        raise Malformed(_("is no id of this kind: %(text)s") % {"text": text[:50]}, path) from err
