"""Finding a person in records that cannot be asked for by key: which rows to let through, what to keep."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.records import value_at, values_along, values_at
from fulfillment.connectors.spellings import folded
from fulfillment.datamaps.datamap import Collection, DataMap, When
from fulfillment.datamaps.traversal import Step

Fields = tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """The row's values in these fields, folded as `kinds` say, are among `wanted`, and `when` holds of the row."""

    fields: Fields
    kinds: tuple[str, ...]
    wanted: frozenset[Fields]
    when: When = ()

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether it does; a list holds when any of its elements does."""
        if self.when and not _is_typed(row, self.when):
            return False
        if len(self.fields) == 1:
            if isinstance(value := row.get(self.fields[0]), str):
                return self._is_wanted(value)
            return any(self._is_wanted(str(each)) for each in values_along(row, self.fields[0]))
        values = [value_at(row, name) for name in self.fields]
        if any(value is None for value in values):
            return False
        pairs = zip(self.kinds, values, strict=True)
        return tuple(_comparable(kind, value) for kind, value in pairs) in self.wanted

    @cached_property
    def _is_wanted(self) -> Callable[[str], bool]:
        """Remembers its answers: millions of rows belong to thousands of people."""
        kind, wanted = self.kinds[0], self.wanted
        return lru_cache(maxsize=8192)(lambda value: (_comparable(kind, value),) in wanted)


@dataclass(frozen=True)
class Sieve:
    """Lets through the person's rows of one collection."""

    collection: Collection
    conditions: tuple[Condition, ...]

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that rows are known by."""
        return frozenset(self._named)

    @cached_property
    def _named(self) -> tuple[str, ...]:
        beside = (name for condition in self.conditions for name, _ in condition.when)
        return (*(name for condition in self.conditions for name in condition.fields), *beside)

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether any way leads to this row. Raises Fatal for one that lacks what it would be known by."""
        if not self._known_by <= row.keys():
            missing = min(self._known_by - row.keys())
            raise Fatal(f"{self.collection.name} lack the field {missing} that they are searched by.")
        for condition in self.conditions:  # noqa: SIM110 - twice as fast as any(), over every row of a source
            if condition.holds(row):
                return True
        return False

    @cached_property
    def _known_by(self) -> frozenset[str]:
        needed = (name for name in self._named if not self.collection.by_name[name].optional)
        return frozenset(name.partition(".")[0] for name in needed)


class Trail:
    """Walks the steps of a search; keeps, of rows found, only the values that lead on."""

    def __init__(self, data_map: DataMap, query: SubjectQuery, steps: Sequence[Step]) -> None:
        self._map = data_map
        self._query = query
        links = [link for step in steps for link in step.links]
        self._found: dict[tuple[str, Fields, When], set[Fields]] = {
            (link.parent, tuple(theirs for theirs, _ in link.pairs), link.their_when): set() for link in links
        }

    def sieve(self, step: Step) -> Sieve:
        """What lets the rows of a step through, now that those before it are found."""
        collection = self._map.collection(step.collection)
        conditions = [
            Condition((seed.field,), (seed.kind,), _single(seed.kind, self._query.values(seed.kind)))
            for seed in step.seeds
        ]
        for link in step.links:
            theirs = tuple(name for name, _ in link.pairs)
            own = tuple(name for _, name in link.pairs)
            kinds = self._kinds(link.parent, theirs, step.collection, own)
            wanted = frozenset(
                tuple(_comparable(kind, value) for kind, value in zip(kinds, values, strict=True))
                for values in self._found[link.parent, theirs, link.their_when]
            )
            conditions.append(Condition(own, kinds, wanted, link.own_when))
        return Sieve(collection, tuple(conditions))

    def leads_on(self, name: str) -> bool:
        """Whether other collections are found by values of this one."""
        return any(parent == name for parent, _, _ in self._found)

    def keep(self, name: str, row: Mapping[str, Any]) -> None:
        """Remember where this row leads."""
        for (parent, fields, when), found in self._found.items():
            if parent != name or not _is_typed(row, when):
                continue
            if len(fields) == 1:
                found.update((str(value),) for value in values_at(row, fields[0]))
            else:
                values = [value_at(row, field) for field in fields]
                if all(value is not None for value in values):
                    found.add(tuple(str(value) for value in values))

    def _kinds(self, parent: str, theirs: Fields, own_name: str, own: Fields) -> tuple[str, ...]:
        """E-mail addresses are compared as such on both sides; everything else as it is."""
        parents, children = self._map.collection(parent).by_name, self._map.collection(own_name).by_name
        return tuple(
            "email" if parents[left].is_email or children[right].is_email else ""
            for left, right in zip(theirs, own, strict=True)
        )


def _is_typed(row: Mapping[str, Any], when: When) -> bool:
    """Whether the row says beside a reference what must stand there."""
    return all(any(str(each).strip(" ") in values for each in values_at(row, name)) for name, values in when)


def _single(kind: str, values: Iterable[str]) -> frozenset[Fields]:
    found = (_comparable(kind, value) for value in values)
    return frozenset((each,) for each in found if each)


def _comparable(kind: str, value: Any) -> str:
    return folded(kind, str(value)) if kind else str(value)
