"""Reading the records that a person hands in: CSV, JSON or JSON lines, checked against the map row by row."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.exported import typed_cell
from fulfillment.connectors.query import Identity
from fulfillment.connectors.records import RecordReader, values_at
from fulfillment.connectors.rows import parse_json
from fulfillment.connectors.spellings import folded
from fulfillment.datamaps.datamap import Collection, DataField
from requests_app.errors import BadInput

MOST_ROWS = 50_000
# So many rows that do not fit are named one by one, and the others counted.
MOST_NAMED = 10
_SPOKEN = {
    "integer": "a whole number",
    "float": "a number",
    "boolean": "yes or no",
    "object": "a JSON object",
}
# The kind of identity that a field holds, and the person's values of it.
_Own = tuple[str, set[str]]
_DELIMITERS = ",;\t"


class HandedRefused(BadInput):
    """The file is not what the map says; each of `sentences` names a row, the last how many more there are."""

    code = "handed_file_refused"

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class _Unfit:
    """A row that cannot be taken; where `ends` is set, nothing after it could be read."""

    why: str
    ends: bool = False


@dataclass(frozen=True, slots=True)
class HandedRecords:
    """Records that fit, each a JSON line; `unmapped` names what the file has beside the map and was not taken."""

    lines: list[bytes]
    unmapped: tuple[str, ...]


def handed_records(
    content: bytes, collection: Collection, *, identities: Iterable[Identity]
) -> HandedRecords:
    """The records of a file, each once and in the map's order. Raises HandedRefused, naming rows and fields.

    Every row is looked at, so that a file is mended once and not row by row. One that carries an identity of somebody
    else is refused: nobody's records get into another person's answer.
    """
    text = _as_text(content)
    own = _own_values(collection, identities)
    reader = RecordReader(collection, collection.label)
    lines: list[bytes] = []
    unfit: list[_Unfit] = []
    for number, row in enumerate(_rows(text, collection), start=1):
        if number > MOST_ROWS:
            raise HandedRefused(f"The file has more than {MOST_ROWS:,} rows. Hand it in in parts.")
        checked = _checked(number, row, collection, reader, own)
        if isinstance(checked, _Unfit):
            unfit.append(checked)
        elif not unfit and (line := reader.line(checked)) is not None:
            lines.append(line)
    if unfit:
        raise HandedRefused(*_said_of(unfit))
    return HandedRecords(lines, reader.unmapped)


def _checked(
    number: int, row: Any, collection: Collection, reader: RecordReader, own: Mapping[str, _Own]
) -> dict[str, Any] | _Unfit:
    """The mapped part of a row, or why it cannot be taken."""
    if isinstance(row, _Unfit):
        return row
    try:
        mapped = reader.checked(row)
    except Fatal:
        return _Unfit(_what_is_wrong(number, row, collection))
    why = _whose_else(number, row, own, collection)
    return _Unfit(why) if why else mapped


def _said_of(unfit: list[_Unfit]) -> list[str]:
    """The rows that do not fit, the first of them by name, and how many more there are."""
    said = [each.why for each in unfit[:MOST_NAMED]]
    more = len(unfit) - len(said)
    if more:
        said.append(f"{more:,} more {'row does' if more == 1 else 'rows do'} not fit.")
    if unfit[-1].ends:
        said.append("What comes after it could not be read.")
    return said


def _as_text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HandedRefused(
            "The file is not UTF-8 text. Save it as CSV (UTF-8), JSON or JSON lines; a spreadsheet cannot be read."
        ) from None
    if "\0" in text:
        raise HandedRefused("The file is not plain text. Save it as CSV (UTF-8), JSON or JSON lines.")
    if not text.strip():
        raise HandedRefused("The file is empty. If nothing is held, say so below instead.")
    return text


def _rows(text: str, collection: Collection) -> Iterator[Any]:
    begin = text.lstrip()[0]
    if begin == "[":
        found = _parsed(text, "The file begins like JSON, but is none.")
        yield from found
    elif begin == "{":
        yield from _json_lines(text)
    else:
        yield from _csv_rows(text, collection)


def _json_lines(text: str) -> Iterator[Any]:
    try:
        # One object over several lines is a file with one record.
        record = parse_json(text.encode())
    except (ValueError, RecursionError):
        # Several objects, or none: each line is read by itself, and one that is none is named with its number.
        yield from _each_line(text)
    else:
        yield record


def _each_line(text: str) -> Iterator[Any]:
    filled = (line for line in text.splitlines() if line.strip())
    for number, line in enumerate(filled, start=1):
        try:
            yield parse_json(line.encode())
        except (ValueError, RecursionError):
            yield _Unfit(f"Row {number} is no JSON object.")


def _parsed(text: str, refusal: str) -> Any:
    try:
        return parse_json(text.encode())
    except (ValueError, RecursionError):
        raise HandedRefused(refusal) from None


def _csv_rows(text: str, collection: Collection) -> Iterator[dict[str, Any] | _Unfit]:
    head = text.lstrip().splitlines()[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    _refuse_other_head(reader.fieldnames or (), collection)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if None in row or None in row.values():
                yield _Unfit(f"Row {number} has more or fewer cells than the first line has columns.")
            else:
                yield _typed(number, row, collection)
    except csv.Error:
        yield _Unfit(f"Row {number + 1} cannot be read as CSV. Look at its quotation marks.", ends=True)


def _refuse_other_head(head: Iterable[str], collection: Collection) -> None:
    there = set(head)
    missing = [
        each.name for each in collection.returned_fields if not each.optional and each.name not in there
    ]
    if missing:
        wanted = ", ".join(each.name for each in collection.returned_fields)
        raise HandedRefused(
            f"The column {missing[0]} is missing. The first line of the file names the columns: {wanted}."
        )


def _typed(number: int, row: Mapping[str, str], collection: Collection) -> dict[str, Any] | _Unfit:
    typed = {}
    for name, cell in row.items():
        field = collection.by_name.get(name)
        try:
            typed[name] = typed_cell(_type_of(field), cell)
        except ValueError:
            return _Unfit(_not_fitting(number, name, _type_of(field)))
    return typed


def _type_of(field: DataField | None) -> str:
    return (field.data_type if field else None) or "string"


def _not_fitting(number: int, name: str, data_type: str) -> str:
    spoken = _SPOKEN.get(data_type.removesuffix("[]"), "text")
    listed = "a list, each element " if data_type.endswith("[]") else ""
    return f"Row {number}: {name} is to be {listed}{spoken}."


def _what_is_wrong(number: int, row: Any, collection: Collection) -> str:
    if not isinstance(row, dict):
        return f"Row {number} is no record. Each row is to be a JSON object."
    for field in collection.returned_fields:
        if field.name not in row and not field.optional:
            return f"Row {number}: the field {field.name} is missing."
        value = row.get(field.name)
        if value is not None and not _fits(field, value, collection):
            return _not_fitting(number, field.name, _type_of(field))
    return f"Row {number} is not as the data map says."


def _fits(field: DataField, value: Any, collection: Collection) -> bool:
    alone = RecordReader(collection, collection.label)
    others = {each.name: None for each in collection.returned_fields}
    try:
        alone.checked({**others, field.name: value})
    except Fatal:
        return False
    return True


def _own_values(collection: Collection, identities: Iterable[Identity]) -> dict[str, _Own]:
    """By field: the kind of identity it holds, and the person's values of it; nothing where none is known."""
    known: dict[str, set[str]] = {}
    for each in identities:
        known.setdefault(each.kind, set()).add(folded(each.kind, each.value))
    return {
        field.name: (field.identity, known[field.identity])
        for field in collection.every_field()
        if field.identity in known and field.identity is not None
    }


def _whose_else(
    number: int, row: Mapping[str, Any], own: Mapping[str, _Own], collection: Collection
) -> str | None:
    """Why a row is somebody else's; None where it is not."""
    if not own:
        return None
    held = {
        name: {folded(kind, str(value)) for value in values_at(row, name) if str(value).strip()}
        for name, (kind, _) in own.items()
    }
    strangers = [name for name, values in held.items() if values and values.isdisjoint(own[name][1])]
    if strangers and all(values.isdisjoint(own[name][1]) for name, values in held.items()):
        label = collection.by_name[strangers[0]].label
        return f"Row {number}: “{label}” is somebody else's. Take the rows of other people out of the file."
    return None
