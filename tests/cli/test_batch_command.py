"""`cairn batch` speaks to a platform by its API: what it prints, asks, and how it ends."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from cairn.cli import batches
from cairn.cli.batch_client import BatchClient, over_http
from cairn.core.errors import Conflict, Malformed, NotAllowed, Unobtainable
from tests.cli.command import USAGE, Ran, cairn, is_one_line

BATCH = {
    "id": "b-1",
    "state": "draft",
    "rows": {"ready": 2, "problem": 0, "unsure": 0},
    "rows_read": 2,
    "rows_to_read": 2,
    "problem": "",
    "header_problems": [],
}
FLAW = {"row": 3, "state": "problem", "column": "email", "value": "=x"}
FLAW |= {"problem": "is no address", "mend": "write one"}


class Platform(BaseHTTPRequestHandler):
    """A server that answers what a test laid out, and remembers what it was asked."""

    answers: ClassVar[list[tuple[int, Any]]] = []
    asked: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append((self.command, self.path, dict(self.headers.items()), body))
        status, said = self.answers.pop(0)
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _answer  # noqa: N815 - as the library calls them

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Platform.answers, Platform.asked = [], []
    server = HTTPServer(("127.0.0.1", 0), Platform)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setattr(batches, "POLL_SECONDS", 0)
    monkeypatch.setenv("CAIRN_API_TOKEN", "cairn_secret")
    monkeypatch.setenv("CAIRN_API_ORGANISATION", "o-1")
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("name,email\nAda,ada@example.org\n")
    return path


def batch(platform: str, *arguments: object, answers: list[tuple[int, Any]]) -> Ran:
    Platform.answers[:] = answers
    return cairn("batch", *arguments, "--server", platform)


def test_a_table_is_uploaded_and_waited_for(platform: str, table: Path) -> None:
    answers = [(201, BATCH | {"state": "reading"}), (200, BATCH)]
    ran = batch(platform, "upload", table, "--version", "v-1", answers=answers)
    assert (ran.code, ran.out) == (0, "b-1: draft\n  2 ready\n")
    method, path, headers, body = Platform.asked[0]
    assert (method, body) == ("POST", table.read_bytes())
    assert path == "/api/v1/organisations/o-1/batches?version=v-1&file_name=people.csv"
    assert headers["Authorization"] == "Bearer cairn_secret"
    assert headers["Content-Type"] == "text/csv"
    assert Platform.asked[1][1].endswith("/batches/b-1")


def test_the_same_upload_has_the_same_key_and_another_another(platform: str, table: Path) -> None:
    def key(*options: str) -> str:
        answers = [(201, BATCH)]
        batch(platform, "upload", table, "--version", "v", *options, answers=answers)
        return Platform.asked[-1][2]["Idempotency-Key"]

    assert key() == key()
    assert key("--run", "r") != key()
    assert key("--key", "mine") == "mine"


def test_rows_that_are_left_out_end_with_1(platform: str, table: Path) -> None:
    said = BATCH | {"id": None, "rows": {"ready": 1, "problem": 1}, "problems": [FLAW]}
    ran = batch(platform, "upload", table, "--version", "v", "--dry-run", answers=[(200, said)])
    assert ran.code == 1
    assert "row 3, email: is no address; write one" in ran.out
    assert "dry_run=true" in Platform.asked[0][1]
    failed = BATCH | {"state": "failed", "problem": "row 9 is no CSV"}
    ran = batch(platform, "status", "b-1", answers=[(200, failed)])
    assert (ran.code, "row 9 is no CSV" in ran.out) == (1, True)


def test_a_status_is_waited_for_and_printed_as_json(platform: str) -> None:
    answers = [(200, BATCH | {"state": "running"}), (200, BATCH | {"state": "done"})]
    ran = batch(platform, "status", "b-1", "--wait", "--json", answers=answers)
    assert ran.json["state"] == "done"


def test_problems_and_reports_are_tables_of_all_pages(platform: str, tmp_path: Path) -> None:
    pages = [(200, {"problems": [FLAW], "next": "3"}), (200, {"problems": [FLAW], "next": None})]
    ran = batch(platform, "problems", "b-1", answers=pages)
    assert ran.code == 1
    assert ran.out.splitlines()[1] == "3,email,'=x,is no address,write one"
    assert len(ran.out.splitlines()) == 3
    assert Platform.asked[1][1].endswith("/problems?limit=1000&cursor=3")
    rows = {"row": 2, "state": "issued", "name": "Ada", "email": "a@x.org", "credential": None}
    out = tmp_path / "report.csv"
    ran = batch(
        platform, "report", "b-1", "--out", out, answers=[(200, {"rows": [rows], "next": None})]
    )
    assert (ran.code, ran.out) == (0, "")
    assert out.read_text("utf-8-sig").splitlines()[1] == "2,issued,Ada,a@x.org,"


def test_a_batch_is_submitted_and_no_command_approves(platform: str) -> None:
    ran = batch(platform, "submit", "b-1", answers=[(200, BATCH | {"state": "submitted"})])
    assert (ran.code, ran.out) == (0, "b-1 waits for approval.\n")
    assert Platform.asked[0][:2] == ("POST", "/api/v1/organisations/o-1/batches/b-1/submit")
    assert cairn("batch", "approve", "b-1").code == USAGE


def test_a_refusal_is_one_line_and_ends_with_3(platform: str) -> None:
    said = {"detail": "No row of it is ready; mend the table first"}
    ran = batch(platform, "submit", "b-1", answers=[(409, said)])
    assert (ran.code, is_one_line(ran)) == (3, True)
    assert "mend the table first" in ran.err


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Malformed),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, Malformed),
        (409, Conflict),
        (413, Malformed),
        (422, Malformed),
        (429, Unobtainable),
        (502, Unobtainable),
    ],
)
def test_each_refusal_is_the_error_that_it_means(status: int, kind: type[Exception]) -> None:
    for body in (b'{"detail": "No."}', b"<html>", b"[]"):
        client = BatchClient("https://c.test", "o", "t", lambda *_, body=body: (status, body))
        with pytest.raises(kind):
            client.batch("b")


def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    with pytest.raises(Unobtainable, match="does not answer"):
        over_http("GET", "http://127.0.0.1:9/x?y", {}, b"")
    with pytest.raises(Malformed, match="not the address"):
        over_http("GET", "ftp://example.org/x", {}, b"")


def test_without_a_token_nothing_is_asked(
    platform: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CAIRN_API_TOKEN")
    ran = batch(platform, "status", "b-1", answers=[])
    assert (ran.code, "CAIRN_API_TOKEN" in ran.err) == (3, True)
    file = tmp_path / "token"
    file.write_text("cairn_other\n")
    batch(platform, "status", "b-1", "--token-file", file, answers=[(200, BATCH)])
    assert Platform.asked[0][2]["Authorization"] == "Bearer cairn_other"
