"""High-stakes batches: a second person's passkey signs the plan, and the signer signs nothing else.

Rows are changed by SQL, as somebody with the database could.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from fido2.utils import websafe_decode, websafe_encode

from cairn.core.errors import CairnError, Conflict, Malformed, NotAllowed, Unverifiable
from cairn.issuing import approver_keys, high_stakes
from cairn.issuing import services as singles
from cairn.issuing.batches import approval, plan_digest, services
from cairn.issuing.batches.signed_approval import approve_with_passkey
from cairn.issuing.models import (
    ApprovedPart,
    ApproverKey,
    ApproverKeyDecision,
    Award,
    Batch,
    BatchApproval,
    BatchRow,
    SignedForm,
)
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Role
from cairn.people.models import User
from cairn.platform.models import AuditEntry
from cairn.signing.models import SigningOrder
from tests import world
from tests.authenticators import Passkey
from tests.world import NOW

pytestmark = pytest.mark.django_db
LONG_AGO = NOW - timedelta(days=30)
SOON = NOW + timedelta(minutes=1)
TABLE = "name,email,narrative\nAda,ada@example.org,Well done\nAlan,alan@example.org,\n"


class Board:
    """An issuer whose one achievement needs a signed approval, and an approver who can give it."""

    def __init__(self) -> None:
        self.issuer = world.organisation()
        self.awarder = world.member(self.issuer, Role.AWARDER)
        self.owner = world.member(self.issuer, Role.OWNER)
        self.approver = world.member(self.issuer, Role.APPROVER)
        self.version = world.published_version(self.issuer)
        self.passkey, self.key = self.with_passkey(self.approver)
        high_stakes.set_rule(
            organisation=self.issuer,
            achievement=self.version.achievement,
            is_required=True,
            actor=self.owner,
            now=NOW,
        )

    def with_passkey(self, user: User, *, is_confirmed: bool = True) -> tuple[Passkey, ApproverKey]:
        passkey = Passkey()
        options = {"publicKey": {"user": {"id": "dQ"}, "challenge": "YQ"}}
        data = {"name": "My key", "credential": json.loads(passkey.created(options))}
        own = Authenticator.objects.create(user=user, type="webauthn", data=data)
        key = approver_keys.register_key(
            organisation=self.issuer, passkey_id=own.pk, actor=user, now=NOW
        )
        if is_confirmed:
            approver_keys.confirm_key(key_id=key.id, actor=self.owner, now=NOW)
        return passkey, key

    def submitted(self, text: str = TABLE) -> Batch:
        batch = services.upload(
            issuer=self.issuer,
            version=self.version,
            offering=None,
            language="en",
            data=text.encode(),
            file_name="people.csv",
            actor=self.awarder,
            now=NOW,
        )
        return services.submit(batch_id=batch.id, actor=self.awarder, now=NOW)

    def asked(self, batch: Batch) -> Any:
        return approval.begin_approval(batch_id=batch.id, actor=self.approver, now=SOON)

    def approved(self, batch: Batch, passkey: Passkey | None = None) -> Batch:
        answer = (passkey or self.passkey).used(self.asked(batch))
        return approve_with_passkey(batch_id=batch.id, answer=answer, actor=self.approver, now=SOON)


@pytest.fixture
def board() -> Board:
    return Board()


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def reasons(batch: Batch) -> list[str]:
    return [row.problems[0]["problem"] for row in batch.rows.filter(state=BatchRow.State.PARKED)]


def work() -> None:
    run_until_idle(SOON)


def test_what_a_second_person_signed_is_signed(board: Board) -> None:
    batch = board.approved(board.submitted())
    work()
    assert batch.rows.filter(state=BatchRow.State.ISSUED).count() == 2
    assert SignedForm.objects.filter(issuer=board.issuer, form="eddsa-rdfc-2022").count() == 2
    assert AuditEntry.objects.filter(action="approval.sign", actor_id=board.approver.id).exists()


def test_what_is_signed_leaves_no_digests_of_people_behind(board: Board) -> None:
    board.approved(board.submitted())
    assert ApprovedPart.objects.exists()
    work()
    assert not ApprovedPart.objects.exists()


def test_without_a_passkey_it_is_not_approved(board: Board) -> None:
    batch = board.submitted()
    with pytest.raises(NotAllowed):
        services.approve(batch_id=batch.id, actor=board.approver, now=SOON)


def _forced(board: Board, text: str = TABLE) -> Batch:
    """Approved before there was a rule: as a page with a fault, or not ours, would approve it."""
    batch = board.submitted(text)
    with _without_triggers("approvalrule"):
        sql("UPDATE issuing_approvalrule SET is_required = %s, changed_at = %s", False, LONG_AGO)
        services.approve(batch_id=batch.id, actor=board.approver, now=SOON)
        sql("UPDATE issuing_approvalrule SET is_required = %s", True)
    return batch


def test_a_page_that_forgets_to_ask_gets_nothing_signed(board: Board) -> None:
    batch = _forced(board)
    work()
    assert reasons(batch) == ["its approval does not hold: nobody approved it with a passkey"] * 2
    assert not SignedForm.objects.filter(issuer=board.issuer).exists()
    assert not Award.objects.filter(issuer=board.issuer).exists()
    assert AuditEntry.objects.filter(action="batch.approval_refused").count() == 1


# Each is what somebody with the database writes after the approval.
_AWARD, _ROW = "UPDATE issuing_award SET ", "UPDATE issuing_batchrow SET "
TAMPERED = {
    "a name in the award": (_AWARD + "recipient_name = 'Mallory' WHERE recipient_name = 'Ada'",),
    "a name in the row": (_ROW + "name = 'Mallory' WHERE name = 'Ada'",),
    "a name in both": (
        _AWARD + "recipient_name = 'Mallory' WHERE recipient_name = 'Ada'",
        _ROW + "name = 'Mallory' WHERE name = 'Ada'",
    ),
    "an address": ("UPDATE people_learner SET email = 'm@example.org' WHERE email LIKE 'ada@%%'",),
    "a narrative": (_AWARD + "narrative = 'Best of all' WHERE recipient_name = 'Alan'",),
    "a result": (_AWARD + "results = '[{\"value\": \"A\"}]' WHERE recipient_name = 'Ada'",),
    "a term": (_AWARD + "terms = '{\"role\": \"Dean\"}' WHERE recipient_name = 'Ada'",),
    "a student number": (_AWARD + "student_number = '7' WHERE recipient_name = 'Ada'",),
    "a date": (_AWARD + "valid_from = '2020-01-01 00:00:00+00:00' WHERE recipient_name = 'Ada'",),
    "when it was decided": (_AWARD + "awarded_at = '2020-01-01 00:00:00+00:00'",),
    "the language": ("UPDATE issuing_batch SET language = 'fr'",),
    "who uploaded it": ("UPDATE issuing_batch SET uploaded_by_id = approved_by_id",),
    "who approved it": ("UPDATE issuing_batch SET approved_by_id = uploaded_by_id",),
    "the name of the issuer": ("UPDATE organisations_organisation SET name = 'Other'",),
    "the list of rows": ("UPDATE issuing_approvedpart SET last_row = 1",),
}


@pytest.mark.parametrize("statements", TAMPERED.values(), ids=TAMPERED.keys())
def test_what_was_changed_after_the_approval_is_not_signed(
    board: Board, statements: tuple[str, ...]
) -> None:
    batch = board.approved(board.submitted())
    with _without_triggers("approvedpart"):
        for statement in statements:
            sql(statement)
    work()
    assert not SignedForm.objects.filter(issuer=board.issuer).exists()
    assert len(reasons(batch)) == 2
    assert all(reason.startswith("its approval does not hold: ") for reason in reasons(batch))


def test_a_list_of_rows_that_was_written_anew_is_not_believed(board: Board) -> None:
    batch = board.approved(board.submitted())
    sql("UPDATE issuing_batchrow SET name = 'Mallory' WHERE name = 'Ada'")
    rows = batch.rows.order_by("number")
    with _without_triggers("approvedpart"):
        ApprovedPart.objects.update(row_digests=b"".join(map(plan_digest.row_digest, rows)))
    work()
    assert (
        reasons(batch) == ["its approval does not hold: the list of approved rows was changed"] * 2
    )


def _without_triggers(*tables: str) -> Any:
    """As an owner of the database, who can drop them."""
    with connection.cursor() as cursor:
        for table in tables:
            where = f" ON issuing_{table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS issuing_{table}_refuses_update{where}")
    return transaction.atomic()


def test_an_added_row_is_not_signed(board: Board) -> None:
    batch = board.approved(board.submitted())
    # Planned by the room's own code, as of a batch that was approved without a passkey …
    other = _forced(board, "name,email\nMallory,mallory@example.org\n")
    # … and put among the rows that the passkey approved.
    added = other.rows.get()
    sql("UPDATE issuing_batchrow SET batch_id = %s, number = 9 WHERE name = 'Mallory'", _id(batch))
    sql("DELETE FROM issuing_batchchunk WHERE batch_id = %s", _id(other))
    sql("UPDATE issuing_batchchunk SET last_row = 9")
    work()
    assert not SignedForm.objects.filter(credential__award_id=added.id).exists()
    assert "row 9 is not what was approved" in reasons(batch)[0]


def _id(batch: Batch) -> str:
    return batch.id.hex if connection.vendor == "sqlite" else str(batch.id)


def test_an_approval_is_of_one_batch(board: Board) -> None:
    batch = board.approved(board.submitted())
    other = _forced(board, "name,email\nMallory,mallory@example.org\n")
    with _without_triggers("batchapproval", "approvedpart"):
        BatchApproval.objects.filter(batch=batch).update(batch=other)
    work()
    assert not SignedForm.objects.filter(issuer=board.issuer).exists()
    assert len(reasons(batch)) == 2
    assert len(reasons(other)) == 1


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=5), timedelta(days=1)], ids=str)
def test_a_question_is_answered_within_five_minutes(board: Board, late: timedelta) -> None:
    batch = board.submitted()
    answer = board.passkey.used(board.asked(batch))
    arguments: Any = {"batch_id": batch.id, "answer": answer, "actor": board.approver}
    if late:
        with pytest.raises(Conflict):
            approve_with_passkey(**arguments, now=SOON + late)
    else:
        approve_with_passkey(**arguments, now=SOON)
        with pytest.raises(Conflict):  # and once
            approve_with_passkey(**arguments, now=SOON)


def test_an_older_question_is_worth_nothing(board: Board) -> None:
    batch = board.submitted()
    answer = board.passkey.used(board.asked(batch))
    board.asked(batch)
    with pytest.raises(Unverifiable):
        approve_with_passkey(batch_id=batch.id, answer=answer, actor=board.approver, now=SOON)


def test_another_persons_passkey_is_refused(board: Board) -> None:
    other, _key = board.with_passkey(world.member(board.issuer, Role.APPROVER))
    batch = board.submitted()
    with pytest.raises(NotAllowed):
        board.approved(batch, other)


def test_an_answer_for_another_batch_is_refused(board: Board) -> None:
    batch, other = board.submitted(), board.submitted(TABLE.replace("ada@", "eve@"))
    board.asked(batch)
    answer = board.passkey.used(board.asked(other))
    with pytest.raises(Unverifiable):
        approve_with_passkey(batch_id=batch.id, answer=answer, actor=board.approver, now=SOON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://cairn.example"},
        {"origin": "http://cairn.test"},
        {"origin": "https://sub.cairn.test"},
        {"rp_id": "test"},
        {"is_verified": False},
    ],
    ids=str,
)
def test_an_answer_from_elsewhere_or_unverified_is_refused(
    board: Board, wrong: dict[str, Any]
) -> None:
    for name, value in wrong.items():
        setattr(board.passkey, name, value)
    with pytest.raises(Unverifiable):
        board.approved(board.submitted())


def _bit_turned(name: str) -> Callable[[Any], None]:
    def change(answer: Any) -> None:
        data = bytearray(websafe_decode(answer["response"][name]))
        data[-1] ^= 1
        answer["response"][name] = websafe_encode(bytes(data))

    return change


@pytest.mark.parametrize(
    "change",
    [
        _bit_turned("signature"),
        _bit_turned("authenticatorData"),
        _bit_turned("clientDataJSON"),
        lambda answer: answer["response"].pop("signature"),
        lambda answer: answer.update(response=[]),
        lambda answer: answer.update(rawId=7),
    ],
)
def test_an_altered_answer_is_refused(board: Board, change: Callable[[Any], None]) -> None:
    batch = board.submitted()
    answer = json.loads(board.passkey.used(board.asked(batch)))
    change(answer)
    with pytest.raises(CairnError):
        approve_with_passkey(
            batch_id=batch.id, answer=json.dumps(answer), actor=board.approver, now=SOON
        )
    assert not BatchApproval.objects.exclude(answered_at=None).exists()


def test_a_copied_passkey_is_noticed(board: Board) -> None:
    board.approved(board.submitted())
    board.passkey.count = 0
    with pytest.raises(NotAllowed, match="backwards"):
        board.approved(board.submitted(TABLE.replace("ada@", "eve@")))


def test_an_unconfirmed_passkey_approves_nothing(board: Board) -> None:
    board.approver = world.member(board.issuer, Role.APPROVER)
    board.with_passkey(board.approver, is_confirmed=False)
    with pytest.raises(NotAllowed):
        board.asked(board.submitted())


def test_a_key_that_was_written_into_the_database_approves_nothing(board: Board) -> None:
    mallory = Passkey()
    batch = board.approved(board.submitted())
    options = {"publicKey": {"user": {"id": "dQ"}, "challenge": "YQ"}}
    data = {"name": "", "credential": json.loads(mallory.created(options))}
    own = Authenticator.objects.create(user=board.approver, type="webauthn", data=data)
    key = approver_keys.register_key(
        organisation=board.issuer, passkey_id=own.pk, actor=board.approver, now=NOW
    )
    seal = ApproverKeyDecision.objects.get(key=board.key).seal
    ApproverKeyDecision.objects.create(
        key=key, kind="confirmed", decided_by=board.owner, decided_at=NOW, seal=seal
    )
    assert not approver_keys.may_approve(key, at=SOON)
    with _without_triggers("batchapproval"):
        BatchApproval.objects.filter(batch=batch).update(key=key)
    work()
    assert len(reasons(batch)) == 2


def test_a_withdrawn_passkey_stops_what_is_not_signed_yet(board: Board) -> None:
    batch = board.approved(board.submitted())
    approver_keys.withdraw_key(key_id=board.key.id, actor=board.approver, now=SOON)
    work()
    assert "withdrawn" in reasons(batch)[0]
    with pytest.raises(Conflict):
        approver_keys.confirm_key(key_id=board.key.id, actor=board.owner, now=SOON)


def test_nobody_confirms_their_own_passkey_while_there_is_another_owner(board: Board) -> None:
    _, key = board.with_passkey(board.owner, is_confirmed=False)
    with pytest.raises(NotAllowed):
        approver_keys.confirm_key(key_id=key.id, actor=board.owner, now=NOW + timedelta(days=2))


def test_an_only_owner_waits_a_day(board: Board) -> None:
    _, key = board.with_passkey(board.owner, is_confirmed=False)
    for member in board.issuer.memberships.exclude(user=board.owner):
        member.delete()
    with pytest.raises(Conflict):
        approver_keys.confirm_key(key_id=key.id, actor=board.owner, now=SOON)
    later = NOW + timedelta(days=1)
    approver_keys.confirm_key(key_id=key.id, actor=board.owner, now=later)
    assert approver_keys.may_approve(key, at=later)


def test_nobody_registers_anothers_passkey(board: Board) -> None:
    own = Authenticator.objects.get(user=board.approver)
    other = world.member(board.issuer, Role.APPROVER)
    with pytest.raises(Malformed):
        approver_keys.register_key(
            organisation=board.issuer, passkey_id=own.pk, actor=other, now=NOW
        )


def test_a_single_award_of_it_is_refused(board: Board) -> None:
    with pytest.raises(Conflict, match="table"):
        world.planned_award(board.issuer, board.version)


def test_an_order_for_a_single_credential_is_not_carried_out(board: Board) -> None:
    issuer = world.organisation()
    award = world.planned_award(issuer)
    owner = world.member(issuer, Role.OWNER)
    high_stakes.set_rule(
        organisation=issuer,
        achievement=award.version.achievement,
        is_required=True,
        actor=owner,
        now=NOW,
    )
    work()
    assert not SignedForm.objects.filter(credential__award=award).exists()
    order = SigningOrder.objects.get(organisation=issuer, kind="credential")
    assert order.state != SigningOrder.State.DONE
    with pytest.raises(Conflict):
        singles.correct_address(award=_issued(award), email="m@example.org", actor=owner, now=SOON)


def _issued(award: Award) -> Award:
    award.state = Award.State.ISSUED
    award.save()
    return award


def test_only_owners_set_the_rule_and_lifting_it_takes_a_day(board: Board) -> None:
    arguments: Any = {"organisation": board.issuer, "achievement": board.version.achievement}
    for actor in (board.awarder, board.approver):
        with pytest.raises(NotAllowed):
            high_stakes.set_rule(**arguments, is_required=False, actor=actor, now=SOON)
    high_stakes.set_rule(**arguments, is_required=False, actor=board.owner, now=SOON)
    ids = (board.issuer.id, board.version.achievement_id)
    assert high_stakes.needs_signed_approval(*ids, SOON + timedelta(hours=23))
    assert not high_stakes.needs_signed_approval(*ids, SOON + timedelta(hours=24))


def test_without_a_rule_nothing_changes() -> None:
    office = Board.__new__(Board)
    office.issuer = world.organisation()
    office.awarder = world.member(office.issuer, Role.AWARDER)
    office.version = world.published_version(office.issuer)
    registrar = world.member(office.issuer, Role.REGISTRAR)
    batch = office.submitted()
    services.approve(batch_id=batch.id, actor=registrar, now=SOON)
    work()
    assert batch.rows.filter(state=BatchRow.State.ISSUED).count() == 2


@pytest.mark.parametrize("model", [ApproverKey, ApproverKeyDecision, BatchApproval], ids=str)
def test_what_was_decided_is_kept(board: Board, model: Any) -> None:
    board.approved(board.submitted())
    changes: tuple[Callable[[], Any], ...] = (
        lambda: model.objects.update(id=model.objects.first().id),
        lambda: model.objects.all()._raw_delete("default"),
    )
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_digest_of_a_plan_is_the_same_however_often_it_is_made(board: Board) -> None:
    batch = board.submitted()
    once, again = (list(plan_digest.parts_of(batch)) for _ in range(2))
    assert once == again
    assert [part.digest for part in once] == [part.digest for part in again]
