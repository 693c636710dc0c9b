"""A table of people becomes awards: each learner each credential once, and mistakes are told."""

import csv
import io
import random
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import TestCase

from cairn.core.codec import strict_json
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.status.bitstring import StatusList as Bits
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import NoDocuments, Sources
from cairn.core.verify.report import Outcome
from cairn.issuing.batches import execution, planning, reports, selectors, services
from cairn.issuing.batches.tables import Kind
from cairn.issuing.models import (
    Award,
    Batch,
    BatchChunk,
    BatchRow,
    Credential,
    SignedForm,
    StatusEntry,
    StatusList,
)
from cairn.issuing.services import withdraw_award
from cairn.issuing.timeline import timeline
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Organisation, Role
from cairn.people.models import User
from cairn.platform.models import AuditEntry, OutboxEvent
from cairn.signing.models import SigningOrder
from cairn.signing.opening import open_signer
from cairn.verification.own_documents import OwnDocuments
from cairn.wallet import mailing
from cairn.wallet.models import ClaimLink
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
GRADE = {"name": "Grade", "resultType": "Result", "valueMin": "0", "valueMax": "100"}


class Office:
    """An organisation whose awarder uploads and whose registrar approves."""

    def __init__(self, **of_version: Any) -> None:
        self.issuer = world.organisation()
        self.awarder = world.member(self.issuer, Role.AWARDER)
        self.registrar = world.member(self.issuer, Role.REGISTRAR)
        self.version = world.published_version(self.issuer, **of_version)

    def upload(self, text: str | bytes, **changes: Any) -> Batch:
        values = {
            "issuer": self.issuer,
            "version": self.version,
            "offering": None,
            "language": "en",
            "data": text.encode() if isinstance(text, str) else text,
            "file_name": "people.csv",
            "actor": self.awarder,
            "now": NOW,
            **changes,
        }
        return services.upload(**values)

    def approved(self, text: str, **changes: Any) -> Batch:
        batch = self.upload(text, **changes)
        services.submit(batch_id=batch.id, actor=self.awarder, now=NOW)
        return services.approve(batch_id=batch.id, actor=self.registrar, now=NOW)


@pytest.fixture
def office() -> Office:
    return Office()


def work() -> None:
    """All jobs, and what is mailed once they commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        run_until_idle(NOW)
        mailing.send_waiting(NOW)


def people(count: int) -> str:
    return "name,email\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(count))


def states(batch: Batch) -> dict[str, int]:
    return selectors.counts(batch)


def problems(batch: Batch) -> list[tuple[int, str, str]]:
    rows = selectors.rows_with_problems(batch)
    return [(row.number, one["column"], one["problem"]) for row in rows for one in row.problems]


def audit(batch: Batch) -> None:
    """Each learner once, each entry once, every document holds, one mail for each."""
    issued = Award.objects.filter(issuer=batch.issuer, state=Award.State.ISSUED)
    rows = batch.rows.filter(state=BatchRow.State.ISSUED)
    assert set(issued.values_list("id", flat=True)) == set(rows.values_list("id", flat=True))
    credentials = Credential.objects.filter(award__in=issued)
    assert credentials.count() == issued.count()
    # Joined and by the issuer: nested IN over fresh tables takes PostgreSQL minutes.
    spoken_of = StatusEntry.objects.filter(
        issuer=batch.issuer, credential__award__state=Award.State.ISSUED
    )
    entries = list(spoken_of.values_list("index"))
    assert len(entries) == len(set(entries)) == issued.count()
    taken = Bits(bytes(StatusList.objects.get(issuer=batch.issuer).taken))
    assert all(taken[index] for (index,) in entries)
    for kind in (SignedForm.Form.DATA_INTEGRITY, SignedForm.Form.VC_JWT):
        assert SignedForm.objects.filter(form=kind).count() == issued.count()
    told = OutboxEvent.objects.filter(kind="batch.chunk_signed")
    assert told.values("subject_id").distinct().count() == told.count()
    assert sum(event.payload["awards"] for event in told) == issued.count()


def holds(credential: Credential, form: str = SignedForm.Form.DATA_INTEGRITY) -> Outcome:
    body = bytes(credential.forms.get(form=form).body)
    return verify(
        body, Sources(documents=OwnDocuments(NoDocuments(), "https://cairn.test")), now=NOW
    ).outcome


def test_a_table_becomes_credentials_that_hold_and_one_mail_for_each(office: Office) -> None:
    batch = office.approved(people(5))
    assert batch.state == Batch.State.RUNNING
    work()
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE
    audit(batch)
    assert sorted(len(one.to) and one.to[0] for one in mail.outbox) == [
        f"p{n}@example.org" for n in range(5)
    ]
    assert ClaimLink.objects.count() == 5
    assert OutboxEvent.objects.filter(kind="batch.done").count() == 1


def test_all_forms_of_a_bulk_credential_hold_and_say_the_same(office: Office) -> None:
    office.approved(people(4))
    work()
    for credential in Credential.objects.all():
        found = {holds(credential, form) for form in SignedForm.Form.values}
        assert found == {Outcome.IN_FORCE}
        document = strict_json.read(bytes(credential.forms.get(form="eddsa-rdfc-2022").body))
        assert isinstance(document, dict)
        subject = document["credentialSubject"]
        assert isinstance(subject, dict)
        assert subject["identifier"][0]["identityHash"] == credential.award.recipient_name  # type: ignore[index,call-overload]  # JSON


def test_what_is_wrong_is_told_by_row_column_value_and_mend() -> None:
    office = Office(result_descriptions=[GRADE])
    batch = office.upload(
        "name,email,Grade\nAda,ada@example.org,87\n,bob@example.org,50\nEve,eve,60\n"
        "Kim,kim@example.org,870\nAnn,ann@example.org\n"
    )
    assert states(batch) == {"ready": 1, "problem": 4}
    assert [(row, column) for row, column, _ in problems(batch)] == [
        (3, "name"),
        (4, "email"),
        (5, "Grade"),
        (6, ""),
    ]
    one = selectors.rows_with_problems(batch)[2].problems[0]
    assert one["value"] == "870"
    assert one["mend"]


def test_the_annotated_file_can_be_mended_and_uploaded_again(office: Office) -> None:
    batch = office.upload("name,email\n=1+1,ada\nBob,bob@example.org\n")
    text = reports.annotated(batch, Kind.CSV).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == ["name", "email", "cairn: problem", "cairn: mend"]
    assert lines[1][:2] == ["'=1+1", "ada"]
    assert len(lines) == 2
    mended = office.upload(text.replace(",ada,", ",ada@example.org,"))
    assert states(mended) == {"ready": 1}
    assert mended.rows.get().name == "=1+1"


def test_encoding_and_separator_are_found_and_kept(office: Office) -> None:
    batch = office.upload("name;email\nZoë;zoe@example.org\n".encode("cp1252"))
    assert (batch.encoding, batch.separator) == ("cp1252", ";")
    assert batch.rows.get().name == "Zoë"


def test_an_unknown_column_waits_for_its_meaning_which_is_remembered(office: Office) -> None:
    text = "Who,email,Colour\nAda,ada@example.org,red\n"
    batch = office.upload(text)
    assert states(batch) == {"unread": 1}
    assert {one["column"] for one in batch.header_problems} == {"Who", "Colour", ""}
    with pytest.raises(Conflict):
        services.submit(batch_id=batch.id, actor=office.awarder, now=NOW)
    mapping = {"Who": "name", "email": "email", "Colour": "-"}
    batch = services.map_columns(batch_id=batch.id, mapping=mapping, actor=office.awarder, now=NOW)
    assert states(batch) == {"ready": 1}
    again = office.upload(text.replace("ada", "bob"))
    assert states(again) == {"ready": 1}


def test_who_is_twice_in_the_file_or_has_it_already_is_left_out(office: Office) -> None:
    world.issued_award(office.issuer, office.version, email="held@example.org")
    batch = office.upload(
        "name,email\nA,a@example.org\nA,A@example.org \nH,held@example.org\nB,b@example.org\n"
    )
    assert states(batch) == {"ready": 2, "duplicate": 1, "held": 1}
    other_run = office.upload(
        "name,email\nH,held@example.org\n", offering=world.offering(office.version)
    )
    assert states(other_run) == {"ready": 1}


def test_who_is_awarded_while_the_batch_waits_is_left_out_too(office: Office) -> None:
    batch = office.upload(people(2))
    services.submit(batch_id=batch.id, actor=office.awarder, now=NOW)
    world.planned_award(office.issuer, office.version, email="p1@example.org")
    services.approve(batch_id=batch.id, actor=office.registrar, now=NOW)
    assert states(batch) == {"planned": 1, "held": 1}


def test_every_field_of_a_table_is_in_the_credential() -> None:
    office = Office(result_descriptions=[GRADE])
    head = (
        "name,email,student_id,valid_from,valid_until,awarded_date,activity_start,activity_end,"
        "credits_earned,narrative,role,term,license_number,result:Grade,evidence_url,evidence_name,"
        "evidence2_url,evidence2_narrative"
    )
    cells = (
        "Ada,ada@example.org,S-7,2026-05-14,2029-05-14,2026-05-12,2026-02-02,2026-05-08,"
        "2.5,Led it.,Lead,Spring,L-9,87,https://e.example/1,Report,https://e.example/2,Shows it."
    )
    office.approved(f"{head}\n{cells}\n")
    work()
    credential = Credential.objects.get()
    document: Any = strict_json.read(bytes(credential.forms.get(form="eddsa-rdfc-2022").body))
    subject = document["credentialSubject"]
    assert document["validFrom"] == "2026-05-14T00:00:00Z"
    assert document["validUntil"] == "2029-05-14T23:59:59Z"
    assert document["awardedDate"] == "2026-05-12T00:00:00Z"
    assert [one["id"] for one in document["evidence"]] == [
        "https://e.example/1",
        "https://e.example/2",
    ]
    assert document["evidence"][1]["narrative"] == "Shows it."
    said = ("role", "term", "licenseNumber", "creditsEarned", "narrative")
    assert [subject[name] for name in said] == ["Lead", "Spring", "L-9", 2.5, "Led it."]
    assert subject["activityStartDate"] == "2026-02-02T00:00:00Z"
    assert subject["activityEndDate"] == "2026-05-08T00:00:00Z"
    assert subject["result"][0]["value"] == "87"
    assert {one["identityType"] for one in subject["identifier"]} == {
        "name",
        "emailAddress",
        "identifier",
    }
    assert holds(credential) is Outcome.IN_FORCE


def test_a_column_that_a_batch_cannot_carry_is_refused_and_never_dropped(office: Office) -> None:
    batch = office.upload("name,email,did\nAda,ada@example.org,did:key:z6Mk\n")
    assert [one["column"] for one in batch.header_problems] == ["did"]


def test_nobody_approves_what_they_uploaded_or_submitted(office: Office) -> None:
    batch = office.upload(people(1), actor=office.registrar)
    services.submit(batch_id=batch.id, actor=office.awarder, now=NOW)
    with pytest.raises(NotAllowed):
        services.approve(batch_id=batch.id, actor=office.awarder, now=NOW)
    world.member(office.issuer, Role.OWNER)
    with pytest.raises(NotAllowed):
        services.approve(batch_id=batch.id, actor=office.registrar, now=NOW)
    assert Award.objects.count() == 0


def test_an_organisation_of_one_is_marked_as_not_independently_approved() -> None:
    issuer = world.organisation()
    owner = User.objects.get(memberships__organisation=issuer)
    office = Office.__new__(Office)
    office.issuer, office.awarder, office.registrar = issuer, owner, owner
    office.version = world.published_version(issuer)
    batch = office.approved(people(1))
    assert batch.approval == Batch.Approval.NOT_INDEPENDENT


def test_two_clicks_on_approve_plan_once(office: Office) -> None:
    batch = office.approved(people(3))
    services.approve(batch_id=batch.id, actor=office.registrar, now=NOW)
    assert Award.objects.count() == Credential.objects.count() == 3
    assert BatchChunk.objects.count() == 1
    with pytest.raises(Conflict):
        services.approve(
            batch_id=batch.id, actor=world.member(office.issuer, Role.REGISTRAR), now=NOW
        )


def test_a_form_sent_twice_makes_one_batch(office: Office) -> None:
    one = office.upload(people(2))
    assert office.upload(people(2), batch_id=one.id).id == one.id
    with pytest.raises(Conflict):
        office.upload(people(3), batch_id=one.id)
    assert Batch.objects.count() == 1


def _chunk(office: Office) -> tuple[SigningOrder, Any]:
    order = SigningOrder.objects.get(kind="batch_chunk")
    return order, open_signer(office.issuer, NOW)


def test_a_chunk_that_is_run_twice_is_signed_once(office: Office) -> None:
    batch = office.approved(people(6))
    order, signer = _chunk(office)
    for _ in range(3):
        execution.sign_chunk(order, signer, NOW)
    audit(batch)


class Killed(Exception):
    """Stands for a worker that died."""


def test_a_chunk_killed_before_its_commit_leaves_nothing_and_is_signed_later(
    office: Office,
) -> None:
    batch = office.approved(people(6))
    order, signer = _chunk(office)

    @transaction.atomic
    def work_and_die() -> None:
        execution.sign_chunk(order, signer, NOW)
        raise Killed

    with pytest.raises(Killed):
        work_and_die()
    assert SignedForm.objects.count() == 0
    assert not OutboxEvent.objects.filter(kind="batch.chunk_signed").exists()
    assert states(batch) == {"planned": 6}
    work()
    audit(batch)
    assert len(mail.outbox) == 6


def test_a_row_that_cannot_be_signed_is_parked_and_stops_nobody(office: Office) -> None:
    batch = office.approved(people(5))
    bad = Award.objects.get(learner__email="p2@example.org")
    Award.objects.filter(pk=bad.pk).update(evidence_url="no address")
    work()
    assert states(batch) == {"issued": 4, "parked": 1}
    audit(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE
    assert problems(batch)[0][0] == 4
    assert len(mail.outbox) == 4
    # Mended, it is taken: nothing of the first try stands in its way.
    again = office.upload(people(5))
    assert states(again) == {"ready": 1, "held": 4}


def test_what_was_withdrawn_before_it_was_signed_is_not_signed(office: Office) -> None:
    batch = office.approved(people(2))
    award = Award.objects.get(learner__email="p0@example.org")
    withdraw_award(award=award, reason=Award.Reason.ERROR, note="", actor=office.registrar, now=NOW)
    work()
    assert states(batch) == {"issued": 1, "parked": 1}
    award.refresh_from_db()
    assert award.state == Award.State.WITHDRAWN


def test_what_a_row_said_of_a_person_goes_once_the_award_says_it(office: Office) -> None:
    batch = office.approved(people(2))
    work()
    for row in batch.rows.all():
        assert [row.email, row.name, row.cells, row.said] == ["", "", [], {}]
    lines = list(csv.reader(io.StringIO(reports.report(batch, Kind.CSV).decode("utf-8-sig"))))
    assert [line[3] for line in lines[1:]] == ["p0@example.org", "p1@example.org"]
    assert all("/c/" in line[4] for line in lines[1:])
    emptied = office.upload(people(3))
    services.withdraw(batch_id=emptied.id, actor=office.awarder, now=NOW)
    assert not emptied.rows.exists()


def test_an_award_of_a_batch_tells_who_approved_it_and_when_it_was_signed(office: Office) -> None:
    batch = office.approved(people(2))
    work()
    for award in Award.objects.all():
        told = [(event.title, event.text) for event in timeline(award)]
        assert ("Signed", "") in told
        assert ("Awarded", f"by {office.registrar.name}") in told
    signed = AuditEntry.objects.get(action="batch.sign_chunk")
    assert signed.details == {"batch": str(batch.id), "awards": 2, "first_row": 2, "last_row": 3}


def test_many_rows_with_three_broken_ones_go_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """J2, without its pages."""
    monkeypatch.setattr(planning, "CHUNK_ROWS", 50)
    office = Office(result_descriptions=[GRADE], is_suspendable=False)
    rng = random.Random(7)  # noqa: S311 - marks, not secrets
    lines = [f"Person {n},p{n}@example.org,{rng.randrange(101)},Did {n}." for n in range(200)]
    lines[20] = "Person 20,no address,50,x"
    lines[100] = ",p100@example.org,50,x"
    lines[180] = "Person 180,p180@example.org,1000,x"
    batch = office.upload("name,email,Grade,narrative\n" + "\n".join(lines) + "\n")
    assert states(batch) == {"ready": 197, "problem": 3}
    assert [(row, column) for row, column, _ in problems(batch)] == [
        (22, "email"),
        (102, "name"),
        (182, "Grade"),
    ]
    services.submit(batch_id=batch.id, actor=office.awarder, now=NOW)
    services.approve(batch_id=batch.id, actor=office.registrar, now=NOW)
    work()
    assert BatchChunk.objects.count() == 4
    assert states(batch) == {"issued": 197, "problem": 3}
    audit(batch)
    assert len(mail.outbox) == 197
    for credential in rng.sample(list(Credential.objects.all()), 5):
        for form in SignedForm.Form.values:
            assert holds(credential, form) is Outcome.IN_FORCE


@pytest.mark.parametrize("text", ["", "name,email\n", 'name,email\n"a'])
def test_what_is_no_table_is_refused_in_words(office: Office, text: str) -> None:
    with pytest.raises(Malformed) as caught:
        office.upload(text)
    assert caught.value.path == "/file"


def test_another_tenant_cannot_touch_a_batch(office: Office) -> None:
    batch = office.upload(people(1))
    stranger: Organisation = world.organisation()
    for act in (services.submit, services.withdraw, services.approve):
        with pytest.raises(NotAllowed):
            act(batch_id=batch.id, actor=world.member(stranger, Role.OWNER), now=NOW)
