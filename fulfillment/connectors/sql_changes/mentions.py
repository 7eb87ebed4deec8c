"""Rows of others with words about the person, as edits of their own: each table once, its rows by their keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    and_,
    column,
    insert,
    or_,
    select,
    table,
)

from fulfillment.connectors.changing import How, Mention
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.sql_catalog import CataloguedTable, catalogued
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.edits import Edit
from fulfillment.connectors.sql_changes.facts import TableFacts
from fulfillment.connectors.sql_changes.own_rows import OwnRows
from fulfillment.connectors.sql_dialect import SqlDialect, TableShape
from fulfillment.connectors.sql_statement import Target
from fulfillment.connectors.sql_sweeper import key_bound
from fulfillment.datamaps.changing import Masking
from fulfillment.datamaps.datamap import Collection, DataField

KEYS_AT_ONCE = 200
_REDACT = Masking.model_validate({"with": "redact"})


def edits_of_mentions(
    connection: Connection,
    mentions: Sequence[Mention],
    own: Mapping[str, OwnRows],
    sql: SqlDialect,
    dialect: ChangeDialect,
) -> dict[str, Edit]:
    """An edit for each table. Rows of the person's own that stay by a rule or a hold are left as they are.

    Raises Fatal where a table or its key is not there any more.
    """
    if not mentions:
        return {}
    tables = {each.name: each for each in catalogued(connection, sql)}
    places = [
        (_known(name, tables), list(rows))
        for name, rows in groupby(sorted(mentions, key=lambda each: each.table), key=lambda each: each.table)
    ]
    targets = {about.name: _target(about, rows) for about, rows in places}
    facts = dialect.facts(connection, targets)
    staying = {(each.target.schema, each.target.name): each.staying for each in own.values()}
    found = {}
    for number, (about, rows) in enumerate(places):
        target = targets[about.name]
        theirs = _rows(connection, number, target, about, dialect)
        kept = staying.get((about.schema, about.table))
        for some in _by(rows, KEYS_AT_ONCE):
            _fill(connection, theirs, facts[about.name], about, some, kept)
        dialect.note_size(connection, theirs.going.name)
        found[f"{about.name}, words"] = _edit(theirs, facts[about.name])
    return found


def _known(name: str, tables: Mapping[str, CataloguedTable]) -> CataloguedTable:
    about = tables.get(name)
    if about is None or not about.key:
        raise Fatal(
            f"{name}: words about the person stand there, and its rows cannot be told apart any more. Nothing was "
            "changed; a person has to look."
        )
    return about


def _target(about: CataloguedTable, rows: Iterable[Mention]) -> Target:
    """The table as if a map described it: its key, and the columns that hold the words."""
    said = dict.fromkeys(name for each in rows for name in each.columns if name in about.columns)
    words = tuple(DataField(name, name, masking=_REDACT) for name in said if name not in about.key)
    key = tuple(
        DataField(name, name, primary_key=True, masking=_REDACT if name in said else None)
        for name in about.key
    )
    described = Collection(about.name, about.name, (*key, *words))
    return Target(described, TableShape(about.columns), about.schema, about.table)


def _rows(
    connection: Connection, number: int, target: Target, about: CataloguedTable, dialect: ChangeDialect
) -> OwnRows:
    names = (f"omne_words_{number}", f"omne_words_kept_{number}")
    for name in names:
        dialect.make_key_table(connection, name, target, about.key)
    going, staying = (table(name, *(column(each) for each in about.key)) for name in names)
    return OwnRows(target, going, staying, is_seeded=False)


def _fill(
    connection: Connection,
    theirs: OwnRows,
    facts: TableFacts,
    about: CataloguedTable,
    mentions: Sequence[Mention],
    kept: TableClause | None,
) -> None:
    live = table(about.table, *(column(each) for each in facts.columns), schema=about.schema)
    keys = [_is_row(live, about, each) for each in mentions if each.key.keys() == set(about.key)]
    if not keys:
        return
    wanted = select(*(live.c[name] for name in about.key)).where(or_(*keys))
    if kept is not None:
        stays = (kept.c[name] == live.c[name] for name in about.key)
        wanted = wanted.where(~select(kept).where(*stays).exists())
    connection.execute(insert(theirs.going).from_select(list(about.key), wanted))


def _is_row(live: TableClause, about: CataloguedTable, mention: Mention) -> ColumnElement[bool]:
    return and_(
        *(live.c[name] == key_bound(about.columns[name], value) for name, value in mention.key.items())
    )


def _edit(theirs: OwnRows, facts: TableFacts) -> Edit:
    live = table(theirs.target.name, *(column(each) for each in facts.columns), schema=theirs.target.schema)
    words = tuple(each for each in theirs.collection.fields if each.masking)
    return Edit(theirs, facts, live, How.REDACT, redacted=words)


def _by(rows: Sequence[Mention], size: int) -> Iterator[Sequence[Mention]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
