"""F1, F6, F17: workers that are killed, told twice or given what can't be signed.

The control shows that the suite can fail: the same kills with messages that are acknowledged early,
and nobody who sends them again, lose work.
"""

import time
from random import Random

import pytest

from tests.faults.conftest import ROWS, Seeded
from tests.faults.finish import finish
from tests.faults.installation import kill, running, wait_for
from tests.faults.letters import Letters

pytestmark = pytest.mark.faults
KILLS = 5


def test_killed_workers_lose_nothing_and_double_nothing(
    seeded: Seeded, letters: Letters, chance: Random
) -> None:
    installation = seeded.installation
    workers = [installation.start_worker(f"worker{number}") for number in range(2)]
    try:
        wait_for(installation.signed, 60, "something is signed")
        for _ in range(KILLS):
            time.sleep(chance.uniform(0, 1.5))
            place = chance.randrange(len(workers))
            kill(workers[place])
            workers[place] = installation.start_worker(f"worker{place}")
        taken = wait_for(lambda: installation.signed() == ROWS, 60, "all is signed")
        finish(seeded, letters, ROWS)
    finally:
        for worker in workers:
            kill(worker)
    assert taken < 30, f"{taken:.0f} s from the last kill to the end"


def test_what_is_delivered_three_times_is_done_once(
    on_celery: Seeded, letters: Letters, chance: Random
) -> None:
    installation = on_celery.installation
    repeater = installation.start_python("tests.faults.repeater", str(chance.random()))
    with running(repeater, installation.start_worker()):
        finish(on_celery, letters, ROWS)
    told = installation.log("tests.faults.repeater").splitlines()
    assert len(told) > ROWS / 50, "the repeater had something to repeat"


def test_a_row_that_cannot_be_signed_stops_nobody(on_sqlite: Seeded, letters: Letters) -> None:
    installation = on_sqlite.installation
    installation.act("plan", on_sqlite.batch)
    installation.act("spoil", on_sqlite.batch)
    with running(installation.start_worker()):
        finish(on_sqlite, letters, ROWS - 1)
    parked = "SELECT count(*) FROM issuing_batchrow WHERE state = 'parked' AND problems <> '[]'"
    assert installation.ask(parked) == 1


def test_early_acknowledgement_loses_work(on_celery: Seeded, chance: Random) -> None:
    installation = on_celery.installation
    control = installation.start_python("tests.faults.control")
    with running(control):
        wait_for(installation.signed, 60, "something is signed")
        time.sleep(chance.uniform(0, 0.1))
        kill(control)
    with running(installation.start_python("tests.faults.control")):
        time.sleep(15)
    problems = installation.act("audit", on_celery.batch)["problems"]
    assert any("neither issued nor parked" in problem for problem in problems), problems
