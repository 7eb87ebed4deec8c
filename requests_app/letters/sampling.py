"""Words with the facts of nobody as a PDF, to look at before they are sent."""

from dataclasses import asdict
from datetime import datetime

from requests_app.letters.blocks import to_plain
from requests_app.letters.checking import Words
from requests_app.letters.compose import sample_of
from requests_app.letters.kinds import Kind
from requests_app.letters.languages import frame_of
from requests_app.letters.layout import Letterhead, as_html
from requests_app.policy.company import COMPANY
from requests_app.typesetting.typeset import pdf_of

# Somebody waits for it with the page open; no lease, no row and no lock is held meanwhile.
LONGEST_SECONDS = 60.0


def sample_pdf(kind: Kind, words: Words, *, language: str, at: datetime) -> bytes:
    """The PDF that words would make. Raises LetterNotSet."""
    said, frame = sample_of(kind, words, language=language), frame_of(language)
    reference = str(kind.sample()["reference"])
    day = at.astimezone(COMPANY.zone).date().isoformat()
    head = Letterhead("Ada Example", "ada@example.org", ((frame.date, day), (frame.reference, reference)))
    content = {"reference": reference, "head": asdict(head), "blocks": to_plain(said.blocks)}
    return pdf_of(
        as_html(content, said.subject, language=language), beat=_nobody_waits, longest_seconds=LONGEST_SECONDS
    )


def _nobody_waits() -> None:
    """A sample is a page: no lease has to be kept meanwhile."""
