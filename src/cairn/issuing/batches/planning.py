"""The plan: all of a batch but its signatures, fixed in one commit.

Lock order as in `status_lists`: awards, credentials, lists by purpose.  The award of a row has the
row's id, so that a row is one award whatever happens.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.core.status.credential import Purpose
from cairn.issuing import permissions, status_lists
from cairn.issuing.batches.reading import mark_held
from cairn.issuing.batches.rows import award_of
from cairn.issuing.models import Award, Batch, BatchChunk, BatchRow, Credential, StatusEntry
from cairn.people.models import Learner, User
from cairn.platform import audit
from cairn.signing import orders

CHUNK_ROWS = 1000  # about 0.2 s of signing in one transaction
_AT_ONCE = 1000  # rows of one statement
_SALT_BYTES = 16
_T = TypeVar("_T")


def plan(batch: Batch, actor: User, now: datetime) -> int:
    """Plan and order all ready rows of `batch`, in the caller's transaction; how many.

    Rows whose learner was awarded meanwhile are held.  Raises `Conflict` if one is being awarded at
    this very moment, or nobody is left.
    """
    rows = list(batch.rows.filter(state=BatchRow.State.READY).order_by("number"))
    held = mark_held(batch, rows)
    for part in _parts(held):
        batch.rows.filter(pk__in=[row.pk for row in part]).update(state=BatchRow.State.HELD)
    planned = [row for row in rows if row.state == BatchRow.State.READY]
    if not planned:
        raise Conflict(_("nobody is left in it to award; everybody has it already"))
    _create_awards(batch, planned, actor, now)
    _create_credentials(batch, planned, now)
    batch.rows.filter(state=BatchRow.State.READY).update(state=BatchRow.State.PLANNED)
    _order_chunks(batch, planned, actor, now)
    audit.record_each(
        permissions.AWARD.name,
        organisation_id=batch.issuer_id,
        actor_id=actor.id,
        subject_kind="award",
        subjects=((row.id, {"batch": str(batch.id)}) for row in planned),
        at=now,
    )
    return len(planned)


def _create_awards(batch: Batch, rows: Sequence[BatchRow], actor: User, now: datetime) -> None:
    learners = _learners([row.email for row in rows], now)
    made = []
    for row in rows:
        award = award_of(row, batch, learners[row.email], now)
        award.awarded_by = actor
        made.append(award)
    try:
        with transaction.atomic():
            Award.objects.bulk_create(made, batch_size=_AT_ONCE)
    except IntegrityError as err:
        raise Conflict(_("somebody awarded one of them at this moment; try again")) from err


def _learners(emails: Sequence[str], now: datetime) -> dict[str, Learner]:
    # In one order, so that two batches with the same people wait for each other and don't deadlock.
    found: dict[str, Learner] = {}
    for part in _parts(sorted(emails)):
        known = set(Learner.objects.filter(email__in=part).values_list("email", flat=True))
        Learner.objects.bulk_create(
            [Learner(email=email, created_at=now) for email in part if email not in known],
            ignore_conflicts=True,
        )
        found |= {learner.email: learner for learner in Learner.objects.filter(email__in=part)}
    return found


def _create_credentials(batch: Batch, rows: Sequence[BatchRow], now: datetime) -> None:
    credentials = [
        Credential(
            issuer=batch.issuer,
            award_id=row.id,
            salt=secrets.token_hex(_SALT_BYTES),
            planned_at=now,
        )
        for row in rows
    ]
    Credential.objects.bulk_create(credentials, batch_size=_AT_ONCE)
    purposes: list[Purpose] = [status_lists.REVOCATION]
    if batch.version.is_suspendable:
        purposes.append(status_lists.SUSPENSION)
    for purpose in purposes:
        taken = status_lists.take_many(batch.issuer, purpose, len(rows), now)
        StatusEntry.objects.bulk_create(
            [
                StatusEntry(
                    issuer=batch.issuer, credential=credential, status_list_id=list_id, index=index
                )
                for credential, (list_id, index) in zip(credentials, taken, strict=True)
            ],
            batch_size=_AT_ONCE,
        )


def _order_chunks(batch: Batch, rows: Sequence[BatchRow], actor: User, now: datetime) -> None:
    for start in range(0, len(rows), CHUNK_ROWS):
        part = rows[start : start + CHUNK_ROWS]
        chunk = BatchChunk.objects.create(
            issuer=batch.issuer,
            batch=batch,
            first_row=part[0].number,
            last_row=part[-1].number,
        )
        orders.place(
            organisation=batch.issuer,
            kind="batch_chunk",
            subject_id=chunk.id,
            requester=actor,
            now=now,
        )


def _parts(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
