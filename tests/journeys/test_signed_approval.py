"""Uploaded, submitted, approved by a second person's passkey, signed: with three people."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import SIZES, Site, check_page, new_site, open_page, served
from tests.journeys.test_passkeys import add_device

pytestmark = pytest.mark.e2e
_TABLE = "name,email\nAda Lovelace,ada@example.org\nAlan Turing,alan@example.org\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return new_site(tmp_path_factory.mktemp("approval"))


@pytest.fixture(scope="module")
def seeded(site: Site) -> Iterator[Any]:
    found = site.json("-m", "tests.journeys.seed_passkeys")
    with served(site):
        yield found


def test_a_table_is_approved_with_a_passkey(browser: Browser, site: Site, seeded: Any) -> None:
    console = f"/console/{seeded['slug']}"

    def session(name: str) -> dict[str, str]:
        return {"sessionid": seeded["sessions"][name]}

    with open_page(browser, site=site, cookies=session("owner")) as page:
        page.goto(f"{console}/approvals/")
        page.get_by_role("button", name="Require it").click()
        expect(page.locator("main")).to_contain_text("Needs a signed approval")
        check_page(page)

    with open_page(browser, site=site, cookies=session("awarder")) as page:
        page.goto(f"{console}/batches/new/{seeded['version']}/")
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": _TABLE.encode()}
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        page.locator("main form button.primary").click()
        page.get_by_role("button", name="Submit 2 awards").click()
        expect(page.locator("main")).to_contain_text("Waits for approval")
        batch = page.url

    with open_page(browser, site=site, size=SIZES[0], cookies=session("approver")) as page:
        add_device(page)
        _add_passkey(page)
        page.goto(f"{console}/approvals/")
        check_page(page)
        page.get_by_role("button", name="Register it").click()
        expect(page.locator("main")).to_contain_text("Waits for an owner")
        page.goto(batch)
        page.get_by_role("button", name="Approve with your passkey").click()
        expect(page.get_by_text("you have no passkey that may approve")).to_be_visible()

        with open_page(browser, site=site, cookies=session("owner")) as other:
            other.goto(f"{console}/approvals/")
            other.get_by_role("button", name="Confirm").click()
            expect(other.locator("main")).to_contain_text("May approve")
            check_page(other)

        page.reload()
        check_page(page)
        page.get_by_role("button", name="Approve with your passkey").click()
        expect(page.locator("main")).to_contain_text("2 rows were worked on")
        expect(page.locator("main")).to_contain_text("A second person approved it.")


def _add_passkey(page: Page) -> None:
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Once more, to be safe")
