"""`cairn doctor`, `cairn tour`, and what every command does with its environment."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cairn.cli import issuer as issuers
from tests.cli.command import NO, PASS, UNREADABLE, Desk, Ran, cairn, is_one_line


def doctor(desk: Desk) -> Ran:
    return cairn("doctor", "--issuer", desk.issuer)


def wrong(ran: Ran) -> list[str]:
    return [line for line in ran.out.splitlines() if line.startswith("✗")]


def test_all_is_well(desk: Desk) -> None:
    desk.issued()
    for ran in (cairn("doctor"), doctor(desk)):
        assert ran.code == PASS, ran
        assert "All is well." in ran.out
        assert wrong(ran) == []
    assert "3 of 131072 entries in use (revocation)" in doctor(desk).out


def test_a_key_that_others_can_read(desk: Desk) -> None:
    (desk.issuer / "key.pem").chmod(0o644)
    ran = doctor(desk)
    assert ran.code == NO
    (line,) = wrong(ran)
    assert "chmod 600" in line


def test_a_missing_key_is_wrong_and_the_rest_is_looked_at(desk: Desk) -> None:
    (desk.issuer / "key.pem").unlink()
    ran = doctor(desk)
    assert ran.code == NO
    assert len(wrong(ran)) == 4
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("data", [b"", b"{}", b"x", b"[]", b"\xff"])
def test_a_damaged_did_document(desk: Desk, data: bytes) -> None:
    (desk.issuer / "did.json").write_bytes(data)
    ran = doctor(desk)
    assert ran.code == NO
    assert any("DID document" in line for line in wrong(ran))


def test_a_did_document_with_another_key_or_without_its_use(desk: Desk) -> None:
    path = desk.issuer / "did.json"
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps({**document, "assertionMethod": []}))
    assert "assertionMethod" in wrong(doctor(desk))[0]
    other = "z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP"
    document["verificationMethod"][0]["publicKeyMultibase"] = other
    path.write_text(json.dumps(document))
    assert doctor(desk).code == NO


def test_a_list_about_to_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(issuers, "_LIST_LIFE", timedelta(days=20))
        desk.issued()
    ran = doctor(desk)
    assert ran.code == NO
    (line,) = wrong(ran)
    assert "cairn status renew" in line
    assert cairn("status", "renew", "--issuer", desk.issuer).code == PASS
    assert doctor(desk).code == PASS


@pytest.mark.parametrize("ending", [".json", ".taken"])
def test_a_damaged_list(desk: Desk, ending: str) -> None:
    desk.issued()
    desk.lists()[0].with_suffix(ending).write_bytes(b"\xff")
    ran = doctor(desk)
    assert ran.code == NO
    assert "restore it from a backup" in wrong(ran)[0]


# Settings


def test_an_unknown_setting_is_refused_by_every_command(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIRN_FETCH_ALOW", "http://127.0.0.1:8000")
    for ran in (
        cairn("verify", desk.achievement),
        cairn("status", "renew", "--issuer", desk.issuer),
        desk.issue(),
    ):
        assert ran.code == UNREADABLE
        assert is_one_line(ran)
        assert "CAIRN_FETCH_ALOW" in ran.err
        assert "CAIRN_FETCH_ALLOW" in ran.err
    assert doctor(desk).code == NO
    assert "CAIRN_FETCH_ALOW" in doctor(desk).out


@pytest.mark.parametrize("value", ["x", "http://x/path", "*"])
def test_a_setting_that_says_nothing_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CAIRN_FETCH_ALLOW", value)
    ran = cairn("verify", desk.achievement)
    assert ran.code == UNREADABLE
    assert is_one_line(ran)


def test_a_state_folder_that_cannot_be_written_is_said_and_no_answer_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = desk.issued()
    monkeypatch.setenv("CAIRN_STATE_DIR", "/proc/cairn")  # where not even root makes folders
    ran = desk.verify(*files)
    assert ran.code == PASS
    assert ran.err.count("CAIRN_STATE_DIR") == 1


# Demo


def test_the_tour_ends_well_in_place_of_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "tour").mkdir()
    for name in (".cairn-tour", "old.json"):
        (tmp_path / "tour" / name).touch()
    ran = cairn("tour", "--out", tmp_path / "tour")
    assert ran.code == PASS, ran
    lines = [line.split() for line in ran.out.splitlines()]
    for count, outcome in (("198", "In"), ("1", "Withdrawn"), ("1", "Altered")):
        assert any(line[:2] == [count, outcome] for line in lines), ran.out
    assert not (tmp_path / "tour" / "old.json").exists()
    assert len(list((tmp_path / "tour" / "credentials").rglob("*.json"))) == 200


def test_the_tour_leaves_a_folder_of_others_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    ran = cairn("tour", "--out", tmp_path / "mine")
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_the_tour_takes_no_file_for_a_folder(desk: Desk) -> None:
    ran = cairn("tour", "--out", desk.achievement)
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert desk.achievement.exists()


# Help


@pytest.mark.parametrize(
    "command",
    [(), ("keys",), ("keys", "new"), ("issue",), ("verify",), ("status", "set"), ("tour",)],
)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    ran = cairn(*command, "--help")
    assert ran.code == PASS
    assert "Usage: cairn" in ran.out
