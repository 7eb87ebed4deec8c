"""HTML: a page set that works from a folder, without a network: to read, search, sort and print."""

import base64
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from fulfillment.bundles.base import ExportFormat, Heartbeat, Part
from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.language import language_for
from fulfillment.bundles.left_out import left_out
from fulfillment.bundles.narrow import narrow_answer
from fulfillment.bundles.sections import records, row_chunks, source_sections

ASSETS = Path(__file__).parent.parent / "assets"


class HtmlFormat(ExportFormat):
    """For people."""

    label = "HTML"
    media_type = "text/html"
    position = 20

    def parts(self, contents: BundleInput, *, beat: Heartbeat) -> Iterator[Part]:
        with translation.override(language_for(contents)):
            if contents.is_narrow:
                page = render_to_string("bundles/narrow.html", _context(contents, []))
                yield Part("index.html", self.media_type, [page.encode("utf-8", "backslashreplace")])
                return
            sections = source_sections(contents)
            page = render_to_string("bundles/index.html", _context(contents, sections))
            yield Part("index.html", self.media_type, [page.encode("utf-8", "backslashreplace")])
            for section in sections:
                for collection in section.collections:
                    for name, script in row_chunks(collection):
                        yield Part(name, "text/javascript", [script])


def _context(contents: BundleInput, sections: list[Any]) -> dict[str, Any]:
    style, script = _look(), (ASSETS / "bundle.js").read_text()
    return {
        "contents": contents,
        "company": contents.company,
        "sections": sections,
        "left_out": left_out(contents),
        "answer": narrow_answer(contents) if contents.is_narrow else None,
        "record_count": records(contents.row_count),
        "figure": f"{contents.row_count:,}",
        "source_count": sum(1 for section in sections if section.row_count),
        "style": style,
        "script": script,
        # Only this style and this script run; what the script itself adds (the chunks of records) is trusted.
        "policy": "; ".join(
            [
                "default-src 'none'",
                f"style-src '{_hash(style)}'",
                f"script-src '{_hash(script)}' 'strict-dynamic'",
                "img-src data:",
                "form-action 'none'",
                "base-uri 'none'",
            ]
        ),
        "icon": base64.b64encode(_static("brand/favicon.svg").encode()).decode(),
    }


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=1)
def _look() -> str:
    return _static("tokens.css") + (ASSETS / "bundle.css").read_text()


def _static(name: str) -> str:
    found = finders.find(f"requests_app/{name}")
    if found is None:
        found = str(Path(settings.STATIC_ROOT or "") / "requests_app" / name)
    return Path(found).read_text()


FORMAT = HtmlFormat()
