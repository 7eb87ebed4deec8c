"""Run as a process of its own: a letter's HTML on standard input becomes a tagged PDF on standard output.

It reaches no network and no file, whatever the HTML says; memory and processor time are limited.
"""

import re
import resource
import sys
from pathlib import Path
from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

MEMORY_BYTES = 1536 * 1024 * 1024
PROCESSOR_SECONDS = 240
STYLE = Path(__file__).parent / "assets" / "letter.css"
# Marks that no font draws, and those that turn the writing round; what only parts words is a blank.
_UNDRAWN: dict[int, str] = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""
)
_UNDRAWN |= dict.fromkeys((0x09, 0x2028, 0x2029), " ") | {0x0A: "\n"}
# "This glyph is no text": the second of the two that some scripts draw for one syllable.
_NOTHING = re.compile(rb"<([0-9a-f]{4})> <>")
_JOINED = rb"<\1> <2060>"


class NothingToFetch(URLFetcher):  # type: ignore[misc]
    """Refuses every address: the letter brings all it needs with it."""

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        """Stop the rendering; the address itself may be personal data and is not repeated."""
        raise FatalURLFetchingError("The letter asked for an address.")


def drawable(html: str) -> str:
    """The letter without marks that have no picture: PDF/UA knows no glyph for nothing."""
    return html.translate(_UNDRAWN)


def name_every_glyph(_document: object, pdf: Any) -> None:
    """Give glyphs that continue a syllable a text of no width, as PDF/UA wants a text for each (Matterhorn 10-001)."""
    for each in pdf.objects:
        stream = getattr(each, "stream", ())
        if b"begincmap" in stream:
            each.stream = [_NOTHING.sub(_JOINED, line) for line in stream]


def main() -> None:
    """Set the letter."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    refuse, fonts = NothingToFetch(), FontConfiguration()
    html = drawable(sys.stdin.buffer.read().decode())
    letter = HTML(string=html, base_url="letter:", url_fetcher=refuse)
    style = CSS(string=STYLE.read_text(), font_config=fonts, url_fetcher=refuse)
    letter.write_pdf(
        sys.stdout.buffer,
        finisher=name_every_glyph,
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
    )


if __name__ == "__main__":
    main()
