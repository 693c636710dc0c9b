"""`cairn issue`: a table of people becomes a folder of credentials, whole or not at all."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from cairn.cli import issue as issuing
from cairn.core.errors import Malformed
from tests.cli.command import NO, PASS, PEOPLE, UNREADABLE, Desk, cairn, is_one_line
from tests.reference import reference

BAD = (
    ("Name", "E-mail", "Awarded on"),
    ("Ada Lovelace", "ada@example.org", "2026-05-12"),
    ("Bob", "not an address", "yesterday"),
    ("", "", "2026-05-12"),
    ("Eve", "eve@example.org", "2026-05-12"),
)
FRENCH: dict[str, Any] = {
    "inLanguage": "fr-CA",
    "name": "Analyse de données",
    "description": "Lire des données d’été.",
    "criteria": {"narrative": "Un projet évalué : réussi."},
}


def test_every_row_becomes_a_credential_that_is_in_force(desk: Desk) -> None:
    ran = desk.issue()
    assert ran.code == PASS
    assert "3 credentials" in ran.out
    rows = desk.index()
    assert [(row["row"], row["name"], row["email"]) for row in rows] == [
        (str(number), *person) for number, person in enumerate(PEOPLE[1:], start=2)
    ]
    for row in rows:
        document = json.loads((desk.out / row["file"]).read_bytes())
        assert document["id"] == row["id"]
        assert document["credentialSubject"]["identifier"][0]["identityHash"] == row["name"]
        assert row["email"] not in json.dumps(document)
    assert desk.verify(desk.out).code == PASS


def test_bad_rows_are_listed_and_nothing_is_written(desk: Desk) -> None:
    desk.write_people(*BAD)
    ran = desk.issue()
    assert ran.code == NO
    for words in ("Awarded on", "yesterday", "not an address", "names nobody", "2026-05-14"):
        assert words in ran.out
    assert "Nothing was issued" in ran.out
    assert not desk.out.exists()
    assert desk.lists() == []


def test_good_rows_are_issued_if_asked_for(desk: Desk) -> None:
    desk.write_people(*BAD)
    ran = desk.issue("--skip-bad-rows")
    assert ran.code == NO, "not all were issued"
    assert [row["row"] for row in desk.index()] == ["2", "5"]
    assert desk.verify(desk.out).code == PASS


def test_problems_go_to_a_file_with_row_column_value_problem_and_mend(desk: Desk) -> None:
    desk.write_people(*BAD)
    found = desk.people.with_name("problems.csv")
    desk.issue("--problems", found)
    with found.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows] == ["3", "3", "4"]
    first = next(row for row in rows if row["column"] == "Awarded on")
    assert first["value"] == "yesterday"
    assert first["problem"]
    assert first["mend"]


def test_a_problem_file_runs_no_formula(desk: Desk) -> None:
    desk.write_people(("Name", "Awarded on"), ("Ada", "=HYPERLINK(1)"))
    found = desk.people.with_name("problems.csv")
    desk.issue("--problems", found)
    with found.open(encoding="utf-8-sig", newline="") as file:
        assert [row["value"][0] for row in csv.DictReader(file)] == ["'"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_an_index_runs_no_formula_and_the_credential_keeps_the_name(desk: Desk, name: str) -> None:
    desk.write_people(("Name",), (name,))
    (file,) = desk.issued()
    assert desk.index()[0]["name"] == f"'{name}"
    assert name in file.read_text(encoding="utf-8")


def test_a_column_is_mapped_or_left_out(desk: Desk) -> None:
    desk.write_people(("Wer", "Colour"), ("Ada", "mauve"))
    assert desk.issue().code == NO
    (file,) = desk.issued("--map", "Wer=name", "--map", "Colour=-")
    assert b"Ada" in file.read_bytes()
    assert b"mauve" not in file.read_bytes()


@pytest.mark.parametrize("mapping", ["nonsense", "=name", "Wer="])
def test_a_mapping_that_says_nothing_is_refused(desk: Desk, mapping: str) -> None:
    ran = desk.issue("--map", mapping)
    assert ran.code == UNREADABLE
    assert "HEADING=FIELD" in ran.err


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_both_cryptosuites(desk: Desk, suite: str) -> None:
    files = desk.issued("--cryptosuite", suite)
    assert json.loads(files[0].read_bytes())["proof"][0]["cryptosuite"] == suite
    assert desk.verify(*files).code == PASS


@pytest.mark.parametrize("suite", ["bbs-2023", "ecdsa-rdfc-2019"])
def test_a_cryptosuite_that_the_key_cannot_use_is_refused(desk: Desk, suite: str) -> None:
    ran = desk.issue("--cryptosuite", suite)
    assert ran.code == UNREADABLE
    assert suite in ran.err
    assert not desk.out.exists()


@pytest.mark.parametrize(("options", "purposes"), [((), 1), (("--suspendable",), 2)])
def test_entries_of_a_status_list(desk: Desk, options: tuple[str, ...], purposes: int) -> None:
    files = desk.issued(*options)
    assert len(desk.lists()) == purposes
    taken = set()
    for file in files:
        status = json.loads(file.read_bytes())["credentialStatus"]
        entries = status if isinstance(status, list) else [status]
        assert len(entries) == purposes
        taken |= {(e["statusListCredential"], e["statusListIndex"]) for e in entries}
    assert len(taken) == purposes * len(files)
    assert desk.verify(*files).code == PASS


def test_a_french_achievement(desk: Desk) -> None:
    desk.write_achievement(**FRENCH)
    files = desk.issued()
    assert "Analyse de données" in files[0].read_text(encoding="utf-8")
    ran = desk.verify(files[0], "--language", "fr")
    assert ran.code == PASS
    assert "en vigueur" in ran.out
    assert "« Ada Lovelace »" in ran.out


def test_what_an_achievement_cannot_carry_is_listed(desk: Desk) -> None:
    desk.write_achievement(supervisionType="onsite")
    ran = desk.issue()
    assert ran.code == PASS
    assert "Not carried into the credential: /supervisionType" in ran.out


def test_a_folder_that_holds_something_is_left_alone(desk: Desk) -> None:
    desk.out.mkdir()
    (desk.out / "mine.txt").write_text("mine")
    ran = desk.issue()
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert "exists already" in ran.err
    assert [path.name for path in desk.out.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(desk: Desk) -> None:
    desk.out.mkdir()
    assert len(desk.issued()) == 3


@pytest.mark.parametrize("stop", [Malformed("the signer is gone"), KeyboardInterrupt()])
def test_stopped_in_the_middle_nothing_half_written_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    desk.write_people(("Name",), *((f"Learner {number}",) for number in range(9)))
    made: list[int] = []

    signed = issuing.Signing.signed

    def failing(signing: issuing.Signing, unsigned: dict[str, Any]) -> bytes:
        made.append(1)
        if len(made) == 5:
            raise stop
        return signed(signing, unsigned)

    with monkeypatch.context() as patched:
        patched.setattr(issuing.Signing, "signed", failing)
        ran = desk.issue()
    assert ran.code not in (PASS, NO)
    assert "Traceback" not in ran.err
    assert not desk.out.exists()
    assert {path.name for path in desk.out.parent.iterdir()} == {"issuer", "a.json", "people.csv"}
    assert len(desk.issued()) == 9


def test_entries_are_never_handed_out_twice(desk: Desk) -> None:
    first = desk.issued()
    again = Desk(desk.issuer, desk.achievement, desk.people, desk.out.with_name("out2")).issued()

    def entry(file: Path) -> str:
        identity: str = json.loads(file.read_bytes())["credentialStatus"]["id"]
        return identity

    assert len({entry(file) for file in first + again}) == 6
    assert len(desk.lists()) == 1


# What is wrong with the input is said in one line


def test_a_missing_file_is_named(desk: Desk) -> None:
    for file in (desk.people, desk.achievement, desk.issuer / "key.pem"):
        data = file.read_bytes()
        file.unlink()
        ran = desk.issue()
        assert ran.code == UNREADABLE
        assert is_one_line(ran)
        assert str(file) in ran.err
        file.write_bytes(data)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b'{"key":{}}', b'{"key":5}', b"\xff", b'{"a":1,"a":2}']
)
def test_a_damaged_issuer_is_said_to_be_one(desk: Desk, data: bytes) -> None:
    (desk.issuer / "issuer.json").write_bytes(data)
    for ran in (desk.issue(), cairn("status", "renew", "--issuer", desk.issuer)):
        assert ran.code == UNREADABLE
        assert is_one_line(ran)
        assert "issuer.json is damaged" in ran.err


@pytest.mark.parametrize("data", [b"", b"x", b"\xff", b"uH4sIAAAA"])
@pytest.mark.parametrize("ending", [".json", ".taken"])
def test_a_damaged_list_is_named_and_not_used(desk: Desk, ending: str, data: bytes) -> None:
    desk.issued()
    damaged = desk.lists()[0].with_suffix(ending)
    damaged.write_bytes(data)
    ran = Desk(desk.issuer, desk.achievement, desk.people, desk.out.with_name("out2")).issue()
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert str(desk.lists()[0]) in ran.err
    assert damaged.read_bytes() == data


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"5", b'{"type":["Achievement"]}', b'{"\\u001b[31m\\n":1}']
)
def test_a_damaged_achievement_is_named(desk: Desk, data: bytes) -> None:
    desk.achievement.write_bytes(data)
    ran = desk.issue()
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert str(desk.achievement) in ran.err
    assert "\x1b" not in ran.err


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\xff", b'"', b"a,b\n\0"])
def test_a_damaged_table_is_refused(desk: Desk, data: bytes) -> None:
    desk.people.write_bytes(data)
    ran = desk.issue()
    assert ran.code in (NO, UNREADABLE)
    assert "Traceback" not in ran.err
    assert not desk.out.exists()


@pytest.mark.parametrize("option", ["--out", "--problems"])
def test_a_folder_that_cannot_be_written_is_said_in_one_line(desk: Desk, option: str) -> None:
    desk.write_people(*BAD)
    ran = desk.issue("--skip-bad-rows", option, desk.achievement / "below a file")
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert str(desk.achievement) in ran.err


def test_names_that_draw_on_the_terminal_are_shown_as_what_they_are(desk: Desk) -> None:
    desk.write_people(("Name", "Awarded on"), ("[red]x", "\x1b[31m:white_check_mark:"))
    ran = desk.issue()
    assert "\x1b" not in ran.out
    assert "⟨U+001B⟩[31m:white_check_mark:" in ran.out


# The edubadges fixtures: real input of other people

EDUBADGES = "credentials/edubadges/_data/credentials"


def fixtures() -> list[Path]:
    return sorted(reference(EDUBADGES).glob("*.json"))


def test_the_edubadges_name_their_unknown_context_and_nothing_is_fetched() -> None:
    files = fixtures()
    assert len(files) == 30
    for answer in cairn("verify", *files, "--json").json:
        assert answer["outcome"] == "could_not_be_checked"
        (check,) = (check for check in answer["checks"] if check["id"] == "context")
        assert check["reason"] == "context_unknown"
        assert check["facts"]["url"].endswith("/educredential.json")
        assert check["facts"]["url"] in check["sentence"] + check["detail"]
    assert cairn("verify", *files).code == 2


@pytest.mark.parametrize("number", range(30))
def test_an_edubadge_bound_to_our_template_is_issued_and_in_force(desk: Desk, number: int) -> None:
    files = Desk(desk.issuer, fixtures()[number], desk.people, desk.out).issued()
    assert desk.verify(*files).code == PASS


def test_tokens_are_issued_verified_and_withdrawn(desk: Desk) -> None:
    issued = desk.issued("--cryptosuite", "vc+jwt")
    assert {path.suffix for path in issued} == {".jwt"}
    assert cairn("verify", desk.out, "--documents", desk.issuer).code == PASS
    head, _, tail = issued[0].read_text().split(".")
    forged = issued[1].read_text().split(".")[1]
    issued[0].write_text(f"{head}.{forged}.{tail}")
    assert cairn("verify", issued[0], "--documents", desk.issuer).code == NO
    withdrawn = cairn("status", "set", issued[1], "--issuer", desk.issuer)
    assert withdrawn.code == PASS, withdrawn
    assert cairn("verify", issued[1], "--documents", desk.issuer).code == NO


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        pytest.param("Ada\u202eecalevoL", "U+202E", id="right-to-left override"),
        pytest.param("A\u200bda", "U+200B", id="zero-width space"),
        pytest.param("Ada\nLovelace", "U+000A", id="a line end"),
    ],
)
def test_a_name_that_hides_something_is_a_problem_of_its_row(
    desk: Desk, name: str, seen: str
) -> None:
    desk.write_people(("Full name", "E-mail"), ("Zoë", "z@example.org"), (name, "a@example.org"))
    ran = desk.issue("--map", "Full name=name", "--problems", desk.out.with_suffix(".csv"))
    assert ran.code == NO
    (found,) = csv.DictReader(desk.out.with_suffix(".csv").read_text("utf-8-sig").splitlines())
    assert [found["row"], found["column"]] == ["3", "Full name"]
    assert seen in found["problem"]
    assert not desk.out.exists()


def test_a_name_with_the_joiners_that_its_language_needs_is_issued(desk: Desk) -> None:
    desk.write_people(("Name", "E-mail"), ("می\u200cخواهم", "a@example.org"))
    assert desk.issue().code == PASS
