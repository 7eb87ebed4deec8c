"""Words with the facts of nobody as a PDF, to look at before they are sent."""

from dataclasses import asdict
from datetime import datetime
from threading import Lock

from requests_app.letters.blocks import to_plain
from requests_app.letters.checking import Words
from requests_app.letters.compose import sample_of
from requests_app.letters.errors import SampleBeingSet
from requests_app.letters.kinds import Kind
from requests_app.letters.languages import frame_of
from requests_app.letters.layout import Letterhead, as_html
from requests_app.policy.company import COMPANY
from requests_app.typesetting.typeset import pdf_of

# Somebody waits for it with the page open; no lease and no row is held meanwhile.
LONGEST_SECONDS = 60.0
# Pages are served by a few threads: samples take one of a process, and the rest goes on serving.
_ONE_AT_A_TIME = Lock()


def sample_pdf(kind: Kind, words: Words, *, language: str, at: datetime) -> bytes:
    """The PDF that words would make. Raises LetterNotSet, SampleBeingSet."""
    said, frame = sample_of(kind, words, language=language), frame_of(language)
    reference = str(kind.sample()["reference"])
    day = at.astimezone(COMPANY.zone).date().isoformat()
    head = Letterhead("Ada Example", "ada@example.org", ((frame.date, day), (frame.reference, reference)))
    content = {"reference": reference, "head": asdict(head), "blocks": to_plain(said.blocks)}
    html = as_html(content, said.subject, language=language)
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise SampleBeingSet("Another sample is being set. Please try again in a moment.")
    try:
        return pdf_of(html, beat=_nobody_waits, longest_seconds=LONGEST_SECONDS)
    finally:
        _ONE_AT_A_TIME.release()


def _nobody_waits() -> None:
    """A sample is a page: no lease has to be kept meanwhile."""
