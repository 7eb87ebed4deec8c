"""Tables of the offline page as people read them: no towers of words, no heading under a bar or alone on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.fulfillment.bundles.samples import answer, collection
from tests.fulfillment.bundles.test_offline_page import SWITCHES, Visit, unpacked

pytestmark = pytest.mark.browser
SENTENCE = "The parcel was handed to somebody at the house next door, and I did not hear of it for a week."
TALLEST = (
    "Math.max(...[...document.querySelectorAll('tbody tr')].map(each => each.getBoundingClientRect().height))"
)
WIDTHS = (390, 768, 1280)
# Eight lines of the table's size, with the space around them.
EIGHT_LINES = 8 * 24 + 17


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        yield browser
        browser.close()


def opened(browser: Browser, folder: Path, width: int, *, sizes: tuple[int, ...] = (30, 30, 30)) -> Page:
    row = {
        "ticket_number": 4295,
        "e_mail_address": "marta.duarte@example.org",
        "subject": "Invoice shows the wrong address",
        "text": SENTENCE,
        "state": "solved",
        "people_in_copy": "",
        "further_details": {"order": 74487, "product": "web"},
        "created_at": "2026-08-09T09:46:40.194543+00:00",
    }
    parts = [collection([row] * size, key=f"part{number}") for number, size in enumerate(sizes)]
    page = Visit(browser, unpacked(answer(*parts), folder), viewport={"width": width, "height": 800}).page
    assert page.locator("tbody tr").first.is_visible()
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_a_sentence_among_many_columns_is_no_tower_of_words(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    page = opened(browser, tmp_path, width)
    assert page.evaluate(TALLEST) <= EIGHT_LINES
    # Drawn anew by the script.
    page.get_by_role("button", name="Subject").first.click()
    page.locator("th[aria-sort]").wait_for()
    assert page.evaluate(TALLEST) <= EIGHT_LINES
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_heading_that_a_link_leads_to_is_not_under_the_search(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    page = opened(browser, tmp_path, width)
    page.evaluate("location.hash = 't-c2'")
    on_top = """() => { const box = document.getElementById('t-c2').getBoundingClientRect();
      return document.elementFromPoint(box.left + 4, box.top + 2).id }"""
    page.wait_for_function("scrollY > 0")
    assert page.evaluate(on_top) == "t-c2"
    page.close()


def test_on_paper_a_heading_stays_with_its_records(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, 794, sizes=(3,))
    page.emulate_media(media="print")
    for ahead in (".source > header", ".coll > div:first-child", ".facts-of"):
        node = page.locator(ahead).first
        assert node.evaluate("each => getComputedStyle(each).breakAfter") == "avoid", ahead
    page.close()
