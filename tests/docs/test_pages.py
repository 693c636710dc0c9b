"""The commands on these pages do what the pages say; how-to guides go on from the tutorial."""

import shutil
from pathlib import Path

import pytest

from tests.docs import console
from tests.signing.softhsm import require_softhsm

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial" / "first-credentials.md"
GUIDES = sorted((ROOT / "docs" / "howto").glob("[!i]*.md"))
# The Python of all pages runs with `make docs`.
AT_THE_CONSOLE = [page for page in GUIDES if "```console" in page.read_text()]


@pytest.fixture(scope="module")
def after_tutorial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reader's folder once the tutorial has been followed to its end."""
    folder = tmp_path_factory.mktemp("tutorial")
    console.run(TUTORIAL, folder)
    return folder


def test_the_tutorial_runs(after_tutorial: Path) -> None:
    assert (after_tutorial / "issuer" / "did.json").exists()


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_a_guide_has_something_that_runs(page: Path) -> None:
    assert page in AT_THE_CONSOLE or "```python" in page.read_text()


@pytest.mark.parametrize("page", AT_THE_CONSOLE, ids=lambda page: page.stem)
def test_a_guide_runs(page: Path, after_tutorial: Path, tmp_path: Path) -> None:
    if "softhsm2-util" in page.read_text():
        require_softhsm()
    folder = tmp_path / "reader"
    shutil.copytree(after_tutorial, folder)
    console.run(page, folder)


def test_the_readme_runs_after_the_tutorial(after_tutorial: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(after_tutorial, folder)
    console.run(ROOT / "README.md", folder)


def test_a_wrong_output_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo one\ntwo\n```\n")
    with pytest.raises(AssertionError, match="the page says"):
        console.run(page, tmp_path)


def test_an_exit_code_that_the_page_does_not_mention_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ exit 3\n```\n")
    with pytest.raises(AssertionError, match="exit code 3"):
        console.run(page, tmp_path)
