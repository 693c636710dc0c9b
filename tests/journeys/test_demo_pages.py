"""The pages of the demo, each on a phone and on a desk, in light and in dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import Site, check_page_in_all_looks, new_site, open_page, served

pytestmark = pytest.mark.e2e

# Address and who opens it; in braces what `tests.journeys.seed_demo` found.
PAGES = [
    ("/", None),
    ("/", "Léa Fontaine"),
    ("/catalogue", None),
    ("/catalogue?q=nothing", None),
    ("/catalogue/data-storytelling-with-python", None),
    ("/catalogue/data-storytelling-with-python?lang=fr", "Léa Fontaine"),
    ("/catalogue/accessible-web-pages", None),
    ("/issuers/northbridge", None),
    ("/issuers/harbour", None),
    ("/issuers/ministry", None),
    ("{register}", None),
    ("/verify", None),
    ("/verify", "Léa Fontaine"),
    ("/demo/", None),
    ("/demo/mail", None),
    ("{amina northbridge link issued}", None),
    ("{amina northbridge link issued}", "Amina Diallo"),
    ("{amina northbridge private issued}", "Amina Diallo"),
    ("{amina harbour public issued}", None),
    ("{amina harbour public issued}", "Léa Fontaine"),
    ("{jonas northbridge public withdrawn}", None),
    ("/me/", "Amina Diallo"),
    ("/me/", "Jonas Weber"),
    ("/me/", "Léa Fontaine"),
    ("/me/", "Tomas Lindqvist"),
    ("{holding of amina northbridge link issued}", "Amina Diallo"),
    ("{holding of amina northbridge private issued}", "Amina Diallo"),
    ("{holding of jonas northbridge public withdrawn}", "Jonas Weber"),
    ("/me/profile", "Amina Diallo"),
    ("/console/northbridge/", "Maren Holt"),
    ("/console/northbridge/", "Inês Carvalho"),
    ("/console/northbridge/achievements/", "Maren Holt"),
    ("/console/northbridge/achievements/new", "Maren Holt"),
    ("/console/northbridge/achievements/{review}", "Maren Holt"),
    ("/console/northbridge/review/{review}", "Tomas Lindqvist"),
    ("/console/northbridge/review/", "Tomas Lindqvist"),
    ("/console/northbridge/awards/", "Inês Carvalho"),
    ("{award of amina northbridge link issued}", "Inês Carvalho"),
    ("{award of jonas northbridge public withdrawn}", "Inês Carvalho"),
    ("/console/northbridge/awards/new/", "Inês Carvalho"),
    ("/console/northbridge/members/", "Maren Holt"),
    ("/console/northbridge/keys/", "Maren Holt"),
    ("/console/northbridge/settings", "Maren Holt"),
    ("/console/harbour/", "Sam Okafor"),
    ("/console/ministry/", "Chloé Garnier"),
    ("/console/ministry/register/", "Chloé Garnier"),
]
FILES = ["in-force.json", "not-in-a-register.json", "withdrawn.json", "altered.json"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return new_site(tmp_path_factory.mktemp("demo-pages"))


@pytest.fixture(scope="module")
def demo(site: Site) -> Iterator[Any]:
    found = site.json("-m", "tests.journeys.seed_demo", str(site.folder / "examples"))
    with served(site):
        yield found


@pytest.mark.parametrize(("address", "who"), PAGES)
def test_a_page_of_the_demo_keeps_what_every_page_keeps(
    browser: Browser, site: Site, demo: Any, address: str, who: str | None
) -> None:
    with open_page(browser, site=site) as page:
        if who:
            page.goto("/demo/")
            page.get_by_role("link", name=f"Be {who}", exact=True).click()
        for name, value in demo.items():
            address = address.replace(f"{{{name}}}", value)
        page.goto(address)
        check_page_in_all_looks(page)


@pytest.mark.parametrize("files", [*([name] for name in FILES), FILES, ["README.md"]], ids=str)
def test_an_answer_keeps_what_every_page_keeps(
    browser: Browser, site: Site, demo: Any, files: list[str]
) -> None:
    (site.folder / "examples" / "README.md").write_text("no credential")
    with open_page(browser, site=site) as page:
        page.goto("/verify")
        chosen = [site.folder / "examples" / name for name in files]
        page.get_by_label("Drop the file here").set_input_files(chosen)
        page.get_by_role("button", name="Check it").click()
        page.wait_for_selector("h1:not(:text('Is it true?'))")
        check_page_in_all_looks(page)
