"""PostgreSQL's own ways of changing: its catalogue, its hashes, and its word on what became of a transaction."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    LargeBinary,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import DBAPIError

from fulfillment.connectors.changing import Verdict
from fulfillment.connectors.errors import Retryable
from fulfillment.connectors.sql_changes.dialect import ChangeDialect, pads
from fulfillment.connectors.sql_changes.facts import ColumnFacts, ForeignKey, Named, TableFacts
from fulfillment.connectors.sql_changes.json_ways import PostgresqlJson
from fulfillment.connectors.sql_statement import Target

_TABLES = text(
    """
    SELECT wanted.number, c.oid, n.nspname, c.relname, c.relkind IN ('r', 'p') AS is_table,
           has_table_privilege(c.oid, 'DELETE') AS may_delete, row_security_active(c.oid) AS filtered,
           EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D')
           OR EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN')
           OR EXISTS (SELECT FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'x')
           OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique
                         AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)) AS watched
      FROM unnest(cast(:names AS text[])) WITH ORDINALITY AS wanted (name, number)
      JOIN pg_class c ON c.oid = to_regclass(wanted.name)
      JOIN pg_namespace n ON n.oid = c.relnamespace
    """
)
_COLUMNS = text(
    """
    SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod) AS type_name,
           a.attnotnull OR t.typnotnull AS not_null, a.attgenerated <> '' OR a.attidentity = 'a' AS computed,
           has_column_privilege(a.attrelid, a.attnum, 'UPDATE') AS writable,
           CASE WHEN coalesce(nullif(t.typbasetype, 0), t.oid) IN ('varchar'::regtype, 'bpchar'::regtype)
                 AND greatest(a.atttypmod, t.typtypmod) > 4 THEN greatest(a.atttypmod, t.typtypmod) - 4
                WHEN t.oid = 'name'::regtype THEN 63 WHEN t.oid = '"char"'::regtype THEN 1 END AS length
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = ANY(cast(:tables AS oid[])) AND a.attnum > 0 AND NOT a.attisdropped
    """
)
_UNIQUES = text(
    """
    SELECT i.indrelid, array_agg(a.attname::text ORDER BY a.attnum) AS columns
      FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
                      AND a.attnum = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1])
     WHERE i.indrelid = ANY(cast(:tables AS oid[])) AND i.indisunique AND i.indexprs IS NULL AND i.indpred IS NULL
     GROUP BY i.indrelid, i.indexrelid
    """
)
_CHECKS = text(
    """
    SELECT conrelid, conname, pg_get_expr(conbin, conrelid) AS expression
      FROM pg_constraint WHERE contype = 'c' AND conrelid = ANY(cast(:tables AS oid[]))
    """
)
# From the table on the one end of each reference to the one on the other.
_FOREIGN_KEYS = """
    SELECT k.{mine} AS mine, k.conname, n.nspname, c.relname, k.confdeltype, k.confupdtype, k.conkey[2] IS NULL
           AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                          AND a.attnotnull) AS required,
           (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns,
           (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY u (number, place)
              JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number) AS refers_to
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.{other} JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE k.contype = 'f' AND k.conparentid = 0 AND k.{mine} = ANY(cast(:tables AS oid[]))
"""
_INCOMING = text(_FOREIGN_KEYS.format(mine="confrelid", other="conrelid"))
_OUTGOING = text(_FOREIGN_KEYS.format(mine="conrelid", other="confrelid"))
_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


# Types that a cast cuts to their length, and what they are without one.
_LIMITED = re.compile(r"^(character varying|character|bit varying|bit)(\(\d+\))?(?=$|\[)")
_UNLIMITED = {"character": "bpchar", "bit": "bit varying"}


class PostgresqlChanges(ChangeDialect):
    """PostgreSQL 13 and newer."""

    json = PostgresqlJson()
    snapshot: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": False}

    def typed(self, value: ColumnElement[Any], facts: ColumnFacts) -> ColumnElement[Any]:
        """A cast, which fails as an assignment would; to a type without a length, as a cast to one would cut."""
        return cast(value, Text if facts.length else Named(_without_lengths(facts.type_name)))

    def tried(self, value: ColumnElement[Any], facts: ColumnFacts) -> ColumnElement[Any]:
        """A cast to the type itself, which for a domain has conditions of its own."""
        return cast(value, facts.type)

    def facts(self, connection: Connection, targets: Mapping[str, Target]) -> dict[str, TableFacts]:
        """Read from the catalogue in six queries."""
        quote = connection.dialect.identifier_preparer.quote_identifier
        ordered = list(targets.items())
        names = [
            f"{quote(target.schema)}.{quote(target.name)}" if target.schema else quote(target.name)
            for _, target in ordered
        ]
        tables = connection.execute(_TABLES, {"names": names}).all()
        about = _About(connection, [row.oid for row in tables])
        return {ordered[row.number - 1][0]: about.table(row) for row in tables}

    def make_key_table(
        self, connection: Connection, name: str, target: Target, columns: Sequence[str]
    ) -> None:
        """`ON COMMIT DROP`: a transaction that is rolled back leaves nothing either."""
        quote = connection.dialect.identifier_preparer.quote_identifier
        table = f"{quote(target.schema)}.{quote(target.name)}" if target.schema else quote(target.name)
        wanted = ", ".join(quote(column) for column in columns)
        connection.execute(
            text(
                f"CREATE TEMPORARY TABLE {quote(name)} ON COMMIT DROP AS SELECT {wanted} FROM {table} WITH NO DATA"  # noqa: S608 - names are quoted by the driver's own rule
            )
        )

    def note_size(self, connection: Connection, name: str) -> None:
        """`ANALYZE`, which nobody does by itself for a temporary table."""
        connection.execute(text(f"ANALYZE {connection.dialect.identifier_preparer.quote_identifier(name)}"))

    def keyed_hash(self, value: ColumnElement[Any], secret: bytes) -> ColumnElement[str]:
        """Two rounds of `sha256`, so that no extension is needed."""
        inner, outer = pads(secret)
        message = func.convert_to(cast(value, Text), "UTF8")
        first = func.sha256(_bytes(inner).concat(message))
        return func.encode(func.sha256(_bytes(outer).concat(first)), "hex")

    def random_text(self, length: int) -> ColumnElement[str]:
        """Out of random UUIDs, which come from the strong generator."""
        pieces = [func.replace(cast(func.gen_random_uuid(), Text), "-", "") for _ in range(-(-length // 32))]
        joined = pieces[0] if len(pieces) == 1 else func.concat(*pieces)
        return func.left(joined, length)

    def domain(self, value: ColumnElement[Any]) -> ColumnElement[str]:
        """By a greedy pattern."""
        return func.regexp_replace(cast(value, Text), "^.*@", "")

    def joined(self, *parts: ColumnElement[Any] | str) -> ColumnElement[str]:
        """`concat`."""
        return func.concat(*parts)

    def first_day(self, value: ColumnElement[Any], unit: str) -> ColumnElement[Any]:
        """`date_trunc`."""
        return func.date_trunc(unit, value)

    def digest(self, connection: Connection, keys: FromClause, columns: Sequence[str], secret: bytes) -> str:
        """In the database: no key passes through here."""
        row = func.json_build_array(*(keys.c[name] for name in columns))
        line = cast(row, Text)
        together = func.string_agg(line, aggregate_order_by(literal("\n"), line.collate("C")))
        found = connection.execute(select(self.keyed_hash(func.coalesce(together, ""), secret))).scalar_one()
        return str(found)

    def check_deferred(self, connection: Connection) -> None:
        """What was put off to the commit is checked while there is still a way back."""
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))

    def token(self, connection: Connection) -> str:
        """The transaction's number, together with the cluster's own."""
        return str(
            connection.execute(
                text("SELECT pg_current_xact_id() || '@' || system_identifier FROM pg_control_system()")
            ).scalar_one()
        )

    def refusal(self, error: DBAPIError) -> str | None:
        """By the class of its SQLSTATE: 22 values, 23 conditions, 42 rights, P0 what a trigger says."""
        state = getattr(error.orig, "sqlstate", None) or ""
        known = {"22": "a new value does not fit", "23": "one of its conditions would be broken"}
        known |= {"42": "its user lacks a right", "P0": "a trigger refuses it"}
        return known.get(state[:2])

    def verdict(self, connection: Connection, token: str) -> Verdict | None:
        """`pg_xact_status`: the server remembers for many millions of transactions, and says when it does not."""
        number, _, cluster = token.partition("@")
        here = connection.execute(text("SELECT system_identifier FROM pg_control_system()")).scalar_one()
        if str(here) != cluster or not number.isdecimal():
            return Verdict.UNKNOWN
        said = connection.execute(
            text("SELECT pg_xact_status(cast(:number AS xid8))"), {"number": number}
        ).scalar_one()
        if said == "in progress":
            raise Retryable("The database has not yet ended the change that was begun.")
        return {"committed": Verdict.DONE, "aborted": Verdict.NOT_DONE}.get(str(said), Verdict.UNKNOWN)


class _About:
    """Everything that the catalogue says of these tables."""

    def __init__(self, connection: Connection, oids: list[int]) -> None:
        asked = {"tables": oids}
        self._columns = connection.execute(_COLUMNS, asked).all()
        self._uniques = connection.execute(_UNIQUES, asked).all()
        self._checks = connection.execute(_CHECKS, asked).all()
        self._incoming = connection.execute(_INCOMING, asked).all()
        self._outgoing = connection.execute(_OUTGOING, asked).all()

    def table(self, row: Any) -> TableFacts:
        """One table's facts."""
        columns = {
            each.attname: ColumnFacts(
                each.attname, each.type_name, each.not_null, each.computed, each.writable, each.length
            )
            for each in self._columns
            if each.attrelid == row.oid
        }
        return TableFacts(
            schema=row.nspname,
            name=row.relname,
            hindrance="" if row.is_table else "is not a table; what it shows is changed where it is kept",
            may_delete=row.may_delete,
            filtered=row.filtered,
            watched=row.watched,
            columns=columns,
            uniques=tuple(tuple(each.columns) for each in self._uniques if each.indrelid == row.oid),
            checks={each.conname: each.expression for each in self._checks if each.conrelid == row.oid},
            incoming=tuple(_foreign_key(each) for each in self._incoming if each.mine == row.oid),
            outgoing=tuple(_foreign_key(each) for each in self._outgoing if each.mine == row.oid),
        )


def _foreign_key(row: Any) -> ForeignKey:
    return ForeignKey(
        name=row.conname,
        schema=row.nspname,
        table=row.relname,
        columns=tuple(row.columns),
        refers_to=tuple(row.refers_to),
        on_delete=_ACTIONS[row.confdeltype],
        on_update=_ACTIONS[row.confupdtype],
        required=row.required,
    )


def _without_lengths(type_name: str) -> str:
    return _LIMITED.sub(lambda found: _UNLIMITED.get(found[1], found[1]), type_name)


def _bytes(value: bytes) -> ColumnElement[bytes]:
    return cast(bindparam(None, value, LargeBinary), LargeBinary)
