"""A table is read in steps of one short transaction each: its rows are loaded, then looked at.

Each step ends with the event that asks for the next, and does nothing if it was taken before; a
worker that is killed loses one step.  Loading begins anew at the first row of the file each time
and passes over what is loaded: reading alone is quick.
"""

from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Malformed
from cairn.core.openbadges.table import ReadAs, open_table
from cairn.issuing.batches import files, uploading
from cairn.issuing.batches.reading import examine
from cairn.issuing.models import Batch, BatchRow, BatchSource

LOADED_AT_ONCE = 20_000  # rows of one step
READ_AT_ONCE = 1000
_UNREAD = BatchRow.State.UNREAD
_OF_READING = ("state", "encoding", "separator", "header", "mapping", "header_problems")


@transaction.atomic
def read(*, batch_id: UUID, step: int, now: datetime) -> None:
    """Take step `step` of reading a batch, unless it was taken; why it can't be read is noted."""
    batch = _locked(batch_id)
    if batch is None or batch.state != Batch.State.READING or batch.source.step != step:
        return
    source = batch.source
    source.step += 1
    if source.is_loaded:
        is_done = _examine(batch, source, now)
    else:
        try:
            with transaction.atomic():
                is_done = _load(batch, source)
        except Malformed as err:
            _fail(batch, source, str(err.args[0]))
            return
        except FileNotFoundError:
            _fail(batch, source, _("the file is no longer there; upload it again"))
            return
    if is_done:
        batch.state = Batch.State.DRAFT
    else:
        uploading.ask(batch, source, now)
    source.save()
    batch.save(update_fields=_OF_READING)


@transaction.atomic
def give_up(*, batch_id: UUID, now: datetime) -> None:
    """The worker could not read a batch, for a reason that is not the table's."""
    batch = _locked(batch_id)
    if batch is not None and batch.state == Batch.State.READING:
        reason = _("something went wrong here; upload it again, or ask who runs the installation")
        _fail(batch, batch.source, reason)


def read_now(batch_id: UUID, now: datetime) -> Batch:
    """Take all steps that are left, in the caller's own time; the batch, no longer being read."""
    while True:
        batch = Batch.objects.select_related("source", "issuer").get(pk=batch_id)
        if batch.state != Batch.State.READING:
            return batch
        read(batch_id=batch_id, step=batch.source.step, now=now)


def _locked(batch_id: UUID) -> Batch | None:
    found = Batch.objects.select_related(
        "issuer", "version__achievement__creator", "offering", "source"
    )
    return found.select_for_update(of=("self",)).filter(pk=batch_id).first()


def _load(batch: Batch, source: BatchSource) -> bool:
    """Write the next rows of the file; whether there is nothing to read in them."""
    is_first = source.rows_loaded == 0
    if is_first:
        batch.rows.all().delete()
    with files.opened(batch.id) as file:
        table = open_table(file, ReadAs(source.encoding, source.separator, source.sheet))
        if is_first:
            uploading.take_header(batch, table)
            source.sheets = list(table.sheets)
        start = source.rows_loaded
        found = list(islice(table.rows, start, start + LOADED_AT_ONCE))
    uploading.write_rows(uploading.rows_of(batch, found))
    source.rows_loaded += len(found)
    if not source.rows_loaded:
        raise uploading.empty()
    source.is_loaded = len(found) < LOADED_AT_ONCE
    if source.is_loaded:
        begin(batch, source)
    return False


def begin(batch: Batch, source: BatchSource) -> None:
    """Note how many rows wait to be looked at, of a batch that is loaded."""
    source.rows_read = 0
    source.rows_to_read = batch.rows.filter(state=_UNREAD).count()


def _examine(batch: Batch, source: BatchSource, now: datetime) -> bool:
    """Look at the next rows; whether all were looked at, or none can be."""
    waiting = batch.rows.filter(state=_UNREAD).order_by("number")
    rows = list(waiting[:READ_AT_ONCE])
    batch.header_problems = examine(batch, rows, now)
    if batch.header_problems:
        return True
    # Written anew: updating many rows to values of their own costs ten times as much.
    batch.rows.filter(pk__in=[row.pk for row in rows]).delete()
    uploading.write_rows(rows)
    source.rows_read += len(rows)
    return len(rows) < READ_AT_ONCE


def _fail(batch: Batch, source: BatchSource, reason: str) -> None:
    batch.rows.all().delete()
    batch.state, source.problem = Batch.State.FAILED, reason
    batch.save(update_fields=["state"])
    source.save()
