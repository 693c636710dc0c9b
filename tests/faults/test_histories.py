"""F15, F16: lists that are published at once by two, rows that are changed by hand."""

import sqlite3
from contextlib import closing

import psycopg
import pytest

from tests.faults.conftest import ROWS, Seeded
from tests.faults.finish import finish
from tests.faults.installation import CAIRN, running, wait_for
from tests.faults.letters import Letters

pytestmark = pytest.mark.faults
WITHDRAWN = 12


@pytest.mark.parametrize("engine", ["on_sqlite", "on_postgresql"])
def test_lists_published_by_two_at_once_lose_no_withdrawal(
    engine: str, request: pytest.FixtureRequest, letters: Letters
) -> None:
    seeded: Seeded = request.getfixturevalue(engine)
    installation = seeded.installation
    workers = [installation.start_worker(f"worker{number}") for number in range(2)]
    with running(*workers):
        wait_for(lambda: installation.signed() == ROWS, 90, "all is signed")
        installation.wait_until_idle(90)  # the letter about a withdrawn one would not be sent
        acts = [
            installation.start_python(
                "tests.faults.acts", "withdraw", seeded.issuer, seeded.registrar, *numbers
            )
            for numbers in (_numbers(0), _numbers(1))
        ]
        versions = [installation.ask(_VERSION)]
        while any(act.poll() is None for act in acts):
            versions.append(installation.ask(_VERSION))
        assert [act.returncode for act in acts] == [0, 0], installation.log("tests.faults.acts")
        finish(seeded, letters, ROWS)
    assert versions == sorted(versions), "a version never goes back"
    assert installation.act("published", seeded.issuer)["withdrawn"] == WITHDRAWN


_VERSION = "SELECT max(version) FROM issuing_statuslist"


def _numbers(parity: int) -> list[str]:
    return [str(number) for number in range(WITHDRAWN) if number % 2 == parity]


@pytest.mark.parametrize("engine", ["on_sqlite", "on_postgresql"])
def test_a_row_that_was_changed_by_hand_is_named(
    engine: str, request: pytest.FixtureRequest
) -> None:
    seeded: Seeded = request.getfixturevalue(engine)
    installation = seeded.installation
    installation.act("seal")
    intact = installation.run([str(CAIRN), "audit", "verify"])
    entry = installation.ask("SELECT min(id) + 1 FROM platform_auditentry")
    _change_by_hand(seeded, entry)
    said = installation.run([str(CAIRN), "audit", "verify"], may_fail=True)
    assert said != intact
    assert str(entry) in said, said


def _change_by_hand(seeded: Seeded, entry: int) -> None:
    """As somebody does who owns the database: triggers off, one row changed, triggers on."""
    change = f"UPDATE platform_auditentry SET action = 'nothing.happened' WHERE id = {entry}"  # noqa: S608
    installation = seeded.installation
    address = installation.environment.get("CAIRN_DATABASE", "")
    if address:
        with psycopg.connect(address, autocommit=True) as link:
            link.execute("ALTER TABLE platform_auditentry DISABLE TRIGGER USER")
            link.execute(change.encode())
            link.execute("ALTER TABLE platform_auditentry ENABLE TRIGGER USER")
        return
    with closing(sqlite3.connect(installation.sqlite)) as file, file:
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        for (name,) in file.execute(names, ("platform_auditentry",)).fetchall():
            file.execute(f"DROP TRIGGER {name}")
        file.execute(change)
