"""Where accepted words stand by now: the records of an object, known again by all that is written in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from fulfillment.connectors.changing import Mention
from fulfillment.connectors.damage import DAMAGED, is_damage
from fulfillment.connectors.errors import Fatal, Retryable
from fulfillment.connectors.file_sweeps.csv_records import csv_records, likely_delimiter, names_of
from fulfillment.connectors.file_sweeps.formats import LONGEST_OBJECT, StoredObject, parsed
from fulfillment.connectors.file_sweeps.lines import Line, digest_of, text_lines
from fulfillment.connectors.rows import json_line

GONE = "It is not there any more as it was when somebody accepted it, so nothing was taken out of it."
ALIKE = (
    "Several records read alike by now and none stands where it stood, so nobody can tell which was meant."
)
OLD = "It was found before records of files were known by what is written in them; sweep once more."
NAME = "They stand in the name of an object, which somebody has to rename."


@dataclass(frozen=True)
class Spot:
    """A record of an object: its first and last line or its row, and what stands in it.

    `lines` are those of a text, `names` what the fields of a CSV go by. `values` is the record as a sweep sees it.
    """

    number: int
    first: int
    values: Mapping[str, Any] = field(repr=False)
    lines: tuple[Line, ...] = field(default=(), repr=False)
    names: tuple[str, ...] | None = None
    delimiter: str = ""

    @property
    def text(self) -> str:
        """All of it as text."""
        return "".join(each.text for each in self.lines)


@dataclass
class Found:
    """Which record each mention means; of the others, why nobody can tell."""

    spots: list[tuple[Mention, Spot]] = field(default_factory=list)
    not_found: list[tuple[Mention, str]] = field(default_factory=list)


def places_of(each: StoredObject, mentions: Sequence[Mention]) -> Found:
    """Look through an object for the records of these mentions. Raises Fatal, Retryable."""
    found = Found()
    wanted: dict[str, list[Mention]] = {}
    for mention in mentions:
        if mention.columns == ("name",) and len(mention.key) == 1:
            found.not_found.append((mention, NAME))
        elif not mention.digest:
            found.not_found.append((mention, OLD))
        else:
            wanted.setdefault(mention.digest, []).append(mention)
    there: dict[str, list[Spot]] = {digest: [] for digest in wanted}
    for digest, spot in _read(each, mentions) if wanted else ():
        if digest in there:
            there[digest].append(spot)
    for digest, meant in wanted.items():
        _assign(found, meant, there[digest])
    return found


def _assign(found: Found, meant: list[Mention], there: list[Spot]) -> None:
    """Each to where it stood; those that moved, only where there are no more records that read like them."""
    by_number = {spot.number: spot for spot in there}
    moved = []
    for mention in meant:
        spot = by_number.pop(_number(mention), None)
        if spot is None:
            moved.append(mention)
        else:
            found.spots.append((mention, spot))
    left = list(by_number.values())
    if len(left) > len(moved):
        found.not_found += [(mention, ALIKE) for mention in moved]
        return
    found.spots += zip(moved, left, strict=False)
    found.not_found += [(mention, GONE) for mention in moved[len(left) :]]


def _number(mention: Mention) -> int:
    return int(mention.key.get("line") or mention.key.get("row") or 0)


def _read(each: StoredObject, mentions: Sequence[Mention]) -> Iterator[tuple[str, Spot]]:
    """Every record by its digest, in the way a sweep has read them."""
    keys = {name for mention in mentions for name in mention.key}
    try:
        if "row" in keys:
            yield from _rows(each)
        if "line" in keys:
            yield from _texts(each)
        if keys == {"object"}:
            yield from _whole(each)
    except FileNotFoundError:
        return
    except (OSError, EOFError, *DAMAGED) as error:
        if is_damage(error) or isinstance(error, EOFError):
            raise Fatal(f"An object of {each.store.name} is damaged, and cannot be unpacked.") from None
        raise Retryable(f"An object of {each.store.name} cannot be read ({type(error).__name__}).") from None


def _rows(each: StoredObject) -> Iterator[tuple[str, Spot]]:
    if not each.store.filesystem.exists(each.path):
        return
    # Loaded with the first such file, as for searches.
    parquet = import_module("fulfillment.connectors.parquet")
    number = 0
    for rows in parquet.ParquetFile(each.store.filesystem, each.path, each.name).every_row():
        for row in rows:
            number += 1
            yield digest_of(json_line(row)), Spot(number, number, row)


def _whole(each: StoredObject) -> Iterator[tuple[str, Spot]]:
    with each.store.filesystem.open(each.path, "rb") as raw:
        data = raw.read(LONGEST_OBJECT + 1)
    if len(data) <= LONGEST_OBJECT:
        yield digest_of(data), Spot(0, 0, {"content": data})


def _texts(each: StoredObject) -> Iterator[tuple[str, Spot]]:
    with each.store.filesystem.open(each.path, "rb", compression="infer") as raw:
        lines = text_lines(raw)
        if each.written_as == "csv":
            yield from _csv(lines, each.delimiter)
            return
        for number, line in enumerate(lines, start=1):
            record = parsed(line.text) if each.written_as == "jsonl" and not line.goes_on else None
            values = record if isinstance(record, dict) else {"line": line.text.rstrip("\r\n")}
            yield digest_of(line.text), Spot(number, number, values, (line,))


def _csv(lines: Iterable[Line], delimiter: str) -> Iterator[tuple[str, Spot]]:
    columns: list[str] = []
    rest = iter(lines)
    first = next(rest, Line("", False, b""))
    delimiter = delimiter or likely_delimiter(first.text)
    for record in csv_records(_with(first, rest), delimiter):
        text = "".join(line.text for line in record.lines)
        start = record.line - len(record.lines) + 1
        if record.fields is None:
            yield digest_of(text), Spot(record.line, start, {"line": text.rstrip("\r\n")}, record.lines)
            continue
        is_head = not columns
        columns = columns or record.fields
        names = names_of(() if is_head else columns, record.fields)
        values = dict(zip(names, record.fields, strict=True))
        yield digest_of(text), Spot(record.line, start, values, record.lines, tuple(names), delimiter)


def _with(first: Line, rest: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from rest
