"""The plan: all of a batch but its signatures, fixed in one commit.

It is made in parts, so that memory is bounded; a part is what one chunk signs.  Lock order as in
`status_lists`: awards, credentials, lists by purpose.  The award of a row has the row's id, so that
a row is one award whatever happens.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.core.status.credential import Purpose
from cairn.issuing import permissions, status_lists
from cairn.issuing.batches.reading import mark_held
from cairn.issuing.batches.rows import award_of
from cairn.issuing.models import (
    Award,
    Batch,
    BatchChunk,
    BatchRow,
    BatchSource,
    Credential,
    StatusEntry,
)
from cairn.people.models import Learner, User
from cairn.platform import audit
from cairn.platform.bulk_rows import insert_rows
from cairn.signing import orders

CHUNK_ROWS: int = settings.ISSUING_CHUNK_ROWS
_AT_ONCE = 1000  # learners of one statement
_SALT_BYTES = 16
_State = BatchRow.State
_OF_AN_AWARD = (
    "id",
    "learner_id",
    "recipient_name",
    "narrative",
    "evidence_url",
    "evidence_name",
    "results",
    "student_number",
    "terms",
    "valid_from",
    "valid_until",
)


@transaction.atomic
def plan_batch(*, batch_id: UUID, now: datetime) -> None:
    """Plan a batch that was approved, unless that was done; if it can't be, it waits again.

    Then it has to be approved anew, and the batch says why.
    """
    batch = _locked(batch_id)
    if batch is None or batch.state != Batch.State.PLANNING or batch.approved_by is None:
        return
    try:
        with transaction.atomic():
            plan(batch, batch.approved_by, now)
    except Conflict as err:
        _send_back(batch, str(err), now)


@transaction.atomic
def give_up(*, batch_id: UUID, now: datetime) -> None:
    """The worker could not plan a batch, for a reason that is not the batch's."""
    batch = _locked(batch_id)
    if batch is not None and batch.state == Batch.State.PLANNING:
        reason = _("something went wrong here; upload it again, or ask who runs the installation")
        _send_back(batch, reason, now)


def plan(batch: Batch, actor: User, now: datetime) -> int:
    """Plan and order all ready rows of `batch`, in the caller's transaction; how many.

    It is running then.  Rows whose learner was awarded meanwhile are held.  Raises `Conflict` if
    one is being awarded at this very moment, or nobody is left.
    """
    _make_learners(batch, now)
    count = sum(_plan_part(batch, rows, actor, now) for rows in _parts(batch))
    if not count:
        raise Conflict(_("nobody is left in it to award; everybody has it already"))
    audit.record(
        permissions.AWARD.name,
        organisation_id=batch.issuer_id,
        actor_id=actor.id,
        subject_kind="batch",
        subject_id=batch.id,
        at=now,
        awards=count,
    )
    batch.state = Batch.State.RUNNING
    batch.save(update_fields=["state"])
    return count


def _locked(batch_id: UUID) -> Batch | None:
    found = Batch.objects.select_related(
        "issuer", "version__achievement__creator", "offering", "approved_by"
    )
    return found.select_for_update(of=("self",)).filter(pk=batch_id).first()


def _send_back(batch: Batch, reason: str, now: datetime) -> None:
    batch.state, batch.approval = Batch.State.SUBMITTED, ""
    batch.approved_by = batch.approved_at = None
    batch.save(update_fields=["state", "approval", "approved_by", "approved_at"])
    BatchSource.objects.filter(batch=batch).update(problem=reason)
    audit.record(
        "batch.send_back",
        organisation_id=batch.issuer_id,
        actor_id=None,
        subject_kind="batch",
        subject_id=batch.id,
        at=now,
    )


def _parts(batch: Batch) -> Iterator[list[BatchRow]]:
    """The ready rows in their order, as many at a time as one chunk signs."""
    last = 0
    ready = batch.rows.filter(state=_State.READY).defer("cells", "problems").order_by("number")
    while part := list(ready.filter(number__gt=last)[:CHUNK_ROWS]):
        last = part[-1].number
        yield part


def _plan_part(batch: Batch, rows: Sequence[BatchRow], actor: User, now: datetime) -> int:
    held = mark_held(batch, rows)
    batch.rows.filter(pk__in=[row.pk for row in held]).update(state=_State.HELD)
    planned = [row for row in rows if row.state == _State.READY]
    if not planned:
        return 0
    first, last = planned[0].number, planned[-1].number
    _create_awards(batch, planned, actor, now)
    _create_credentials(batch, planned, now)
    batch.rows.filter(number__range=(first, last), state=_State.READY).update(state=_State.PLANNED)
    chunk = BatchChunk.objects.create(
        issuer=batch.issuer, batch=batch, first_row=first, last_row=last
    )
    orders.place(
        organisation=batch.issuer,
        kind="batch_chunk",
        subject_id=chunk.id,
        requester=actor,
        now=now,
    )
    return len(planned)


def _make_learners(batch: Batch, now: datetime) -> None:
    """Those who are new here.

    In one order, so that two batches with the same people wait for each other and don't deadlock.
    """
    ready = batch.rows.filter(state=_State.READY).order_by("email")
    emails = ready.values_list("email", flat=True).iterator(_AT_ONCE)
    while part := list(islice(emails, _AT_ONCE)):
        known = set(Learner.objects.filter(email__in=part).values_list("email", flat=True))
        Learner.objects.bulk_create(
            [Learner(email=email, created_at=now) for email in part if email not in known],
            ignore_conflicts=True,
        )


def _create_awards(batch: Batch, rows: Sequence[BatchRow], actor: User, now: datetime) -> None:
    emails = [row.email for row in rows]
    learners = {one.email: one for one in Learner.objects.filter(email__in=emails)}
    awards = [award_of(row, batch, learners[row.email], now) for row in rows]
    try:
        with transaction.atomic():
            insert_rows(
                Award,
                _OF_AN_AWARD,
                map(attrgetter(*_OF_AN_AWARD), awards),
                alike={
                    "issuer_id": batch.issuer_id,
                    "version_id": batch.version_id,
                    "offering_id": batch.offering_id,
                    "language": batch.language,
                    "state": Award.State.PLANNED.value,
                    "awarded_by_id": actor.id,
                    "awarded_at": awards[0].awarded_at,
                },
            )
    except IntegrityError as err:
        raise Conflict(_("somebody awarded one of them at this moment; try again")) from err


def _create_credentials(batch: Batch, rows: Sequence[BatchRow], now: datetime) -> None:
    ids = [uuid4() for _row in rows]
    insert_rows(
        Credential,
        ("id", "award_id", "salt"),
        ((one, row.id, secrets.token_hex(_SALT_BYTES)) for one, row in zip(ids, rows, strict=True)),
        alike={"issuer_id": batch.issuer_id, "planned_at": now},
    )
    purposes: list[Purpose] = [status_lists.REVOCATION]
    if batch.version.is_suspendable:
        purposes.append(status_lists.SUSPENSION)
    for purpose in purposes:
        taken = status_lists.take_many(batch.issuer, purpose, len(rows), now)
        insert_rows(
            StatusEntry,
            ("credential_id", "status_list_id", "index"),
            ((one, *entry) for one, entry in zip(ids, taken, strict=True)),
            alike={"issuer_id": batch.issuer_id},
        )
