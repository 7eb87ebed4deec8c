"""Records of sources that answer in objects: checked against the map, and reduced to what it names."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.rows import json_line, parse_json
from fulfillment.datamaps.datamap import Collection

Check = Callable[[Any], bool]
_TYPES: dict[str, Check] = {
    "string": lambda value: isinstance(value, str),
    "object_id": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    # A number with more digits than a float holds arrives as their text.
    "float": lambda value: isinstance(value, int | float | str) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
}


def value_at(record: Any, path: str) -> Any:
    """The value at a path with dots; None where there is nothing."""
    if "." not in path:
        return record.get(path) if isinstance(record, Mapping) else None
    for part in path.split("."):
        if not isinstance(record, Mapping):
            return None
        record = record.get(part)
    return record


def values_at(record: Mapping[str, Any], path: str) -> tuple[Any, ...]:
    """The values at a path, one or (of a list) many; nothing where it is empty."""
    found = value_at(record, path)
    return tuple(found) if isinstance(found, list) else () if found is None else (found,)


def values_along(record: Mapping[str, Any], path: str) -> tuple[Any, ...]:
    """The values at a path that may lead through lists, of each of their elements; nothing where it is empty."""
    if "." not in path:
        return values_at(record, path)
    found: list[Any] = [record]
    for part in path.split("."):
        found = [each.get(part) for each in single_values(found) if isinstance(each, Mapping)]
    return tuple(each for each in single_values(found) if each is not None)


def values_inside(record: Mapping[str, Any], path: str) -> tuple[Any, ...]:
    """What stands at a path that may lead through lists, and through texts that hold JSON; None where it ends early."""
    found: list[Any] = [record]
    for part in path.split("."):
        around = single_values(_opened(each) for each in single_values(found))
        found = [each.get(part) if isinstance(each, Mapping) else None for each in around]
    return tuple(found) or (None,)


def _opened(value: Any) -> Any:
    """What a text holds that is JSON in a column without that type."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value.encode())
    except (ValueError, RecursionError):
        return None


def single_values(values: Iterable[Any]) -> Iterator[Any]:
    """The values, those of lists among them one by one."""
    for each in values:
        if isinstance(each, list):
            yield from single_values(each)
        else:
            yield each


class RecordReader:
    """Turns the records of one collection into lines, each once; notes what the map does not mention."""

    def __init__(self, collection: Collection, source: str, *, typed: bool = True) -> None:
        self.count = 0
        self._collection = collection
        self._source = source
        self._fields = collection.returned_fields
        self._typed = typed
        self._known = {each.name for each in collection.fields}
        self._unmapped: dict[str, None] = {}
        self._seen: set[bytes] = set()

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Fields that records had and the map does not name."""
        return tuple(self._unmapped)

    def checked(self, record: Any) -> dict[str, Any]:
        """The mapped part of a record, in the map's order. Raises Fatal for one not as the map says."""
        if not isinstance(record, dict):
            raise Fatal(f"{self._source} gave something else than records for {self._collection.name}.")
        if len(record) > len(self._fields):
            self._unmapped.update(dict.fromkeys(name for name in record if name not in self._known))
        row = {}
        for field in self._fields:
            if field.name in record:
                row[field.name] = record[field.name]
            elif not field.optional:
                raise Fatal(
                    f"{self._source} gave {self._collection.name} without the mapped field {field.name}."
                )
            if self._typed:
                self._refuse_other_type(field.name, field.data_type, row.get(field.name))
        return row

    def line(self, row: Mapping[str, Any]) -> bytes | None:
        """The row as a line, or None when it came before by another way."""
        written = json_line(row)
        key = self._collection.primary_key
        identity = repr([value_at(row, name) for name in key]).encode() if key else written
        digest = blake2b(identity, digest_size=16).digest()
        if digest in self._seen:
            return None
        self._seen.add(digest)
        self.count += 1
        return written

    def _refuse_other_type(self, name: str, data_type: str | None, value: Any) -> None:
        if data_type is None or value is None:
            return
        check = _TYPES[data_type.removesuffix("[]")]
        many = data_type.endswith("[]")
        fits = isinstance(value, list) and all(check(each) for each in value) if many else check(value)
        if not fits:
            raise Fatal(
                f"{self._source} gave {self._collection.name}.{name} as something else than {data_type}."
            )
