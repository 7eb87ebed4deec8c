"""Fill a database with the shop, and say of what is in it how much it is and by which digest it is known."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from bench.shop.people import Person, everybody
from bench.shop.rows import as_copy_text, rows_of
from bench.shop.tables import INDEXED, TABLES

MAP = Path(__file__).parent.parent / "shop.yaml"
FULL = tuple(everybody(background=1_000, small=120, erased=30))


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: its rows, and the SHA-256 of their text by primary key."""

    rows: int
    sha256: str


def load(url: str, people: Iterable[Person] = FULL) -> None:
    """Make the tables anew in this database, with these people in them."""
    known = list(people)
    with psycopg.connect(url) as connection:
        for table in TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table.name} CASCADE")
            connection.execute(table.created.encode())
            with connection.cursor().copy(f"COPY {table.name} FROM STDIN".encode()) as copy:
                for row in rows_of(table.name, known):
                    copy.write(as_copy_text(row))
    _settle(url)


def index(url: str) -> None:
    """Give every column that is asked by its index, addresses of mail also as they are compared."""
    with psycopg.connect(url) as connection:
        for name, column in INDEXED:
            connection.execute(f"CREATE INDEX ON {name} ({column})".encode())
            if column.endswith("email"):
                folded = f'lower(trim({column}) COLLATE "C")'
                connection.execute(f"CREATE INDEX ON {name} ({folded})".encode())
    _settle(url)


def _settle(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        # As after some days of use, when the server has looked through its tables.
        connection.execute("VACUUM ANALYZE")


def contents(url: str) -> dict[str, Content]:
    """What each table of a shop holds, whoever filled it."""
    with psycopg.connect(url) as connection:
        return {table.name: _content(connection, table.name, table.key) for table in TABLES}


def _content(connection: psycopg.Connection, table: str, key: str) -> Content:
    digest, rows = hashlib.sha256(), 0
    ordered = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, key.split(", ")))
    )
    with connection.cursor().copy(ordered) as copy:
        for block in copy:
            digest.update(block)
            rows += bytes(block).count(b"\n")
    return Content(rows, digest.hexdigest())
