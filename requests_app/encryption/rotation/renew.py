"""Seal again with the active key what another key sealed: in small batches, each a transaction, past locked rows."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from requests_app.encryption.errors import KeyMissing, SealBroken
from requests_app.encryption.keys import FORMAT, current_keys, seal, sealing_key_id, unseal
from requests_app.encryption.rotation.places import SealedColumn, other_places, sealed_columns

BATCH = 100
# Rows that somebody held, and rows that somebody wrote back as they had read them, are met in a later round.
MOST_ROUNDS = 20


@dataclass
class Standing:
    """What is sealed with which key, and which values do not open, by place and key of the row."""

    by_key: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def others(self) -> int:
        """How many values another key than the active one holds."""
        return sum(self.by_key.values()) - self.by_key[current_keys().active_id]


def standing() -> Standing:
    """Open every value there is, and count by key."""
    found = Standing()
    for column in sealed_columns():
        for key, beside, content in _values(column):
            _look(found, column, key, beside, content)
    for place in other_places():
        found.by_key.update(place.opened())
    return found


def renew(*, told: Callable[[str, int], None]) -> int:
    """Seal everything again that is not under the active key. Returns how many values; may be broken off.

    What does not open is left as it is: `standing` names it.
    """
    total = 0
    for _ in range(MOST_ROUNDS):
        done = sum(_renew_column(column, told) for column in sealed_columns())
        for place in other_places():
            while count := place.renewed(BATCH):
                done += count
                told(place.name, count)
        total += done
        if not done:
            break
    return total


_PICK = sql.SQL("""
    SELECT {key}, {beside}, {column} FROM {table}
     WHERE length({column}) > 0 AND substring({column} for %(length)s) <> %(active)s AND {after}
     ORDER BY {key} LIMIT %(batch)s FOR UPDATE SKIP LOCKED
""")
_LOOK = sql.SQL(
    "SELECT {key}, {beside}, {column} FROM {table} "
    "WHERE length({column}) > 0 AND {after} ORDER BY {key} LIMIT %(batch)s"
)
_PUT = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s")
# The key of a row as the database has it, what stands beside, and the sealed bytes.
Row = tuple[Any, str, bytes]


def _renew_column(column: SealedColumn, told: Callable[[str, int], None]) -> int:
    after, done = None, 0
    while True:
        with transaction.atomic():
            rows = _read(_PICK, column, after, batch=BATCH)
            renewed = sum(_renewed(column, *row) for row in rows)
        if not rows:
            return done
        after, done = rows[-1][0], done + renewed
        if renewed:
            told(column.name, renewed)


def _read(query: sql.SQL, column: SealedColumn, after: Any, *, batch: int) -> list[Row]:
    active = current_keys().active_id.encode("ascii")
    header = bytes([FORMAT, len(active)]) + active
    values = {"length": len(header), "active": header, "after": after, "batch": batch}
    further = (
        sql.SQL("true") if after is None else sql.SQL("{} > %(after)s").format(sql.Identifier(column.key))
    )
    with connection.cursor() as cursor:
        cursor.execute(query.format(**_names(column), after=further), values)
        return [(row[0], str(row[1]), bytes(row[2])) for row in cursor.fetchall()]


def _renewed(column: SealedColumn, key: Any, beside: str, content: bytes) -> bool:
    context = column.context(str(key), beside)
    try:
        again = seal(unseal(content, context=context), context=context)
    except (SealBroken, KeyMissing):
        return False
    with connection.cursor() as cursor:
        cursor.execute(_PUT.format(**_names(column)), [again, key])
    return True


def _values(column: SealedColumn) -> Iterator[Row]:
    """Every value, in small pieces: no list of them is ever held."""
    after = None
    while rows := _read(_LOOK, column, after, batch=5 * BATCH):
        yield from rows
        after = rows[-1][0]


def _look(found: Standing, column: SealedColumn, key: Any, beside: str, content: bytes) -> None:
    try:
        unseal(content, context=column.context(str(key), beside))
        found.by_key[sealing_key_id(content)] += 1
    except (SealBroken, KeyMissing):
        found.broken.append(f"{column.name} of row {key}")


def _names(column: SealedColumn) -> dict[str, sql.Composable]:
    return {
        "table": sql.Identifier(column.table),
        "column": sql.Identifier(column.column),
        "key": sql.Identifier(column.key),
        "beside": sql.Identifier(column.beside) if column.beside else sql.SQL("''"),
    }
