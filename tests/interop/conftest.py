"""The judges of a session. Without them the tests here skip; with CAIRN_INTEROP=1 they fail."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.judges import Judges, Key, not_installed

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:  # the items of the whole session
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.interop)


@pytest.fixture(scope="session")
def judges() -> Iterator[Judges]:
    """The judges, running."""
    if missing := not_installed():
        absent = f"not installed: {', '.join(missing)}; run make interop"
        if os.environ.get("CAIRN_INTEROP") == "1":
            pytest.fail(absent)
        pytest.skip(absent)
    with Judges() as running:
        yield running


@pytest.fixture(scope="session")
def issuer_key() -> Key:
    """A fixed key, so that what a judge issues is the same in every run."""
    return Key(bytes(range(32)))
