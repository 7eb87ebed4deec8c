"""A small shop on a real database, its map, and orders to change it."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import yaml

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Operation
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from fulfillment.traces.person import KnownPerson
from tests.mariadb import MariadbServer, run

TABLES = """
create table places (id int primary key, street text);
create table people (
    id int primary key, email varchar(80) unique, name text, phone text, born date, note text, papers {json},
    status text not null default 'active' check (status in ('active', 'blocked', 'gone')),
    marketing boolean not null default true, place_id int references places (id)
);
create table invoices (
    id int primary key, person_id int not null references people (id), booked_on date, total numeric
);
create table visits (id int primary key, person_id int references people (id) on delete cascade, page text);

insert into places values (1, 'Birch Lane 1'), (2, 'Oak Road 2');
insert into people values
    (1, 'Ann@club.example', 'Ann Berg', '030 1', '1980-05-17', 'Ann called, ask Joe', '{{"by": "Ann Berg", "n": 1}}',
     default, default, 1),
    (2, 'joann@club.example', 'Jo Ann', '030 2', '1990-01-01', 'Ann is a friend', '{{}}', default, default, 2);
insert into invoices values (1, 1, '2010-03-01', 5.50), (2, 1, '2025-03-01', 7), (3, 2, '2025-03-01', 9);
insert into visits values (1, 1, '/a'), (2, 1, '/b'), (3, 2, '/c');
"""
KEPT = {"rule": "Tax law.", "period": {"length": "P10Y", "counted_from": "booked_on", "end_of_year": True}}
RULES: dict[str, dict[str, Any]] = {
    "places": {"erase": "mask", "fields": {"street": {"erase": "clear"}}},
    "people": {
        "erase": "mask",
        "restrict": {"set": {"status": "blocked"}, "lift": {"status": "active"}},
        "suppress": {"marketing": {"marketing": False}},
        "fields": {
            "email": {"erase": "keep_domain"},
            "name": {"erase": "clear"},
            "phone": {"erase": "random"},
            "born": {"erase": "generalise_date"},
            "note": {"erase": "redact"},
            "papers": {"erase": "redact"},
        },
    },
    "invoices": {"erase": "delete", "retention": KEPT},
    "visits": {"erase": "delete"},
}
_COLUMNS: dict[str, dict[str, dict[str, Any]]] = {
    "places": {"id": {"primary_key": True}, "street": {}},
    "people": {
        "id": {"primary_key": True},
        "email": {"identity": "email"},
        "name": {},
        "phone": {},
        "born": {},
        "note": {},
        "papers": {},
        "status": {},
        "marketing": {},
        "place_id": {"references": [{"dataset": "shop", "field": "places.id", "direction": "to"}]},
    },
    "invoices": {
        "id": {"primary_key": True},
        "person_id": {"references": [{"dataset": "shop", "field": "people.id", "direction": "from"}]},
        "booked_on": {},
        "total": {},
    },
    "visits": {
        "id": {"primary_key": True},
        "person_id": {"references": [{"dataset": "shop", "field": "people.id", "direction": "from"}]},
        "page": {},
    },
}


def shop_map(**rules: Mapping[str, Any]) -> DataMap:
    """The shop's map; rules given by collection take the place of the usual ones."""
    return load_map(shop_yaml(**rules))


def shop_yaml(**rules: Mapping[str, Any]) -> str:
    """The same as it is written."""
    dataset = {
        "fides_key": "shop",
        "name": "Shop",
        "meta": {"omne": {"collections": {name: RULES[name] | rules.get(name, {}) for name in RULES}}},
        "collections": [
            {
                "name": name,
                "fields": [
                    {"name": field, "data_categories": ["user"], "fides_meta": meta}
                    for field, meta in fields.items()
                ],
            }
            for name, fields in _COLUMNS.items()
        ],
    }
    return yaml.safe_dump({"dataset": [dataset]})


def order(
    operation: Operation = Operation.ERASE, *, email: str = "ann@club.example", **more: Any
) -> ChangeOrder:
    """An order for everything in the shop."""
    identities = (Identity("email", email),)
    return ChangeOrder(
        key="task-1",
        operation=operation,
        query=SubjectQuery(identities, "OMN-2026-0001"),
        collections=more.pop("collections", tuple(_COLUMNS)),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        secret=b"a secret of this order",
        person=KnownPerson.by(("email", email), ("name", "Ann Berg")),
        **more,
    )


class Shop:
    """The database and a connector to it; `noted` are the receipts in the order they were noted."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self.connector: Connector[Any] = CONNECTORS.get(self.kind).from_settings({"url": url})
        self.noted: list[ChangeReceipt] = []

    def change(self, asked: ChangeOrder, data_map: DataMap | None = None) -> ChangeReceipt:
        """Carry an order out."""
        return self.connector.change(asked, data_map or shop_map(), note=self.noted.append)

    def execute(self, statement: str) -> None:
        """Change the database by hand."""
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement.encode()).fetchall()

    def everything(self) -> list[tuple[Any, ...]]:
        """All rows of all tables, to see that nothing changed."""
        return [row for name in _COLUMNS for row in self.rows(f"select * from {name} order by 1")]  # noqa: S608


class MariadbShop(Shop):
    """The same on MariaDB."""

    kind = "mariadb"

    def __init__(self, url: str, server: MariadbServer, name: str) -> None:
        super().__init__(url)
        self._server = server
        self._name = name

    def execute(self, statement: str) -> None:
        """Change the database by hand."""
        with self._server.connect(self._name) as connection:
            run(connection, statement)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        with self._server.connect(self._name) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())


class SqliteShop(Shop):
    """The same in a file."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        # SQLite knows no `default` among values.
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                TABLES.format(json="json").replace("default, default,", "'active', true,")
            )
        settings = {"path": str(path), "may_change": True}
        self.connector = CONNECTORS.get(self.kind).from_settings(settings)
        self.noted = []

    def execute(self, statement: str) -> None:
        """Change the database by hand."""
        with closing(sqlite3.connect(self._path)) as connection:
            connection.executescript(statement)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database says; days as days."""
        with closing(sqlite3.connect(self._path)) as connection:
            return [tuple(map(_as_day, row)) for row in connection.execute(statement).fetchall()]


def _as_day(value: Any) -> Any:
    is_day = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    return date.fromisoformat(value) if is_day else value
