"""Bulk awards by programs: what the pages do, by a token, each key once, and never an approval."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from cairn.core.errors import Malformed, NotAllowed
from cairn.issuing import api
from cairn.issuing.batches import files, uploading
from cairn.issuing.models import Award, Batch
from cairn.jobs.worker import run_until_idle
from cairn.organisations import api as door
from cairn.organisations import clients
from cairn.organisations.models import ApiClient, ApiRequest, Membership, Role, Scope
from cairn.platform.models import AuditEntry
from cairn.platform.rates import Rates
from tests import world
from tests.issuing.desk import Desk, client_of, desk

pytestmark = pytest.mark.django_db
PEOPLE = "name,email\nAda,ada@example.org\n,bob@example.org\n"


@pytest.fixture
def at() -> Desk:
    return desk()


@pytest.fixture(autouse=True)
def _rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_rates", Rates(burst=1000, per_second=1000))


class Program:
    """A program that speaks to the API with a token."""

    def __init__(self, at: Desk, *scopes: Scope) -> None:
        self.at = at
        self.client, token = clients.create(
            organisation=at.organisation,
            name="Records",
            scopes=scopes or [*Scope],
            actor=at.awarder,
            now=timezone.now(),
        )
        self._headers = {"Authorization": f"Bearer {token}"}

    def url(self, *rest: object) -> str:
        base = f"/api/v1/organisations/{self.at.organisation.id}/batches"
        return "/".join([base, *map(str, rest)])

    def get(self, *rest: object, **query: Any) -> Any:
        return Client().get(self.url(*rest), query, headers=self._headers)

    def post(
        self, body: Any, *rest: object, kind: str = "text/csv", key: str = "", **q: Any
    ) -> Any:
        data = body.encode() if isinstance(body, str) else body
        if isinstance(body, dict):
            data, kind = json.dumps(body).encode(), "application/json"
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        query = {name: str(value) for name, value in q.items()}
        return Client().post(
            self.url(*rest), data, content_type=kind, headers=headers, query_params=query
        )

    def upload(self, body: Any = PEOPLE, **changes: Any) -> Any:
        return self.post(body, **{"version": self.at.version.id, **changes})


def code(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert said["type"].endswith(f"/api/docs#{said['code']}")
    return str(said["code"])


def test_a_program_uploads_mends_and_submits_and_a_person_approves(at: Desk) -> None:
    program = Program(at)
    answer = program.upload()
    assert answer.status_code == 201
    made = answer.json()
    assert (made["state"], made["rows"]["ready"], made["rows"]["problem"]) == ("draft", 1, 1)
    assert answer["Location"] == program.url(made["id"])
    (problem,) = program.get(made["id"], "problems").json()["problems"]
    assert (problem["row"], problem["column"]) == (3, "name")
    assert problem["mend"]
    assert program.post("", made["id"], "submit").json()["state"] == "submitted"
    registrar = client_of(world.member(at.organisation, Role.REGISTRAR))
    registrar.post(reverse("issuing:batch_approve", args=[at.organisation.slug, made["id"]]))
    run_until_idle(world.NOW)
    said = program.get(made["id"]).json()
    assert (said["state"], said["rows"]["issued"]) == ("done", 1)
    rows = program.get(made["id"], "report").json()["rows"]
    assert [(row["row"], row["state"]) for row in rows] == [(2, "issued"), (3, "problem")]
    assert "/c/" in rows[0]["credential"]
    entry = AuditEntry.objects.get(action="batch.create", subject_id=made["id"])
    assert (entry.actor_id, entry.details) == (at.awarder.id, {"client": str(program.client.id)})


def test_nothing_of_the_api_approves() -> None:
    names = {name for name in dir(api) if "approve" in name}
    assert not names


def test_rows_come_as_json_and_as_a_workbook_too(at: Desk) -> None:
    program = Program(at)
    rows = [{"name": "Ada", "email": "ada@example.org"}, {"email": "b@example.org", "term": 3}]
    made = program.post({"version": str(at.version.id), "rows": rows}).json()
    assert (made["rows"]["ready"], made["rows"]["problem"]) == (1, 1)
    book = Workbook()
    assert book.active is not None
    book.active.append(["name", "email"])
    book.active.append(["Ada", "ada@example.org"])
    target = io.BytesIO()
    book.save(target)
    made = program.upload(target.getvalue(), kind=api.MEDIA_TYPES[1], file_name="a.xlsx").json()
    assert (made["file_name"], made["rows"]["ready"]) == ("a.xlsx", 1)


def test_a_dry_run_says_what_would_be_wrong_and_leaves_nothing(at: Desk, monkeypatch: Any) -> None:
    program = Program(at)
    program.upload()
    Batch.objects.all().delete()
    kept = files._storage().listdir("batches")[1]
    said = program.upload(dry_run="true").json()
    assert said["id"] is None
    assert [problem["row"] for problem in said["problems"]] == [3]
    assert Batch.objects.count() == 0
    assert files._storage().listdir("batches")[1] == kept
    monkeypatch.setattr(uploading, "ROWS_AT_ONCE", 1)
    assert code(program.upload(dry_run="true"), 400) == "malformed"


def test_columns_can_be_told_apart(at: Desk) -> None:
    program = Program(at)
    made = program.upload("Who,email\nAda,ada@example.org\n").json()
    assert made["rows"]["unread"] == 1
    assert {flaw["column"] for flaw in made["header_problems"]} == {"Who", ""}
    told = {"mapping": {"Who": "name", "email": "email"}}
    assert program.post(told, made["id"], "columns").json()["rows"]["ready"] == 1
    assert code(program.post({"mapping": 3}, made["id"], "columns"), 400) == "malformed"


def test_a_request_with_a_key_is_done_once_and_answered_alike(at: Desk) -> None:
    program = Program(at)
    one, two = program.upload(key="k-1"), program.upload(key="k-1")
    assert (one.status_code, one.json()) == (two.status_code, two.json()) == (201, one.json())
    assert one["Location"] == two["Location"]
    assert Batch.objects.count() == 1
    assert code(program.upload(PEOPLE + "C,c@example.org\n", key="k-1"), 422) == "key_reused"
    assert program.upload(key="k-2").json()["id"] != one.json()["id"]
    other = Program(at)
    assert other.upload(key="k-1").json()["id"] != one.json()["id"]
    assert code(program.upload(key="k" * 201), 400) == "malformed"


def test_a_key_is_free_after_a_day_and_after_a_refusal(at: Desk) -> None:
    program = Program(at)
    assert code(program.upload("name\n", key="k"), 400) == "malformed"
    program.upload(key="k")
    ApiRequest.objects.update(created_at=timezone.now() - timedelta(hours=25))
    program.upload(PEOPLE + "C,c@example.org\n", key="k")
    assert Batch.objects.count() == 2
    assert clients.forget_requests(timezone.now() + timedelta(hours=25)) == 1


def test_pages_are_turned_by_a_cursor(at: Desk) -> None:
    program = Program(at)
    made = program.upload("name,email\n" + "".join(f"P{n},x{n}\n" for n in range(5))).json()
    for part, key in (("problems", "problems"), ("report", "rows")):
        seen: list[int] = []
        cursor: str | None = "0"
        while cursor is not None:
            said = program.get(made["id"], part, limit=2, cursor=cursor).json()
            seen += [row["row"] for row in said[key]]
            cursor = said["next"]
        assert seen == [2, 3, 4, 5, 6]
    program.upload()
    program.upload()
    first = program.get(limit=2).json()
    rest = program.get(limit=2, cursor=first["next"]).json()
    ids = [one["id"] for one in first["batches"] + rest["batches"]]
    assert (len(ids), len(set(ids)), rest["next"]) == (3, 3, None)
    assert code(program.get(cursor="x"), 400) == "malformed"
    assert code(program.get(made["id"], "report", limit=1001), 400) == "malformed"


def test_refusals_are_problem_details(at: Desk, monkeypatch: Any) -> None:
    program = Program(at)
    assert code(Client().get(program.url()), 401) == "unauthorised"
    assert code(program.upload(kind="text/html"), 415) == "unsupported_media_type"
    assert code(program.upload(version="x"), 400) == "malformed"
    assert code(program.upload(version=world.published_version(world.organisation()).id), 400)
    assert code(program.upload(run=at.version.id), 400) == "malformed"
    assert code(program.get(at.version.id), 404) == "not_found"
    assert code(Client().delete(program.url(), headers=program._headers), 405)
    broken = program.upload("name,email\n,bob\n").json()["id"]
    assert code(program.post("", broken, "submit"), 409) == "conflict"
    monkeypatch.setattr(api, "MAX_FILE", 10)
    assert code(program.upload(), 413) == "too_large"
    monkeypatch.setattr(door, "_rates", Rates(burst=1, per_second=0.1))
    program.get()
    answer = program.get()
    assert code(answer, 429) == "too_many_requests"
    assert answer["Retry-After"] == "10"


def test_a_token_opens_what_its_scopes_say_and_its_member_may(at: Desk) -> None:
    reader = Program(at, Scope.READ_BATCHES)
    assert reader.get().status_code == 200
    assert code(reader.upload(), 403) == "missing_scope"
    writer = Program(at, Scope.WRITE_BATCHES)
    assert code(writer.get(), 403) == "missing_scope"
    Membership.objects.filter(user=at.awarder).update(roles=[Role.VIEWER])
    assert code(writer.upload(), 403) == "not_allowed"
    assert Award.objects.count() == 0


def test_a_token_that_was_revoked_or_is_old_opens_nothing(at: Desk) -> None:
    program = Program(at)
    ApiClient.objects.update(expires_at=timezone.now())
    assert code(program.get(), 401) == "unauthorised"
    program = Program(at)
    for _ in range(2):
        clients.revoke(client_id=program.client.id, actor=at.awarder, now=timezone.now())
    assert code(program.get(), 401) == "unauthorised"
    assert AuditEntry.objects.filter(action="api_client.revoke").count() == 1
    program = Program(at)
    at.awarder.is_active = False
    at.awarder.save()
    assert code(program.get(), 401) == "unauthorised"


def test_a_token_is_shown_once_and_kept_as_a_digest(at: Desk) -> None:
    address = f"/console/{at.organisation.slug}/api/"
    assert at.client.post(address, {"name": "Records"}).status_code == 422
    answers = {"name": "Records", "scopes": ["batches:read"]}
    page = at.client.post(address, answers)
    assert page["Cache-Control"] == "no-store"
    token = page.context["token"]
    assert token in page.content.decode()
    assert token not in at.client.get(address).content.decode()
    client = ApiClient.objects.get()
    assert client.token_sha256 == clients.digest(token)
    assert clients.client_by_token(token, timezone.now()) == client
    assert at.client.post(f"{address}{client.id}/revoke").status_code == 302
    assert "Shut out on" in at.client.get(address).content.decode()
    viewer = world.member(at.organisation, Role.VIEWER)
    with pytest.raises(NotAllowed):
        clients.revoke(client_id=client.id, actor=viewer, now=timezone.now())
    with pytest.raises(Malformed):
        clients.create(
            organisation=at.organisation, name="x", scopes=[], actor=at.awarder, now=timezone.now()
        )


def test_when_a_token_was_used_is_noted_once_an_hour(at: Desk) -> None:
    program = Program(at)
    program.get()
    seen = ApiClient.objects.get().last_used_at
    program.get()
    assert seen is not None
    assert ApiClient.objects.get().last_used_at == seen


def test_the_request_that_the_guide_shows_is_taken(at: Desk) -> None:
    guide = Path(__file__).parents[2] / "docs" / "howto" / "award-in-bulk.md"
    (shown,) = re.findall(r"```json\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)
    made = Program(at).post(json.loads(shown.replace("VERSION", str(at.version.id))))
    assert (made.status_code, made.json()["rows"]["ready"]) == (201, 2)
    assert set(re.findall(r"cairn batch (\w+)", guide.read_text("utf-8"))) == {
        *("upload", "problems", "submit", "status", "report")
    }
