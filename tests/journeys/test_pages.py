"""Pages keep what every page keeps, on a phone and on a desk, in light and in dark."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.browser import SCHEMES, SIZES, Site, check_page, new_site, open_page, served

pytestmark = pytest.mark.e2e

# Address and who opens it; in braces samples of `tests.tenants`.
PAGES = [
    ("/accounts/login/", None),
    ("/accounts/login/code/", None),
    ("/accounts/signup/", None),
    ("/accounts/password/reset/", None),
    ("/accounts/inactive/", None),
    ("/invitations/{organisations:invitation token}", None),
    ("/me/profile", "viewer"),
    ("/accounts/email/", "viewer"),
    ("/accounts/password/set/", "viewer"),
    ("/accounts/logout/", "viewer"),
    ("/console/", "holder"),
    ("/console/", "owner"),
    ("/console/{slug}/", "owner"),
    ("/console/{slug}/", "viewer"),
    ("/console/{slug}/members/", "owner"),
    ("/console/{slug}/members/", "viewer"),
    ("/console/{slug}/members/invite", "owner"),
    ("/console/{slug}/members/{member_id}/roles", "owner"),
    ("/console/{slug}/members/{member_id}/remove", "owner"),
    ("/console/{slug}/settings", "owner"),
    ("/console/{slug}/settings", "viewer"),
    ("/not-there", None),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return new_site(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def seeded(site: Site) -> Iterator[Any]:
    found = site.json("-m", "tests.journeys.seed_pages")
    with served(site):
        yield found


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['width']}px")
def test_pages_keep_what_every_page_keeps(
    browser: Browser,
    site: Site,
    seeded: Any,
    size: ViewportSize,
    scheme: Literal["light", "dark"],
) -> None:
    for address, who in PAGES:
        cookies = {"sessionid": seeded["sessions"][who]} if who else {}
        url = address
        for name, value in seeded["samples"].items():
            url = url.replace(f"{{{name}}}", value)
        with open_page(browser, site=site, size=size, scheme=scheme, cookies=cookies) as page:
            page.goto(url)
            check_page(page)
