"""A file written anew without the person, or with other values; the lines of everybody else stay as they are."""

import csv
import io
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from fsspec import AbstractFileSystem

from fulfillment.connectors.csv_lines import CsvFile
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.connectors.json_lines import LONGEST_LINE
from fulfillment.connectors.rows import json_line, parse_json
from fulfillment.connectors.trail import Sieve
from fulfillment.datamaps.descriptions import FilePattern


def rewrite(
    filesystem: AbstractFileSystem,
    path: str,
    new: str,
    *,
    name: str,
    pattern: FilePattern,
    sieve: Sieve,
    edits: RowEdits,
) -> None:
    """Write the file at `path` anew at `new`. Raises Fatal for what cannot be read or written, Retryable."""
    if pattern.format == "parquet":
        # Loaded with the first such file, as for reading.
        parquet = import_module("fulfillment.connectors.file_changes.parquet_rewriting")
        parquet.rewrite_groups(filesystem, path, new, name=name, sieve=sieve, edits=edits)
        return
    with filesystem.open(new, "wb", compression=_compression(path)) as out:
        parts = (
            _csv(CsvFile(filesystem, path, name, pattern.delimiter), sieve, edits, pattern.delimiter)
            if pattern.format == "csv"
            else _json_lines(filesystem, path, name, sieve, edits)
        )
        for part in parts:
            out.write(part)


def _json_lines(
    filesystem: AbstractFileSystem, path: str, name: str, sieve: Sieve, edits: RowEdits
) -> Iterator[bytes]:
    with filesystem.open(path, "rb", compression="infer") as lines:
        number = 0
        while line := lines.readline(LONGEST_LINE):
            number += 1
            row = None if line.isspace() else _object(line, name, number)
            if row is None or not sieve.holds(row):
                yield line
                continue
            edited = edits.edit(row)
            if edited is row:
                yield line
            elif edited is not None:
                yield json_line(edited) + (b"\n" if line.endswith(b"\n") else b"")


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
            yield (_csv_line([edited[each] for each in file.columns], delimiter) + end).encode()
    if not is_begun:
        yield file.header.encode()


def _csv_line(values: list[Any], delimiter: str) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="").writerow(
        ["" if value is None else value for value in values]
    )
    return written.getvalue()


def _compression(path: str) -> str | None:
    """By the old file's name, as it is inferred when it is read."""
    endings = {".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zst": "zstd", ".zip": "zip"}
    return next((kind for ending, kind in endings.items() if path.endswith(ending)), None)
