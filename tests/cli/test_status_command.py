"""`cairn status`: withdraw, suspend, reinstate, and keep the lists current."""

import json
from pathlib import Path

from cairn.core.status.bitstring import StatusList
from tests.cli.command import (
    NO,
    PASS,
    UNREADABLE,
    Desk,
    Ran,
    altered,
    cairn,
    is_one_line,
    make_issuer,
)


def set_status(desk: Desk, *arguments: object) -> Ran:
    return cairn("status", "set", *arguments, "--issuer", desk.issuer)


def outcome(desk: Desk, file: Path) -> str:
    found: str = desk.verify("--json", file).json["outcome"]
    return found


def bits(desk: Desk) -> list[int]:
    """How many bits are set, list by list."""
    found = []
    for path in desk.lists():
        subject = json.loads(path.read_bytes())["credentialSubject"]
        found.append(StatusList.decode(subject["encodedList"]).count())
    return found


def test_a_withdrawn_credential_is_withdrawn_and_the_others_are_not(desk: Desk) -> None:
    first, *others = desk.issued()
    ran = set_status(desk, first)
    assert ran.code == PASS
    assert "1 of 1 changed" in ran.out
    assert outcome(desk, first) == "withdrawn"
    assert {outcome(desk, file) for file in others} == {"in_force"}


def test_several_at_once(desk: Desk) -> None:
    files = desk.issued()
    assert "3 of 3" in set_status(desk, *files).out
    assert bits(desk) == [3]


def test_withdrawn_twice_changes_nothing(desk: Desk) -> None:
    first, *_ = desk.issued()
    set_status(desk, first)
    ran = set_status(desk, first, first)
    assert ran.code == PASS
    assert "0 of 2 changed" in ran.out
    assert bits(desk) == [1]


def test_a_revocation_is_final(desk: Desk) -> None:
    first, *_ = desk.issued()
    set_status(desk, first)
    ran = set_status(desk, first, "--clear")
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert "final" in ran.err
    assert outcome(desk, first) == "withdrawn"


def test_a_suspension_comes_and_goes(desk: Desk) -> None:
    first, *_ = desk.issued("--suspendable")
    assert set_status(desk, first, "--purpose", "suspension").code == PASS
    assert outcome(desk, first) == "suspended"
    assert desk.verify(first).code == NO
    assert set_status(desk, first, "--purpose", "suspension", "--clear").code == PASS
    assert outcome(desk, first) == "in_force"


def test_a_withdrawal_outlives_a_suspension(desk: Desk) -> None:
    first, *_ = desk.issued("--suspendable")
    set_status(desk, first, "--purpose", "suspension")
    set_status(desk, first)
    set_status(desk, first, "--purpose", "suspension", "--clear")
    assert outcome(desk, first) == "withdrawn"


def test_without_an_entry_for_it_nothing_is_suspended(desk: Desk) -> None:
    first, *_ = desk.issued()
    ran = set_status(desk, first, "--purpose", "suspension")
    assert ran.code == UNREADABLE
    assert "without a suspension entry" in ran.err


def test_an_unknown_purpose_is_refused(desk: Desk) -> None:
    ran = set_status(desk, *desk.issued(), "--purpose", "revenge")
    assert ran.code != PASS
    assert "Traceback" not in ran.err
    assert bits(desk) == [0]


def test_all_or_none(desk: Desk, tmp_path: Path) -> None:
    """One file that is not ours, in any place, and no bit is set."""
    first, second, _ = desk.issued()
    (tmp_path / "other").mkdir()
    other = make_issuer(tmp_path / "other").issued()[0]
    strangers = {
        "another issuer's": other,
        "altered": altered(second, name="Astrophysics"),
        "unsigned": altered(first, proof=[]),
        "no credential": desk.achievement,
        "no JSON": desk.people,
        "missing": tmp_path / "missing.json",
        "a folder": desk.out,
    }
    for what, stranger in strangers.items():
        ran = set_status(desk, first, stranger, second)
        assert ran.code == UNREADABLE, what
        assert is_one_line(ran), what
        assert str(stranger) in ran.err, what
        assert bits(desk) == [0], what


def test_a_list_that_is_gone_is_said_to_be(desk: Desk) -> None:
    first, *_ = desk.issued()
    desk.lists()[0].unlink()
    ran = set_status(desk, first)
    assert ran.code == UNREADABLE
    assert is_one_line(ran)


def test_renewed_lists_say_the_same_for_longer(desk: Desk) -> None:
    first, second, _ = desk.issued("--suspendable")
    set_status(desk, first)
    before = bits(desk)
    ran = cairn("status", "renew", "--issuer", desk.issuer)
    assert ran.code == PASS
    assert "2 lists signed" in ran.out
    assert bits(desk) == before
    assert (outcome(desk, first), outcome(desk, second)) == ("withdrawn", "in_force")


def test_two_commands_never_work_on_one_issuer(desk: Desk) -> None:
    import fcntl

    first, *_ = desk.issued()
    with (desk.issuer / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for ran in (set_status(desk, first), cairn("status", "renew", "--issuer", desk.issuer)):
            assert ran.code == UNREADABLE
            assert is_one_line(ran)
            assert "another command" in ran.err
