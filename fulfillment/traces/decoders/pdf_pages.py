"""The pages of a PDF, read by a library that is loaded only where there is one."""

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import BytesPart, Opened

_MOST_PAGES = 500


def pages_of(data: bytes, budget: Budget) -> Opened:
    """What can be read of it; a broken or locked one is noted in `budget` as not read."""
    parts: list[BytesPart] = []
    left = budget.bytes_left
    try:
        reader = PdfReader(io.BytesIO(data))
        about = " ".join(str(value) for value in (reader.metadata or {}).values())
        parts.append(BytesPart(about, "", "about"))
        for number, page in enumerate(reader.pages, start=1):
            if number > _MOST_PAGES or left <= 0:
                budget.note("pdf")
                break
            text = page.extract_text()
            left -= len(text)
            parts.append(BytesPart(text, "", f"page {number}"))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        budget.note("pdf")
    return Opened("pdf", tuple(parts))
