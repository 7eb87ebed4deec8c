"""Run as a process of its own: a letter's HTML on standard input becomes a tagged PDF on standard output.

It reaches no network and no file, whatever the HTML says; memory and processor time are limited.
"""

import resource
import sys
from pathlib import Path
from typing import NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

MEMORY_BYTES = 1536 * 1024 * 1024
PROCESSOR_SECONDS = 240
STYLE = Path(__file__).parent / "assets" / "letter.css"


class NothingToFetch(URLFetcher):  # type: ignore[misc]
    """Refuses every address: the letter brings all it needs with it."""

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        """Stop the rendering; the address itself may be personal data and is not repeated."""
        raise FatalURLFetchingError("The letter asked for an address.")


def main() -> None:
    """Set the letter."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    refuse, fonts = NothingToFetch(), FontConfiguration()
    letter = HTML(string=sys.stdin.buffer.read().decode(), base_url="letter:", url_fetcher=refuse)
    style = CSS(string=STYLE.read_text(), font_config=fonts, url_fetcher=refuse)
    letter.write_pdf(sys.stdout.buffer, stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")


if __name__ == "__main__":
    main()
