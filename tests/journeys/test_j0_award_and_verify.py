"""J0: approved by a second person, awarded, claimed on a phone, shown, checked, withdrawn.

On the world of the demo, with a real server, its worker and a real browser.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser import SIZES, Site, check_page, new_site, open_page, served

pytestmark = pytest.mark.e2e

PHONE = SIZES[0]
TITLE = "Measuring Air in Cities"
LEARNER = "noor.haddad@mail.example"
_PATIENCE = 120  # seconds for the worker of a loaded machine; on an idle one it takes about one


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return new_site(tmp_path_factory.mktemp("j0"))


@pytest.fixture(scope="module")
def demo(site: Site) -> Iterator[None]:
    site.run("-m", "tests.journeys.seed_demo")
    with served(site):
        yield


@dataclass(frozen=True)
class Handed:
    """What a learner hands to an employer."""

    link: str
    pdf: bytes


def test_an_award_from_the_first_draft_to_its_withdrawal(
    browser: Browser, site: Site, demo: None
) -> None:
    with open_page(browser, site=site) as page:
        _design(page)
    with open_page(browser, site=site) as page:
        _approve(page)
    with open_page(browser, site=site) as page:
        _award(page, TITLE, "Noor Haddad", LEARNER)
    with open_page(browser, site=site, size=PHONE) as page:
        handed = _claim_and_share(page, TITLE)
    with open_page(browser, site=site) as page:
        _read_the_answers(page, handed, "In force", "Northbridge University")
    with open_page(browser, site=site) as page:
        _withdraw(page, "Noor Haddad")
    with open_page(browser, site=site, scheme="dark") as page:
        _until(page, handed.link, lambda: page.get_by_role("heading", name="Withdrawn").count() > 0)
        _read_the_answers(page, handed, "Withdrawn", "Northbridge University")


def test_claim_and_check_without_javascript(browser: Browser, site: Site, demo: None) -> None:
    title = "Data Storytelling with Python"
    with open_page(browser, site=site) as page:
        _award(page, title, "Elif Demir", "elif.demir@mail.example")
    with open_page(browser, site=site, size=PHONE, has_javascript=False) as page:
        _open_letter(page, title)
        page.get_by_role("button", name="Claim it").click()
        _choose_link_only(page)
        link = page.get_by_role("textbox", name="Your link").input_value()
        with page.expect_download() as download:
            page.get_by_role("link", name="Save as PDF").click()
        pdf = Path(download.value.path()).read_bytes()
    with open_page(browser, site=site, size=PHONE, has_javascript=False) as page:
        page.goto(link)
        expect(page.locator("#outcome")).to_have_text("In force")
        page.goto("/verify")
        page.get_by_label("Drop the file here").set_input_files(
            FilePayload(name="credential.pdf", mimeType="application/pdf", buffer=pdf)
        )
        page.get_by_role("button", name="Check it").click()
        expect(page.locator("#outcome")).to_have_text("In force")


def _be(page: Page, person: str) -> None:
    page.goto("/demo/")
    page.get_by_role("link", name=f"Be {person}", exact=True).click()


def _design(page: Page) -> None:
    """A draft through the form: first with what is forgotten, then whole."""
    _be(page, "Maren Holt")
    page.goto("/console/northbridge/")
    check_page(page)
    page.goto("/console/northbridge/achievements/new")
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.get_by_role("alert")).to_contain_text("Description")
    check_page(page)
    page.get_by_label("Description", exact=True).fill("Place sensors in a city and trust them.")
    page.get_by_label("What the learner can do afterwards", exact=True).fill(
        "Place a sensor where it measures what people breathe\nSay how far a reading can be trusted"
    )
    page.get_by_label("What must be done to earn it", exact=True).fill(
        "A **campaign of two weeks**, written up and defended."
    )
    page.get_by_label("How it is assessed", exact=True).fill("Report and discussion")
    page.get_by_label("How the quality is assured", exact=False).first.fill("Board of Studies")
    page.get_by_label("Level", exact=True).select_option(index=6)
    page.get_by_label("Workload in hours").fill("50")
    page.get_by_label("How learners take part").select_option(index=1)
    page.get_by_label("The learner’s name stands in the credential").check()
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.locator("main")).to_contain_text("Waits for a decision")
    check_page(page)


def _approve(page: Page) -> None:
    _be(page, "Tomas Lindqvist")
    page.goto("/console/northbridge/review/")
    check_page(page)
    page.get_by_role("link", name=TITLE).click()
    check_page(page)
    page.get_by_label("Approve", exact=False).first.check()
    page.get_by_label("Reasons", exact=False).fill("The outcomes can be assessed as described.")
    page.get_by_role("button", name="Record the decision").click()
    page.goto("/catalogue")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    check_page(page)


def _award(page: Page, title: str, name: str, email: str) -> None:
    _be(page, "Inês Carvalho")
    page.goto("/console/northbridge/awards/new/")
    check_page(page)
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_label("E-mail address of the learner").fill(email)
    page.get_by_label("Name of the learner").fill(name)
    page.get_by_label("What this learner did").fill("Measured two streets for two weeks.")
    check_page(page)
    page.get_by_role("button", name="Continue").click()
    check_page(page)
    page.get_by_role("button", name="Award and send").click()
    _until(page, page.url, lambda: page.get_by_role("heading", name="Signed forms").count() > 0)
    check_page(page)


def _open_letter(page: Page, title: str) -> None:
    """The mail in the demo's outbox, and the link in it."""
    letter = page.locator("main").get_by_role("link", name=title)
    _until(page, "/demo/mail", lambda: letter.count() > 0)
    letter.first.click()
    page.locator("main .letter a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _claim_and_share(page: Page, title: str) -> Handed:
    _open_letter(page, title)
    check_page(page)
    page.get_by_role("button", name="Claim it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as PDF").click()
    _choose_link_only(page)
    check_page(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status").get_by_text("Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    page.goto("/me/")
    check_page(page)
    return Handed(link, Path(download.value.path()).read_bytes())


def _choose_link_only(page: Page) -> None:
    page.get_by_label("Link-only").check()
    page.locator("#share ~ form").get_by_role("button", name="Save").click()
    expect(page.get_by_role("textbox", name="Your link")).to_be_visible()


def _read_the_answers(page: Page, handed: Handed, outcome: str, issuer: str) -> None:
    page.goto(handed.link)
    expect(page.locator("#outcome")).to_have_text(outcome)
    expect(page.locator(".verdict")).to_contain_text(issuer)
    check_page(page)
    page.goto("/verify")
    check_page(page)
    _drop(page, handed.pdf)
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("#outcome")).to_have_text(outcome)
    expect(page.locator(".verdict")).to_contain_text(issuer)
    check_page(page)


def _drop(page: Page, pdf: bytes) -> None:
    """Let a file fall onto the frame, as a hand does it."""
    dropped = page.evaluate_handle(
        """text => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const moved = new DataTransfer();
            moved.items.add(new File([bytes], "credential.pdf", {type: "application/pdf"}));
            return moved;
        }""",
        base64.b64encode(pdf).decode(),
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})
    expect(page.locator("[data-chosen]")).to_have_text("credential.pdf")


def _withdraw(page: Page, name: str) -> None:
    _be(page, "Inês Carvalho")
    page.goto("/console/northbridge/awards/")
    check_page(page)
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Reason")
    check_page(page)
    page.get_by_label("It was awarded by mistake").check()
    page.get_by_label("Internal note").fill("Somebody else was meant.")
    page.get_by_role("button", name="Continue").click()
    check_page(page)
    page.get_by_role("button", name="Withdraw for good").click()
    expect(page.locator("main")).to_contain_text("Withdrawn on")
    check_page(page)


def _until(page: Page, address: str, is_there: Callable[[], bool]) -> None:
    """Open the page again until the worker has done its part."""
    for _attempt in range(_PATIENCE * 2):
        page.goto(address)
        if is_there():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{page.url} still shows:\n{page.locator('main').inner_text()}")
