"""Reading the person's rows of one collection out of its files, whatever these are written in."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from fulfillment.connectors.csv_lines import CsvFile, csv_rows
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.json_lines import json_line_rows
from fulfillment.connectors.records import RecordReader
from fulfillment.connectors.trail import Sieve
from fulfillment.datamaps.descriptions import FilePattern

Rows = list[dict[str, Any]]


class FileReading:
    """Reads the files of one collection, and counts and checks what it gives."""

    def __init__(self, store: FileStore, sieve: Sieve, pattern: FilePattern) -> None:
        self._store = store
        self._sieve = sieve
        self._pattern = pattern
        # The types of Parquet are the file's own, CSV has none; those of JSON lines have to be looked at.
        self.reader = RecordReader(sieve.collection, store.name, typed=pattern.format == "jsonl")
        self._columns: dict[str, None] = {}

    @property
    def unmapped(self) -> tuple[str, ...]:
        """What the files have and the map does not mention."""
        known = self._sieve.collection.by_name
        beside = (name for name in self._columns if name not in known)
        return tuple(dict.fromkeys((*beside, *self.reader.unmapped)))

    def parts(self, files: Sequence[str]) -> Iterator[Rows]:
        """The person's rows, reduced to the map; a part may be empty."""
        for path in files:
            yield from self._parquet(path) if self._pattern.format == "parquet" else self._texts(path)

    def whole_rows(self, path: str) -> Iterator[Rows]:
        """The person's rows of one file as the map knows them, without counting."""
        return self.parts([path])

    def _parquet(self, path: str) -> Iterator[Rows]:
        # Loaded with the first such file: the library takes 44 MB, which CSV and JSON lines can do without.
        parquet = import_module("fulfillment.connectors.parquet")
        file = parquet.ParquetFile(self._store.filesystem, path, self._store.shown(path))
        self._columns.update(dict.fromkeys(file.columns))
        for rows in file.rows(self._sieve):
            yield [self.reader.checked(row) for row in rows]

    def _texts(self, path: str) -> Iterator[Rows]:
        """Line by line; a row that is not as the map says is named by file and line."""
        name = self._store.shown(path)
        for part in self._numbered(path, name):
            found: Rows = []
            for number, row in part:
                try:
                    if self._sieve.holds(row):
                        found.append(self.reader.checked(row))
                except Fatal as refused:
                    raise Fatal(f"{name}, line {number}: {refused}") from None
            yield found

    def _numbered(self, path: str, name: str) -> Iterator[Sequence[tuple[int, dict[str, Any]]]]:
        if self._pattern.format == "csv":
            return csv_rows(CsvFile(self._store.filesystem, path, name, self._pattern.delimiter))
        return json_line_rows(self._store.filesystem, path, name)
