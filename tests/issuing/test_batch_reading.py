"""A table is read in steps by the worker, as it would be read at once; and again, another way."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from openpyxl import Workbook, load_workbook

from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.openbadges.table import ReadAs
from cairn.issuing.batches import files, reading_job, reports, selectors, services, uploading
from cairn.issuing.batches.tables import Kind
from cairn.issuing.models import Award, Batch, BatchRow
from cairn.issuing.services import correct_address
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Role
from cairn.platform.models import OutboxEvent
from cairn.wallet import mailing
from cairn.wallet.models import ClaimLink
from tests import world
from tests.issuing.desk import Desk, desk
from tests.world import NOW

pytestmark = pytest.mark.django_db
PEOPLE = "name,email\n" + "".join(f"Person {n},p{n % 6}@example.org\n" for n in range(9))


@pytest.fixture
def at() -> Desk:
    return desk()


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds so low that a few rows take several steps."""
    monkeypatch.setattr(uploading, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(services, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(reading_job, "LOADED_AT_ONCE", 4)
    monkeypatch.setattr(reading_job, "READ_AT_ONCE", 2)


def upload(at: Desk, data: str | bytes, **changes: Any) -> Batch:
    values = {
        "issuer": at.organisation,
        "version": at.version,
        "offering": None,
        "language": "en",
        "data": data.encode() if isinstance(data, str) else data,
        "file_name": "people.csv",
        "actor": at.awarder,
        "now": NOW,
        **changes,
    }
    return services.upload(**values)


def work(batch: Batch) -> Batch:
    with TestCase.captureOnCommitCallbacks(execute=True):
        run_until_idle(NOW)
    return Batch.objects.select_related("source").get(pk=batch.pk)


def rows_of(batch: Batch) -> list[tuple[int, str, str]]:
    return list(batch.rows.order_by("number").values_list("number", "state", "email"))


def workbook(*rows: list[Any], title: str = "Term") -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.create_sheet("Other").append(["Nothing"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_steps_read_a_table_as_it_is_read_at_once(at: Desk, monkeypatch: Any) -> None:
    at_once = upload(at, PEOPLE)
    assert at_once.state == Batch.State.DRAFT
    monkeypatch.setattr(uploading, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(reading_job, "LOADED_AT_ONCE", 4)
    monkeypatch.setattr(reading_job, "READ_AT_ONCE", 2)
    batch = upload(at, PEOPLE)
    assert (batch.state, batch.rows.count()) == (Batch.State.READING, 0)
    batch = work(batch)
    assert batch.state == Batch.State.DRAFT
    assert rows_of(batch) == rows_of(at_once)
    assert [state for _, state, _ in rows_of(batch)] == ["ready"] * 6 + ["duplicate"] * 3
    assert (batch.source.rows_read, batch.source.rows_to_read) == (9, 9)


@pytest.mark.usefixtures("in_steps")
def test_a_step_that_is_asked_for_twice_is_taken_once(at: Desk) -> None:
    batch = upload(at, PEOPLE)
    for _ in range(3):
        reading_job.read(batch_id=batch.id, step=0, now=NOW)
    assert batch.rows.count() == 4
    assert OutboxEvent.objects.filter(kind="batch.uploaded").count() == 2
    assert work(batch).state == Batch.State.DRAFT


@pytest.mark.usefixtures("in_steps")
def test_what_turns_out_not_to_be_a_table_says_why_and_leaves_nothing(at: Desk) -> None:
    batch = upload(at, PEOPLE + 'x,"y"z\n')
    assert files.is_kept(batch.id)
    batch = work(batch)
    assert batch.state == Batch.State.FAILED
    assert "row 11 is no CSV" in batch.source.problem
    assert not batch.rows.exists()
    assert files.is_kept(batch.id)  # perhaps it is only read in a wrong way
    page = at.client.get(f"/console/{at.organisation.slug}/batches/{batch.id}/").content.decode()
    assert "The table could not be read." in page
    assert "row 11 is no CSV" in page


@pytest.mark.usefixtures("in_steps")
def test_a_page_shows_how_far_the_reading_is(at: Desk) -> None:
    batch = upload(at, PEOPLE)
    address = f"/console/{at.organisation.slug}/batches/{batch.id}/"
    assert "The file is being opened." in at.client.get(address).content.decode()
    for step in range(4):
        reading_job.read(batch_id=batch.id, step=step, now=NOW)
    page = at.client.get(address).content.decode()
    assert "2 of 9 rows read" in page
    assert "Submit" not in page
    with pytest.raises(Conflict):
        services.submit(batch_id=batch.id, actor=at.awarder, now=NOW)


@pytest.mark.usefixtures("in_steps")
def test_other_columns_are_read_by_the_worker_too(at: Desk) -> None:
    batch = work(upload(at, PEOPLE.replace("name", "Who", 1)))
    assert {state for _, state, _ in rows_of(batch)} == {"unread"}
    batch = services.map_columns(
        batch_id=batch.id, mapping={"Who": "name", "email": "email"}, actor=at.awarder, now=NOW
    )
    assert batch.state == Batch.State.READING
    assert selectors.counts(work(batch)) == {"ready": 6, "duplicate": 3}


def test_a_worker_that_gives_up_says_so(at: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploading, "ROWS_AT_ONCE", 0)
    batch = upload(at, PEOPLE)
    reading_job.give_up(batch_id=batch.id, now=NOW)
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED
    reading_job.read(batch_id=batch.id, step=0, now=NOW)
    assert not batch.rows.exists()
    services.withdraw(batch_id=batch.id, actor=at.awarder, now=NOW)


def test_another_encoding_and_separator_can_be_chosen(at: Desk) -> None:
    batch = upload(at, "name;email\nZoë;zoe@example.org\n".encode("cp1250"))
    assert batch.encoding == "cp1252"
    mapping = {"name": "name", "email": "email"}
    services.map_columns(batch_id=batch.id, mapping=mapping, actor=at.awarder, now=NOW)
    address = f"/console/{at.organisation.slug}/batches/{batch.id}/"
    answers = {"encoding": "cp1250", "separator": "comma"}
    assert at.client.post(f"{address}read-as/", answers).status_code == 302
    batch.refresh_from_db()
    assert (batch.encoding, batch.separator, batch.header) == ("cp1250", ",", ["name;email"])
    answers["separator"] = "semicolon"
    assert at.client.post(f"{address}read-as/", answers).status_code == 302
    assert batch.rows.get().name == "Zoë"
    answers["encoding"] = "utf-8"
    assert at.client.post(f"{address}read-as/", answers).status_code == 422
    answers["encoding"] = "klingon"
    assert at.client.post(f"{address}read-as/", answers).status_code == 422


def test_a_workbook_is_known_by_its_content_and_another_sheet_can_be_chosen(at: Desk) -> None:
    data = workbook(["name", "email", "valid_from"], ["Ada", "ada@example.org", "2026-05-14"])
    batch = upload(at, data, file_name="people.csv")
    assert (batch.source.kind, batch.source.sheets) == ("xlsx", ["Term", "Other"])
    assert batch.rows.get().said == {"valid_from": "2026-05-14T00:00:00Z"}
    address = f"/console/{at.organisation.slug}/batches/{batch.id}/"
    assert "Workbook · <bdi>Term</bdi>" in at.client.get(address).content.decode()
    assert at.client.post(f"{address}read-as/", {"sheet": "Other"}).status_code == 422  # no rows
    assert at.client.post(f"{address}read-as/", {"sheet": "Term"}).status_code == 302
    assert batch.rows.get().email == "ada@example.org"


def test_a_locked_workbook_is_refused_with_what_to_do(at: Desk) -> None:
    locked = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    answers = {
        "batch_id": "5f6f0d3c-7b0e-4a52-9a67-0d6a4a1d1f10",
        "file": SimpleUploadedFile("people.xlsx", locked),
        "offering": "",
        "language": "en",
    }
    address = f"/console/{at.organisation.slug}/batches/new/{at.version.id}/"
    page = at.client.post(address, answers)
    assert page.status_code == 422
    assert "take the password off" in page.content.decode()


def test_the_empty_workbook_explains_its_columns(at: Desk) -> None:
    book = load_workbook(io.BytesIO(reports.template(at.version, "en", Kind.XLSX)))
    people, columns = book.worksheets
    headings = [cell.value for cell in people[1]]
    assert {"email", "student_id", "valid_until", "license_number", "evidence_url"} <= {*headings}
    told = {row[0].value: row[2].value for row in columns.iter_rows(min_row=2)}
    assert list(told) == headings
    assert told["valid_until"] == "2029-05-14"
    assert people["C2"].value is None


def test_the_annotated_workbook_runs_nothing_and_can_be_uploaded_again(at: Desk) -> None:
    data = workbook(["name", "email"], ["'=1+1", "ada"], ["Bob", "bob@example.org"])
    batch = upload(at, data)
    body = reports.annotated(batch, Kind.XLSX)
    book = load_workbook(io.BytesIO(body))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["name", "email", "cairn: problem", "cairn: mend"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("'=1+1", "s")
    sheet["B2"].value = "ada@example.org"
    target = io.BytesIO()
    book.save(target)
    assert upload(at, target.getvalue()).rows.get().name == "=1+1"


def test_control_characters_do_not_keep_a_report_from_being_written(at: Desk) -> None:
    batch = upload(at, "name,email\nA\x01da,a\n")
    assert reports.annotated(batch, Kind.XLSX)


def test_the_file_is_kept_as_long_as_it_is_needed_and_no_longer(at: Desk) -> None:
    registrar = world.member(at.organisation, Role.REGISTRAR)
    with TestCase.captureOnCommitCallbacks(execute=True):
        batch = upload(at, PEOPLE)
        services.submit(batch_id=batch.id, actor=at.awarder, now=NOW)
    assert files.is_kept(batch.id)
    with TestCase.captureOnCommitCallbacks(execute=True):
        services.approve(batch_id=batch.id, actor=registrar, now=NOW)
    assert not files.is_kept(batch.id)
    with TestCase.captureOnCommitCallbacks(execute=True):
        other = upload(at, PEOPLE.replace("@", "@x."))
        services.withdraw(batch_id=other.id, actor=at.awarder, now=NOW)
    assert not files.is_kept(other.id)


def test_a_file_that_nothing_needs_is_swept_away(at: Desk) -> None:
    needed = upload(at, PEOPLE)
    gone = upload(at, PEOPLE)
    Batch.objects.filter(pk=gone.pk).update(state=Batch.State.DONE)
    files.sweep(files._storage().get_modified_time(f"batches/{gone.id}"))
    assert files.is_kept(gone.id)  # it may be of an upload that isn't committed yet
    later = files._storage().get_modified_time(f"batches/{gone.id}") + timedelta(hours=2)
    assert files.sweep(later) >= 1
    assert (files.is_kept(gone.id), files.is_kept(needed.id)) == (False, True)
    files.discard(needed.id)
    failed = upload(at, PEOPLE)
    Batch.objects.filter(pk=failed.pk).update(state=Batch.State.FAILED)
    assert files.sweep(later) == 0
    assert files.sweep(later + timedelta(days=8)) == 1
    with pytest.raises(Conflict, match="no longer there"):
        services.read_as(batch_id=needed.id, read_as=ReadAs(), actor=at.awarder, now=NOW)


@pytest.fixture
def known(at: Desk) -> None:
    """Ada was awarded something else before, by her number."""
    registrar = world.member(at.organisation, Role.REGISTRAR)
    other = world.published_version(at.organisation)
    batch = upload(at, "name,email,student_id\nAda,ada@example.org,S-7\n", version=other)
    services.submit(batch_id=batch.id, actor=at.awarder, now=NOW)
    services.approve(batch_id=batch.id, actor=registrar, now=NOW)


@pytest.mark.usefixtures("known")
def test_a_known_number_needs_no_address_and_no_name(at: Desk) -> None:
    row = upload(at, "student_id,term\nS-7,Spring\n").rows.get()
    assert (row.state, row.email, row.name) == ("ready", "ada@example.org", "Ada")
    row = upload(at, "student_id,email,name\nS-7,,Ada Lovelace\n").rows.get()
    assert (row.state, row.email, row.name) == ("ready", "ada@example.org", "Ada Lovelace")
    unknown = upload(at, "student_id,email,name\nS-8,,Ada\n").rows.get()
    assert unknown.state == "problem"
    assert unknown.problems[0]["problem"] == "is a number that no award has yet"


@pytest.mark.usefixtures("known")
def test_a_number_of_another_issuer_tells_nothing(at: Desk) -> None:
    theirs = desk()
    assert upload(theirs, "student_id\nS-7\n").rows.get().state == "problem"


@pytest.mark.usefixtures("known")
def test_a_known_number_with_another_address_waits_for_a_choice(at: Desk) -> None:
    table = "name,email,student_id\nAda,a.l@example.org,S-7\nBob,b@example.org,S-9\n"
    batch = upload(at, table)
    assert selectors.counts(batch) == {"ready": 1, "unsure": 1}
    address = f"/console/{at.organisation.slug}/batches/{batch.id}/"
    assert "S-7 is known under ada@example.org" in at.client.get(address).content.decode()
    assert at.client.post(f"{address}addresses/", {"row_2": "x", "others": ""}).status_code == 422
    answers = {"row_2": "known", "others": ""}
    assert at.client.post(f"{address}addresses/", answers).status_code == 302
    row = batch.rows.get(number=2)
    assert (row.state, row.email) == ("ready", "ada@example.org")
    other = upload(at, table)
    answers = {"row_2": "", "others": "table"}
    theirs = f"/console/{at.organisation.slug}/batches/{other.id}/addresses/"
    assert at.client.post(theirs, answers).status_code == 302
    row = other.rows.get(number=2)
    assert (row.state, row.email) == ("ready", "a.l@example.org")


@pytest.mark.usefixtures("known")
def test_who_is_twice_by_number_or_by_the_address_behind_it_is_found(at: Desk) -> None:
    batch = upload(
        at,
        "name,email,student_id\nAda,,S-7\nBob,b@example.org,S-9\nB.,b2@example.org,S-9\n"
        "A.,ada@example.org,\n",
    )
    assert [state for _, state, _ in rows_of(batch)] == ["ready", "ready", "duplicate", "duplicate"]
    assert "number of row 3" in batch.rows.get(number=4).problems[0]["problem"]


def test_only_who_may_award_has_a_table_read(at: Desk) -> None:
    batch = upload(at, PEOPLE)
    viewer = world.member(at.organisation, Role.VIEWER)
    with pytest.raises(NotAllowed):
        services.read_as(batch_id=batch.id, read_as=ReadAs(), actor=viewer, now=NOW)
    with pytest.raises(NotAllowed):
        services.choose_address(
            batch_id=batch.id, choices={}, others="known", actor=viewer, now=NOW
        )
    with pytest.raises(Malformed):
        services.choose_address(
            batch_id=batch.id, choices={2: "x"}, others="", actor=at.awarder, now=NOW
        )
    assert not batch.rows.filter(state=BatchRow.State.UNSURE).exists()


def test_a_wrong_address_of_a_row_is_corrected_and_its_link_dies(at: Desk) -> None:
    registrar = world.member(at.organisation, Role.REGISTRAR)
    batch = upload(at, "name,email\nAda,adda@example.org\n")
    services.submit(batch_id=batch.id, actor=at.awarder, now=NOW)
    services.approve(batch_id=batch.id, actor=registrar, now=NOW)
    work(batch)
    mailing.send_waiting(NOW)
    award = Award.objects.get()
    wrong = ClaimLink.objects.get(award=award)
    correct_address(award=award, email="ada@example.org", actor=registrar, now=NOW)
    work(batch)
    wrong.refresh_from_db()
    assert wrong.state == ClaimLink.State.VOID
    mailing.send_waiting(NOW)
    right = ClaimLink.objects.get(award=award, state=ClaimLink.State.OPEN)
    assert right.email == "ada@example.org"
    assert {letter.to[0] for letter in mail.outbox} == {"adda@example.org", "ada@example.org"}
