"""The command line in a folder of its own, with a state folder, and no setting from outside."""

import os
from pathlib import Path

import pytest

from cairn.config.environment import KNOWN
from tests.cli.command import Desk, make_issuer


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KNOWN.keys() & os.environ.keys():
        monkeypatch.delenv(name)
    monkeypatch.setenv("CAIRN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("CAIRN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An issuer, an achievement and a table of three people; nothing issued yet."""
    return make_issuer(tmp_path)
