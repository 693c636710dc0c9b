"""A table comes: it is stored and begun to be read; a small one is read at once.

What is no table at all is refused before anything is stored.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.catalogue.models import AchievementVersion, Offering
from cairn.core.errors import Conflict, Malformed
from cairn.core.openbadges.table import OpenTable, Problem, ReadAs, TableRow, open_table
from cairn.issuing import permissions
from cairn.issuing.batches import files
from cairn.issuing.batches.reading import as_json, examine
from cairn.issuing.batches.selectors import remembered_mapping
from cairn.issuing.batches.tables import without_guard
from cairn.issuing.models import Batch, BatchRow, BatchSource
from cairn.issuing.services import refuse_unawardable
from cairn.organisations.access import require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit, outbox

ROWS_AT_ONCE = 500  # a table of no more is read while its uploader waits
_STATEMENT_ROWS = 1000
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Upload:
    """A table and what it is for; `batch_id` is drawn once a form, so that sent twice it is one."""

    issuer: Organisation
    version: AchievementVersion
    offering: Offering | None
    language: str
    file: IO[bytes]
    file_name: str
    batch_id: UUID | None = None
    read_as: ReadAs = field(default_factory=ReadAs)
    client_id: UUID | None = None  # the program that brought it


def take(upload: Upload, *, actor: User, now: datetime) -> Batch:
    """Make a batch of a table: a draft if it is small, else one that the worker reads.

    The columns mean what they meant in the last table for this version, and else what their
    headings say.  With the id of a batch that was made, that one comes back.

    Raises `NotAllowed`, `Conflict` for what can't be awarded now, and `Malformed` (path /file) if
    no table can be made out, or one too large.
    """
    require(actor, permissions.BATCH, upload.issuer)
    refuse_unawardable(upload.issuer, upload.version, upload.offering, upload.language)
    table, first = _begun(upload)
    batch = _batch(upload, actor, now)
    take_header(batch, table)
    if done := Batch.objects.filter(pk=batch.id).first():
        return _same(done, batch)
    source = BatchSource(batch=batch, kind=table.kind, sheets=list(table.sheets))
    _choose(source, upload.read_as)
    rows = rows_of(batch, first) if len(first) <= ROWS_AT_ONCE else []
    if rows:
        batch.state, source.is_loaded = Batch.State.DRAFT, True
        source.rows_loaded = source.rows_read = source.rows_to_read = len(rows)
        batch.header_problems = examine(batch, rows, now)
    files.keep(batch.id, upload.file)
    with transaction.atomic():
        if done := Batch.objects.filter(pk=batch.id).first():
            return _same(done, batch)
        batch.save(force_insert=True)
        source.save(force_insert=True)
        write_rows(rows)
        audit.record(
            permissions.BATCH.name,
            organisation_id=batch.issuer_id,
            actor_id=actor.id,
            subject_kind="batch",
            subject_id=batch.id,
            at=now,
            **({"client": str(upload.client_id)} if upload.client_id else {}),
        )
        if not rows:
            ask(batch, source, now)
    return batch


def ask(batch: Batch, source: BatchSource, now: datetime) -> None:
    """Have the worker take the next step of the reading; in the caller's transaction."""
    outbox.emit(
        "batch.uploaded",
        organisation_id=batch.issuer_id,
        subject_id=batch.id,
        at=now,
        step=source.step,
    )


def take_header(batch: Batch, table: OpenTable) -> None:
    """Note how a table was read, and what its columns mean as far as that is known."""
    batch.encoding, batch.separator = table.encoding, table.separator
    batch.header = list(table.header)
    batch.mapping = remembered_mapping(batch.issuer, batch.version, table.header)


def rows_of(batch: Batch, found: Sequence[TableRow | Problem]) -> list[BatchRow]:
    """The rows of a batch, not read yet; those that were no rows say why."""
    return [_row(batch, each) for each in found]


def write_rows(rows: Sequence[BatchRow]) -> None:
    """Write new rows, in the caller's transaction."""
    BatchRow.objects.bulk_create(rows, batch_size=_STATEMENT_ROWS)


def read_again(source: BatchSource, read_as: ReadAs) -> None:
    """Begin again at the first row of the file, read in another way."""
    _choose(source, read_as)
    source.is_loaded = False
    source.rows_loaded = source.rows_read = source.rows_to_read = 0


def empty() -> Malformed:
    """What is said of a table without rows."""
    return Malformed(_("there is no row below the headings"), "/file")


def _begun(upload: Upload) -> tuple[OpenTable, list[TableRow | Problem]]:
    """The table, and its first rows: all of a small one, one more than that of others."""
    try:
        table = open_table(upload.file, upload.read_as)
        first = list(islice(table.rows, ROWS_AT_ONCE + 1))
    except Malformed as err:
        raise Malformed(str(err.args[0]), "/file") from err
    if not first:
        raise empty()
    return table, first


def _batch(upload: Upload, actor: User, now: datetime) -> Batch:
    return Batch(
        id=upload.batch_id or uuid4(),
        issuer=upload.issuer,
        version=upload.version,
        offering=upload.offering,
        language=upload.language,
        state=Batch.State.READING,
        file_name=upload.file_name[:200],
        file_sha256=_digest(upload.file),
        uploaded_by=actor,
        uploaded_at=now,
    )


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _choose(source: BatchSource, read_as: ReadAs) -> None:
    source.encoding, source.separator = read_as.encoding, read_as.separator
    source.sheet = read_as.sheet


def _row(batch: Batch, found: TableRow | Problem) -> BatchRow:
    if isinstance(found, TableRow):
        cells = [without_guard(cell) for cell in found.cells]
        return BatchRow(issuer=batch.issuer, batch=batch, number=found.number, cells=cells)
    return BatchRow(
        issuer=batch.issuer,
        batch=batch,
        number=found.row,
        state=BatchRow.State.PROBLEM,
        problems=[as_json(found)],
    )


def _same(done: Batch, wanted: Batch) -> Batch:
    if (done.issuer_id, done.version_id, done.file_sha256) != (
        wanted.issuer_id,
        wanted.version_id,
        wanted.file_sha256,
    ):
        raise Conflict(_("this form was sent before, with another file; open it again"))
    return done
