"""PDF held as bytes: the text of its pages and what it says of itself; what was found there cannot be taken out."""

from importlib import import_module

from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import Opened

_BEGINS_WITHIN = 1024


def opened(data: bytes, budget: Budget) -> Opened | None:
    """The pages that can be read; None where this is no PDF. A broken or locked one is noted as not read."""
    if b"%PDF-" not in data[:_BEGINS_WITHIN]:
        return None
    # Loaded when the first one is met: the library takes 11 MB, and most processes never see a PDF.
    pages = import_module("fulfillment.traces.decoders.pdf_pages")
    found: Opened = pages.pages_of(data, budget)
    return found
