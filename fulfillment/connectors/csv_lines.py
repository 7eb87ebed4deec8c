"""Reading a CSV file record by record, each with the very text it was written as."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fsspec import AbstractFileSystem

from fulfillment.connectors.damage import DAMAGED, is_damage
from fulfillment.connectors.errors import Fatal, Retryable

LONGEST_LINE = 16_000_000
RECORDS_AT_ONCE = 20_000
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """One record: its line in the file, its fields by column, and its text as it stands there, line end included."""

    line: int
    row: dict[str, str]
    text: str


class CsvFile:
    """A file whose first record names its columns; `name` is the file for people.

    Raises Fatal with file and line for a record that has more or fewer fields than columns, and Retryable when the
    file cannot be read.
    """

    def __init__(
        self,
        filesystem: AbstractFileSystem,
        path: str,
        name: str,
        delimiter: str,
        *,
        packed: str | None = "infer",
    ) -> None:
        self._filesystem = filesystem
        self._packed = packed
        self._path = path
        self._name = name
        self._delimiter = delimiter
        # With the mark of its letters, where the file has one.
        self.header = ""
        self._mark = ""
        self.columns: tuple[str, ...] = ()

    def records(self) -> Iterator[CsvRecord]:
        """Every record after the first, in order."""
        try:
            with (
                self._filesystem.open(self._path, "rb", compression=self._packed) as raw,
                io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
            ):
                yield from self._read(self._without_mark(text))
        except UnicodeDecodeError:
            raise Fatal(f"{self._name} is not UTF-8 text.") from None
        except (OSError, EOFError, *DAMAGED) as error:
            if is_damage(error):
                raise Fatal(f"{self._name} is damaged, and cannot be unpacked.") from None
            raise Retryable(f"{self._name} cannot be read ({type(error).__name__}).") from None

    def _without_mark(self, text: Iterable[str]) -> Iterator[str]:
        for number, line in enumerate(text):
            if number == 0 and line.startswith(_MARK):
                self._mark = _MARK
                line = line.removeprefix(_MARK)
            yield line

    def _read(self, text: Iterable[str]) -> Iterator[CsvRecord]:
        taken: list[str] = []
        reader = csv.reader(self._kept(text, taken), delimiter=self._delimiter, strict=True)
        try:
            for fields in reader:
                written = "".join(taken)
                taken.clear()
                if not self.columns:
                    self._begin(fields, written)
                elif fields:
                    yield self._record(reader.line_num, fields, written)
        except csv.Error:
            raise Fatal(f"{self._name}, line {reader.line_num}, is not CSV.") from None

    def _begin(self, fields: list[str], written: str) -> None:
        if len(set(fields)) != len(fields):
            raise Fatal(f"{self._name} names a column twice.")
        self.columns, self.header = tuple(fields), self._mark + written

    def _record(self, line: int, fields: list[str], written: str) -> CsvRecord:
        if len(fields) != len(self.columns):
            raise Fatal(
                f"{self._name}, line {line}, has {len(fields)} fields for {len(self.columns)} columns."
            )
        return CsvRecord(line, dict(zip(self.columns, fields, strict=True)), written)

    def _kept(self, text: Iterable[str], taken: list[str]) -> Iterator[str]:
        for line in text:
            if len(line) >= LONGEST_LINE:
                raise Fatal(f"{self._name} has a line that is longer than a line may be.")
            taken.append(line)
            yield line


def csv_rows(file: CsvFile) -> Iterator[list[tuple[int, dict[str, str]]]]:
    """The rows of a file with the numbers of their lines, part by part."""
    part: list[tuple[int, dict[str, str]]] = []
    for record in file.records():
        part.append((record.line, record.row))
        if len(part) >= RECORDS_AT_ONCE:
            yield part
            part = []
    yield part
