"""Pages keep what every page keeps, on a phone and on a desk, in light and in dark."""

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.browser import SCHEMES, SIZES, Site, check_page, new_site, open_page, served

pytestmark = pytest.mark.e2e

# Address and who opens it; in braces samples of `tests.tenants`.
PAGES = [
    ("/", None),
    ("/help", None),
    ("/privacy", None),
    ("/accessibility", None),
    ("/api/docs", None),
    ("/catalogue", None),
    ("/catalogue/{site:catalogue_entry slug}", None),
    ("/issuers/{slug}", None),
    ("/registers/{register_id}", None),
    ("/verify", None),
    ("/c/{credential_id}", None),
    ("/c/{credential_id}", "holder"),
    ("/claim/{wallet:claim token}", None),
    ("/claim/{wallet:claim token}/not-me", None),
    ("/demo/", None),
    ("/demo/mail", None),
    ("/not-there", None),
    ("/accounts/login/", None),
    ("/accounts/login/code/", None),
    ("/accounts/signup/", None),
    ("/accounts/password/reset/", None),
    ("/accounts/inactive/", None),
    ("/invitations/{organisations:invitation token}", None),
    ("/me/", "holder"),
    ("/me/credentials/{holding_id}/", "holder"),
    ("/me/erasure/", "holder"),
    ("/me/erasure/ask/{slug}", "holder"),
    ("/me/erasure/{erasure:own_case case_id}/", "holder"),
    ("/erasure/{erasure:link case_id}/{erasure:link token}/", None),
    ("/console/{slug}/erasure/", "owner"),
    ("/console/{slug}/erasure/new", "owner"),
    ("/console/{slug}/erasure/over", "owner"),
    ("/console/{slug}/erasure/settings", "owner"),
    ("/console/{slug}/erasure/{erasure:case case_id}/", "owner"),
    ("/console/{slug}/erasure/{erasure:case case_id}/carry-out", "owner"),
    ("/me/profile", "viewer"),
    ("/accounts/email/", "viewer"),
    ("/accounts/password/set/", "viewer"),
    ("/accounts/logout/", "viewer"),
    ("/accounts/2fa/", "viewer"),
    ("/accounts/2fa/totp/activate/", "viewer"),
    ("/accounts/2fa/webauthn/add/", "viewer"),
    ("/console/", "holder"),
    ("/console/", "owner"),
    ("/console/{slug}/", "viewer"),
    ("/console/{slug}/", "owner"),
    ("/console/{slug}/achievements/", "owner"),
    ("/console/{slug}/achievements/new", "owner"),
    ("/console/{slug}/achievements/{achievement_id}/v/1", "owner"),
    ("/console/{slug}/achievements/{catalogue:edit achievement_id}/v/1/edit", "owner"),
    ("/console/{slug}/review/", "owner"),
    ("/console/{slug}/review/{catalogue:review achievement_id}/v/1", "owner"),
    ("/console/{slug}/awards/", "owner"),
    ("/console/{slug}/awards/new/", "owner"),
    ("/console/{slug}/awards/new/{version_id}/", "owner"),
    ("/console/{slug}/awards/{award_id}/", "owner"),
    ("/console/{slug}/awards/{issuing:withdraw award_id}/withdraw/", "owner"),
    ("/console/{slug}/awards/{issuing:address award_id}/address/", "owner"),
    ("/console/{slug}/awards/{issuing:correct award_id}/name/", "owner"),
    ("/console/{slug}/awards/set/file/", "owner"),
    ("/console/{slug}/awards/set/send-again/", "owner"),
    ("/console/{slug}/awards/renewals/", "owner"),
    ("/console/{slug}/batches/", "owner"),
    ("/console/{slug}/batches/new/{version_id}/", "owner"),
    ("/console/{slug}/batches/{batch_id}/", "owner"),
    ("/console/{slug}/api/", "owner"),
    ("/console/{slug}/mail/", "owner"),
    ("/console/{slug}/mail/settings", "owner"),
    ("/me/credentials/{holding_id}/ask-name", "holder"),
    ("/console/{slug}/approvals/", "viewer"),
    ("/console/{slug}/approvals/", "owner"),
    ("/console/{slug}/members/", "viewer"),
    ("/console/{slug}/members/", "owner"),
    ("/console/{slug}/members/invite", "owner"),
    ("/console/{slug}/members/{member_id}/roles", "owner"),
    ("/console/{slug}/members/{member_id}/remove", "owner"),
    ("/console/{slug}/keys/", "owner"),
    ("/console/{slug}/keys/rhythm/", "owner"),
    ("/console/{slug}/keys/again/", "owner"),
    ("/console/{slug}/keys/{fragment}/give-up/", "owner"),
    ("/console/{slug}/register/", "owner"),
    ("/console/{slug}/settings", "viewer"),
    ("/console/{slug}/settings", "owner"),
    ("/operator/jobs", "operator"),
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
@pytest.mark.parametrize(("address", "who"), PAGES)
def test_a_page_keeps_what_every_page_keeps(
    browser: Browser,
    site: Site,
    seeded: Any,
    address: str,
    who: str | None,
    size: ViewportSize,
    scheme: Literal["light", "dark"],
) -> None:
    cookies = {"sessionid": seeded["sessions"][who]} if who else {}
    with open_page(browser, site=site, size=size, scheme=scheme, cookies=cookies) as page:
        page.goto(re.sub(r"{(.+?)}", lambda found: seeded["samples"][found[1]], address))
        check_page(page)
