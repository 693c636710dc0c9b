"""Rows written past the models are those that `bulk_create` writes, on both databases."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from cairn.platform.bulk_rows import insert_rows
from cairn.platform.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 14, 10, 0, 0, 123456, tzinfo=UTC)
DETAILS = {"text": 'Zoë "Q" \\ \t 𝔸', "count": 3, "is": True, "none": None}


def said(entry: AuditEntry) -> dict[str, object]:
    return {name: value for name, value in vars(entry).items() if name not in ("_state", "id")}


def test_rows_are_stored_as_bulk_create_stores_them() -> None:
    values = {
        "organisation_id": uuid.uuid4(),
        "actor_id": None,
        "action": "x",
        "subject_kind": 'tab\tnew\nline "\\N',
        "subject_id": uuid.uuid4(),
        "at": AT,
        "details": DETAILS,
    }
    AuditEntry.objects.bulk_create([AuditEntry(**values)])
    columns = ("subject_kind", "subject_id", "details")
    alike = {name: value for name, value in values.items() if name not in columns}
    insert_rows(AuditEntry, columns, [[values[name] for name in columns]], alike=alike)
    one, other = AuditEntry.objects.order_by("id")
    assert said(one) == said(other)
    assert one.id < other.id


def test_a_column_that_is_not_named_has_its_default() -> None:
    insert_rows(OutboxEvent, ("kind", "subject_id", "at"), [("x", uuid.uuid4(), AT)])
    event = OutboxEvent.objects.get(kind="x")
    assert (event.schema_version, event.payload, event.is_relayed) == (1, {}, False)


def test_many_rows_come_from_an_iterator() -> None:
    def rows() -> Iterator[tuple[str, uuid.UUID, datetime]]:
        for number in range(2500):
            yield f"x{number}", uuid.uuid4(), AT

    insert_rows(OutboxEvent, ("kind", "subject_id", "at"), rows())
    assert OutboxEvent.objects.count() == 2500


def test_constraints_hold_and_nothing_of_a_broken_lot_stays() -> None:
    key = uuid.uuid4()
    rows = [("a", key, AT), ("b", None, AT)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(OutboxEvent, ("kind", "subject_id", "at"), rows)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rows_outside_a_transaction_are_refused() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        insert_rows(OutboxEvent, ("kind",), [])
