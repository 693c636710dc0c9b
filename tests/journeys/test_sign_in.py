"""A person makes an account, comes back with a code, adds an address, joins an organisation."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import SIZES, Site, check_page, new_site, open_page, served

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return new_site(tmp_path_factory.mktemp("sign-in"))


@pytest.fixture(scope="module")
def seeded(site: Site) -> Iterator[Any]:
    found = site.json("-m", "tests.journeys.seed_pages")
    with served(site):
        yield found


def _newest_code(page: Page) -> str:
    """The code in the newest letter of the demo's page of mail."""
    other = page.context.new_page()
    other.goto("/demo/mail")
    other.locator("main a").first.click()
    found = re.search(r"\b\d{3}-\d{3}-\d{3}\b", other.locator("main").inner_text())
    other.close()
    assert found
    return found[0]


def _enter_code(page: Page, button: str) -> None:
    check_page(page)
    page.get_by_label("Code").fill(_newest_code(page))
    page.get_by_role("button", name=button).click()


def test_a_new_person_makes_an_account_and_comes_back(
    browser: Browser, site: Site, seeded: Any
) -> None:
    with open_page(browser, site=site, size=SIZES[0]) as page:
        page.goto("/accounts/signup/")
        page.get_by_label("Your name").fill("Amina Diallo")
        page.get_by_label("E-mail address").fill("Amina@Example.org")
        page.get_by_label("Password").fill("short")
        page.get_by_role("button", name="Make an account").click()
        expect(page.get_by_role("alert")).to_contain_text("Password")
        check_page(page)
        page.get_by_label("Password").fill("")
        page.get_by_role("button", name="Make an account").click()
        expect(page.locator("main")).to_contain_text("amina@example.org")
        _enter_code(page, "Confirm")
        expect(page).to_have_url(f"{site.base_url}/me/")
        page.goto("/accounts/email/")
        page.get_by_label("E-mail address").fill("amina@work.example.org")
        page.get_by_role("button", name="Add").click()
        _enter_code(page, "Confirm")
        page.goto("/accounts/email/")
        expect(page.locator("main .list > li")).to_have_count(2)
        expect(page.locator("main")).to_contain_text("amina@work.example.org")
        check_page(page)
        page.goto("/accounts/logout/")
        page.locator("main").get_by_role("button", name="Sign out").click()

    with open_page(browser, site=site, scheme="dark") as page:
        page.goto("/me/profile")
        page.get_by_role("link", name="Send me a code").click()
        page.get_by_label("E-mail address").fill("amina@example.org")
        page.get_by_role("button", name="Send me a code").click()
        _enter_code(page, "Sign in")
        expect(page).to_have_url(f"{site.base_url}/me/profile")
        page.locator("select[name=language]").select_option("fr")
        page.locator("main").get_by_role("button", name="Save").click()
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        check_page(page)


def test_an_invited_person_joins(browser: Browser, site: Site, seeded: Any) -> None:
    cookies = {"sessionid": seeded["sessions"]["owner"]}
    with open_page(browser, site=site, cookies=cookies) as page:
        page.goto(f"/console/{seeded['samples']['slug']}/members/invite")
        page.get_by_label("E-mail address").fill("guest@example.org")
        page.get_by_role("button", name="Invite").click()
        expect(page.get_by_role("alert")).to_contain_text("Roles")
        check_page(page)
        page.get_by_label("Designer").check()
        page.get_by_role("button", name="Invite").click()
        expect(page.locator("main")).to_contain_text("guest@example.org")
        link = _invitation(page)

    with open_page(browser, site=site, size=SIZES[0]) as page:
        page.goto(link)
        check_page(page)
        page.get_by_role("link", name="Make an account").click()
        page.get_by_label("E-mail address").fill("guest@example.org")
        page.get_by_role("button", name="Make an account").click()
        _enter_code(page, "Confirm")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
        expect(page.get_by_role("link", name="New micro-credential")).to_be_visible()


def _invitation(page: Page) -> str:
    """The link in the mail to the guest, which the worker sends soon."""
    letter = page.get_by_role("link", name=re.compile("asks you to join"))
    for _ in range(40):
        page.goto("/demo/mail")
        if page.locator("main").get_by_text("guest@example.org").count():
            break
        page.wait_for_timeout(250)
    letter.first.click()
    found = re.search(r"/invitations/\S+", page.locator("main").inner_text())
    assert found
    return found[0]
