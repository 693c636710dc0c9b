"""Pages hold no private key: what they load contains nothing that could open one."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = """
import sys
import django
django.setup()
from django.urls import get_resolver
import cairn.config.asgi
get_resolver().reverse_dict  # loads the pages of all rooms
closed = ("opening", "unwrapping", "security_module", "making")
loaded = {"pkcs11", *(f"cairn.signing.{name}" for name in closed)} & sys.modules.keys()
assert "cairn.signing.views" in sys.modules
assert not loaded, loaded
"""


def test_what_serves_pages_loads_nothing_that_opens_a_key() -> None:
    done = subprocess.run(  # noqa: S603 - the script above
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
