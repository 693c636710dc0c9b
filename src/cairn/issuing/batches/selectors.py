"""Batches as pages read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, QuerySet

from cairn.catalogue.models import AchievementVersion
from cairn.issuing.models import Batch, BatchRow
from cairn.issuing.permissions import APPROVE_BATCH
from cairn.organisations.models import Membership, Organisation
from cairn.people.models import User
from cairn.signing.models import SigningOrder

_State = BatchRow.State
LEFT_OUT = (_State.UNSURE, _State.PROBLEM, _State.DUPLICATE, _State.HELD, _State.PARKED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is; `left` is None until there is a rate to reckon with."""

    done: int  # rows
    total: int
    per_second: float
    left: timedelta | None
    minutes_left: int | None  # rounded up
    failed_chunks: int  # whose order the signer gave up; an operator lets them be tried again


def batches_of(organisation: Organisation) -> QuerySet[Batch]:
    """The batches of an issuer, newest first: 1 query."""
    return (
        Batch.objects.filter(issuer=organisation)
        .select_related(
            "issuer",
            "version__achievement__creator",
            "offering",
            "uploaded_by",
            "submitted_by",
            "approved_by",
            "source",
        )
        .order_by("-uploaded_at", "id")
    )


def counts(batch: Batch) -> dict[str, int]:
    """How many rows are in each state that one is in: 1 query."""
    found = batch.rows.values_list("state").annotate(count=Count("pk")).order_by("state")
    return dict(found)


def rows_with_problems(batch: Batch) -> QuerySet[BatchRow]:
    """The rows that won't be awarded, and say why: 1 query."""
    return batch.rows.filter(state__in=LEFT_OUT).order_by("number")


def unsure_rows(batch: Batch) -> QuerySet[BatchRow]:
    """The rows whose number is known under another address: 1 query."""
    return batch.rows.filter(state=_State.UNSURE).order_by("number")


def progress(batch: Batch, found: Mapping[str, int], now: datetime) -> Progress:
    """How far `batch` is, of which `found` are the counts: 1 query."""
    done = found.get(_State.ISSUED, 0) + found.get(_State.PARKED, 0)
    total = done + found.get(_State.PLANNED, 0)
    until = batch.done_at or now
    seconds = (until - batch.approved_at).total_seconds() if batch.approved_at else 0.0
    rate = done / seconds if seconds > 0 else 0.0
    left = timedelta(seconds=round((total - done) / rate)) if rate else None
    failed = SigningOrder.objects.filter(
        organisation=batch.issuer_id,
        kind="batch_chunk",
        subject_id__in=batch.chunks.filter(done_at=None).values("id"),
        state=SigningOrder.State.FAILED,
    ).count()
    minutes = None if left is None else ceil(left.total_seconds() / 60)
    return Progress(done, total, rate, left, minutes, failed)


def approvers(organisation: Organisation) -> list[User]:
    """The active members who may approve a batch: 1 query."""
    members = Membership.objects.filter(
        organisation=organisation, user__is_active=True
    ).select_related("user")
    # Few rows; a search inside JSON differs between the databases.
    return [one.user for one in members if not APPROVE_BATCH.roles.isdisjoint(one.roles)]


def remembered_mapping(
    organisation: Organisation, version: AchievementVersion, header: Sequence[str]
) -> dict[str, str]:
    """What the columns meant in the last table for `version`, as far as `header` has them."""
    last = (
        Batch.objects.filter(issuer=organisation, version=version)
        .exclude(mapping={})
        .order_by("-uploaded_at")
        .values_list("mapping", flat=True)
        .first()
    )
    return {heading: field for heading, field in (last or {}).items() if heading in header}
