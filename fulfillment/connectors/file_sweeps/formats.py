"""The records of one object by what it is written in; a record that cannot hold the person comes as None."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from typing import Any

from fulfillment.connectors.file_store import FileStore
from fulfillment.connectors.file_sweeps.lines import decoded, text_lines
from fulfillment.connectors.likely import Likely
from fulfillment.connectors.rows import parse_json
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

    def _row(self, values: Any, *, cut: tuple[str, ...] = (), **place: int) -> SweptRow:
        return SweptRow({"object": self.name, **place}, values, cut, place=self.name)

    def _texts(self) -> Iterator[tuple[str, bool]]:
        with self.store.filesystem.open(self.path, "rb", compression="infer") as raw:
            if raw.read(_LONGEST_MARK).startswith(_NO_TEXT):
                raise _NoText
            raw.seek(0)
            yield from text_lines(raw)

    def _lines(
        self, likely: Likely, texts: Iterable[tuple[str, bool]] | None = None, number: int = 0
    ) -> Records:
        for text, goes_on in self._texts() if texts is None else texts:
            number += 1
            cut = ("line",) if goes_on else ()
            yield (
                self._row({"line": text.rstrip("\r\n")}, line=number, cut=cut) if likely.text(text) else None
            )

    def _jsonl(self, likely: Likely) -> Records:
        for number, (text, goes_on) in enumerate(self._texts(), start=1):
            if "\\" not in text and not likely.text(text):
                yield None
                continue
            record = None if goes_on else _parsed(text)
            values = record if isinstance(record, dict) else {"line": text if record is None else record}
            yield self._row(values, line=number) if likely.record(values) else None

    def _csv(self, likely: Likely) -> Records:
        texts = self._texts()
        first, _ = head = next(texts, ("", False))
        texts = chain((head,), texts)
        reader = csv.reader((text for text, _ in texts), delimiter=self.delimiter or _delimiter(first))
        columns: list[str] = []
        try:
            for fields in reader:
                columns = columns or fields
                if not likely.text("\n".join(fields)):
                    yield None
                    continue
                # A record with more fields than columns is looked at all the same.
                named = dict(zip(columns, fields, strict=False)) if fields is not columns else {}
                further = {f"field {at + 1}": each for at, each in enumerate(fields) if at >= len(named)}
                yield self._row({**named, **further}, line=reader.line_num)
        except csv.Error:
            yield from self._lines(likely, texts, reader.line_num)

    def _parquet(self, likely: Likely) -> Records:
        # Loaded with the first such file, as for searches.
        parquet = import_module("fulfillment.connectors.parquet")
        file = parquet.ParquetFile(self.store.filesystem, self.path, self.name)
        number = 0
        for rows in file.every_row():
            for row in rows:
                number += 1
                yield self._row(row, row=number) if likely.record(row) else None

    def _whole(self, likely: Likely) -> Records:
        with self.store.filesystem.open(self.path, "rb") as raw:
            data = raw.read(LONGEST_OBJECT + 1)
        if data.startswith(b"PAR1"):
            yield from self._parquet(likely)
            return
        text = None if b"\0" in data[:4096] else _text_of(data)
        if text is not None and (len(data) > LONGEST_OBJECT or _reads_by_line(text)):
            yield from self._lines(likely)
            return
        value: str | bytes = data if text is None else text
        found = (
            likely.data(value)
            if isinstance(value, bytes)
            else likely.record(_parsed(value)) or likely.text(value)
        )
        cut = (CONTENT,) if len(data) > LONGEST_OBJECT else ()
        yield self._row({CONTENT: value[:LONGEST_OBJECT]}, cut=cut) if found else None


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


def _delimiter(first: str) -> str:
    """What parts the fields of a file, by its first line."""
    return max(",;\t|", key=first.count)


def _text_of(data: bytes) -> str | None:
    """The text, in whatever letters; None where it is none."""
    if data.startswith(_NO_TEXT):
        return None
    text = decoded(data)
    odd = sum(not letter.isprintable() and letter not in "\r\n\t\f" for letter in text[:4096])
    return None if odd * 20 > len(text[:4096]) else text


def _reads_by_line(text: str) -> bool:
    return len(text) > SHORT_TEXT and not looks_like_mail(text) and _parsed(text) is None


def _parsed(text: str) -> Any:
    if text[:1].isspace() or text[:1] in ("{", "["):
        try:
            return parse_json(text.encode())
        except (ValueError, RecursionError, UnicodeEncodeError):
            return None
    return None
