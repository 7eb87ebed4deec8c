"""PDF: the letter, tagged (PDF/UA-1): every fact the law asks for, the beginning of each collection."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import translation

from fulfillment.bundles import letter
from fulfillment.bundles.base import ExportFormat, Heartbeat, Part
from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.language import language_for
from fulfillment.bundles.left_out import left_out
from fulfillment.bundles.narrow import narrow_answer
from fulfillment.bundles.sections import records
from requests_app.lifecycle.models import AnswerScope
from requests_app.typesetting.typeset import pdf_of


class PdfFormat(ExportFormat):
    """For people and for the file. It can fail, so it comes first."""

    label = "PDF"
    media_type = "application/pdf"
    position = 10

    def parts(self, contents: BundleInput, *, beat: Heartbeat) -> Iterator[Part]:
        yield Part("report.pdf", self.media_type, [pdf_of(letter_html(contents), beat=beat)])


def letter_html(contents: BundleInput) -> str:
    """The letter before it is set."""
    with translation.override(language_for(contents)):
        if contents.is_narrow:
            named = {
                "contents": contents,
                "company": contents.company,
                "answer": narrow_answer(contents),
                # A lesser answer for lesser proof says nothing of other requests.
                "told": letter.told_lines(contents) if contents.scope == AnswerScope.RECIPIENTS else [],
            }
            return render_to_string("documents/letter_narrow.html", named)
        context = {
            "title": letter.title_of(contents),
            "contents": contents,
            "company": contents.company,
            "record_count": records(contents.row_count),
            "source_count": sum(1 for source in contents.sources if source.row_count),
            "is_empty": not letter.held(contents),
            "categories": letter.category_lines(contents),
            "purposes": letter.purpose_lines(contents),
            "recipients": letter.recipient_lines(contents),
            "rights": letter.rights_told(contents),
            "told": letter.told_lines(contents),
            "origins": letter.origin_lines(contents),
            "left_out": left_out(contents),
            "sources": [
                (source, letter.outcome(source), f"{source.row_count:,}") for source in contents.sources
            ],
            "tables": letter.record_tables(contents),
            "caps": {"records": f"{letter.MOST_RECORDS:,}", "lines": f"{letter.MOST_LINES:,}"},
        }
        return render_to_string("documents/letter.html", context)


FORMAT = PdfFormat()
