"""What people do with a batch: upload, say what the columns mean, submit, approve, withdraw.

Each is one transaction; what takes long and changes nothing is done before it begins.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.catalogue.models import AchievementVersion, Offering
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.openbadges.table import Table, decode_table
from cairn.issuing import permissions
from cairn.issuing.batches import planning
from cairn.issuing.batches.reading import MAX_ROWS, as_json, examine
from cairn.issuing.batches.reports import without_guard
from cairn.issuing.batches.selectors import approvers, remembered_mapping
from cairn.issuing.models import Batch, BatchRow
from cairn.issuing.services import refuse_unawardable
from cairn.organisations.access import Action, require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit, outbox

_State = Batch.State
_AT_ONCE = 1000  # rows of one statement


def upload(
    *,
    issuer: Organisation,
    version: AchievementVersion,
    offering: Offering | None,
    language: str,
    data: bytes,
    file_name: str,
    actor: User,
    now: datetime,
    batch_id: UUID | None = None,
) -> Batch:
    """Read a table of people: a draft in which each row is ready or says what is wrong.

    The columns mean what they meant in the last table for this version, and else what their
    headings say.  With the `batch_id` of a batch that was made, that one comes back.

    Raises `NotAllowed`, `Conflict` for what can't be awarded now, and `Malformed` (path /file) if
    no table can be made out, or one too large.
    """
    require(actor, permissions.BATCH, issuer)
    batch_id = batch_id or uuid4()
    refuse_unawardable(issuer, version, offering, language)
    table = _table(data)
    batch = Batch(
        id=batch_id,
        issuer=issuer,
        version=version,
        offering=offering,
        language=language,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(data).hexdigest(),
        encoding=table.encoding,
        separator=table.separator,
        header=list(table.header),
        mapping=remembered_mapping(issuer, version, table.header),
        uploaded_by=actor,
        uploaded_at=now,
    )
    rows = _rows(batch, table)
    batch.header_problems = examine(batch, rows, now)
    with transaction.atomic():
        if done := Batch.objects.filter(pk=batch_id).first():
            return _same(done, batch)
        batch.save(force_insert=True)
        BatchRow.objects.bulk_create(rows, batch_size=_AT_ONCE)
        _record(permissions.BATCH, batch, actor, now, rows=len(rows))
    return batch


@transaction.atomic
def map_columns(*, batch_id: UUID, mapping: Mapping[str, str], actor: User, now: datetime) -> Batch:
    """Say what the columns mean, by heading, and read the rows anew."""
    batch = _locked(batch_id)
    require(actor, permissions.BATCH, batch.issuer)
    _require_state(batch, _State.DRAFT)
    batch.mapping = dict(mapping)
    rows = list(batch.rows.order_by("number"))
    batch.header_problems = examine(batch, rows, now)
    batch.save(update_fields=["mapping", "header_problems"])
    # Written anew: updating many rows to values of their own costs ten times as much.
    batch.rows.all().delete()
    BatchRow.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return batch


@transaction.atomic
def submit(*, batch_id: UUID, actor: User, now: datetime) -> Batch:
    """Ask a second person to approve the rows that are ready; the others are left out."""
    batch = _locked(batch_id)
    require(actor, permissions.BATCH, batch.issuer)
    if batch.state == _State.SUBMITTED and batch.submitted_by_id == actor.id:
        return batch
    _require_state(batch, _State.DRAFT)
    if batch.header_problems or not batch.rows.filter(state=BatchRow.State.READY).exists():
        raise Conflict(_("no row of it is ready; mend the table first"))
    batch.state, batch.submitted_by, batch.submitted_at = _State.SUBMITTED, actor, now
    batch.save(update_fields=["state", "submitted_by", "submitted_at"])
    _record(Action.of("batch.submit"), batch, actor, now)
    _emit("batch.submitted", batch, now)
    return batch


@transaction.atomic
def approve(*, batch_id: UUID, actor: User, now: datetime) -> Batch:
    """Approve, and plan every award of it in the same commit; clicked twice, it is done once.

    Nobody approves what they uploaded or submitted, unless they alone may approve in the
    organisation: then it is marked as not independently approved.
    """
    batch = _locked(batch_id)
    require(actor, permissions.APPROVE_BATCH, batch.issuer)
    if batch.approved_by_id == actor.id:
        return batch
    _require_state(batch, _State.SUBMITTED)
    refuse_unawardable(batch.issuer, batch.version, batch.offering, batch.language)
    batch.approval = approval_by(actor, batch)
    batch.state, batch.approved_by, batch.approved_at = _State.RUNNING, actor, now
    batch.save(update_fields=["state", "approved_by", "approved_at", "approval"])
    count = planning.plan(batch, actor, now)
    _record(permissions.APPROVE_BATCH, batch, actor, now, awards=count)
    _emit("batch.approved", batch, now)
    return batch


@transaction.atomic
def withdraw(*, batch_id: UUID, actor: User, now: datetime) -> Batch:
    """Give up a batch that nobody approved; what its rows said of people goes."""
    batch = _locked(batch_id)
    require(actor, permissions.BATCH, batch.issuer)
    _require_state(batch, _State.DRAFT, _State.SUBMITTED)
    batch.state = _State.WITHDRAWN
    batch.save(update_fields=["state"])
    batch.rows.all().delete()
    _record(Action.of("batch.withdraw"), batch, actor, now)
    return batch


def approval_by(actor: User, batch: Batch) -> Batch.Approval:
    """What an approval by `actor` is worth.  Raises `NotAllowed` if another must give it."""
    if actor.id not in (batch.uploaded_by_id, batch.submitted_by_id):
        return Batch.Approval.SECOND_PERSON
    if [who.id for who in approvers(batch.issuer)] == [actor.id]:
        return Batch.Approval.NOT_INDEPENDENT
    raise NotAllowed(_("you uploaded or submitted it, so another member approves it"))


def _table(data: bytes) -> Table:
    try:
        table = decode_table(data)
    except Malformed as err:
        raise Malformed(str(err.args[0]), "/file") from err
    count = len(table.rows) + len(table.problems)
    if count > MAX_ROWS:
        raise Malformed(
            _("it has %(count)s rows; split it, a table has %(most)s at most")
            % {"count": count, "most": MAX_ROWS},
            "/file",
        )
    if not count:
        raise Malformed(_("there is no row below the headings"), "/file")
    return table


def _rows(batch: Batch, table: Table) -> Sequence[BatchRow]:
    read = [
        BatchRow(
            issuer=batch.issuer,
            batch=batch,
            number=row.number,
            cells=[without_guard(cell) for cell in row.cells],
        )
        for row in table.rows
    ]
    broken = [
        BatchRow(
            issuer=batch.issuer,
            batch=batch,
            number=problem.row,
            state=BatchRow.State.PROBLEM,
            problems=[as_json(problem)],
        )
        for problem in table.problems
    ]
    return sorted(read + broken, key=lambda row: row.number)


def _same(done: Batch, wanted: Batch) -> Batch:
    if (done.issuer_id, done.version_id, done.file_sha256) != (
        wanted.issuer_id,
        wanted.version_id,
        wanted.file_sha256,
    ):
        raise Conflict(_("this form was sent before, with another file; open it again"))
    return done


def _locked(batch_id: UUID) -> Batch:
    found = Batch.objects.select_related("issuer", "version__achievement__creator", "offering")
    return found.select_for_update(of=("self",)).get(pk=batch_id)


def _require_state(batch: Batch, *states: str) -> None:
    if batch.state not in states:
        raise Conflict(
            _("its state is “%(state)s”; look at it again") % {"state": batch.get_state_display()}
        )


def _record(action: Action, batch: Batch, actor: User, now: datetime, **details: int) -> None:
    audit.record(
        action.name,
        organisation_id=batch.issuer_id,
        actor_id=actor.id,
        subject_kind="batch",
        subject_id=batch.id,
        at=now,
        **details,
    )


def _emit(kind: str, batch: Batch, now: datetime) -> None:
    outbox.emit(kind, organisation_id=batch.issuer_id, subject_id=batch.id, at=now)
