"""A real browser for tests: Chromium, as a phone or a desk sees the pages, with or without script."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

# Chromium as root, without the background traffic of a browser that is used by a person.
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
PHONE, DESK = 320, 1280
# Longest wait for what a page is to show or do; a busy machine may stand still for seconds.
PATIENCE = 15_000
Visitor = Callable[..., Page]
# Each look costs the whole way to the page: they come with the slow tests.
in_every_look = pytest.mark.parametrize(
    ("width", "theme"),
    [
        pytest.param(width, theme, marks=pytest.mark.slow)
        for width, theme in [(PHONE, "dark"), (DESK, "light"), (PHONE, "light"), (DESK, "dark")]
    ],
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("Chromium is not installed; type: apt install chromium")
    # Playwright runs a loop of its own in this thread, and under a loop Django has other connections than without:
    # one left open here would be cut when a test restores the database, and fail whoever comes after the browser.
    connections.close_all()
    # The loop itself is no reason to refuse the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser, live_server: Any) -> Iterator[Visitor]:
    """Someone with a browser and cookies of their own: `visitor(width=PHONE, theme="dark", script=False)`."""
    contexts = []

    def arrive(*, width: int = DESK, theme: Any = "light", script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield arrive
    for context in contexts:
        context.close()


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands: accessibility, or more width than the screen has."""
    page.wait_for_load_state()
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [f"{each['id']}: {each['nodes'][0]['html']}" for each in violations]
    width = page.evaluate("document.documentElement.scrollWidth")
    if page.viewport_size and width > page.viewport_size["width"]:
        found.append(f"{page.url} is {width} pixels wide")
    return found
