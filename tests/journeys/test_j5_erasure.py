"""J5, its end: a learner asks to be forgotten, saves what is theirs, and is.

On the world of the demo, with a real server, its worker and a real browser, on a phone.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from cairn.core.codec import strict_json
from tests.browser import SIZES, Site, check_page, new_site, open_page, served

pytestmark = pytest.mark.e2e

PHONE = SIZES[0]
LEARNER, ISSUER, OWNER = "Jonas Weber", "Harbour Code School", "Sam Okafor"
_PATIENCE = 120  # seconds for the worker of a loaded machine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = new_site(tmp_path_factory.mktemp("erasure"))
    made.run("-m", "tests.journeys.seed_demo")
    with served(made):
        yield made


def test_a_learner_is_forgotten_and_an_old_file_says_so(browser: Browser, site: Site) -> None:
    with open_page(browser, site=site, size=PHONE) as page:
        _ask(page)
    with open_page(browser, site=site) as page:
        _decide(page)
    with open_page(browser, site=site, size=PHONE) as page:
        saved = _save_and_erase(page)
    document = strict_json.read(saved)
    assert isinstance(document, dict)
    with open_page(browser, site=site, size=PHONE) as page:
        page.goto(f"/c/{UUID(str(document['id'])[-36:])}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("at the learner’s request")
        assert LEARNER not in page.locator("main").inner_text()
        check_page(page)
        _until_withdrawn(page, saved)
        check_page(page)


def _be(page: Page, person: str) -> None:
    page.goto("/demo/")
    page.get_by_role("link", name=f"Be {person}", exact=True).click()


def _ask(page: Page) -> None:
    _be(page, LEARNER)
    page.goto("/me/")
    page.get_by_role("link", name="Ask an issuer to erase your data").click()
    check_page(page)
    page.get_by_role("link", name=ISSUER).click()
    check_page(page)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("main")).to_contain_text("They answer by")
    check_page(page)


def _decide(page: Page) -> None:
    _be(page, OWNER)
    page.goto("/console/harbour/erasure/")
    check_page(page)
    page.locator("table a").first.click()
    check_page(page)
    page.get_by_label("Ground").select_option("consent")
    page.get_by_role("button", name="See what it does").click()
    expect(page.get_by_role("heading", name="What goes")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Decide to erase").click()
    expect(page.locator("main")).to_contain_text("It will be erased on")
    check_page(page)


def _save_and_erase(page: Page) -> bytes:
    """By the link in the letter, without signing in; the signed JSON that was saved."""
    page.goto("/demo/mail")
    page.locator("main").get_by_role("link", name="will erase your data").first.click()
    page.locator("main .letter a").first.click()
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save everything (ZIP)").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    (name,) = [name for name in archive.namelist() if name.endswith("credential.json")]
    page.get_by_role("button", name="Erase now").click()
    expect(page.locator("main")).to_contain_text("Nobody can bring it back.")
    check_page(page)
    page.get_by_role("button", name="Erase now").click()
    expect(page.locator("main")).to_contain_text("Erased on")
    check_page(page)
    return archive.read(name)


def _until_withdrawn(page: Page, saved: bytes) -> None:
    """Check the file again until the status list is published."""
    for _attempt in range(_PATIENCE):
        page.goto("/verify")
        page.get_by_label("Drop the file here").set_input_files(
            FilePayload(name="credential.json", mimeType="application/json", buffer=saved)
        )
        page.get_by_role("button", name="Check it").click()
        if page.locator("#outcome").inner_text() == "Withdrawn":
            return
        page.wait_for_timeout(1000)
    raise AssertionError(page.locator("main").inner_text())
