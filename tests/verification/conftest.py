"""Each test of the checker begins with nothing kept from another."""

from collections.abc import Iterator

import pytest

from cairn.verification import sources


@pytest.fixture(autouse=True)
def _nothing_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    sources._shared.cache_clear()
    yield
    sources._shared.cache_clear()
