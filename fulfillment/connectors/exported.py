"""Records out of a downloaded export: JSON, JSON lines or CSV, plain or packed, within the source's limits."""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.exchange import Reply
from fulfillment.connectors.rows import parse_json
from fulfillment.datamaps.api_description import JobResult
from fulfillment.datamaps.datamap import Collection

MOST_FILES = 1_000
_CHUNK = 256 * 1024
_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no"}


def exported_values(reply: Reply, result: JobResult, collection: Collection, most: int) -> Iterator[Any]:
    """The JSON values or rows of an export; `most` bytes once unpacked. Raises Fatal for one that cannot be read."""
    for content in _unpacked(reply, result, most):
        try:
            yield from _values(content, result, collection)
        except (ValueError, csv.Error, RecursionError):
            raise Fatal(f"{reply.name} exported {collection.name} in a way that cannot be read.") from None


def _unpacked(reply: Reply, result: JobResult, most: int) -> Iterator[bytes]:
    try:
        if result.packed == "gzip":
            with gzip.open(io.BytesIO(reply.content)) as packed:
                yield _read(packed, most, reply.name)
        elif result.packed == "zip":
            yield from _unzipped(reply, most)
        else:
            yield reply.content
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise Fatal(f"{reply.name} exported a file that cannot be unpacked.") from None


def _unzipped(reply: Reply, most: int) -> Iterator[bytes]:
    """File by file, in memory only: no name inside the archive ever becomes a path."""
    left = most
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        files = [each for each in archive.infolist() if not each.is_dir()]
        if len(files) > MOST_FILES:
            raise Fatal(f"{reply.name} exported more than {MOST_FILES} files.")
        for each in files:
            with archive.open(each) as packed:
                content = _read(packed, left, reply.name)
            left -= len(content)
            yield content


def _read(packed: IO[bytes] | gzip.GzipFile, most: int, name: str) -> bytes:
    """All of it, as long as it stays within bounds: what a packed file says of its size is not believed."""
    parts, size = [], 0
    while part := packed.read(_CHUNK):
        size += len(part)
        if size > most:
            raise Fatal(f"{name} answers with more bytes than its settings allow.")
        parts.append(part)
    return b"".join(parts)


def _values(content: bytes, result: JobResult, collection: Collection) -> Iterator[Any]:
    if result.format == "json":
        yield parse_json(content)
    elif result.format == "jsonl":
        yield from (parse_json(line) for line in content.splitlines() if line.strip())
    else:
        yield from _csv_rows(content, collection)


def _csv_rows(content: bytes, collection: Collection) -> Iterator[dict[str, Any]]:
    """Rows under the names of the head, which must be the map's: an error's text is no empty table."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    head = reader.fieldnames or ()
    if any(each.name not in head for each in collection.returned_fields if not each.optional):
        raise ValueError
    types = {each.name: each.data_type or "string" for each in collection.fields}
    for row in reader:
        # A row with more cells than the head has names gets them under None: it is no row we understand.
        if None in row or None in row.values():
            raise ValueError
        yield {name: typed_cell(types.get(name, "string"), text) for name, text in row.items()}


def typed_cell(data_type: str, text: str) -> Any:
    """A cell of a CSV file as the map's type; an empty one holds nothing, unless it is a text. Raises ValueError."""
    if data_type in {"string", "object_id"}:
        return text
    if not text.strip():
        return None
    if data_type == "integer":
        return int(text)
    if data_type == "boolean":
        if text.strip().lower() not in _TRUE | _FALSE:
            raise ValueError
        return text.strip().lower() in _TRUE
    if data_type == "float":
        float(text)
        return text
    return parse_json(text.encode())
