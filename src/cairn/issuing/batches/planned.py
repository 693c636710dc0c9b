"""The planned credentials of a chunk, as rows: what the signer needs and no more.

Lock order as in `status_lists`: awards, credentials; each in the order of its ids.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from cairn.issuing.documents import Entry
from cairn.issuing.models import Award, BatchChunk, BatchRow, Credential, StatusEntry
from cairn.issuing.slots import Key, Row, uuid_of
from cairn.signing.models import SigningOrder

_COLUMNS = (
    "award_id",
    "id",
    "salt",
    "award__learner__email",
    "award__recipient_name",
    "award__student_number",
    "award__narrative",
    "award__evidence_url",
    "award__evidence_name",
    "results",
    "terms",
    "award__valid_from",
    "award__valid_until",
    "award__awarded_at",
)
_MOMENTS = _COLUMNS.index("award__valid_from")  # from here on they are times

Entries = Mapping[Key, tuple[Entry, ...]]  # by credential


def locked_chunk(order: SigningOrder) -> BatchChunk:
    """The chunk of `order`, with its batch; locked until the transaction ends."""
    found = BatchChunk.objects.select_for_update(of=("self",)).select_related(
        "batch__issuer", "batch__version__achievement__creator"
    )
    return found.get(pk=order.subject_id, issuer=order.organisation)


def rows_of(chunk: BatchChunk, state: str) -> QuerySet[BatchRow]:
    """The rows of `chunk` that are in `state`."""
    return BatchRow.objects.filter(
        issuer=chunk.issuer_id,
        batch=chunk.batch_id,
        number__range=(chunk.first_row, chunk.last_row),
        state=state,
    )


def awards_of(chunk: BatchChunk) -> QuerySet[Award]:
    """The awards of `chunk` that are still to be signed."""
    rows = rows_of(chunk, BatchRow.State.PLANNED)
    return Award.objects.filter(pk__in=rows.values("pk"), state=Award.State.PLANNED)


def planned_rows(chunk: BatchChunk) -> list[Row]:
    """What is to be signed of `chunk`, locked, in the order of its credentials.

    3 queries, on SQLite 1: its writer is alone.
    """
    awards = awards_of(chunk)
    credentials = Credential.objects.filter(
        award__in=awards.values("pk"), is_current=True, signed_at=None
    )
    if connection.features.has_select_for_update:
        for kept in (awards, credentials):
            list(kept.select_for_update().order_by("pk").values_list("pk"))
    told = credentials.annotate(
        results=Cast("award__results", TextField()), terms=Cast("award__terms", TextField())
    )
    found = _raw(told.order_by("pk").values_list(*_COLUMNS))
    return [Row(*one[:_MOMENTS], *map(_moment, one[_MOMENTS:])) for one in found]


def entries_of(chunk: BatchChunk) -> Entries:
    """The status entries of each credential of `chunk`, by purpose: 1 query.

    The lists are not read: their bits are long.
    """
    told = StatusEntry.objects.filter(
        credential__award__in=awards_of(chunk).values("pk"), credential__is_current=True
    ).order_by("status_list__purpose")
    columns = ("credential_id", "status_list_id", "index", "status_list__purpose")
    found: dict[Key, tuple[Entry, ...]] = {}
    lists: dict[Key, UUID] = {}
    for key, list_key, index, purpose in _raw(told.values_list(*columns)):
        list_id = lists.get(list_key) or lists.setdefault(list_key, uuid_of(list_key))
        found[key] = (*found.get(key, ()), (list_id, index, purpose))
    return found


def _raw(query: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows as the database gives them: ids and times by the thousand need not be objects."""
    statement, values = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _moment(value: datetime | None) -> datetime | None:
    """A time of the database, which SQLite gives without its zone."""
    return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)
