"""The records of a CSV as a sweep reads them: leniently, and line by line from where it is none any more."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from fulfillment.connectors.file_sweeps.lines import Line


class CsvRecord(NamedTuple):
    """One record: the number of its last line, its fields, and its lines. `fields` is None of a line that is no CSV."""

    line: int
    fields: list[str] | None
    lines: tuple[Line, ...]


def csv_records(lines: Iterable[Line], delimiter: str) -> Iterator[CsvRecord]:
    """Every record in order; what the reader stumbled over comes line by line, and so does all behind it."""
    rest = iter(lines)
    taken: list[Line] = []
    reader = csv.reader(_noted(rest, taken), delimiter=delimiter)
    try:
        for fields in reader:
            yield CsvRecord(reader.line_num, fields, tuple(taken))
            taken.clear()
        return
    except csv.Error:
        number = reader.line_num - len(taken)
    for line in chain(tuple(taken), rest):
        number += 1
        yield CsvRecord(number, None, (line,))


def names_of(columns: Sequence[str], fields: Sequence[str]) -> list[str]:
    """What the fields of a record go by: their column, or their number where they have none of their own."""
    found: dict[str, None] = {}
    for at in range(len(fields)):
        name = columns[at] if at < len(columns) else ""
        found[name if name and name not in found else f"field {at + 1}"] = None
    return list(found)


def likely_delimiter(first: str) -> str:
    """What parts the fields of a file, by its first line."""
    return max(",;\t|", key=first.count)


def _noted(lines: Iterable[Line], taken: list[Line]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line.text
