"""Erased means gone: from every column of every table, and for good; numbers stay."""

import shutil
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import TestCase

from cairn.core.codec import strict_json
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.status.bitstring import StatusList as Bits
from cairn.core.verify.report import Outcome
from cairn.erasure import cases
from cairn.erasure.carrying_out import carry_out, carry_out_due
from cairn.erasure.choices import Decision
from cairn.erasure.models import Case, CaseAward
from cairn.issuing.models import (
    Award,
    BatchRow,
    Credential,
    Removal,
    SignedForm,
    StatusEntry,
    StatusList,
)
from cairn.issuing.selectors import awards_of, form_body
from cairn.issuing.signing import sign_credential
from cairn.organisations.models import Role
from cairn.people.models import Learner
from cairn.platform import audit_sealing, audit_verification
from cairn.platform.models import AuditEntry
from cairn.signing.models import SigningOrder
from cairn.signing.opening import open_signer
from cairn.verification import services as verification
from cairn.wallet import selectors as wallet_selectors
from cairn.wallet.models import ClaimLink, Holding, Mail
from cairn.wallet.services import prepare_claim
from tests import world
from tests.erasure import office
from tests.erasure.forgotten import places_of
from tests.erasure.office import EMAIL, NAME, NUMBER, SECRETS, SOON
from tests.world import NOW

pytestmark = pytest.mark.django_db
LATER = SOON + cases.TIME_TO_SAVE + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _no_tables_of_earlier_tests() -> None:
    """Files are not rolled back."""
    shutil.rmtree(settings.CAIRN.data_dir / "private", ignore_errors=True)


def _outcome(saved: bytes, now: datetime) -> Outcome:
    (answer,) = verification.check(saved, now=now)
    assert answer.report is not None
    return answer.report.outcome


def test_an_erased_person_stands_in_no_column_of_any_table_and_in_no_file() -> None:
    ours = world.organisation()
    award = office.storied_award(ours)
    office.suspended(award, f"{NAME} said so.")
    office.uploaded(ours, f"name,email,student_number\n{NAME},wrong,{NUMBER}\nAl,al@x.example,2\n")
    office.uploaded(ours, f"name,email\n{NAME},{EMAIL}\n{NAME},\n")
    assert len(places_of(SECRETS)) > 10
    office.decided(office.entered(ours))
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert carry_out_due(LATER) == 1
    assert places_of(SECRETS) == []


def test_what_others_are_called_stays() -> None:
    ours = world.organisation()
    office.storied_award(ours)
    same_name = world.issued_award(ours, name=NAME, email="other.zoe@example.net")
    office.uploaded(ours, f"name,email\n{NAME},third@example.net\n")
    office.decided(office.entered(ours))
    carry_out_due(LATER)
    same_name.refresh_from_db()
    assert same_name.recipient_name == NAME
    assert SignedForm.objects.filter(credential__award=same_name).exists()
    assert BatchRow.objects.filter(email="third@example.net").exists()


def test_the_row_of_the_award_stays_for_the_count_and_names_nobody() -> None:
    award = office.storied_award(world.organisation())
    before = Award.objects.values("version", "offering", "awarded_at", "valid_from").get()
    office.decided(office.entered(award.issuer))
    carry_out_due(LATER)
    assert Award.objects.values("version", "offering", "awarded_at", "valid_from").get() == before
    award.refresh_from_db()
    assert (award.recipient_name, award.student_number, award.results) == ("", "", [])
    assert award.learner.email.endswith("@erased.invalid")
    assert not Learner.objects.filter(email=EMAIL).exists()
    assert not awards_of(award.issuer).exists()


def test_a_saved_file_says_that_it_was_withdrawn_and_its_entries_stay_taken() -> None:
    award = office.storied_award(world.organisation())
    credential = Credential.objects.get(award=award, is_current=True)
    saved = form_body(credential, SignedForm.Form.DATA_INTEGRITY)
    assert saved is not None
    assert _outcome(saved, SOON) is Outcome.IN_FORCE
    taken = {each.id: Bits(bytes(each.taken)).count() for each in StatusList.objects.all()}
    entries = StatusEntry.objects.count()
    office.decided(office.entered(award.issuer))
    carry_out_due(LATER)
    world.sign_orders(now=LATER)
    assert _outcome(saved, LATER) is Outcome.WITHDRAWN
    assert {each.id: Bits(bytes(each.taken)).count() for each in StatusList.objects.all()} == taken
    assert StatusEntry.objects.count() == entries


def test_before_its_day_nothing_is_erased_and_afterwards_once() -> None:
    award = office.storied_award(world.organisation())
    case = office.decided(office.entered(award.issuer))
    assert carry_out_due(SOON + cases.TIME_TO_SAVE - timedelta(minutes=1)) == 0
    assert carry_out_due(LATER) == 1
    rows = AuditEntry.objects.count()
    assert carry_out_due(LATER) == 0
    assert carry_out(case_id=case.id, actor=None, now=LATER).awards_removed == 1
    assert AuditEntry.objects.count() == rows
    assert not CaseAward.objects.exists()


def test_an_erasure_that_breaks_off_leaves_everything_as_it_was() -> None:
    award = office.storied_award(world.organisation())
    case = office.decided(office.entered(award.issuer))
    before = places_of(SECRETS)
    with transaction.atomic():
        carry_out(case_id=case.id, actor=None, now=LATER)
        transaction.set_rollback(True)
    assert places_of(SECRETS) == before
    assert carry_out_due(LATER) == 1


def test_what_waits_to_be_signed_never_is() -> None:
    ours = world.organisation()
    award = world.planned_award(ours, name=NAME, email=EMAIL)
    office.decided(office.entered(ours))
    carry_out_due(LATER)
    order = SigningOrder.objects.get(kind="credential")
    sign_credential(order, open_signer(ours, LATER), LATER)
    assert not SignedForm.objects.exists()
    award.refresh_from_db()
    assert award.state == Award.State.WITHDRAWN


def test_the_audit_names_ids_alone_and_its_chain_holds() -> None:
    award = office.storied_award(world.organisation())
    audit_sealing.seal_all(SOON)
    office.decided(office.entered(award.issuer))
    carry_out_due(LATER)
    audit_sealing.seal_all(LATER)
    chains = audit_verification.chains()
    assert [f for chain in chains for f in audit_verification.check_chain(chain)] == []
    actions = AuditEntry.objects.filter(subject_id=award.id).values_list("action", flat=True)
    assert "award.erase" in actions


def test_each_organisation_decides_on_its_own_awards() -> None:
    ours, theirs = world.organisation(), world.organisation()
    office.storied_award(ours)
    other = office.storied_award(theirs)
    office.decided(office.entered(ours))
    carry_out_due(LATER)
    other.refresh_from_db()
    assert other.recipient_name == f"{NAME} II"
    assert other.learner.email == EMAIL
    assert Holding.objects.filter(award=other).exists()
    office.decided(office.entered(theirs))
    carry_out_due(LATER)
    assert places_of(SECRETS) == []


def test_restricted_data_is_shown_to_nobody_while_a_file_goes_on_counting() -> None:
    award = office.storied_award(world.organisation())
    holder = world.user()
    Holding.objects.filter(award=award).update(holder=holder, visibility="public")
    credential = Credential.objects.get(award=award, is_current=True)
    saved = form_body(credential, SignedForm.Form.DATA_INTEGRITY)
    assert saved is not None
    case = office.decided(office.entered(award.issuer), Decision.RESTRICT)
    assert (case.state, case.awards_removed) == (Case.State.DONE, 1)
    assert wallet_selectors.visible(credential.id, key="", viewer=holder) is None
    assert not awards_of(award.issuer).exists()
    assert not ClaimLink.objects.exclude(state=ClaimLink.State.VOID).exists()
    assert not Mail.objects.exclude(state__in=("sent", "void")).exists()
    award.refresh_from_db()
    assert (award.state, award.recipient_name) == (Award.State.ISSUED, f"{NAME} II")
    world.sign_orders(now=SOON)
    assert _outcome(saved, SOON) is Outcome.IN_FORCE
    sent = len(mail.outbox)
    with TestCase.captureOnCommitCallbacks(execute=True):
        prepare_claim(award_id=award.id, now=LATER)
    assert len(mail.outbox) == sent
    assert not Holding.objects.exists()


def test_what_is_restricted_can_still_be_erased() -> None:
    award = office.storied_award(world.organisation())
    office.decided(office.entered(award.issuer), Decision.RESTRICT)
    office.decided(office.entered(award.issuer))
    carry_out_due(LATER)
    assert Removal.objects.get().kind == Removal.Kind.ERASED
    assert places_of(SECRETS) == []


def test_a_refusal_changes_nothing_and_is_told_with_its_reasons() -> None:
    award = office.storied_award(world.organisation())
    mail.outbox.clear()
    case = office.decided(office.entered(award.issuer), Decision.REFUSE)
    assert case.state == Case.State.DONE
    assert not Removal.objects.exists()
    (letter,) = mail.outbox
    assert letter.to == [EMAIL]
    assert "The law of universities says so." in letter.body
    assert "Art. 17(3)(b)" in letter.body
    assert "complain" in letter.body
    assert NAME not in letter.body


def test_the_awards_that_are_erased_are_those_of_the_preview() -> None:
    ours = world.organisation()
    office.storied_award(ours)
    case = office.entered(ours)
    registrar = office.registrar_of(ours)
    ruling = cases.Ruling(Decision.ERASE, "consent", "", case.identity)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="changed since you looked"):
        cases.decide(case_id=case.id, ruling=ruling, digest="other", actor=registrar, now=SOON)


def test_what_was_decided_can_be_taken_back_until_it_is_done() -> None:
    award = office.storied_award(world.organisation())
    case = office.decided(office.entered(award.issuer))
    cases.take_back(case_id=case.id, actor=None, now=SOON)
    assert carry_out_due(LATER) == 0
    again = office.decided(office.entered(award.issuer))
    carry_out_due(LATER)
    with pytest.raises(Conflict, match="carried out"):
        cases.take_back(case_id=again.id, actor=None, now=LATER)


def test_a_learner_asks_once_and_only_where_something_is_theirs() -> None:
    ours, theirs = world.organisation(), world.organisation()
    learner = world.user()
    world.issued_award(ours, email=learner.email)
    asked = [
        cases.ask(user=learner, organisation=ours, wants=Decision.ERASE, wish="", now=SOON)
        for _ in range(2)
    ]
    assert asked[0] == asked[1]
    with pytest.raises(Conflict, match="no award of yours"):
        cases.ask(user=learner, organisation=theirs, wants=Decision.ERASE, wish="", now=SOON)
    with pytest.raises(Conflict, match="waits already"):
        office.entered(ours, email=learner.email) if Learner.objects.filter(
            email=learner.email
        ).update(user=learner) else None


def test_an_answer_is_due_within_a_month_of_the_day_it_was_asked() -> None:
    award = office.storied_award(world.organisation(time_zone="Europe/Paris"))
    case = office.entered(award.issuer)
    assert case.due_at.isoformat() == "2026-07-01T21:59:59+00:00"


def test_only_a_registrar_or_an_owner_decides() -> None:
    award = office.storied_award(world.organisation())
    case = office.entered(award.issuer)
    awarder = world.member(award.issuer, Role.AWARDER)
    ruling = cases.Ruling(Decision.ERASE, "consent", "", case.identity)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        cases.decide(case_id=case.id, ruling=ruling, digest="", actor=awarder, now=SOON)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"email": "nobody@example.net"}, "/email"),
        ({"received_at": NOW + timedelta(days=2)}, "/received_at"),
        ({"wish": "x" * 4001}, "/wish"),
    ],
)
def test_a_request_that_cannot_be_is_refused(changes: dict[str, object], path: str) -> None:
    ours = world.organisation(has_keys=True)
    office.storied_award(ours)
    with pytest.raises(Malformed) as refused:
        office.entered(ours, **changes)
    assert refused.value.path == path


def test_signed_bytes_that_stand_still_never_change() -> None:
    office.storied_award(world.organisation())
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        SignedForm.objects.update(body=b"")


def test_json_of_the_list_is_read_at_all() -> None:
    # The judge would find nothing in a database it can't read.
    office.storied_award(world.organisation())
    body = bytes(SignedForm.objects.earliest("id").body)
    assert isinstance(strict_json.read(body), dict)
    assert any(place.startswith("issuing_signedform.body") for place in places_of(SECRETS))
