"""Every kind of connector that changes anything, run through one suite against the real thing it is for."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.contract.changing import ChangingContract, Register
from fulfillment.connectors.contract.register import register_map, register_rows
from fulfillment.connectors.memory import OwnMemory
from tests.contracts.order_service import OrderService
from tests.databases import source_database
from tests.json_server import Answer, Asked, JsonServer, segments
from tests.mariadb import MariadbServer
from tests.servers import TestServers

SECRET = "whsec_" + "QUFB" * 8
TABLES = """
create table members (id integer primary key, email varchar(80), phone text, status text, news text);
create table notes (id integer primary key, member_id integer, text text);
"""


def _inserts() -> str:
    return "".join(
        f"insert into {table} values ({', '.join(repr(value) for value in row.values())});"  # noqa: S608
        for table, rows in register_rows().items()
        for row in rows
    )


def _put(number: int, fields: dict[str, Any]) -> list[str]:
    """The row is there, with these values."""
    absent = f"where not exists (select 1 from members where id = {number})"  # noqa: S608
    return [
        f"insert into members (id) select {number} {absent}",
        *(f"update members set {name} = '{value}' where id = {number}" for name, value in fields.items()),  # noqa: S608
    ]


class TestPostgresql(ChangingContract):
    @pytest.fixture
    def register(self, running_servers: TestServers) -> Iterator[Register]:
        with source_database(TABLES + _inserts()) as url:

            def rows(table: str) -> list[dict[str, Any]]:
                with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
                    return connection.execute(f"select * from {table}".encode()).fetchall()  # noqa: S608

            def put(number: int, fields: dict[str, Any]) -> None:
                with psycopg.connect(url) as connection:
                    for statement in _put(number, fields):
                        connection.execute(statement.encode())

            opened = CONNECTORS.get("postgresql")
            yield Register(lambda: opened.from_settings({"url": url}), register_map(), rows, put)


class TestMariadb(ChangingContract):
    @pytest.fixture
    def register(self, mariadb: MariadbServer) -> Iterator[Register]:
        with mariadb.database(TABLES + _inserts()) as name:

            def rows(table: str) -> list[dict[str, Any]]:
                with mariadb.connect(name) as connection, connection.cursor() as cursor:
                    cursor.execute(f"select * from {table}")  # noqa: S608
                    columns = [each[0] for each in cursor.description]
                    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

            def put(number: int, fields: dict[str, Any]) -> None:
                with mariadb.connect(name) as connection, connection.cursor() as cursor:
                    for statement in _put(number, fields):
                        cursor.execute(statement)
                    connection.commit()

            opened = CONNECTORS.get("mariadb")
            yield Register(
                lambda: opened.from_settings({"url": mariadb.url(name)}), register_map(), rows, put
            )


class TestSqlite(ChangingContract):
    @pytest.fixture
    def register(self, tmp_path: Path, settings: Any) -> Register:
        settings.SQLITE_FOLDERS = [str(tmp_path)]
        path = tmp_path / "register.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(TABLES + _inserts())

        def rows(table: str) -> list[dict[str, Any]]:
            with closing(sqlite3.connect(path)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(f"select * from {table}")]  # noqa: S608

        def put(number: int, fields: dict[str, Any]) -> None:
            with closing(sqlite3.connect(path)) as connection, connection:
                for statement in _put(number, fields):
                    connection.execute(statement)

        opened, given = CONNECTORS.get("sqlite"), {"path": str(path), "may_change": True}
        return Register(lambda: opened.from_settings(given), register_map(), rows, put)


class TestFiles(ChangingContract):
    @pytest.fixture
    def register(self, tmp_path: Path) -> Register:
        def rows(table: str) -> list[dict[str, Any]]:
            lines = (tmp_path / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
            return [json.loads(line) for line in lines]

        def write(table: str, held: list[dict[str, Any]]) -> None:
            written = "".join(json.dumps(row) + "\n" for row in held)
            (tmp_path / f"{table}.jsonl").write_text(written, encoding="utf-8")

        def put(number: int, fields: dict[str, Any]) -> None:
            held = rows("members")
            found = next((row for row in held if row["id"] == number), None)
            if found is None:
                found = register_rows()["members"][0] | {"id": number}
                held.append(found)
            found.update(fields)
            write("members", held)

        for table, held in register_rows().items():
            write(table, held)
        described = {table: {"glob": f"{table}.jsonl", "format": "jsonl"} for table in register_rows()}
        opened = CONNECTORS.get("object_store")
        given = {"root": f"file://{tmp_path}", "may_change": True}
        document = register_map(files={"collections": described})
        return Register(lambda: opened.from_settings(given), document, rows, put)


ME = "/members/{members.id}"
REGISTER_API: dict[str, Any] = {
    "auth": {"kind": "none"},
    "once_header": "Idempotency-Key",
    "collections": {
        "members": {
            "path": "/members",
            "query": {"email": "{identity.email}"},
            "changes": {
                "erase": {"method": "DELETE", "path": ME, "expects": [204]},
                "correct": {
                    "method": "PATCH",
                    "path": ME,
                    "body": {"{change.field}": "{change.right}"},
                    "fields": ["phone"],
                },
                "restrict": {
                    "path": ME,
                    "body": {"status": "restricted"},
                    "told": {"path": ME, "holds": {"status": "restricted"}},
                },
                # Asked after by what it answers, and read back by the field that the map knows.
                "lift": {"path": ME, "body": {"status": "active"}, "reads": {"status": "active"}},
                "suppress": {"marketing": {"path": ME, "body": {"news": "no"}, "reads": {"news": "no"}}},
            },
        },
        "notes": {
            "path": "/members/{members.id}/notes",
            "changes": {"erase": {"method": "DELETE", "path": "/notes/{notes.id}", "expects": [204]}},
        },
    },
}


class RegisterService:
    """The register's web service."""

    def __init__(self) -> None:
        self.held = register_rows()

    def __call__(self, asked: Asked) -> Answer:
        table, *rest = segments(asked.path)
        if asked.method == "GET":
            return Answer(self._found(asked, rest))
        row = next((each for each in self.held[table] if str(each["id"]) == rest[0]), None)
        if row is None:
            return Answer(status=404)
        if asked.method == "DELETE":
            self.held[table].remove(row)
            return Answer(b"", status=204)
        row.update(asked.json)
        return Answer(row)

    def _found(self, asked: Asked, rest: list[str]) -> Any:
        match rest:
            case []:
                wanted = asked.query["email"].lower()
                return [row for row in self.held["members"] if row["email"].lower() == wanted]
            case [number]:
                return next(row for row in self.held["members"] if str(row["id"]) == number)
            case [number, _notes]:
                return [row for row in self.held["notes"] if str(row["member_id"]) == number]


class TestRestApi(ChangingContract):
    @pytest.fixture
    def register(self, settings: Any) -> Iterator[Register]:
        service, kept = RegisterService(), OwnMemory()

        def opened() -> Any:
            connector = CONNECTORS.get("rest_api").from_settings({"base_url": server.url})
            connector.memory = kept
            return connector

        with JsonServer(service) as server:
            settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
            document = register_map(api=REGISTER_API)
            yield Register(
                opened,
                document,
                lambda table: [dict(row) for row in service.held[table]],
                partial(_put_in, service.held),
            )


def _put_in(held: dict[str, list[dict[str, Any]]], number: int, fields: dict[str, Any]) -> None:
    """What a service holds of a member, with these values."""
    found = next((row for row in held["members"] if row["id"] == number), None)
    if found is None:
        found = register_rows()["members"][0] | {"id": number}
        held["members"].append(found)
    found.update(fields)


class TestWebhook(ChangingContract):
    @pytest.fixture
    def register(self, settings: Any) -> Iterator[Register]:
        service, kept = OrderService(), OwnMemory()

        def opened() -> Any:
            connector = CONNECTORS.get("webhook").from_settings({"url": server.url, "secret": SECRET})
            connector.memory = kept
            return connector

        with JsonServer(service) as server:
            settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
            yield Register(
                opened,
                register_map(),
                lambda table: [dict(row) for row in service.held[table]],
                partial(_put_in, service.held),
            )


def test_every_kind_that_changes_has_its_suite() -> None:
    changing = {kind for kind in sorted(CONNECTORS.keys()) if CONNECTORS.get(kind).changes}
    assert changing == {"postgresql", "mariadb", "sqlite", "object_store", "rest_api", "webhook"}
