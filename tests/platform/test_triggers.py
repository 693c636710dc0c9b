"""Rows that never change, whoever asks: on SQLite and, where it is at hand, on PostgreSQL."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction

from cairn.platform import audit
from cairn.platform.models import AuditEntry
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    return audit.record(
        "award.give",
        organisation_id=uuid4(),
        actor_id=uuid4(),
        subject_kind="award",
        subject_id=uuid4(),
        at=world.NOW,
    )


def _refused(change: models.QuerySet[AuditEntry], **values: str) -> None:
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        change.update(**values) if values else change.delete()


def test_an_entry_of_the_audit_is_never_changed(entry: AuditEntry) -> None:
    _refused(AuditEntry.objects.filter(id=entry.id), action="award.withdraw")


def test_an_entry_of_the_audit_is_never_removed(entry: AuditEntry) -> None:
    _refused(AuditEntry.objects.filter(id=entry.id))
    assert AuditEntry.objects.filter(id=entry.id, action="award.give").exists()


def test_sql_by_hand_is_refused_as_well(entry: AuditEntry) -> None:
    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM platform_auditentry")
