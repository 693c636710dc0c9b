"""F5, F7, F8, F14: a worker that hangs, a disk that is full, clocks that differ, a lost key."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import ROWS, Seeded
from tests.faults.finish import finish
from tests.faults.installation import Installation, kill, running, wait_for
from tests.faults.letters import Letters

pytestmark = pytest.mark.faults
SMALL_DISK = "64m"


def test_what_a_hanging_worker_holds_is_done_by_another(
    on_postgresql: Seeded, letters: Letters
) -> None:
    installation = on_postgresql.installation
    hanging = installation.start_worker("hanging")
    with running(hanging):
        wait_for(installation.signed, 60, "something is signed")
        os.killpg(hanging.pid, signal.SIGSTOP)
        if installation.ask(_HELD):  # it was stopped inside a transaction: its locks stay
            os.killpg(hanging.pid, signal.SIGKILL)
        with running(installation.start_worker()):
            finish(on_postgresql, letters, ROWS)


_HELD = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and os.geteuid() == 0
    if made:
        command = [str(mount), "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "cairn", str(folder)]
        made = subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603
    if not made:
        pytest.skip("no small disk can be mounted here: that takes root")
    yield folder
    subprocess.run([shutil.which("umount") or "umount", "-l", str(folder)], check=True)  # noqa: S603


def test_a_full_disk_loses_nothing_and_is_gone_on_with(
    seed_on_sqlite: Seeded, small_disk: Path, letters: Letters
) -> None:
    shutil.copytree(seed_on_sqlite.installation.folder, small_disk, dirs_exist_ok=True)
    installation = Installation.at(small_disk, letters.address)
    free = shutil.disk_usage(small_disk).free
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(max(0, free - 2**20)))
    seeded = Seeded(
        installation, seed_on_sqlite.batch, seed_on_sqlite.issuer, seed_on_sqlite.registrar
    )
    with running(installation.start_worker()):
        time.sleep(12)
        assert installation.signed() < ROWS, "the disk was never full"
        ballast.unlink()
        finish(seeded, letters, ROWS)


@pytest.mark.parametrize("shift", ["+1d", "-1d"])
def test_a_worker_whose_clock_is_a_day_off_does_no_harm(
    on_postgresql: Seeded, letters: Letters, shift: str
) -> None:
    faketime = shutil.which("faketime")
    if faketime is None:
        pytest.skip("faketime is not installed")
    installation = on_postgresql.installation
    wrong = installation.start(
        faketime, "-f", shift, "cairn", "worker", log="wrong", PATH=_path(installation)
    )
    with running(wrong, installation.start_worker()):
        finish(on_postgresql, letters, ROWS)


def _path(installation: Installation) -> str:
    from tests.faults.installation import CAIRN

    return f"{CAIRN.parent}:{installation.environment['PATH']}"


def test_without_its_keys_nothing_is_signed_and_with_them_all_is(
    on_sqlite: Seeded, letters: Letters
) -> None:
    installation = on_sqlite.installation
    installation.act("hide_keys", on_sqlite.issuer)
    worker = installation.start_worker()
    with running(worker):
        planned = "SELECT count(*) FROM issuing_batchrow WHERE state = 'planned'"
        wait_for(lambda: installation.ask(planned) == ROWS, 60, "all is planned")
        time.sleep(3)
        assert installation.signed() == 0
        installation.act("show_keys", on_sqlite.issuer)
        finish(on_sqlite, letters, ROWS)
        assert worker.poll() is None
    kill(worker)
