"""Award, claim and verify with a keyboard and nothing else, always seeing where one is."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import SIZES, Site, new_site, open_page, served

pytestmark = pytest.mark.e2e

_MOST_STOPS = 120  # of a page; beyond, the wanted one is not among them
_FOCUSED = """() => {
    const here = document.activeElement;
    const named = [here.getAttribute("aria-label"), ...[...(here.labels ?? [])].map(
        (label) => label.innerText), here.innerText, here.value];
    return [here.tagName, named.filter(Boolean).join(" "), getComputedStyle(here).outlineStyle];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return new_site(tmp_path_factory.mktemp("keyboard"))


@pytest.fixture(scope="module")
def demo(site: Site) -> Iterator[Any]:
    found = site.json("-m", "tests.journeys.seed_demo", str(site.folder / "examples"))
    with served(site):
        yield found


def test_somebody_is_awarded_with_the_keyboard_alone(
    browser: Browser, site: Site, demo: Any
) -> None:
    with open_page(browser, site=site) as page:
        page.goto("/demo/")
        _follow(page, "Be Inês Carvalho")
        _follow(page, "Northbridge University")
        _follow(page, "Award somebody")
        _follow(page, "Communicating in Dementia Care")
        _follow(page, "Continue")
        expect(page.locator("#errors")).to_be_focused()
        _follow(page, "E-mail address of the learner")
        expect(page.get_by_label("E-mail address of the learner")).to_be_focused()
        page.keyboard.type("keys@mail.example")
        _go_to(page, "Name of the learner")
        page.keyboard.type("Kim Keys")
        _follow(page, "Continue")
        _follow(page, "Award and send")
        expect(page.get_by_role("heading", level=1)).to_have_text("Kim Keys")


def test_a_credential_is_claimed_and_shared_with_the_keyboard_alone(
    browser: Browser, site: Site, demo: Any
) -> None:
    with open_page(browser, site=site, size=SIZES[0]) as page:
        page.goto("/demo/")
        _follow(page, "Be Léa Fontaine")
        _stop_at(page, "main button.primary")  # by place: Léa reads French
        _enter(page)
        expect(page.locator("input[name=visibility]").first).to_be_visible()
        _stop_at(page, "input[name=visibility]")
        page.keyboard.press("ArrowDown")
        expect(page.locator("input[value=link]")).to_be_checked()
        _stop_at(page, "#share ~ form button")
        _enter(page)
        expect(page.locator("#link-text")).to_be_visible()


def test_a_file_is_checked_with_the_keyboard_alone(browser: Browser, site: Site, demo: Any) -> None:
    with open_page(browser, site=site) as page:
        page.goto("/")
        _follow(page, "Skip to the main part")
        _follow(page, "Check a credential")
        expect(page.get_by_role("heading", level=1)).to_have_text("Is it true?")
        _follow(page, "Check it")
        expect(page.locator("#errors")).to_be_focused()
        _go_to(page, "Drop the file here, or choose it", tag="INPUT")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        chooser.value.set_files(site.folder / "examples" / "in-force.json")
        _follow(page, "Check it")
        expect(page.locator("#outcome")).to_have_text("In force")
        _go_to(page, "Technical detail")
        page.keyboard.press("Enter")
        expect(page.locator(".steps details[open]")).to_have_count(1)


def _go_to(page: Page, name: str, *, tag: str = "") -> None:
    """Tab on until what has this name has the focus; each stop on the way must be seen."""
    for _stop in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        here, named, outline = page.evaluate(_FOCUSED)
        if here == "BODY":  # past the end of the page
            continue
        assert outline != "none", f"nothing shows the focus on {named}"
        if name in named and tag in ("", here):
            return
    raise AssertionError(f"{name} is no stop of {page.url}")


def _stop_at(page: Page, selector: str) -> None:
    for _stop in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is no stop of {page.url}")


def _follow(page: Page, name: str) -> None:
    """Press Enter on what has this name, and wait for where it leads."""
    _go_to(page, name)
    _enter(page)


def _enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")
