"""What an order makes of one collection's rows: deleted, or given new values by expressions of the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    Text,
    and_,
    case,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    table,
)

from fulfillment.connectors.changing import ChangeOrder, Correction, How, Operation
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.facts import ColumnFacts, TableFacts
from fulfillment.connectors.sql_changes.own_rows import OwnRows
from fulfillment.connectors.sql_dialect import Family, SqlDialect
from fulfillment.datamaps.changing import ADDRESS, Masking
from fulfillment.datamaps.datamap import DataField

HASH_LENGTH = 64
# Fewer digits of a hash and two people could share one.
SHORTEST_HASH = 16
TEXTS = ("text", "char", "citext", "varchar", "longtext", "mediumtext", "tinytext")


@dataclass
class Edit:
    """The change of one collection; `live` is its table, `values` the new value of each column."""

    own: OwnRows
    facts: TableFacts
    live: TableClause
    how: How
    values: dict[str, ColumnElement[Any]] = field(default_factory=dict)
    redacted: tuple[DataField, ...] = ()
    corrections: tuple[Correction, ...] = ()
    # Fields that were to change and are no columns: named as obstacles, and never passed over.
    no_columns: dict[str, None] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are to get new values."""
        redacted = (each.name for each in self.redacted)
        return tuple(dict.fromkeys((*self.values, *redacted, *self.no_columns)))

    def wants(self, name: str) -> bool:
        """Whether a field that is to change is a column; notes it where it is none."""
        if name not in self.facts.columns:
            self.no_columns[name] = None
        return name in self.facts.columns

    @property
    def wants_rehearsal(self) -> bool:
        """Whether only trying it can tell what happens: triggers, words to be redacted, rows elsewhere."""
        lets_go = ("SET NULL", "SET DEFAULT")
        if self.how is How.DELETE:
            follows = any(key.on_delete in lets_go for key in self.facts.incoming)
        else:
            follows = any(
                key.on_update in ("CASCADE", *lets_go) and not self.values.keys().isdisjoint(key.refers_to)
                for key in self.facts.incoming
            )
        return self.facts.watched or bool(self.redacted) or follows

    @property
    def is_mine(self) -> ColumnElement[bool]:
        """Whether a row of the table is one that the change concerns."""
        key = zip(self.own.key, (self.own.going.c[name] for name in self.own.key), strict=True)
        return exists().where(*(self.live.c[name] == mine for name, mine in key))


class Edits:
    """Writes the edits of one order."""

    def __init__(self, order: ChangeOrder, sql: SqlDialect, dialect: ChangeDialect) -> None:
        self._order = order
        self._sql = sql
        self._dialect = dialect

    def edit(self, own: OwnRows, facts: TableFacts) -> Edit | None:
        """The edit of one collection; None where the map says of it nothing that this order asks for."""
        live = _live(own, facts)
        erase = own.collection.changes.erase
        if self._order.operation is Operation.ERASE and erase == "delete":
            return Edit(own, facts, live, How.DELETE)
        how = How.MASK if self._order.operation is Operation.ERASE else How.SET
        edit = Edit(own, facts, live, how)
        for name, value in self._values(edit):
            edit.values[name] = value
        return edit if edit.fields else None

    def leave_what_says_else(self, connection: Connection, own: OwnRows, facts: TableFacts) -> None:
        """Rows in which nothing reads as the person said are no concern of a correction."""
        live = _live(own, facts)
        wrong = [
            self._says(own, live.c[each.name], each)
            for each in self._order.corrections
            if each.collection == own.collection.name and each.name in facts.columns
        ]
        same = (live.c[name] == own.going.c[name] for name in own.key)
        own.keep(connection, ~exists().where(*same, or_(false(), *wrong)))

    def _values(self, edit: Edit) -> Iterator[tuple[str, ColumnElement[Any]]]:
        collection, operation = edit.own.collection, self._order.operation
        if operation is Operation.ERASE and collection.changes.erase == "mask":
            yield from self._masked(edit)
        elif operation is Operation.CORRECT:
            yield from self._corrected(edit)
        elif operation in (Operation.RESTRICT, Operation.LIFT) and collection.changes.restrict:
            flag = collection.changes.restrict
            yield from self._constants(edit, flag.set if operation is Operation.RESTRICT else flag.lift)
        elif operation is Operation.SUPPRESS:
            for purpose in self._order.purposes:
                yield from self._constants(edit, collection.changes.suppress.get(purpose, {}))

    def _masked(self, edit: Edit) -> Iterator[tuple[str, ColumnElement[Any]]]:
        masked = [each for each in edit.own.collection.every_field() if each.masking]
        edit.redacted = tuple(each for each in masked if each.masking and each.masking.strategy == "redact")
        for each in masked:
            if each.masking and each.masking.strategy not in ("redact", "keep") and edit.wants(each.name):
                facts = edit.facts.columns[each.name]
                new = self._mask(edit, each.masking, edit.live.c[each.name], facts)
                yield each.name, _unless_leaned_on(edit, each.name, new)

    def _mask(
        self, edit: Edit, masking: Masking, value: ColumnElement[Any], facts: ColumnFacts
    ) -> ColumnElement[Any]:
        """What takes the place of a value; what was empty stays empty."""
        length = facts.length or HASH_LENGTH
        match masking.strategy:
            case "clear":
                return null()
            case "constant":
                return self._constant(masking.value, facts)
            case "generalise_date":
                return self._dialect.typed(self._dialect.first_day(value, masking.unit), facts)
            case "keep_domain":
                masked = self._with_its_domain(value, min(length, HASH_LENGTH))
            case "random":
                masked = self._dialect.random_text(min(length, 32))
            case _:
                masked = self._hash(value, min(length, HASH_LENGTH))
        return case((value.is_not(None), self._dialect.typed(masked, facts)))

    def _hash(self, value: ColumnElement[Any], digits: int) -> ColumnElement[Any]:
        return func.substr(self._dialect.keyed_hash(value, self._order.secret), 1, digits)

    def _with_its_domain(self, value: ColumnElement[Any], digits: int) -> ColumnElement[Any]:
        """What is no address has no domain: all of it would be somebody's."""
        written = func.trim(cast(value, Text))
        address = self._dialect.joined(self._hash(value, SHORTEST_HASH), "@", self._dialect.domain(written))
        return case((written.regexp_match(ADDRESS), address), else_=self._hash(value, digits))

    def _corrected(self, edit: Edit) -> Iterator[tuple[str, ColumnElement[Any]]]:
        mine = [each for each in self._order.corrections if each.collection == edit.own.collection.name]
        edit.corrections = tuple(each for each in mine if edit.wants(each.name))
        for name in dict.fromkeys(each.name for each in edit.corrections):
            value, facts = edit.live.c[name], edit.facts.columns[name]
            cases = [
                (self._says(edit.own, value, each), self._constant(each.right, facts))
                for each in edit.corrections
                if each.name == name
            ]
            yield name, case(*cases, else_=value)

    def _says(self, own: OwnRows, value: ColumnElement[Any], correction: Correction) -> ColumnElement[bool]:
        """Whether a value reads as the person wrote it, blank edges aside; nothing written means an empty one."""
        wrong = correction.wrong.strip()
        shape = own.target.shape.columns[correction.name]
        is_text = shape.family is Family.TEXT
        text = func.trim(value if is_text else self._sql.as_text(value, shape))
        if not wrong:
            return or_(value.is_(None), text == "")
        known, given = self._sql.exact(text), self._sql.constants(wrong, True)
        return and_(*(mine == other for mine, other in zip(known, given, strict=True)))

    def _constant(self, value: Any, facts: ColumnFacts) -> ColumnElement[Any]:
        """A value of the map or of a person in the type of its column; the database itself reads it."""
        if value is None or (value == "" and not _is_text(facts)):
            return null()
        written = value if isinstance(value, str) else self._dialect.written(value, facts)
        return self._dialect.typed(literal(written, Text), facts)

    def _constants(self, edit: Edit, values: Mapping[str, Any]) -> Iterator[tuple[str, ColumnElement[Any]]]:
        for name, value in values.items():
            if edit.wants(name):
                yield name, self._constant(value, edit.facts.columns[name])


def _live(own: OwnRows, facts: TableFacts) -> TableClause:
    return table(own.target.name, *(column(name) for name in facts.columns), schema=own.target.schema)


def family(edit: Edit, name: str) -> Family:
    """What kind of values a column has."""
    return edit.own.target.shape.columns[name].family


def _is_text(facts: ColumnFacts) -> bool:
    return facts.type_name.startswith(TEXTS)


def _unless_leaned_on(edit: Edit, name: str, new: ColumnElement[Any]) -> ColumnElement[Any]:
    conditions = edit.own.leaned_on.get(name)
    if not conditions:
        return new
    going = edit.own.going
    same = (going.c[key] == edit.live.c[key] for key in edit.own.key)
    return case((exists().where(*same, or_(*conditions)), edit.live.c[name]), else_=new)
