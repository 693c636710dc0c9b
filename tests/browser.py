"""A real server in a process of its own, a real browser, and what every page must keep.

Tests that use it are marked `e2e` and run by `make e2e`.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
# Chromium asks its maker's servers about much; a test asks nobody but our own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = (ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900))
_START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """An installation in a folder."""

    base_url: str
    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        """What `python <arguments>` prints in the environment of the installation."""
        done = subprocess.run(  # noqa: S603 - arguments of our own tests
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """The same, read as JSON."""
        return json.loads(self.run(*arguments))


def new_site(folder: Path, **settings: str) -> Site:
    """An empty installation that nobody serves yet."""
    port = free_port()
    base_url = f"http://localhost:{port}"
    site = Site(base_url, folder, _environment(folder, base_url, settings))
    if address := os.environ.get("CAIRN_TEST_DATABASE"):
        site.environment["CAIRN_DATABASE"] = _new_database(address, f"journeys_{port}")
    site.run("-m", "django", "migrate", "--verbosity", "0")
    return site


@contextmanager
def served(site: Site) -> Iterator[None]:
    """The installation with its worker, until the end of the block."""
    port = str(urlsplit(site.base_url).port)
    command = [str(Path(sys.executable).with_name("cairn")), "serve", "--port", port]
    path = site.folder / "server.log"
    with path.open("w") as log:
        server = subprocess.Popen(  # noqa: S603 - our own command
            command, env=site.environment, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            _wait_for(site.base_url, server, path)
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def _environment(folder: Path, base_url: str, settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    return {
        **kept,
        "CAIRN_BASE_URL": base_url,
        "CAIRN_DATA_DIR": str(folder),
        "CAIRN_DEMO": "1",
        "CAIRN_MASTER_KEY": base64.urlsafe_b64encode(bytes(range(32))).decode(),
        "DJANGO_SETTINGS_MODULE": "cairn.config.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        **settings,
    }


def _new_database(address: str, name: str) -> str:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urlopen(f"{url}/accounts/login/", timeout=5).close()  # noqa: S310 - our own server
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def open_page(
    browser: Browser,
    *,
    size: ViewportSize = SIZES[1],
    scheme: Literal["light", "dark"] = "light",
    cookies: dict[str, str] | None = None,
    has_javascript: bool = True,
    site: Site,
) -> Iterator[Page]:
    """A page of a visitor of its own; errors in its console fail the test at the end."""
    context = browser.new_context(
        viewport=size,
        color_scheme=scheme,
        base_url=site.base_url,
        java_script_enabled=has_javascript,
        reduced_motion="reduce",  # a picture is taken of how things end up
    )
    context.add_cookies(
        [{"name": n, "value": v, "url": site.base_url} for n, v in (cookies or {}).items()]
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if _is_problem(m.type, m.text) else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert problems == []


def _is_problem(kind: str, text: str) -> bool:
    # An answer like 404 or 422 is written to the console too; whether it was meant the test says.
    return kind == "error" and "the server responded with a status of 4" not in text


def _shot_name(page: Page) -> str:
    # By where it is, what it shows and to whom; ids differ from run to run.
    parts = [part for part in urlsplit(page.url).path.split("/") if part and len(part) < 32]
    shown = [page.locator("h1").first, page.locator("h2#outcome"), page.locator(".top .nav").last]
    words = ["".join(part.all_inner_texts())[:40] for part in shown]
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    look = [str(page.viewport_size["width"]) if page.viewport_size else "", SCHEMES[is_dark]]
    name = ["-".join(parts) or "home", *words, page.locator("html").get_attribute("lang"), *look]
    return "_".join(re.sub(r"\W+", "-", part) for part in name if part) + ".png"


def check_page(page: Page) -> None:
    """What every page keeps: nothing for axe to find, nothing wider than the screen, a title."""
    if folder := os.environ.get("SHOTS"):  # for people who want to look at the pages
        page.screenshot(path=Path(folder) / _shot_name(page), full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"{page.url} is {width[0]} px wide on a screen of {width[1]} px"
    assert page.title().strip(), f"{page.url} has no title"
    assert page.locator("h1").count() == 1, f"{page.url} has {page.locator('h1').count()} h1"


def check_page_in_all_looks(page: Page) -> None:
    """The same on a phone and on a desk, in light and in dark."""
    for size in SIZES:
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            check_page(page)
