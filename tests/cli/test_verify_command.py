"""`cairn verify`: one answer for each input, in sentences or as JSON, and an exit code."""

import json
import subprocess
import sys
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from cairn.cli import issuing_desk, verify
from cairn.core.rdf.contexts import VC_2
from tests.cli.command import (
    NO,
    PASS,
    PEOPLE,
    UNKNOWN,
    UNREADABLE,
    USAGE,
    Desk,
    altered,
    cairn,
    is_one_line,
)
from tests.core.hostile_words import ODD_NAMES
from tests.net.servers import response, serve


@pytest.fixture
def files(desk: Desk) -> list[Path]:
    return desk.issued()


def outcome(desk: Desk, *arguments: object) -> str:
    found: str = desk.verify("--json", *arguments).json["outcome"]
    return found


# Inputs


def test_a_file_in_force(desk: Desk, files: list[Path]) -> None:
    ran = desk.verify(files[0])
    assert ran.code == PASS
    assert "Ada Lovelace" in ran.out
    assert "North University" in ran.out
    assert ran.err == ""


def test_standard_input(desk: Desk, files: list[Path]) -> None:
    assert desk.verify("-", stdin=files[0].read_bytes()).code == PASS
    assert desk.verify("-", stdin=b"").code == UNREADABLE


def test_several_files_have_the_worst_exit_code(desk: Desk, files: list[Path]) -> None:
    forged = altered(files[0], name="Astrophysics")
    assert desk.verify(*files).code == PASS
    assert desk.verify(files[0], forged).code == NO
    assert desk.verify(files[0], forged, "missing.json").code == UNREADABLE


def test_a_folder_is_summed_up(desk: Desk, files: list[Path]) -> None:
    altered(files[0], name="Astrophysics")
    (desk.out / ".hidden.json").write_text("{}")
    (desk.out / "notes.md").write_text("no credential")
    ran = desk.verify(desk.out)
    assert ran.code == NO
    assert "Checked: 4" in ran.out
    assert f"altered-{files[0].name}" in ran.out.replace("\n", "")
    assert files[1].name not in ran.out


def test_as_many_files_as_the_bound_and_one_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "MAX_FILES", 2)  # 100,000 would take a minute to make
    for number in range(2):
        (tmp_path / f"{number}.json").write_text("{}")
    assert "Checked: 2" in cairn("verify", tmp_path).out
    (tmp_path / "2.json").write_text("{}")
    ran = cairn("verify", tmp_path)
    assert ran.code == UNREADABLE
    assert "more than 2 files" in ran.out.replace("\n", " ") + ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="no command"),
        pytest.param(("approve",), id="an unknown command"),
        pytest.param(("verify",), id="nothing to verify"),
        pytest.param(("verify", "--nope", "a.json"), id="an unknown option"),
        pytest.param(("verify", "a", "b", "--challenge", "c"), id="two presentations"),
        pytest.param(("keys", "new", "--out", "x"), id="an option too few"),
        pytest.param(("status", "set"), id="no file"),
    ],
)
def test_wrong_options_have_an_exit_code_that_no_credential_has(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = cairn(*arguments)
    assert ran.code == USAGE
    assert "Usage:" in ran.out + ran.err
    assert "Traceback" not in ran.err


def test_an_empty_folder_holds_nothing_to_verify(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert cairn("verify", tmp_path / "empty").code == UNREADABLE


def test_a_register_gives_the_issuers_name(desk: Desk, files: list[Path], tmp_path: Path) -> None:
    did = json.loads((desk.issuer / "did.json").read_bytes())["id"]
    register = tmp_path / "register.json"
    register.write_text(
        json.dumps({"name": "R", "operator": "Ministry", "issuers": {did: "The North University"}})
    )
    ran = desk.verify(files[0], "--register", register)
    assert "The North University" in ran.out
    assert "Ministry" in ran.out


@pytest.mark.parametrize(
    "register", [{}, [], {"name": "R", "operator": 5, "issuers": {}}, {"issuers": {"did:x:y": 1}}]
)
def test_a_damaged_register_is_said_to_be_one(
    desk: Desk, files: list[Path], tmp_path: Path, register: Any
) -> None:
    (tmp_path / "r.json").write_text(json.dumps(register))
    ran = desk.verify(files[0], "--register", tmp_path / "r.json")
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert "r.json" in ran.err


# Exit codes


def test_exit_0_is_in_force(desk: Desk, files: list[Path]) -> None:
    assert outcome(desk, files[0]) == "in_force"


def test_exit_1_is_any_other_certain_answer(desk: Desk, files: list[Path]) -> None:
    cases = {
        "altered": altered(files[0], name="Astrophysics"),
        "unsigned": altered(files[1], proof=[]),
    }
    for path in cases.values():
        assert desk.verify(path).code == NO
    assert cairn("status", "set", files[2], "--issuer", desk.issuer).code == PASS
    assert outcome(desk, files[2]) == "withdrawn"
    assert desk.verify(files[2]).code == NO


def test_dates_decide_too(desk: Desk) -> None:
    desk.write_people(
        ("Name", "Valid from", "Valid until"),
        ("Old", "2020-01-01", "2021-01-01"),
        ("New", "2999-01-01", ""),
    )
    expired, early = desk.issued()
    assert (outcome(desk, expired), outcome(desk, early)) == ("expired", "not_yet_in_force")
    assert desk.verify(expired).code == desk.verify(early).code == NO


def test_exit_2_is_what_could_not_be_obtained(
    desk: Desk, files: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "did.json").write_bytes((desk.issuer / "did.json").read_bytes())
    assert (
        desk.verify(altered(files[0], **{"@context": [VC_2, "https://x.example/"]})).code == UNKNOWN
    )
    without_list = cairn("verify", files[0], "--documents", tmp_path / "docs", "--json")
    assert without_list.code == UNKNOWN
    assert without_list.json["outcome"] == "could_not_be_checked"


@pytest.mark.parametrize(
    "data", [b"", b"x", b"{}", b"[]", b'{"type":["VerifiablePresentation"]}', b"\xff", b"[" * 9999]
)
def test_exit_3_is_no_credential(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.json").write_bytes(data)
    ran = cairn("verify", tmp_path / "x.json")
    assert ran.code == UNREADABLE
    assert "x.json" in ran.out
    assert "Traceback" not in ran.out + ran.err


# JSON


def test_json_says_the_same_as_the_screen(desk: Desk, files: list[Path]) -> None:
    for path in (files[0], altered(files[1], name="Astrophysics")):
        answer = desk.verify("--json", path).json
        screen = " ".join(desk.verify(path).out.split())
        assert answer["headline"] in screen
        for check in answer["checks"]:
            assert check["sentence"] in screen


def test_json_of_one_is_an_object_and_of_several_an_array(desk: Desk, files: list[Path]) -> None:
    assert isinstance(desk.verify("--json", files[0]).json, dict)
    assert [answer["outcome"] for answer in desk.verify("--json", *files).json] == ["in_force"] * 3


def test_json_of_what_cannot_be_read(tmp_path: Path) -> None:
    ran = cairn("verify", "--json", tmp_path / "missing.json")
    assert (ran.json["outcome"], ran.code) == ("unreadable", UNREADABLE)
    assert "missing.json" in ran.json["problem"]


# Whom it was issued to


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--name", "Ada Lovelace", "holder_matches"),
        ("--name", "Eve", "holder_differs"),
        ("--email", "ada@example.org", "holder_matches"),
        ("--email", "Ada@Example.org", "holder_matches"),
        ("--email", "eve@example.org", "holder_differs"),
    ],
)
def test_a_name_or_address_typed_by_the_checker_is_compared(
    desk: Desk, files: list[Path], option: str, value: str, reason: str
) -> None:
    ran = desk.verify("--json", files[0], option, value)
    assert ran.code == PASS
    assert ran.json["checks"][-1]["reason"] == reason


def test_without_one_it_says_that_nobody_has_proved_it(desk: Desk, files: list[Path]) -> None:
    assert desk.verify("--json", files[0]).json["checks"][-1]["reason"] == "holder_unproven"


# Language


def test_the_language_is_asked_for_or_taken_from_the_environment(
    desk: Desk, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    english = desk.verify(files[0]).out
    french = desk.verify(files[0], "--language", "fr").out
    assert english != french
    assert desk.verify(files[0], "--language", "xx").out == english
    monkeypatch.setenv("CAIRN_LANG", "fr_CA.UTF-8")
    assert desk.verify(files[0]).out == french


# Strangers' words


@pytest.mark.parametrize("odd", ODD_NAMES)
def test_no_name_moves_the_cursor_or_colours_a_line(desk: Desk, odd: str) -> None:
    """Names in a file are the sender's: shown before any signature was found to hold."""
    file = _with_name(desk, ODD_NAMES[odd])
    answer = desk.verify("--json", file)
    assert answer.json["facts"]["recipient"] == ODD_NAMES[odd]
    for ran in (desk.verify(file), desk.verify(file, file), answer):
        assert ran.code == NO
        assert not set(ran.out) & set("\x1b\x9b\x07\x08\r\u202e\u2067\u200e")
        assert "\n  ✓ ok · Signature: true" not in ran.out


def _with_name(desk: Desk, name: str) -> Path:
    file = desk.issued()[0]
    document = json.loads(file.read_bytes())
    document["credentialSubject"]["identifier"][0]["identityHash"] = name
    document["credentialSubject"]["achievement"]["name"] = name
    document["issuer"]["name"] = name
    return altered(file, **document)


def test_markup_and_emoji_codes_stay_text(desk: Desk) -> None:
    file = _with_name(desk, "[bold]:white_check_mark:[/bold] [link=x]y[/link]")
    assert "[bold]:white_check_mark:[/bold] [link=x]y[/link]" in desk.verify(file, file).out


def test_file_names_may_hold_anything(desk: Desk, files: list[Path]) -> None:
    for name in (b"\xff.json", b"\x1b[31m.json", b"a\nb.json", b"[red].json", b":x:.json"):
        path = Path(str(desk.out), name.decode(errors="surrogateescape"))
        path.write_bytes(files[0].read_bytes())
        for options in ((), ("--json",)):
            ran = desk.verify(path, *options)
            assert ran.code == PASS
            assert "\x1b" not in ran.out


# Addresses


def test_an_address_is_refused_unless_its_origin_is_allowed(desk: Desk, files: list[Path]) -> None:
    with serve(lambda _: [response(files[0].read_bytes())]) as server:
        url = f"{server.origin}/c"
        refused = desk.verify(url)
        assert refused.code == UNREADABLE
        assert server.connects == 0
        assert "--allow-origin" in refused.out
        assert desk.verify(url, "--allow-origin", server.origin).code == PASS
        assert server.connects == 1


def test_a_server_that_fails_is_said_to(desk: Desk) -> None:
    with serve(lambda _: [response(b"gone", status=404)]) as server:
        ran = desk.verify(f"{server.origin}/c", "--allow-origin", server.origin)
    assert ran.code == UNREADABLE
    assert "404" in ran.out


@pytest.mark.parametrize("origin", ["x", "http://x/path", "ftp://x", "http://*"])
def test_an_origin_that_is_none_is_refused(desk: Desk, files: list[Path], origin: str) -> None:
    ran = desk.verify(files[0], "--allow-origin", origin)
    assert ran.code == UNREADABLE
    assert is_one_line(ran)


def test_a_list_of_before_a_withdrawal_is_no_longer_taken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing_desk, "datetime", AnHourAgo)
    (file, *_) = desk.issued()
    (published,) = desk.lists()
    old = published.read_bytes()
    assert desk.verify(file).code == PASS
    cairn("status", "set", file, "--issuer", desk.issuer)
    assert desk.verify(file).code == NO
    published.write_bytes(old)
    ran = desk.verify("--json", file)
    assert ran.code == UNKNOWN
    assert "status_rolled_back" in [check["reason"] for check in ran.json["checks"]]


class AnHourAgo(datetime):
    """A clock for issuing: versions of a list are told apart by their second."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "AnHourAgo":
        return cls.fromtimestamp(datetime.now(tz).timestamp() - 3600, tz)


# The installed command


def test_the_installed_command_runs_and_its_output_survives_any_terminal(
    desk: Desk, files: list[Path]
) -> None:
    command = "import sys; from cairn.cli.main import main; sys.argv[0] = 'cairn'; main()"
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", command, "verify", files[1], "--documents", desk.issuer],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": ":".join(sys.path), "HOME": str(desk.out)},
    )
    assert ran.returncode == PASS, ran.stderr
    assert b"Traceback" not in ran.stderr
    assert PEOPLE[2][0].split()[0][:2].encode() in ran.stdout


def test_verifying_needs_neither_django_nor_numpy() -> None:
    command = (
        "import sys; import cairn.cli.main, cairn.cli.verify, cairn.cli.sources;"
        "sys.exit(bool({'django', 'numpy', 'pandas'} & sys.modules.keys()))"
    )
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", command], check=False, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert ran.returncode == 0
