"""Everything that could fail, named before the first change: sentences with collection and field, and no value."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy import column as named_column
from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.changing import How
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.edits import Edit, Edits, family
from fulfillment.connectors.sql_changes.facts import ColumnFacts, ForeignKey
from fulfillment.connectors.sql_changes.masks import SHORTEST_HASH
from fulfillment.connectors.sql_dialect import Family
from fulfillment.datamaps.datamap import DataField

REDACTABLE = frozenset({Family.TEXT, Family.JSON, Family.BYTES})
TEXT_ONLY = frozenset({"hash", "keep_domain", "random"})


class Obstacles:
    """Looks at the edits of one order, all of them together."""

    def __init__(
        self, connection: Connection, edits: Sequence[Edit], dialect: ChangeDialect, written: Edits
    ) -> None:
        self._connection = connection
        self._written = written
        self._dialect = dialect
        self._edits = edits
        self._going = {(each.facts.schema, each.facts.name): each for each in edits if each.how is How.DELETE}

    def found(self) -> tuple[str, ...]:
        """Every obstacle. What depends on rows is only asked where nothing plainer is in the way."""
        plain = [sentence for edit in self._edits for sentence in (*_rights(edit), *_fields(edit))]
        if plain:
            return tuple(dict.fromkeys(plain))
        deep = [sentence for edit in self._edits for sentence in self._in_rows(edit)]
        return tuple(dict.fromkeys(deep))

    def _in_rows(self, edit: Edit) -> Iterator[str]:
        yield from self._keys(edit)
        if edit.how is How.DELETE:
            for key in edit.facts.incoming:
                yield from self._referring(edit, key)
            return
        unfit = list(self._out_of_place(edit)) or list(self._unfit(edit))
        yield from unfit
        if not unfit:
            yield from self._doubles(edit)
            yield from self._checks(edit)
            yield from self._referred_values(edit)
            yield from self._leading_nowhere(edit)

    def _keys(self, edit: Edit) -> Iterator[str]:
        """The key of the map must name exactly one row each, or rows of others would change too."""
        mine = select(func.count()).select_from(edit.live).where(edit.is_mine)
        keys = select(func.count()).select_from(edit.own.going)
        matched, wanted = (
            self._connection.execute(mine).scalar_one(),
            self._connection.execute(keys).scalar_one(),
        )
        if matched != wanted:
            yield (
                f"The key {', '.join(edit.own.key)} of {edit.own.collection.name} does not tell its rows apart: "
                "rows of others would change too."
            )

    def _referring(self, edit: Edit, key: ForeignKey) -> Iterator[str]:
        """Rows elsewhere that point at rows which go: they must go as well, or let go by themselves."""
        if key.on_delete == "SET DEFAULT" or (key.on_delete == "SET NULL" and not key.required):
            return
        other = self._going.get((key.schema, key.table))
        their = table(key.table, *map(named_column, _needed(key, other)), schema=key.schema or None).alias(
            "their"
        )
        points = exists().where(
            edit.is_mine,
            *(their.c[a] == edit.live.c[b] for a, b in zip(key.columns, key.refers_to, strict=True)),
        )
        left = select(func.count()).select_from(their).where(points)
        if other is not None:
            goes = (other.own.going.c[name] == their.c[name] for name in other.own.key)
            left = left.where(~exists().where(*goes))
        count = self._connection.execute(left).scalar_one()
        if count and key.on_delete == "CASCADE":
            yield (
                f"Deleting {edit.own.collection.name} would delete {count} rows of {key.spoken} with it, which "
                "nobody has asked for."
            )
        elif count and key.on_delete == "SET NULL":
            yield (
                f"Deleting {edit.own.collection.name} would empty {', '.join(key.columns)} in {count} rows of "
                f"{key.spoken}, where it must not be empty."
            )
        elif count:
            yield (
                f"{count} rows of {key.spoken} that stay refer to rows of {edit.own.collection.name} that are to go."
            )

    def _out_of_place(self, edit: Edit) -> Iterator[str]:
        """Values inside which the map's fields are not to be found: no JSON, or of another shape than it says."""
        for column in edit.trees:
            astray: Select[Any] = select(literal_column("1")).select_from(edit.live).where(edit.is_mine)
            try:
                with self._connection.begin_nested():
                    asked = astray.where(self._written.out_of_place(edit, column)).limit(1)
                    is_astray = self._connection.execute(asked).first() is not None
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise
                is_astray = True
            names = [name for name, outer in edit.inside.items() if outer == column]
            yield from (
                f"{edit.own.collection.name}.{name} lies inside {column}, which does not hold in every row what the "
                "map says: objects, and lists where it names them."
                for name in names
                if is_astray
            )

    def _unfit(self, edit: Edit) -> Iterator[str]:
        """Values that the database cannot read as their column's type, or that are too long for it."""
        for name, value in edit.values.items():
            facts, place = edit.facts.columns[name], f"{edit.own.collection.name}.{name}"
            sample = select(func.count(self._dialect.tried(value, facts))).select_from(edit.live)
            try:
                with self._connection.begin_nested():
                    self._connection.execute(sample.where(edit.is_mine))
                    is_long = facts.length and self._outgrows(edit, value, facts.length)
                if is_long:
                    yield f"{place} holds at most {facts.length} characters, and the new value is longer."
                elif facts.not_null and self._empties(edit, name):
                    yield f"{place} must not be empty, and the new value is."
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise
                yield f"{place} cannot hold the new value: it is of the type {facts.type_name}."

    def _outgrows(self, edit: Edit, value: ColumnElement[Any], length: int) -> bool:
        """Whether a value is longer than its column: a database may cut it to fit, and say nothing."""
        longer = func.char_length(value) > length
        query: Select[Any] = select(literal_column("1")).select_from(edit.live).where(edit.is_mine, longer)
        return self._connection.execute(query.limit(1)).first() is not None

    def _empties(self, edit: Edit, name: str) -> bool:
        after = _after(edit)
        empty: Select[Any] = select(literal_column("1")).select_from(after).where(after.c[name].is_(None))
        return self._connection.execute(empty.limit(1)).first() is not None

    def _doubles(self, edit: Edit) -> Iterator[str]:
        """New values that would stand twice where the database wants them once."""
        for unique in edit.facts.uniques:
            changed = [name for name in unique if name in edit.values]
            if not changed or any(_is_random(edit, name) for name in changed):
                continue
            after = _after(edit)
            once = (after.c[name] for name in unique)
            filled = [after.c[name].is_not(None) for name in unique]
            twice = select(*once).where(*filled).group_by(*(after.c[name] for name in unique))
            within = self._connection.execute(twice.having(func.count() > 1).limit(1)).first()
            others = edit.live.alias("others")
            same = (others.c[name] == after.c[name] for name in unique)
            not_mine = ~exists().where(*(edit.own.going.c[key] == others.c[key] for key in edit.own.key))
            clash = select(others.c[unique[0]]).select_from(others.join(after, and_(*same))).where(not_mine)
            if within or self._connection.execute(clash.limit(1)).first():
                yield (
                    f"{edit.own.collection.name}.{', '.join(changed)} must differ in every row, and the new values "
                    "would not."
                )

    def _checks(self, edit: Edit) -> Iterator[str]:
        """The database's own conditions, asked of the rows as they would be."""
        for name, expression in edit.facts.checks.items():
            after = _after(edit).alias(edit.facts.name)
            # The text is the catalogue's own, over the columns of this very table.
            broken: Select[Any] = (
                select(literal_column("1")).select_from(after).where(text(f"({expression}) IS FALSE"))
            )
            if self._connection.execute(broken.limit(1)).first():
                yield f"The new values of {edit.own.collection.name} would break its condition {name}."

    def _referred_values(self, edit: Edit) -> Iterator[str]:
        """A value that other tables refer by cannot be taken away under them."""
        for key in edit.facts.incoming:
            changed = [name for name in key.refers_to if name in edit.values]
            if not changed or key.on_update in ("CASCADE", "SET NULL", "SET DEFAULT"):
                continue
            their = table(key.table, *map(named_column, key.columns), schema=key.schema or None).alias(
                "their"
            )
            refers = (their.c[a] == edit.live.c[b] for a, b in zip(key.columns, key.refers_to, strict=True))
            if self._connection.execute(
                select(literal_column("1")).where(edit.is_mine, *refers).limit(1)
            ).first():
                yield f"Rows of {key.spoken} refer to {edit.own.collection.name} by {', '.join(changed)}."

    def _leading_nowhere(self, edit: Edit) -> Iterator[str]:
        """A new value of a reference must be found where it refers to."""
        for key in edit.facts.outgoing:
            changed = [name for name in key.columns if name in edit.values]
            if not changed:
                continue
            after = _after(edit)
            their = table(key.table, *map(named_column, key.refers_to), schema=key.schema or None)
            same = (their.c[b] == after.c[a] for a, b in zip(key.columns, key.refers_to, strict=True))
            filled = (after.c[name].is_not(None) for name in key.columns)
            lost: Select[Any] = select(literal_column("1")).select_from(after)
            lost = lost.where(*filled, ~exists().where(*same)).limit(1)
            place = f"{edit.own.collection.name}.{', '.join(changed)}"
            try:
                with self._connection.begin_nested():
                    is_lost = self._connection.execute(lost).first() is not None
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise
                yield f"Whether {key.spoken} has the new value of {place} cannot be told: grant SELECT on it."
            else:
                if is_lost:
                    yield f"The new value of {place} is to be found in {key.spoken}, and is not there."


def _rights(edit: Edit) -> Iterator[str]:
    name, facts = edit.own.collection.name, edit.facts
    if facts.hindrance:
        yield f"{name} {facts.hindrance}."
    if facts.filtered:
        yield f"The database hides rows of {name} from the user for changes, so nobody could tell what is left."
    if edit.how is How.DELETE and not facts.may_delete:
        yield f"The user for changes may not remove rows of {name}: grant it DELETE."
    changed = dict.fromkeys((*edit.fields, *edit.values))
    closed = [each for each in changed if each in facts.columns and not facts.columns[each].writable]
    if closed:
        yield f"The user for changes may not change {', '.join(closed)} of {name}: grant it UPDATE on them."
    if not edit.own.key:
        yield f"The map names no primary key of {name}, so it cannot be said which rows change."


def _fields(edit: Edit) -> Iterator[str]:
    collection = edit.own.collection
    for name in edit.fields:
        facts = edit.facts.columns.get(edit.inside.get(name, name))
        if facts is None:
            yield f"{collection.name}.{name} lies inside another value, which is no JSON that could be changed."
            continue
        if facts.computed:
            yield f"{collection.name}.{name} is computed by the database and cannot be set."
        if facts.name in edit.own.key and edit.how in (How.SET, How.REDACT):
            yield f"{collection.name}.{name} is part of the key and cannot be changed."
        if name in (each.name for each in edit.redacted) and family(edit, facts.name) not in REDACTABLE:
            yield f"{collection.name}.{name} is of the type {facts.type_name}, out of which no words can be taken."
        masked = collection.by_name.get(name)
        if edit.how is How.MASK and masked is not None and name not in edit.inside:
            yield from _masking(edit, masked, facts)


def _masking(edit: Edit, masked: DataField, facts: ColumnFacts) -> Iterator[str]:
    masking, place = masked.masking, f"{edit.own.collection.name}.{masked.name}"
    if masking is None:
        return
    empties = masking.strategy == "clear" or (masking.strategy == "constant" and masking.value is None)
    if facts.not_null and empties:
        yield f"{place} must not be empty in the database, and the map says to empty it."
    if masking.strategy in TEXT_ONLY and family(edit, masked.name) is not Family.TEXT:
        yield f"{place} is of the type {facts.type_name}, which cannot hold what {masking.strategy} would write."
    elif masking.strategy in ("hash", "keep_domain") and (facts.length or SHORTEST_HASH) < SHORTEST_HASH:
        yield f"{place} is too short for a hash that tells people apart ({facts.length} characters)."


def _after(edit: Edit) -> CTE:
    """The rows as they would be.

    Worked out for them alone: PostgreSQL would move a condition on the new values into its look for the rows, and
    hash those of everybody.
    """
    columns = (
        edit.values[name].label(name) if name in edit.values else edit.live.c[name]
        for name in edit.facts.columns
    )
    after = select(*columns).where(edit.is_mine).cte("omne_after")
    return after.prefix_with("MATERIALIZED", dialect="postgresql")


def _is_random(edit: Edit, name: str) -> bool:
    masked = edit.own.collection.by_name.get(name)
    return bool(edit.how is How.MASK and masked and masked.masking and masked.masking.strategy == "random")


def _needed(key: ForeignKey, other: Edit | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*key.columns, *(other.own.key if other else ()))))


def deleted_last_first(edits: Mapping[str, Edit]) -> list[Edit]:
    """Children before parents, by the database's own references; a circle of them is left to deferred checks."""
    waiting = {
        (each.facts.schema, each.facts.name): each for each in edits.values() if each.how is How.DELETE
    }
    ordered: list[Edit] = []
    while waiting:
        free = [
            place for place, edit in waiting.items() if not _is_referred_to(edit, waiting.keys() - {place})
        ]
        ordered.extend(waiting.pop(place) for place in free or list(waiting)[:1])
    return ordered


def _is_referred_to(edit: Edit, others: Set[tuple[str, str]]) -> bool:
    return any((key.schema, key.table) in others for key in edit.facts.incoming)
