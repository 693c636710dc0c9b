"""Each test of the checker begins with nothing kept from another."""

from collections.abc import Iterator

import pytest

from cairn.verification import sources
from cairn.verification.own_registers import RegistersOfHere


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    registers = RegistersOfHere(max_age_seconds=0)
    monkeypatch.setattr(sources, "_registers", lambda: registers)
    sources._shared.cache_clear()
    yield
    sources._shared.cache_clear()
