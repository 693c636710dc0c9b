"""A person adds a passkey on a phone, signs out, and signs in with nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import SIZES, Site, check_page, new_site, open_page, served

pytestmark = pytest.mark.e2e
_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return new_site(tmp_path_factory.mktemp("passkeys"))


@pytest.fixture(scope="module")
def seeded(site: Site) -> Iterator[Any]:
    found = site.json("-m", "tests.journeys.seed_passkeys")
    with served(site):
        yield found


def add_device(page: Page) -> None:
    """Give the browser of `page` a device that keeps passkeys and agrees to all."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})


def test_a_passkey_is_added_and_signs_in(browser: Browser, site: Site, seeded: Any) -> None:
    cookies = {"sessionid": seeded["sessions"]["approver"]}
    with open_page(browser, site=site, size=SIZES[0], cookies=cookies) as page:
        add_device(page)
        page.goto("/accounts/2fa/")
        check_page(page)
        page.get_by_role("link", name="Add a passkey").click()
        check_page(page)
        page.get_by_label("Name of the passkey").fill("My phone")
        page.get_by_role("button", name="Add the passkey").click()
        # Now that there is a passkey, it opens what keeps the account safe.
        expect(page.get_by_role("heading", level=1)).to_have_text("Once more, to be safe")
        check_page(page)
        page.get_by_role("button", name="Use my passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
        check_page(page)
        page.get_by_role("link", name="I have kept them").click()
        expect(page.locator("main")).to_contain_text("My phone")
        check_page(page)
        page.goto("/accounts/2fa/totp/activate/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Set up an app")
        check_page(page)

        page.goto("/accounts/logout/")
        page.locator("main").get_by_role("button", name="Sign out").click()
        page.goto("/accounts/login/?next=/me/profile")
        check_page(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page).to_have_url(f"{site.base_url}/me/profile")


def test_without_a_script_the_page_says_why(browser: Browser, site: Site, seeded: Any) -> None:
    with open_page(browser, site=site, has_javascript=False) as page:
        page.goto("/accounts/login/")
        expect(page.locator("main")).to_contain_text("A passkey needs JavaScript")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
