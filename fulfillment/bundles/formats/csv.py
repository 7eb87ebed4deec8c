"""CSV for spreadsheets: UTF-8 with a byte order mark, labels as headings, no cell that runs as a formula."""

from collections.abc import Iterator

from fulfillment.bundles.base import ExportFormat, Heartbeat, Part
from fulfillment.bundles.blocks import in_blocks
from fulfillment.bundles.cells import spreadsheet
from fulfillment.bundles.columns import columns_of, for_spreadsheet
from fulfillment.bundles.contents import BundleInput, CollectionContent
from fulfillment.bundles.csv_rows import csv_rows
from fulfillment.bundles.names import collection_paths


class CsvFormat(ExportFormat):
    """A table per collection."""

    label = "CSV"
    media_type = "text/csv"
    position = 40

    def parts(self, contents: BundleInput, *, beat: Heartbeat) -> Iterator[Part]:
        paths = collection_paths(contents)
        for collection in contents.exported:
            path = paths[collection.source_key, collection.key]
            yield Part(f"data/{path}.csv", self.media_type, in_blocks(_table(collection)))


def _table(collection: CollectionContent) -> Iterator[bytes]:
    # Without the mark, Excel reads UTF-8 as the code page of its country.
    yield _encoded("\ufeff" + csv_rows([[spreadsheet(heading)] for heading in collection.headings]))
    names = [field.name for field in collection.fields]
    for batch in collection.batches():
        yield _encoded(csv_rows([for_spreadsheet(column) for column in columns_of(batch, names)]))


def _encoded(text: str) -> bytes:
    # Half a surrogate pair is no UTF-8, and a program that met one would read none of the file.
    return text.encode("utf-8", "backslashreplace")


FORMAT = CsvFormat()
