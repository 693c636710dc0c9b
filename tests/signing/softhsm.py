"""A security module for tests: SoftHSM 2 with a token in a folder, which can be taken away.

Without SoftHSM these tests are skipped; in CI that is a failure (CAIRN_SOFTHSM=required).
"""

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.conf import settings

from cairn.config.environment import Settings
from cairn.signing.custody import Custody, DocumentAlgorithm, Pkcs11

LIBRARIES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
)
PIN = "246802"


@dataclass(frozen=True, slots=True)
class Token:
    """A token of SoftHSM, its folder and the file with its PIN."""

    folder: Path
    where: Pkcs11

    def take_away(self) -> None:
        """As if the module had been unplugged."""
        self.folder.rename(self.folder.with_name("away"))
        self.folder.mkdir()

    def bring_back(self) -> None:
        if (away := self.folder.with_name("away")).exists():
            shutil.rmtree(self.folder)
            away.rename(self.folder)

    def say_pin(self, pin: str) -> None:
        self.where.pin_file.write_text(pin + "\n")

    def settings(self, document_key: DocumentAlgorithm = "Ed25519") -> Settings:
        """Those of the tests, but with new keys in this token."""
        custody = Custody(document_key, is_in_module=True, module=self.where)
        changed: Settings = replace(settings.CAIRN, custody=custody)
        return changed


def require_softhsm() -> tuple[Path, str]:
    """The library and its tool; a test is skipped without them, and fails where they must be."""
    library = next((path for path in LIBRARIES if path.exists()), None)
    tool = shutil.which("softhsm2-util")
    if library is not None and tool is not None:
        return library, tool
    missing = "SoftHSM 2 is not installed (package softhsm2)"
    if os.environ.get("CAIRN_SOFTHSM") == "required":
        pytest.fail(missing)
    pytest.skip(missing)


def make_token(folder: Path, label: str = "cairn") -> Token:
    """A token of its own; SoftHSM finds it by SOFTHSM2_CONF, so one folder a process."""
    library, tool = require_softhsm()
    tokens, pin_file, config = folder / "tokens", folder / "pin", folder / "softhsm2.conf"
    tokens.mkdir()
    config.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(config)
    arguments = ["--init-token", "--free", "--label", label, "--so-pin", "13579135", "--pin", PIN]
    subprocess.run([tool, *arguments], check=True, capture_output=True)  # noqa: S603 - found above
    token = Token(tokens, Pkcs11(library, label, pin_file))
    token.say_pin(PIN)
    return token
