"""Search statements kept as text: the search of the next person in the same tables only fills the values in.

To build the statement of a map takes longer than many a database takes to answer it. Its text depends on the map, on
the live tables and on the *form* of the person's identities (how many, of which letters); their values never are part
of it. So the small conditions on identities are built anew for each person: where they read like those of a statement
that is kept, their values take its places; where not, the whole statement is built.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, column
from sqlalchemy.sql import visitors

from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.sql_dialect import SqlDialect
from fulfillment.connectors.sql_matching import Matching, Place
from fulfillment.connectors.sql_statement import Asked, SearchStatement, Target
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.traversal import Step

_MOST_KEPT = 32

Values = Mapping[str, Any] | tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition on one identity as it reads whatever its column is called, and its values in their order."""

    text: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement of one map and its live tables; `places` are the names of values for each condition asked for."""

    data_map: DataMap
    targets: Mapping[str, Target]
    steps: Sequence[Step]
    asked: tuple[Asked, ...]
    conditions: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]
    text: str
    fixed: Mapping[str, Any]
    order: Sequence[str] | None
    prepare: Mapping[str, Callable[[Any], Any]]

    def filled(self, conditions: Sequence[_Condition]) -> Values:
        """The values of another person, as the driver takes them."""
        values = dict(self.fixed)
        for names, condition in zip(self.places, conditions, strict=True):
            values.update(zip(names, condition.values, strict=True))
        for name, prepare in self.prepare.items():
            values[name] = prepare(values[name])
        return values if self.order is None else tuple(values[name] for name in self.order)


class WrittenStatements:
    """The last statements of one kind of database."""

    def __init__(self, dialect: SqlDialect) -> None:
        self._dialect = dialect
        self._kept: deque[_Written] = deque(maxlen=_MOST_KEPT)

    def rows(
        self,
        connection: Connection,
        query: SubjectQuery,
        data_map: DataMap,
        targets: Mapping[str, Target],
        steps: Sequence[Step],
    ) -> tuple[str, Values]:
        """The text that finds all rows of these steps, and the person's values for it."""
        for each in tuple(self._kept):
            if each.data_map == data_map and each.targets == targets and each.steps == steps:
                conditions = self._conditions(connection, each.asked, query)
                if tuple(condition.text for condition in conditions) == each.conditions:
                    return each.text, each.filled(conditions)
        written = self._write(connection, query, data_map, targets, steps)
        self._kept.append(written)
        return written.text, written.filled(self._conditions(connection, written.asked, query))

    def _write(
        self,
        connection: Connection,
        query: SubjectQuery,
        data_map: DataMap,
        targets: Mapping[str, Target],
        steps: Sequence[Step],
    ) -> _Written:
        statement = SearchStatement(query, data_map, targets, self._dialect)
        compiled: Any = statement.rows(steps).compile(dialect=connection.dialect)
        asked = tuple(each for each, _ in statement.asked)
        places = tuple(
            tuple(compiled.bind_names[bind] for bind in _binds(condition, compiled))
            for _, condition in statement.asked
        )
        filled = {name for names in places for name in names}
        return _Written(
            data_map=data_map,
            targets=targets,
            steps=steps,
            asked=asked,
            conditions=tuple(each.text for each in self._conditions(connection, asked, query)),
            places=places,
            text=str(compiled),
            # Whatever is the person's stands in no kept statement: a place left empty is an error, never another's.
            fixed={name: value for name, value in compiled.params.items() if name not in filled},
            order=compiled.positiontup,
            prepare=dict(_preparing(compiled, connection)),
        )

    def _conditions(
        self, connection: Connection, asked: Sequence[Asked], query: SubjectQuery
    ) -> list[_Condition]:
        """The conditions on identities, each built once for all columns of its form."""
        matching, built = Matching(self._dialect), dict[Asked, _Condition]()
        for each in asked:
            if each not in built:
                place = Place(column(each.shape.name), each.shape, each.path, each.is_email)
                condition = matching.identity(place, each.kind, query.values(each.kind))
                compiled: Any = condition.compile(dialect=connection.dialect)
                values = tuple(bind.effective_value for bind in _binds(condition, compiled))
                built[each] = _Condition(str(compiled), values)
        return [built[each] for each in asked]


def _binds(condition: ColumnElement[bool], compiled: Any) -> Iterator[BindParameter[Any]]:
    """The values of a condition that have a place in the text; a path of JSON may be written out there instead."""
    found = (each for each in visitors.iterate(condition) if isinstance(each, BindParameter))
    return (each for each in found if each in compiled.bind_names)


def _preparing(compiled: Any, connection: Connection) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """What the driver cannot take as it is, such as a UUID where there are none."""
    for bind, name in compiled.bind_names.items():
        prepare = bind.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        if prepare is not None:
            yield name, prepare
