"""What people do with a batch: upload, say what the columns mean, submit, approve, withdraw.

Each is one transaction; what takes long and changes nothing is done before it begins.
"""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cairn.catalogue.models import AchievementVersion, Offering
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.openbadges.table import ReadAs, open_table
from cairn.issuing import permissions
from cairn.issuing.batches import files, planning, reading_job
from cairn.issuing.batches.approval import require_given
from cairn.issuing.batches.selectors import approvers
from cairn.issuing.batches.uploading import ROWS_AT_ONCE, Upload, ask, empty, read_again, take
from cairn.issuing.models import Batch, BatchRow
from cairn.issuing.services import refuse_unawardable
from cairn.organisations.access import Action, require
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit, outbox

_State = Batch.State
# Of a batch that can still be given up.
OPEN = (_State.READING, _State.FAILED, _State.DRAFT, _State.SUBMITTED)


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
    """A table that is in memory; see `uploading.take`."""
    file = BytesIO(data)
    upload = Upload(issuer, version, offering, language, file, file_name, batch_id)
    return take(upload, actor=actor, now=now)


@transaction.atomic
def map_columns(*, batch_id: UUID, mapping: Mapping[str, str], actor: User, now: datetime) -> Batch:
    """Say what the columns mean, by heading, and have the rows read anew."""
    batch = _draft(batch_id, actor)
    batch.mapping = dict(mapping)
    rows = batch.rows.exclude(cells=[])
    return _read_anew(batch, rows, now)


@transaction.atomic
def read_as(*, batch_id: UUID, read_as: ReadAs, actor: User, now: datetime) -> Batch:
    """Have the file itself read anew: in another encoding, by another separator, another sheet.

    What somebody chose for single rows is forgotten.  Raises `Malformed` (path /file) for what
    can be seen at once.
    """
    batch = _draft(batch_id, actor, Batch.State.FAILED)
    source = batch.source
    try:
        with files.opened(batch.id) as file:
            if next(open_table(file, read_as).rows, None) is None:
                raise empty()
    except FileNotFoundError as err:
        raise Conflict(_("the file is no longer there; upload it again")) from err
    except Malformed as err:
        raise Malformed(str(err.args[0]), "/file") from err
    is_small = source.rows_loaded <= ROWS_AT_ONCE
    read_again(source, read_as)
    return _wait_or_read(batch, is_small=is_small, now=now)


@transaction.atomic
def choose_address(
    *, batch_id: UUID, choices: Mapping[int, str], others: str, actor: User, now: datetime
) -> Batch:
    """Say which address counts for unsure rows: by their number, and for all `others` unless "".

    Raises `Malformed` for what is no choice.
    """
    batch = _draft(batch_id, actor)
    if not {*choices.values(), *filter(None, [others])} <= set(BatchRow.Address.values):
        raise Malformed(_("choose one of the two addresses"))
    unsure = batch.rows.filter(state=BatchRow.State.UNSURE)
    chosen = set(choices)
    for choice in BatchRow.Address.values:
        numbers = [number for number, said in choices.items() if said == choice]
        unsure.filter(number__in=numbers).update(address=choice)
    if others:
        unsure.exclude(number__in=chosen).update(address=others)
    return _read_anew(batch, unsure.exclude(address=""), now)


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
    """Approve, and have every award of it planned; clicked twice, it is done once.

    A small batch is planned in the same commit, a large one by the worker (`planning.plan_batch`).

    Nobody approves what they uploaded or submitted, unless they alone may approve in the
    organisation: then it is marked as not independently approved.
    """
    batch = _locked(batch_id)
    require(actor, permissions.APPROVE_BATCH, batch.issuer)
    if batch.approved_by_id == actor.id:
        return batch
    _require_state(batch, _State.SUBMITTED)
    refuse_unawardable(batch.issuer, batch.version, batch.offering, batch.language)
    require_given(batch, actor, now)
    batch.approval = approval_by(actor, batch)
    batch.state, batch.approved_by, batch.approved_at = _State.PLANNING, actor, now
    batch.save(update_fields=["state", "approved_by", "approved_at", "approval"])
    files.discard_on_commit(batch.id)
    count = batch.rows.filter(state=BatchRow.State.READY).count()
    _record(permissions.APPROVE_BATCH, batch, actor, now, rows=count)
    if count <= ROWS_AT_ONCE:
        planning.plan(batch, actor, now)
    _emit("batch.approved", batch, now)
    return batch


@transaction.atomic
def withdraw(*, batch_id: UUID, actor: User, now: datetime) -> Batch:
    """Give up a batch that nobody approved; what its rows said of people goes."""
    batch = _locked(batch_id)
    require(actor, permissions.BATCH, batch.issuer)
    _require_state(batch, *OPEN)
    batch.state = _State.WITHDRAWN
    batch.save(update_fields=["state"])
    batch.rows.all().delete()
    files.discard_on_commit(batch.id)
    _record(Action.of("batch.withdraw"), batch, actor, now)
    return batch


def approval_by(actor: User, batch: Batch) -> Batch.Approval:
    """What an approval by `actor` is worth.  Raises `NotAllowed` if another must give it."""
    if actor.id not in (batch.uploaded_by_id, batch.submitted_by_id):
        return Batch.Approval.SECOND_PERSON
    if [who.id for who in approvers(batch.issuer)] == [actor.id]:
        return Batch.Approval.NOT_INDEPENDENT
    raise NotAllowed(_("you uploaded or submitted it, so another member approves it"))


def _draft(batch_id: UUID, actor: User, *other_states: str) -> Batch:
    batch = _locked(batch_id)
    require(actor, permissions.BATCH, batch.issuer)
    _require_state(batch, _State.DRAFT, *other_states)
    return batch


def _read_anew(batch: Batch, rows: QuerySet[BatchRow], now: datetime) -> Batch:
    """Have `rows` looked at again, of a batch whose rows are loaded."""
    source = batch.source
    # One statement, with the same values for all: `unread` for rows that are not in memory.
    rows.update(state=BatchRow.State.UNREAD, problems=[], said={}, email="", name="")
    reading_job.begin(batch, source)
    return _wait_or_read(batch, is_small=source.rows_to_read <= ROWS_AT_ONCE, now=now)


def _wait_or_read(batch: Batch, *, is_small: bool, now: datetime) -> Batch:
    batch.state = _State.READING
    batch.save(update_fields=["state", "mapping"])
    batch.source.save()
    if is_small:
        return reading_job.read_now(batch.id, now)
    ask(batch, batch.source, now)
    return batch


def _locked(batch_id: UUID) -> Batch:
    found = Batch.objects.select_related(
        "issuer", "version__achievement__creator", "offering", "source"
    )
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
