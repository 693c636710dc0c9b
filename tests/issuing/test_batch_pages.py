"""A table on its way through the pages: uploaded, mended, submitted, approved, told of."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase

from cairn.issuing.models import Award, Batch
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Role
from tests import world
from tests.issuing.desk import Desk, client_of, desk

pytestmark = pytest.mark.django_db
PEOPLE = "name;email\nAda;ada@example.org\n;bob@example.org\n"


@pytest.fixture
def at() -> Desk:
    return desk()


def url(at: Desk, rest: str = "") -> str:
    return f"/console/{at.organisation.slug}/batches/{rest}"


def uploaded(at: Desk, text: str | bytes = PEOPLE, **changes: Any) -> Any:
    page = at.client.get(url(at, f"new/{at.version.id}/"))
    data = text.encode() if isinstance(text, str) else text
    answers = {
        "batch_id": str(page.context["form"]["batch_id"].value()),
        "file": SimpleUploadedFile("people.csv", data),
        "offering": "",
        "language": "en",
        **changes,
    }
    return at.client.post(url(at, f"new/{at.version.id}/"), answers)


def page_of(client: Client, at: Desk) -> str:
    return client.get(url(at, f"{Batch.objects.get().id}/")).content.decode()


def test_a_table_goes_from_upload_to_report(at: Desk) -> None:
    assert uploaded(at).status_code == 302
    batch = Batch.objects.get()
    page = page_of(at.client, at)
    assert "utf-8 · semicolon" in page
    assert "The name is missing" in page
    assert "Submit 1 award for approval" in page
    assert "ada@example.org" in page  # the preview
    assert at.client.post(url(at, f"{batch.id}/submit/")).status_code == 302
    assert "Approve: award" not in page_of(at.client, at)
    registrar = client_of(world.member(at.organisation, Role.REGISTRAR))
    assert "Approve: award 1 learner" in page_of(registrar, at)
    for _ in range(2):  # a double click
        assert registrar.post(url(at, f"{batch.id}/approve/")).status_code == 302
    page = page_of(at.client, at)
    assert "data-waiting" in page
    assert "Look again" in page
    with TestCase.captureOnCommitCallbacks(execute=True):
        run_until_idle(world.NOW)
    page = page_of(at.client, at)
    assert "data-waiting" not in page
    assert "A second person approved it." in page
    report = at.client.get(url(at, f"{batch.id}/report.csv"))
    assert report["Content-Disposition"] == 'attachment; filename="report.csv"'
    assert "ada@example.org" in report.content.decode()
    assert Award.objects.count() == 1


def test_who_uploaded_it_is_told_that_another_approves(at: Desk) -> None:
    owner = client_of(world.member(at.organisation, Role.OWNER))
    mine = Desk(at.organisation, at.version, at.awarder, owner)
    uploaded(mine)
    batch = Batch.objects.get()
    owner.post(url(at, f"{batch.id}/submit/"))
    assert "Another member approves it." in page_of(owner, at)
    assert owner.post(url(at, f"{batch.id}/approve/")).status_code == 403
    assert Award.objects.count() == 0


def test_columns_get_their_meaning_on_the_page(at: Desk) -> None:
    uploaded(at, "Who,Where\nAda,ada@example.org\n")
    batch = Batch.objects.get()
    assert "The columns must be mended first." in page_of(at.client, at)
    answers = {"column_0": "name", "column_1": ""}
    assert at.client.post(url(at, f"{batch.id}/columns/"), answers).status_code == 422
    answers["column_1"] = "email"
    assert at.client.post(url(at, f"{batch.id}/columns/"), answers).status_code == 302
    assert "Submit 1 award for approval" in page_of(at.client, at)


def test_what_is_no_table_is_a_problem_of_the_form(at: Desk) -> None:
    answer = uploaded(at, b"\xff\xfe\x00")
    assert answer.status_code == 422
    assert Batch.objects.count() == 0
    assert uploaded(at, file="").status_code == 422


def test_the_empty_table_names_the_columns_and_the_results() -> None:
    graded = {"name": "Grade", "resultType": "Result", "valueMin": "0", "valueMax": "100"}
    at = desk(result_descriptions=[graded])
    table = at.client.get(url(at, f"new/{at.version.id}/people.csv")).content.decode("utf-8-sig")
    assert table.startswith("email,name,student_id,result:Grade,valid_from,valid_until,")
    assert table.count(",") == 17
    answer = uploaded(at, table + "ada@example.org,Ada,,87" + "," * 14 + "\r\n")
    assert answer.status_code == 302
    assert "Submit 1 award for approval" in page_of(at.client, at)


def test_the_list_shows_every_batch_and_a_viewer_may_only_look(at: Desk) -> None:
    uploaded(at)
    assert "people.csv" in at.client.get(url(at)).content.decode()
    viewer = client_of(world.member(at.organisation, Role.VIEWER))
    assert "Submit" not in page_of(viewer, at)
    assert viewer.get(url(at, f"new/{at.version.id}/")).status_code == 403


def test_a_batch_can_be_given_up(at: Desk) -> None:
    uploaded(at)
    batch = Batch.objects.get()
    assert at.client.post(url(at, f"{batch.id}/withdraw/")).status_code == 302
    assert "Withdrawn" in page_of(at.client, at)
    assert at.client.post(url(at, f"{batch.id}/submit/")).status_code == 409
