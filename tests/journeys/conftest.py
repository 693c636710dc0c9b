"""One browser for all journeys of a run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import running_browser

expect.set_options(timeout=30_000)  # ms; a machine that also does other things is slow


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as one:
        yield one
