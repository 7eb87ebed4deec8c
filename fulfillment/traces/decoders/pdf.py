"""PDF held as bytes: the text of its pages and what it says of itself; what was found there cannot be taken out."""

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import BytesPart, Opened

_MOST_PAGES = 500
_BEGINS_WITHIN = 1024


def opened(data: bytes, budget: Budget) -> Opened | None:
    """The pages that can be read; None where this is no PDF. A broken or locked one is noted as not read."""
    if b"%PDF-" not in data[:_BEGINS_WITHIN]:
        return None
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
