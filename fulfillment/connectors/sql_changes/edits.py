"""What an order makes of one collection's rows: deleted, or given new values by expressions of the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    Text,
    case,
    column,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    table,
)
from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.changing import ChangeOrder, Correction, How, Operation
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.facts import ColumnFacts, TableFacts
from fulfillment.connectors.sql_changes.inner_edits import WHOLE, InnerEdits
from fulfillment.connectors.sql_changes.json_inside import Inside, New, Node
from fulfillment.connectors.sql_changes.masks import HASH_LENGTH, Masks
from fulfillment.connectors.sql_changes.own_rows import OwnRows, overlap
from fulfillment.connectors.sql_dialect import Family, SqlDialect
from fulfillment.connectors.sql_json_lists import EACH
from fulfillment.connectors.sql_matching import Place, place_of
from fulfillment.datamaps.changing import Masking
from fulfillment.datamaps.datamap import DataField

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
    # Fields inside JSON that change, each with its column; by column the tree of them.
    inside: dict[str, str] = field(default_factory=dict)
    trees: dict[str, Node] = field(default_factory=dict)
    # Fields that were to change and are nowhere to be written: named as obstacles, and never passed over.
    nowhere: dict[str, None] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are to get new values."""
        whole = (name for name in self.values if name not in self.trees)
        redacted = (each.name for each in self.redacted)
        return tuple(dict.fromkeys((*whole, *redacted, *self.inside, *self.nowhere)))

    def place(self, name: str) -> Place | None:
        """Where a field stands that may lie inside JSON; None where nothing can be written."""
        if name in self.facts.columns:
            return Place(self.live.c[name], self.own.target.shape.columns[name])
        top = name.partition(".")[0]
        if top not in self.facts.columns or family(self, top) not in (Family.JSON, Family.TEXT):
            return None
        return place_of(self.live, self.own.target.shape, name, lists=self.own.collection.lists)

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
        self._masks = Masks(order.secret, sql, dialect)
        self._inner = InnerEdits(self._masks)
        self._inside = Inside(dialect.json)

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
        for name, tree in edit.trees.items():
            edit.values[name] = self._rewritten(edit, name, tree)
        return edit if edit.fields else None

    def out_of_place(self, edit: Edit, name: str) -> ColumnElement[bool]:
        """Whether a value of a column is not what the map says it is, so that the fields inside it are not found."""
        document = self._dialect.json.document(edit.live.c[name])
        is_broken = self._dialect.json.is_broken(document)
        return or_(is_broken, self._inside.out_of_place(edit.trees[name], document))

    def leave_what_says_else(self, connection: Connection, own: OwnRows, facts: TableFacts) -> None:
        """Rows in which nothing reads as the person said are no concern of a correction."""
        edit = Edit(own, facts, _live(own, facts), How.SET)
        for name, value in self._corrected(edit):
            edit.values[name] = value
        wrong = [self._is_wrong(edit, each) for each in edit.corrections]
        # What cannot be looked into stays a concern, and is named as an obstacle.
        wrong += [self.out_of_place(edit, name) for name in edit.trees]
        same = (edit.live.c[name] == own.going.c[name] for name in own.key)
        try:
            with connection.begin_nested():
                own.keep(connection, ~exists().where(*same, or_(false(), *wrong)))
        except DBAPIError as error:
            if error.connection_invalidated or not edit.trees:
                raise

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
            if each.masking is None or each.masking.strategy == "keep":
                continue
            if each.masking.strategy == "redact":
                if each.name not in edit.facts.columns:
                    # Taken out row by row; it stays as it is here, but its place is looked at.
                    self._plant(edit, each.name, lambda piece: piece)
                continue
            if each.name in edit.facts.columns:
                new = self._mask(each.masking, edit.live.c[each.name], edit.facts.columns[each.name])
                kept = is_leaned_on(edit, each.name)
                yield each.name, new if kept is None else case((kept, edit.live.c[each.name]), else_=new)
            else:
                new_piece = self._inner.masked(each.masking, is_leaned_on(edit, each.name))
                self._plant(edit, each.name, new_piece, whole=each.masking.strategy in WHOLE)

    def _plant(self, edit: Edit, name: str, new: New, *, whole: bool = False, anew: bool = False) -> None:
        """Note what becomes of a field inside a value; where all of the value changes, that says it already."""
        place = edit.place(name)
        if place is None:
            edit.nowhere[name] = None
            return
        edit.inside[name] = place.shape.name
        if place.shape.name not in edit.values:
            path = place.path[:-1] if whole and place.path[-1] == EACH else place.path
            edit.trees.setdefault(place.shape.name, Node()).plant(path, new, anew=anew)

    def _rewritten(self, edit: Edit, name: str, tree: Node) -> ColumnElement[Any]:
        value = edit.live.c[name]
        written = self._inside.rewritten(tree, self._dialect.json.document(value))
        return func.coalesce(self._dialect.typed(written, edit.facts.columns[name]), value)

    def _mask(self, masking: Masking, value: ColumnElement[Any], facts: ColumnFacts) -> ColumnElement[Any]:
        """What takes the place of a value; what was empty stays empty."""
        match masking.strategy:
            case "clear":
                return null()
            case "constant":
                return self._constant(masking.value, facts)
            case "generalise_date":
                return self._dialect.typed(self._dialect.first_day(value, masking.unit), facts)
            case _:
                masked = self._masks.text(masking, value, facts.length or HASH_LENGTH)
        return case((value.is_not(None), self._dialect.typed(masked, facts)))

    def _corrected(self, edit: Edit) -> Iterator[tuple[str, ColumnElement[Any]]]:
        mine = [each for each in self._order.corrections if each.collection == edit.own.collection.name]
        edit.corrections = tuple(each for each in mine if edit.place(each.name) is not None)
        for name in dict.fromkeys(each.name for each in mine):
            wanted = [each for each in mine if each.name == name]
            if name not in edit.facts.columns:
                fills = any(not each.wrong.strip() for each in wanted)
                self._plant(edit, name, self._inner.corrected(wanted), anew=fills)
                continue
            value, facts = edit.live.c[name], edit.facts.columns[name]
            cases = [(self._is_wrong(edit, each), self._constant(each.right, facts)) for each in wanted]
            yield name, case(*cases, else_=value)

    def _is_wrong(self, edit: Edit, correction: Correction) -> ColumnElement[bool]:
        """Whether a field of a row reads as the person wrote it."""
        place = edit.place(correction.name)
        if place is None:
            return false()
        if place.path:
            document = self._dialect.json.document(place.column)
            return self._inside.somewhere(place.path, document, self._inner.says(correction))
        is_text = place.family is Family.TEXT
        text = place.column if is_text else self._sql.as_text(place.column, place.shape)
        return self._masks.says(text, correction.wrong)

    def _constant(self, value: Any, facts: ColumnFacts) -> ColumnElement[Any]:
        """A value of the map or of a person in the type of its column; the database itself reads it."""
        if value is None or (value == "" and not _is_text(facts)):
            return null()
        written = value if isinstance(value, str) else self._dialect.written(value, facts)
        return self._dialect.typed(literal(written, Text), facts)

    def _constants(self, edit: Edit, values: Mapping[str, Any]) -> Iterator[tuple[str, ColumnElement[Any]]]:
        for name, value in values.items():
            if name in edit.facts.columns:
                yield name, self._constant(value, edit.facts.columns[name])
            else:
                self._plant(edit, name, self._inner.constant(value), whole=True, anew=True)


def _live(own: OwnRows, facts: TableFacts) -> TableClause:
    return table(own.target.name, *(column(name) for name in facts.columns), schema=own.target.schema)


def family(edit: Edit, name: str) -> Family:
    """What kind of values a column has."""
    return edit.own.target.shape.columns[name].family


def _is_text(facts: ColumnFacts) -> bool:
    return facts.type_name.startswith(TEXTS)


def is_leaned_on(edit: Edit, name: str) -> ColumnElement[bool] | None:
    """Whether a kept record rests on a field of a row, on something in it or around it; None where none could."""
    conditions = [
        each for other, found in edit.own.leaned_on.items() if overlap(name, other) for each in found
    ]
    if not conditions:
        return None
    going = edit.own.going
    same = (going.c[key] == edit.live.c[key] for key in edit.own.key)
    return exists().where(*same, or_(*conditions))
