"""Rows that never change, whoever asks: on SQLite and, where it is at hand, on PostgreSQL."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction

from cairn.catalogue.models import AchievementVersion, Decision
from cairn.issuing.acts import Order, act_on
from cairn.issuing.changes import Act, Change
from cairn.issuing.models import SignedForm
from cairn.organisations.models import Role
from cairn.platform import audit
from cairn.platform.models import AuditEntry
from tests import world

pytestmark = pytest.mark.django_db
Row = AuditEntry | AchievementVersion | Change | Decision | SignedForm


def _entry() -> AuditEntry:
    return audit.record(
        "award.give",
        organisation_id=uuid4(),
        actor_id=uuid4(),
        subject_kind="award",
        subject_id=uuid4(),
        at=world.NOW,
    )


def _published() -> AchievementVersion:
    return world.published_version(world.organisation(has_keys=False))


def _decision() -> Decision:
    version = _published()
    return Decision.objects.create(
        version=version,
        decided_by=version.author,
        outcome=Decision.Outcome.APPROVED,
        reasons="Complete.",
        at=world.NOW,
    )


def _signed_form() -> SignedForm:
    award = world.issued_award(world.organisation())
    return SignedForm.objects.filter(credential__award=award).earliest("id")


def _change() -> Change:
    award = world.issued_award(world.organisation())
    actor = world.member(award.issuer, Role.REGISTRAR)
    order = Order(Act.WITHDRAW, uuid4(), "error", "a note")
    act_on(issuer=award.issuer, award_ids=[award.id], order=order, actor=actor, now=world.NOW)
    return Change.objects.get()


def _row(row: Row) -> models.QuerySet[Row]:
    rows: models.QuerySet[Row] = type(row)._base_manager.filter(pk=str(row.pk))
    return rows


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (_entry, {"action": "award.withdraw"}),
        (_published, {"ects": 5}),
        (_published, {"state": "draft"}),
        (_decision, {"reasons": "Never mind."}),
        (_change, {"reason": "other"}),
        (_signed_form, {"body": b"{}"}),
        (_signed_form, {"key_fragment": "another"}),
    ],
)
def test_a_row_is_never_changed(make: Callable[[], Row], change: dict[str, object]) -> None:
    row = make()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        _row(row).update(**change)


@pytest.mark.parametrize("make", [_entry, _decision])
def test_a_row_is_never_removed(make: Callable[[], Row]) -> None:
    row = make()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        _row(row).delete()
    assert _row(row).exists()


def test_a_published_version_is_never_removed() -> None:
    version = _published()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        _row(version).delete()


def test_a_draft_changes_and_can_be_removed() -> None:
    version = world.published_version(
        world.organisation(has_keys=False), state="draft", published_at=None, approval=""
    )
    assert _row(version).update(ects=5) == 1
    assert _row(version).delete()[0] == 1


def test_signed_bytes_can_be_erased() -> None:
    assert _row(_signed_form()).delete()[0] == 1


def test_sql_by_hand_is_refused_as_well() -> None:
    _entry()
    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM platform_auditentry")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["once", "again"])
def test_tests_can_still_empty_the_database(time: str) -> None:
    assert not AuditEntry.objects.exists()
    with transaction.atomic():
        _entry()
    with pytest.raises(IntegrityError, match="never changes"):
        AuditEntry.objects.all().delete()
