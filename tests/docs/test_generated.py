"""The generated pages say what the code says."""

import pytest
from docs.generate import BY_JUDGES, FOLDER, pages

PAGES = pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text() == PAGES[name], "stale; run make docs"


def test_no_page_is_left_that_nothing_generates() -> None:
    assert {path.name for path in FOLDER.iterdir()} == PAGES.keys() | BY_JUDGES
