"""Run as a process of its own: a letter's HTML on standard input becomes a tagged PDF on standard output.

It reaches no network and no file, whatever the HTML says; memory and processor time are limited.
"""

import logging
import re
import resource
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

MEMORY_BYTES = 1536 * 1024 * 1024
PROCESSOR_SECONDS = 240
STYLE = Path(__file__).parent / "assets" / "letter.css"
NO_FONT_HAS_IT, UNKNOWN = ".notdef glyph", 0xFFFD
# "This glyph is no text": the second of the two that some scripts draw for one syllable.
_NOTHING = re.compile(rb"<([0-9a-f]{4})> <>")
_JOINED = rb"<\1> <2060>"


class NothingToFetch(URLFetcher):  # type: ignore[misc]
    """Refuses every address: the letter brings all it needs with it."""

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        """Stop the rendering; the address itself may be personal data and is not repeated."""
        raise FatalURLFetchingError("The letter asked for an address.")


class WithoutPicture(logging.Handler):
    """Hears which characters no font has."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.codes: set[int] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the character; nothing of the letter is written anywhere."""
        if NO_FONT_HAS_IT in str(record.msg) and isinstance(record.args, tuple):
            self.codes.add(int(str(record.args[1])))


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
    unseen = WithoutPicture()
    LOGGER.addHandler(unseen)
    html = sys.stdin.buffer.read().decode()
    pdf = pdf_of(html)
    if unseen.codes:
        # Only who draws it knows. One glyph without a text makes the words around it unreadable too.
        pdf = pdf_of(
            html.translate({code: "?" if code == UNKNOWN else chr(UNKNOWN) for code in unseen.codes})
        )
    sys.stdout.buffer.write(pdf)


def pdf_of(html: str) -> bytes:
    """The PDF of a letter."""
    refuse, fonts, pdf = NothingToFetch(), FontConfiguration(), BytesIO()
    letter = HTML(string=html, base_url="letter:", url_fetcher=refuse)
    style = CSS(string=STYLE.read_text(), font_config=fonts, url_fetcher=refuse)
    letter.write_pdf(
        pdf,
        finisher=name_every_glyph,
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
    )
    return pdf.getvalue()


if __name__ == "__main__":
    main()
