"""One set of tables on PostgreSQL, MariaDB and SQLite, for what must be the same on all of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from fulfillment.connectors.base import CONNECTORS, Connector
from tests.databases import source_database

DATABASES = ["postgresql", "mariadb", "sqlite"]


@contextmanager
def connected(kind: str, tables: str, request: pytest.FixtureRequest) -> Iterator[Connector[Any]]:
    """A connector to a database of this kind with these tables; `{json}` is its word for the type."""
    if kind == "postgresql":
        request.getfixturevalue("running_servers")
        with source_database(tables.replace("{json}", "jsonb")) as url:
            yield CONNECTORS.get(kind).from_settings({"url": url})
    elif kind == "mariadb":
        server = request.getfixturevalue("mariadb")
        with server.database(tables.replace("{json}", "json")) as name:
            yield CONNECTORS.get(kind).from_settings({"url": server.url(name)})
    else:
        path = request.getfixturevalue("tmp_path") / "source.db"
        request.getfixturevalue("settings").SQLITE_FOLDERS = [str(path.parent)]
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(tables.replace("{json}", "json"))
        yield CONNECTORS.get(kind).from_settings({"path": str(path), "may_change": True})
