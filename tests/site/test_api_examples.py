"""The commands of the API reference, run in a shell against a server, as a reader would."""

import os
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.containers.png import bake
from cairn.site.api_docs import Example, examples
from tests.core.container_files import png_image
from tests.verification.test_api import as_bytes, own

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of its own process, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1"]
    served = subprocess.Popen(  # noqa: S603 - our own server
        [*command, "--port", str(port), "--no-ws", "--factory", "tests.site.served:make_app"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        served.terminate()
        served.wait(10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reader has beside them."""
    made = tmp_path_factory.mktemp("examples")
    badge = as_bytes(own())
    (made / "badge.json").write_bytes(badge)
    (made / "badge.png").write_bytes(bake(png_image(), badge))
    with zipfile.ZipFile(made / "badges.zip", "w") as archive:
        archive.writestr("ada.json", badge)
    return made


@pytest.mark.parametrize("example", examples("ADDRESS"), ids=lambda example: str(example.title))
def test_an_example_prints_what_the_page_says(example: Example, address: str, folder: Path) -> None:
    command = example.command.replace("ADDRESS", address)
    done = subprocess.run(  # noqa: S603 - a command of our own page
        ["/bin/sh", "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert example.prints in done.stdout
