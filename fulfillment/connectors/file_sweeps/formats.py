"""The records of one object by what it is written in; a record that cannot hold the person comes as None."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from typing import Any

from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.file_sweeps.csv_records import csv_records, likely_delimiter, names_of
from fulfillment.connectors.file_sweeps.lines import Line, decoded, digest_of, text_lines
from fulfillment.connectors.likely import Likely
from fulfillment.connectors.rows import json_line, parse_json
from fulfillment.connectors.sweeping import SweptRow
from fulfillment.traces.decoders.mail import looks_like_mail

# Of a longer object the beginning is looked at, and it is said.
LONGEST_OBJECT = 16 * 1024 * 1024
# A text no longer than this is one record: a letter names the person above and their number below.
SHORT_TEXT = 64 * 1024
CONTENT = "content"
Records = Iterator[SweptRow | None]
# How archives, packed bytes, Parquet and PDFs begin: none of them has lines, whatever it is called.
_NO_TEXT = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    *(b"BZh%d1AY&SY" % level for level in range(1, 10)),
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"PAR1",
    b"%PDF-",
)
_LONGEST_MARK = 10


class _NoText(Exception):
    """An object that was to be read by line begins like something that has none."""


@dataclass(frozen=True)
class StoredObject:
    """One object: where it is, what people call it, how large it is, and how it is written as far as is known."""

    store: FileStore
    path: str
    size: int
    written_as: str
    delimiter: str = ""

    @property
    def name(self) -> str:
        """Its path below the root."""
        return self.store.shown(self.path)

    def records(self, likely: Likely) -> Records:
        """Every record. Raises Fatal for one that is damaged, and OSError where the store does not give it."""
        match self.written_as:
            case "parquet":
                return self._parquet(likely)
            case "csv":
                return self._or_whole(self._csv(likely), likely)
            case "jsonl":
                return self._or_whole(self._jsonl(likely), likely)
            case "lines":
                return self._or_whole(self._lines(likely), likely)
        return self._whole(likely)

    def _or_whole(self, by_line: Records, likely: Likely) -> Records:
        """By line, unless it begins like something else than text: what its name or map says is not so then."""
        try:
            yield from by_line
        except _NoText:
            yield from self._whole(likely)

    def _row(
        self, values: Any, written: str | bytes = "", *, cut: tuple[str, ...] = (), **place: int
    ) -> SweptRow:
        """A record; by `written`, all of it, it is known again when somebody wants words taken out of it."""
        digest = digest_of(written) if written else ""
        return SweptRow({"object": self.name, **place}, values, cut, place=self.name, digest=digest)

    def _texts(self) -> Iterator[Line]:
        with self.store.filesystem.open(self.path, "rb", compression="infer") as raw:
            if raw.read(_LONGEST_MARK).startswith(_NO_TEXT):
                raise _NoText
            raw.seek(0)
            yield from text_lines(raw)

    def _lines(self, likely: Likely, texts: Iterable[Line] | None = None) -> Records:
        for number, line in enumerate(self._texts() if texts is None else texts, start=1):
            yield self._line(line, number) if likely.text(line.text) else None

    def _line(self, line: Line, number: int) -> SweptRow:
        cut = ("line",) if line.goes_on else ()
        return self._row({"line": line.text.rstrip("\r\n")}, line.text, line=number, cut=cut)

    def _jsonl(self, likely: Likely) -> Records:
        for number, line in enumerate(self._texts(), start=1):
            text = line.text
            if "\\" not in text and not likely.text(text):
                yield None
                continue
            record = None if line.goes_on else parsed(text)
            values = record if isinstance(record, dict) else {"line": text if record is None else record}
            yield self._row(values, text, line=number) if likely.record(values) else None

    def _csv(self, likely: Likely) -> Records:
        texts = self._texts()
        head = next(texts, Line("", False, b""))
        columns: list[str] = []
        for record in csv_records(chain((head,), texts), self.delimiter or likely_delimiter(head.text)):
            if record.fields is None:
                (line,) = record.lines
                yield self._line(line, record.line) if likely.text(line.text) else None
                continue
            is_head = not columns
            columns = columns or record.fields
            if not likely.text("\n".join(record.fields)):
                yield None
                continue
            # A record with more fields than columns is looked at all the same.
            names = names_of(() if is_head else columns, record.fields)
            written = "".join(each.text for each in record.lines)
            yield self._row(dict(zip(names, record.fields, strict=True)), written, line=record.line)

    def _parquet(self, likely: Likely) -> Records:
        # Loaded with the first such file, as for searches.
        parquet = import_module("fulfillment.connectors.parquet")
        file = parquet.ParquetFile(self.store.filesystem, self.path, self.name)
        number = 0
        for rows in file.every_row():
            for row in rows:
                number += 1
                yield self._row(row, json_line(row), row=number) if likely.record(row) else None

    def _whole(self, likely: Likely) -> Records:
        with self.store.filesystem.open(self.path, "rb") as raw:
            data = raw.read(LONGEST_OBJECT + 1)
        if data.startswith(b"PAR1"):
            yield from self._parquet(likely)
            return
        text = None if b"\0" in data[:4096] else text_of(data)
        if text is not None and (len(data) > LONGEST_OBJECT or _reads_by_line(text)):
            yield from self._lines(likely)
            return
        value: str | bytes = data if text is None else text
        found = (
            likely.data(value)
            if isinstance(value, bytes)
            else likely.record(parsed(value)) or likely.text(value)
        )
        cut = (CONTENT,) if len(data) > LONGEST_OBJECT else ()
        written = b"" if cut else data
        yield self._row({CONTENT: value[:LONGEST_OBJECT]}, written, cut=cut) if found else None


def written_as(name: str) -> tuple[str, str]:
    """How an object that no map speaks of is written, by its name: the format, and what parts its fields."""
    small = name.lower()
    for packed in (".gz", ".bz2", ".xz", ".zst"):
        small = small.removesuffix(packed)
    is_packed = small != name.lower()
    for ending, found in _ENDINGS.items():
        if small.endswith(ending) and not (is_packed and found[0] == "parquet"):
            return found
    return "", ""


_ENDINGS = {
    ".csv": ("csv", ""),
    ".tsv": ("csv", "\t"),
    ".jsonl": ("jsonl", ""),
    ".ndjson": ("jsonl", ""),
    ".parquet": ("parquet", ""),
    ".log": ("lines", ""),
}


def text_of(data: bytes) -> str | None:
    """What bytes say as text, in whatever letters; None where they are none."""
    if data.startswith(_NO_TEXT):
        return None
    text = decoded(data)
    odd = sum(not letter.isprintable() and letter not in "\r\n\t\f" for letter in text[:4096])
    return None if odd * 20 > len(text[:4096]) else text


def _reads_by_line(text: str) -> bool:
    return len(text) > SHORT_TEXT and not looks_like_mail(text) and parsed(text) is None


def parsed(text: str) -> Any:
    """A text that is a JSON object or list; None for any other."""
    if text[:1].isspace() or text[:1] in ("{", "["):
        try:
            return parse_json(text.encode())
        except (ValueError, RecursionError, UnicodeEncodeError):
            return None
    return None
