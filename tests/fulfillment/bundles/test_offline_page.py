"""The offline page in a real browser: opens from disk, searches, sorts, runs nothing that the data says."""

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from fulfillment.bundles.base import FORMATS
from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.pack import Packing
from tests.browser import in_every_look
from tests.fulfillment.bundles.samples import answer, collection, hostile_answer, large_answer, small_answer

pytestmark = pytest.mark.browser
UNZIP = shutil.which("unzip") or ""
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        yield browser
        browser.close()


def unpacked(contents: BundleInput, folder: Path) -> Path:
    formats = [FORMATS.get(key) for key in ("html", "json", "csv")]
    archive = folder / "bundle.zip"
    archive.write_bytes(b"".join(Packing(contents, formats, beat=lambda: None).stream()))
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder / "index.html"


class Visit:
    """A page opened from disk, with everything it complained of and everything it asked for."""

    def __init__(self, browser: Browser, address: Path, **options: object) -> None:
        self.page: Page = browser.new_page(**options)
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.chunks: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        home = address.parent.as_uri()
        self.page.on("request", lambda asked: self._note(asked.url, home))
        self.page.goto(address.as_uri())

    def _note(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:")):
            self.strangers.append(url)
        if "/assets/rows/" in url:
            self.chunks.append(url.rpartition("/")[2])

    def search(self, words: str) -> str:
        """Type and wait for the count."""
        self.page.fill("#q", words)
        # The page waits for a pause in the typing.
        self.page.wait_for_timeout(250)
        told = self.page.locator("#told", has_text="found")
        told.wait_for(timeout=30_000)
        return told.text_content() or ""


@pytest.fixture
def small(browser, tmp_path):
    visit = Visit(browser, unpacked(small_answer(), tmp_path))
    yield visit
    visit.page.close()


def test_search_ignores_accents_and_case_and_hides_the_rest(small):
    assert small.search("ZOE angstrom") == "1 record found"
    assert small.page.locator("tbody tr:visible").count() == 1
    assert not small.page.locator("text=Ticket 1").first.is_visible()


def test_search_finds_the_record_that_stands_alone_and_marks_words(small):
    assert small.search("marta") == "1 record found"
    assert small.search("ticket february") == "1 record found"
    assert small.page.locator("mark:visible").all_text_contents() == ["February", "Ticket"]
    assert small.search("no such words") == "0 records found"
    assert small.page.locator("#blank").is_visible()


def test_one_source_or_collection_alone_can_be_shown_and_searched(small):
    small.page.select_option("#only", label="Omne Desk")
    small.page.locator("#told", has_text="3 records found").wait_for()
    assert not small.page.locator("#s1").is_visible()
    assert small.search("a") == "3 records found"
    small.page.select_option("#only", label="– Notes")
    assert small.search("ZOE") == "1 record found"
    small.page.select_option("#only", label="Everywhere")
    assert small.search("marta") == "1 record found"


def test_sorting_by_date_follows_time_and_not_words(small):
    head = small.page.get_by_role("button", name="Day")
    head.click()
    small.page.locator("th[aria-sort=ascending]").wait_for()
    rows = small.page.locator("#s2 tbody tr")
    assert rows.first.text_content().startswith("1")
    head.click()
    small.page.locator("th[aria-sort=descending]").wait_for()
    assert rows.first.text_content().startswith("3")


def test_the_page_asks_nobody_and_complains_of_nothing(small):
    small.search("a")
    assert (small.complaints, small.strangers) == ([], [])


@in_every_look
def test_the_page_is_accessible_and_never_scrolls_sideways(browser, tmp_path, width, theme):
    visit = Visit(
        browser,
        unpacked(small_answer(), tmp_path),
        viewport={"width": width, "height": 800},
        color_scheme=theme,
        bypass_csp=True,
    )
    assert not visit.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()
    visit.page.close()


def test_nothing_hostile_runs_or_leaves(browser, tmp_path):
    visit = Visit(browser, unpacked(hostile_answer(), tmp_path))
    visit.search("e")
    visit.page.get_by_role("button", name="No.").click()
    visit.page.locator("th[aria-sort]").wait_for()
    assert visit.page.evaluate("window.pwned") is None
    assert visit.page.locator("main img, main svg, main script").count() == 0
    assert visit.strangers == []
    visit.page.close()


def test_without_javascript_the_first_records_and_the_files_are_there(browser, tmp_path):
    visit = Visit(browser, unpacked(large_answer(100), tmp_path), java_script_enabled=False)
    assert visit.page.locator("tbody tr").count() == 20
    assert visit.page.get_by_text("All of them are in the CSV file").is_visible()
    visit.page.close()


@pytest.mark.slow
def test_thirty_thousand_records_open_within_a_second_and_are_paged_and_searched(browser, tmp_path):
    address = unpacked(large_answer(30_000), tmp_path)
    assert address.stat().st_size < 100_000
    visit = Visit(browser, address)
    timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    assert visit.page.evaluate(timing) < 1_000
    assert visit.chunks == []
    visit.page.get_by_role("button", name="Next").click()
    visit.page.get_by_text("1 to 100 of 30,000").wait_for()
    assert visit.chunks == ["c1-1.js"]
    visit.page.get_by_role("button", name="Show 2,000 at once").click()
    visit.page.get_by_text("1 to 2,000 of 30,000").wait_for()
    # A page of the table needs the files that hold it, and no other.
    assert sorted(visit.chunks) == ["c1-1.js", "c1-2.js", "c1-3.js", "c1-4.js"]
    for first in range(2_001, 8_000, 2_000):
        visit.page.get_by_role("button", name="Next").press("Enter")
        visit.page.get_by_text(f"{first:,} to {first + 1_999:,} of 30,000").wait_for()
    assert visit.page.evaluate("document.activeElement.textContent") == "Next"
    assert visit.page.locator("tbody th").first.text_content() == "6000"
    assert len(visit.chunks) == 16
    assert visit.search("weird words 29999") == "1 record found"
    assert len(visit.chunks) == len(set(visit.chunks)) == 60
    visit.page.get_by_role("button", name="Milliseconds").click()
    visit.page.locator("th[aria-sort=ascending]").wait_for()
    visit.page.fill("#q", "")
    visit.page.locator("#told", has_text="30,000 records").wait_for()
    assert visit.page.locator("tbody tr").first.locator("td").last.text_content() == "0"
    assert (visit.complaints, visit.strangers) == ([], [])
    visit.page.close()


@pytest.mark.slow
@in_every_look
@pytest.mark.parametrize(
    "contents", [large_answer(1_200), answer(collection([]))], ids=["many records", "nothing held"]
)
def test_with_and_without_data_the_page_has_no_faults(browser, tmp_path, contents, width, theme):
    visit = Visit(
        browser,
        unpacked(contents, tmp_path),
        viewport={"width": width, "height": 800},
        color_scheme=theme,
        bypass_csp=True,
    )
    if contents.row_count:
        visit.page.get_by_role("button", name="Next").click()
        visit.page.get_by_text("1 to 100 of 1,200").wait_for()
        visit.page.get_by_role("button", name="Milliseconds").click()
        visit.page.locator("th[aria-sort=ascending]").wait_for()
        assert visit.search("words") == "1,200 records found"
    assert not visit.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()
    visit.page.close()


def test_a_cell_of_a_megabyte_stops_nobody(browser, tmp_path):
    long = "wörd " * 200_000
    rows = [{"id": number, "text": long if number % 50 == 1 else f"row {number}"} for number in range(120)]
    visit = Visit(browser, unpacked(answer(collection(rows)), tmp_path))
    timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    assert visit.page.evaluate(timing) < 2_000
    assert visit.search("row 119") == "1 record found"
    assert visit.complaints == []
    visit.page.close()


def test_on_paper_the_records_stay_and_what_only_works_on_a_screen_goes(browser, tmp_path):
    visit = Visit(browser, unpacked(small_answer(), tmp_path))
    visit.page.emulate_media(media="print")
    assert visit.page.locator("#s1").is_visible()
    assert visit.page.get_by_role("cell", name="Ticket 3").is_visible()
    for screen_only in ("form.find", "nav.toc", ".pager >> nth=0"):
        assert not visit.page.locator(screen_only).is_visible()
    assert not visit.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    visit.page.close()


@pytest.mark.skipif(not UNZIP, reason="unzip is not installed")
def test_unzip_opens_the_zip(tmp_path):
    unpacked(small_answer(), tmp_path)
    subprocess.run([UNZIP, "-tq", tmp_path / "bundle.zip"], check=True, capture_output=True)
