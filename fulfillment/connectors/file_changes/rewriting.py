"""A file written anew without the person, or with other values; the lines of everybody else stay as they are."""

import csv
import io
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from fsspec import AbstractFileSystem

from fulfillment.connectors.byte_lines import byte_lines
from fulfillment.connectors.csv_lines import CsvFile
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.connectors.file_changes.writing import NewVersion, packing_of
from fulfillment.connectors.json_places import respelled
from fulfillment.connectors.rows import parse_json
from fulfillment.connectors.trail import Sieve
from fulfillment.datamaps.descriptions import FilePattern


def rewrite(
    filesystem: AbstractFileSystem,
    path: str,
    new: NewVersion,
    *,
    name: str,
    pattern: FilePattern,
    sieve: Sieve,
    edits: RowEdits,
) -> None:
    """Write the file at `path`, known as `name`, anew. Raises Fatal for what cannot be read or written, Retryable."""
    if pattern.format == "parquet":
        # Loaded with the first such file, as for reading.
        parquet = import_module("fulfillment.connectors.file_changes.parquet_rewriting")
        parquet.rewrite_groups(filesystem, path, new, name=name, sieve=sieve, edits=edits)
        return
    packed = packing_of(name)
    with new.opened() as out:
        parts = (
            _csv(
                CsvFile(filesystem, path, name, pattern.delimiter, packed=packed),
                sieve,
                edits,
                pattern.delimiter,
            )
            if pattern.format == "csv"
            else _json_lines(filesystem, path, name, sieve, edits)
        )
        for part in parts:
            out.write(part)


def _json_lines(
    filesystem: AbstractFileSystem, path: str, name: str, sieve: Sieve, edits: RowEdits
) -> Iterator[bytes]:
    with filesystem.open(path, "rb", compression=packing_of(name)) as lines:
        for number, line in enumerate(byte_lines(lines), start=1):
            row = None if line.isspace() else _object(line, name, number)
            if row is None or not sieve.holds(row):
                yield line
                continue
            edited = edits.edit(row)
            if edited is row:
                yield line
            elif edited is not None:
                # Numbers and names that nothing was to change stay as they are spelled.
                yield respelled(line.decode(), row, edited).encode()


def _object(line: bytes, name: str, number: int) -> dict[str, Any]:
    try:
        found = parse_json(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Fatal(f"{name}, line {number}, is not a JSON object.")
    return found


def _csv(file: CsvFile, sieve: Sieve, edits: RowEdits, delimiter: str) -> Iterator[bytes]:
    is_begun = False
    for record in file.records():
        if not is_begun:
            is_begun = True
            yield file.header.encode()
        edited = edits.edit(dict(record.row)) if sieve.holds(record.row) else record.row
        if edited == record.row:
            yield record.text.encode()
        elif edited is not None:
            end = record.text[len(record.text.rstrip("\r\n")) :]
            yield (csv_line([edited[each] for each in file.columns], delimiter) + end).encode()
    if not is_begun:
        yield file.header.encode()


def csv_line(values: list[Any], delimiter: str) -> str:
    """A record without its line end."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="").writerow(
        ["" if value is None else value for value in values]
    )
    return written.getvalue()
