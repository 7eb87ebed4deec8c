"""What a sweep proposes to add to a map, as a patch of its text that a person reads and takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

import yaml

from fulfillment.datamaps.datamap import DataMap
from fulfillment.sweeps.coverage import Coverage
from fulfillment.traces.judge import Kind

_CATEGORIES = (
    ("mail", "user.contact.email"),
    ("phone", "user.contact.phone_number"),
    ("iban", "user.financial.bank_account"),
    ("address", "user.contact.address"),
    ("name", "user.name"),
)
_OTHER = "user.unique_id"


@dataclass(frozen=True)
class Place:
    """Where traces stand: table and columns, what they were judged to be, and the way into each column."""

    table: str
    columns: tuple[str, ...]
    kind: Kind
    coverage: Coverage
    # (column, what the person is known by there, whether it fills the column).
    ways: tuple[tuple[str, str, bool], ...] = ()


@dataclass
class _Column:
    """A column to add: what is known of it by now."""

    name: str
    by: str
    is_identity: bool = False
    is_text: bool = False

    def lines(self, indent: str) -> list[str]:
        written = [f"{indent}- name: {_quoted(self.name)}"]
        if self.is_text:
            return [*written, f"{indent}  data_categories: [user.content]"]
        category = next((each for part, each in _CATEGORIES if part in self.by), _OTHER)
        written.append(f"{indent}  data_categories: [{category}]")
        if self.is_identity and "name" not in self.by:
            written.append(f"{indent}  fides_meta: {{identity: {self.by}}}")
        return written


def proposed_patch(map_yaml: str, data_map: DataMap, places: Iterable[Place]) -> str:
    """A unified diff of the map's own text; empty where there is nothing to add.

    Proposed are columns that hold the person as a value of its own. What others wrote about somebody is not for a
    map, which leads to rows by keys: it is for the next sweep.
    """
    wanted = _wanted(places)
    if not wanted:
        return ""
    before = map_yaml.splitlines(keepends=True)
    after = list(before)
    for at, lines in sorted(_insertions(map_yaml, data_map, wanted), key=lambda each: each[0], reverse=True):
        after[at:at] = [f"{line}\n" for line in lines]
    return "".join(unified_diff(before, after, "map.yaml", "map.yaml"))


def _wanted(places: Iterable[Place]) -> dict[str, dict[str, _Column]]:
    wanted: dict[str, dict[str, _Column]] = {}
    for place in places:
        if place.kind is not Kind.OWN or place.coverage not in (Coverage.NO_TABLE, Coverage.NO_COLUMN):
            continue
        for name, by, fills_it in place.ways:
            column = wanted.setdefault(place.table, {}).setdefault(name, _Column(name, by))
            column.is_identity = column.is_identity or fills_it
            column.is_text = not column.is_identity
    return wanted


def _insertions(
    map_yaml: str, data_map: DataMap, wanted: dict[str, dict[str, _Column]]
) -> Iterable[tuple[int, list[str]]]:
    collections = _at(yaml.compose(map_yaml), "dataset", 0, "collections")
    mapped = {each.name.rpartition(".")[2]: number for number, each in enumerate(data_map.collections)}
    fresh: list[str] = []
    for table, columns in sorted(wanted.items()):
        number = mapped.get(table.rpartition(".")[2])
        if number is None:
            fresh += _collection(table, columns.values(), " " * collections.start_mark.column)
            continue
        known = data_map.collections[number].by_name
        fields = _at(collections, number, "fields")
        added = [each for each in columns.values() if each.name not in known]
        yield _end(fields), [line for each in added for line in each.lines(" " * fields.start_mark.column)]
    if fresh:
        yield _end(collections), fresh


def _collection(table: str, columns: Iterable[_Column], indent: str) -> list[str]:
    head = [f"{indent}- name: {_quoted(table)}", f"{indent}  fields:"]
    return [*head, *(line for each in columns for line in each.lines(f"{indent}    "))]


def _at(node: Any, *path: str | int) -> Any:
    for step in path:
        if isinstance(step, int):
            node = node.value[step]
        else:
            node = next(value for key, value in node.value if key.value == step)
    return node


def _end(node: Any) -> int:
    """The line behind the last one of a list written in block style."""
    last = node
    while isinstance(last.value, list) and last.value and not last.flow_style:
        last = last.value[-1]
        last = last[1] if isinstance(last, tuple) else last
    return int(last.end_mark.line) + (1 if last.end_mark.column else 0)


def _quoted(name: str) -> str:
    return name if name.replace("_", "").replace(".", "").isalnum() else repr(name)
