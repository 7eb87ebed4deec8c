"""The offline page as values: what its template draws, and the records it loads in chunks."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from msgspec.json import encode

from fulfillment.bundles.cells import readable
from fulfillment.bundles.columns import PackedColumns, columns_of
from fulfillment.bundles.contents import BundleInput, CollectionContent, SourceContent
from fulfillment.bundles.names import collection_paths
from requests_app.lists import listed

ROWS_A_CHUNK = 500
# Records that stand in the page itself: seen at once, and without JavaScript.
PREVIEW = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """The text shown, and the text to sort by where that differs (a date in words)."""

    text: str
    sort: str = ""


@dataclass(frozen=True)
class CollectionSection:
    """One collection on the page."""

    key: str
    collection: CollectionContent
    path: str
    headings: list[str]
    preview: list[list["Cell"]]
    chunk_count: int
    rows_a_chunk: int = ROWS_A_CHUNK

    @property
    def count(self) -> str:
        """How many records, in words."""
        return records(self.collection.row_count)

    @property
    def figure(self) -> str:
        """The same as a number."""
        return f"{self.collection.row_count:,}"

    @property
    def is_single(self) -> bool:
        """Whether it reads better as a list of facts than as a table."""
        return self.collection.row_count == 1

    @property
    def facts(self) -> str:
        """Why it is held and for how long, in one line."""
        collection = self.collection
        told = [
            collection.about,
            _("Used for: %s.") % listed(collection.purposes) if collection.purposes else "",
            _("Legal basis: %s.") % collection.legal_basis if collection.legal_basis else "",
            _("Kept: %s.") % collection.retention.rstrip(".") if collection.retention else "",
        ]
        return " ".join(filter(None, told))

    @property
    def pairs(self) -> list[tuple[str, "Cell"]]:
        """The only record as label and value."""
        return list(zip(self.headings, self.preview[0], strict=True))


@dataclass(frozen=True)
class SourceSection:
    """One source on the page."""

    key: str
    source: SourceContent
    collections: list[CollectionSection]
    empty: list[str]

    @property
    def count(self) -> str:
        """How many records of it are in the bundle, in words."""
        return records(self.row_count)

    @property
    def figure(self) -> str:
        """The same as a number."""
        return f"{self.row_count:,}"

    @property
    def row_count(self) -> int:
        """How many records of it are in the bundle."""
        return sum(each.collection.row_count for each in self.collections)


def records(count: int) -> str:
    """ "1 record", "1,204 records"."""
    return ngettext("%s record", "%s records", count) % f"{count:,}"


def source_sections(contents: BundleInput) -> list[SourceSection]:
    """Every source of the run, those that hold nothing too."""
    paths = collection_paths(contents)
    numbers = {key: f"c{number}" for number, key in enumerate(paths, start=1)}
    sections = []
    for position, source in enumerate(contents.sources, start=1):
        ours = contents.collections_of(source)
        shown = [
            _section(numbers[each.source_key, each.key], each, paths[each.source_key, each.key])
            for each in ours
            if each.is_exported
        ]
        empty = [each.label for each in ours if each.row_count == 0]
        sections.append(SourceSection(f"s{position}", source, shown, empty))
    return sections


def row_chunks(section: CollectionSection) -> Iterator[tuple[str, bytes]]:
    """The script files that hold a collection's records, with their names."""
    names = [field.name for field in section.collection.fields]
    rows, packed = section.collection.rows(), PackedColumns(get_language() or "")
    for number in range(1, section.chunk_count + 1):
        columns = columns_of(list(islice(rows, ROWS_A_CHUNK)), names)
        cells = list(zip(*map(packed.of, columns), strict=True))
        call = b"omneRows(%s,%d,%s);\n" % (_script(section.key), number - 1, _script(cells))
        yield f"assets/rows/{section.key}-{number}.js", call


def _section(key: str, collection: CollectionContent, path: str) -> CollectionSection:
    names = [field.name for field in collection.fields]
    preview = [[_cell(row.get(name)) for name in names] for row in collection.first_rows(PREVIEW)]
    is_whole = collection.row_count <= PREVIEW
    chunk_count = 0 if is_whole else -(-collection.row_count // ROWS_A_CHUNK)
    return CollectionSection(key, collection, path, collection.headings, preview, chunk_count)


def _cell(value: Any) -> Cell:
    shown = readable(value)
    return Cell(shown, value if isinstance(value, str) and value != shown else "")


def _script(value: Any) -> bytes:
    """JSON that is safe inside a script, wherever that script is put."""
    try:
        text = encode(value)
    except UnicodeEncodeError:
        # Half a surrogate pair, which UTF-8 has no bytes for.
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "backslashreplace"
        )
    for character in "<>&\u2028\u2029":
        text = text.replace(character.encode(), b"\\u%04x" % ord(character))
    return text
