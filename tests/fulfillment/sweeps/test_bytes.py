"""Text that is held as bytes is found in every column that can hold bytes, plain or packed."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_django import Settings

from fulfillment.connectors.base import CONNECTORS
from fulfillment.sweeps.engine import Stretch, Task, sweep
from tests.databases import source_database
from tests.fulfillment.sweeps.crm import ANN
from tests.mariadb import MariadbServer
from tests.servers import TestServers

PLAIN = b"please write to ann@example.org"
PACKED = gzip.compress(PLAIN)
STRANGER = b"please write to joann@example.org"
MARIADB = ("binary(80)", "varbinary(200)", "tinyblob", "blob", "mediumblob", "longblob")
# A column of any type may hold bytes there.
SQLITE = ("blob", "text", "varchar(200)", "json", "")


def _found(kind: str, values: dict[str, Any]) -> set[tuple[int, str]]:
    connector = CONNECTORS.get(kind).from_settings(values)
    parts = [each for each in sweep(connector, Task(ANN, "CRM", "test")) if isinstance(each, Stretch)]
    return {(found.key["id"], found.columns[0]) for part in parts for found in part.found}


def _table(types: tuple[str, ...], value: str) -> str:
    """A table with a column of each type, and the same three rows in each."""
    columns = ", ".join(f"c{number} {each}" for number, each in enumerate(types))
    rows = ", ".join(
        f"({row}, {', '.join(value.format(content.hex()) for _ in types)})"
        for row, content in enumerate((PLAIN, PACKED, STRANGER), start=1)
    )
    return f"create table held (id integer primary key, {columns}); insert into held values {rows};"  # noqa: S608


def test_postgresql(running_servers: TestServers) -> None:
    made = (
        "create domain paper as bytea; create table held (id int primary key, a bytea, b paper, c bytea[]);"
    )
    with source_database(made) as url:
        with psycopg.connect(url) as connection:
            for number, content in enumerate((PLAIN, PACKED, STRANGER), start=1):
                for at, name in enumerate("abc"):
                    statement = f"insert into held (id, {name}) values (%s, %s)"  # noqa: S608
                    value = [content] if name == "c" else content
                    connection.execute(statement.encode(), (number * 10 + at, value))
        wanted = {(10, "a"), (11, "b"), (12, "c"), (20, "a"), (21, "b"), (22, "c")}
        assert _found("postgresql", {"url": url}) == wanted


def test_mariadb(mariadb: MariadbServer) -> None:
    for kind in MARIADB:
        with mariadb.database(_table((kind,), "unhex('{}')")) as name:
            assert _found("mariadb", {"url": mariadb.url(name)}) == {(1, "c0"), (2, "c0")}, kind


@pytest.mark.parametrize("kind", SQLITE)
def test_sqlite(settings: Settings, tmp_path: Path, kind: str) -> None:
    settings.SQLITE_FOLDERS = [str(tmp_path)]
    with closing(sqlite3.connect(tmp_path / "held.db")) as connection:
        connection.executescript(_table((kind,), "x'{}'"))
    assert _found("sqlite", {"path": str(tmp_path / "held.db")}) == {(1, "c0"), (2, "c0")}
