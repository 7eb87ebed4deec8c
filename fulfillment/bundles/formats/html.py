"""HTML: a page set that works from a folder, without a network: to read, search, sort and print."""

import base64
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from fulfillment.bundles.alone import ASSETS, hash_of, look, static_text
from fulfillment.bundles.base import ExportFormat, Heartbeat, Part
from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.language import language_for
from fulfillment.bundles.left_out import left_out
from fulfillment.bundles.narrow import narrow_answer
from fulfillment.bundles.sections import records, row_chunks, source_sections
from fulfillment.bundles.verify_page import NAME, offline_page


class HtmlFormat(ExportFormat):
    """For people."""

    label = "HTML"
    media_type = "text/html"
    position = 20

    def parts(self, contents: BundleInput, *, beat: Heartbeat) -> Iterator[Part]:
        with translation.override(language_for(contents)):
            # Without keys: whoever changes a copy could change those in it.
            yield Part(NAME, self.media_type, [offline_page(keys=[]).encode()])
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
    style, script = look(), (ASSETS / "bundle.js").read_text()
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
                f"style-src '{hash_of(style)}'",
                f"script-src '{hash_of(script)}' 'strict-dynamic'",
                "img-src data:",
                "form-action 'none'",
                "base-uri 'none'",
            ]
        ),
        "icon": base64.b64encode(static_text("brand/favicon.svg").encode()).decode(),
    }


FORMAT = HtmlFormat()
