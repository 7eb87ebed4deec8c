"""Every kind of connector, run through one suite against the real thing it is for."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.contract.club import SECRET, club_map, club_rows
from fulfillment.connectors.contract.suite import ConnectorContract, Harness
from fulfillment.connectors.errors import NotConfigured
from tests.archive import SomebodyWhoLooks
from tests.databases import source_database
from tests.json_server import Answer, Asked, JsonServer, segments
from tests.mariadb import MariadbServer
from tests.servers import TestServers

if TYPE_CHECKING:
    from tests.s3_server import S3Server

TABLES = """
create table members (
    id integer primary key, email varchar(80), name text, password_hash text, tags text[], extra boolean
);
create table orders (id text primary key, member_id integer, note text);
create table lines (order_id text, no smallint, what text, primary key (order_id, no));
create table calls (id bigint, phone text, seconds integer);
"""


class TestInMemory(ConnectorContract):
    @pytest.fixture
    def harness(self) -> Harness:
        connector = CONNECTORS.get("in_memory").from_settings({"rows": club_rows()})
        return Harness(connector, club_map())

    def test_settings_show_no_secret_and_refuse_unknown_names_without_values(self, harness: Harness) -> None:
        # Its rows are shown: it is a double. What it is given beside them is still refused unseen.
        with pytest.raises(NotConfigured) as refused:
            CONNECTORS.get("in_memory").from_settings({"no_such_setting": SECRET})
        assert SECRET not in str(refused.value)


class TestManualTask(ConnectorContract):
    """A person who answers from lists; the map that they are asked by is the one the test means."""

    @pytest.fixture
    def harness(self) -> Harness:
        connector = CONNECTORS.get("manual_task").from_settings(
            {"name": "Carl Clubman", "address": "carl@club.example"}
        )
        harness = Harness(connector, club_map())
        lists = CONNECTORS.get("in_memory").from_settings({"rows": club_rows()})
        connector.people = SomebodyWhoLooks(lists, harness.data_map)
        return harness


@pytest.fixture(scope="module")
def club_database(running_servers: TestServers) -> Iterator[str]:
    """The club in a database of its own."""
    with source_database(TABLES) as url:
        with psycopg.connect(url) as connection:
            for table, rows in club_rows().items():
                holes = ", ".join(f"%({name})s" for name in rows[0])
                connection.cursor().executemany(f"insert into {table} values ({holes})", rows)  # noqa: S608
        yield url


class TestPostgresql(ConnectorContract):
    @pytest.fixture
    def harness(self, club_database: str) -> Harness:
        return Harness(CONNECTORS.get("postgresql").from_settings({"url": club_database}), club_map())


MARIADB_TABLES = """
create table members (
    id integer primary key, email varchar(80), name text, password_hash text, tags json, extra boolean
);
create table orders (id varchar(9) primary key, member_id integer, note text);
create table `lines` (order_id varchar(9), no smallint, what text, primary key (order_id, no));
create table calls (id bigint, phone text, seconds integer);
"""


@pytest.fixture(scope="module")
def club_in_mariadb(mariadb: MariadbServer) -> Iterator[str]:
    """The club in a database of its own."""
    with mariadb.database(MARIADB_TABLES) as name:
        with mariadb.connect(name) as connection, connection.cursor() as cursor:
            for table, rows in club_rows().items():
                holes = ", ".join(f"%({name})s" for name in rows[0])
                written = [{**row, "tags": json.dumps(row.get("tags"))} for row in rows]
                cursor.executemany(f"insert into `{table}` values ({holes})", written)  # noqa: S608
        yield mariadb.url(name)


class TestMariadb(ConnectorContract):
    @pytest.fixture
    def harness(self, club_in_mariadb: str) -> Harness:
        return Harness(CONNECTORS.get("mariadb").from_settings({"url": club_in_mariadb}), club_map())


class TestSqlite(ConnectorContract):
    @pytest.fixture
    def harness(self, tmp_path: Path, settings: Any) -> Harness:
        settings.SQLITE_FOLDERS = [str(tmp_path)]
        path = tmp_path / "club.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(MARIADB_TABLES)
            for table, rows in club_rows().items():
                holes = ", ".join(f":{name}" for name in rows[0])
                written = [{**row, "tags": json.dumps(row.get("tags"))} for row in rows]
                connection.executemany(f"insert into `{table}` values ({holes})", written)  # noqa: S608
        return Harness(CONNECTORS.get("sqlite").from_settings({"path": str(path)}), club_map())


class TestRestApi(ConnectorContract):
    @pytest.fixture
    def harness(self, settings: Any) -> Iterator[Harness]:
        with JsonServer(club_service) as server:
            settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{server.port}"]
            connector = CONNECTORS.get("rest_api").from_settings({"base_url": server.url, "token": SECRET})
            yield Harness(connector, club_map(api=CLUB_API))


class FilesContract(ConnectorContract):
    written: str

    @pytest.fixture
    def harness(self, tmp_path: Path) -> Harness:
        self.write_club(tmp_path)
        return self.club_at(root=f"file://{tmp_path}")

    def write_club(self, folder: Path) -> None:
        for name, rows in club_rows().items():
            half = len(rows) // 2 or 1
            for day, part in (("2026-11-01", rows[:half]), ("2026-11-02", rows[half:])):
                (folder / day).mkdir(exist_ok=True)
                if part:
                    self.write(folder / day / f"{name}.{self.written}", part)

    def club_at(self, **settings: str) -> Harness:
        described = {
            name: {"glob": f"*/{name}.{self.written}", "format": self.written} for name in club_rows()
        }
        connector = CONNECTORS.get("object_store").from_settings(settings)
        return Harness(connector, club_map(files={"collections": described}))

    def write(self, path: Path, rows: list[dict[str, Any]]) -> None:
        raise NotImplementedError


class TestJsonLines(FilesContract):
    written = "jsonl"

    def write(self, path: Path, rows: list[dict[str, Any]]) -> None:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


class TestParquet(FilesContract):
    written = "parquet"

    def write(self, path: Path, rows: list[dict[str, Any]]) -> None:
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=7)


class InABucket(FilesContract):
    """The same files in an object store that speaks S3."""

    @pytest.fixture
    def harness(self, tmp_path: Path, s3: "S3Server", settings: Any) -> Harness:
        self.write_club(tmp_path)
        name = f"club-{tmp_path.name[-20:]}".lower().replace("_", "-").strip("-")
        s3.bucket(name).put(f"{tmp_path}/", f"{name}/", recursive=True)
        settings.OUTBOUND_ALLOWED_HOSTS = [s3.url.removeprefix("http://")]
        return self.club_at(root=f"s3://{name}", endpoint_url=s3.url, access_key=s3.key, secret_key=s3.secret)


class TestJsonLinesInABucket(InABucket, TestJsonLines):
    pass


class TestParquetInABucket(InABucket, TestParquet):
    pass


def test_every_kind_has_its_suite() -> None:
    here = {"in_memory", "manual_task", "postgresql", "mariadb", "sqlite", "rest_api", "object_store"}
    tested = {*here, "webhook"}  # whose suite has a file of its own
    assert set(CONNECTORS.keys()) == tested


CLUB_API = {
    "auth": {"kind": "bearer"},
    "collections": {
        "members": {
            "path": "/members",
            "query": {"email": "{identity.email}"},
            "records": "items",
            "paging": {"kind": "page", "param": "page", "size_param": "size", "size": 1, "more": "next"},
            "total": "total",
        },
        "orders": {
            "path": "/members/{members.id}/orders",
            "records": "items",
            "paging": {"kind": "page", "param": "page", "size_param": "size", "size": 4},
        },
        "lines": {
            "path": "/orders/{orders.id}/lines",
            "records": "items",
            "paging": {"kind": "next", "next": "next"},
        },
        "calls": {"path": "/calls/{identity.phone_number}", "records": "items"},
    },
}


def club_service(asked: Asked) -> Answer:
    """The club's web service."""
    if asked.headers.get("authorization") != f"Bearer {SECRET}":
        return Answer({"error": "who are you?"}, status=401)
    held = club_rows()
    match segments(asked.path):
        case ["members"]:
            wanted = asked.query["email"].strip().lower()
            found = [each for each in held["members"] if each["email"].lower() == wanted]
        case ["members", number, "orders"]:
            found = [each for each in held["orders"] if str(each["member_id"]) == number]
        case ["orders", order, "lines"]:
            found = [each for each in held["lines"] if each["order_id"] == order]
        case ["calls", phone]:
            found = [
                each for each in held["calls"] if _digits(each["phone"]) == _digits(phone).removeprefix("00")
            ]
        case _:
            return Answer({"error": "no such place"}, status=404)
    return Answer(_page(asked, found))


def _page(asked: Asked, found: list[dict[str, Any]]) -> dict[str, Any]:
    page, size = int(asked.query.get("page", 1)), int(asked.query.get("size", 2))
    more = page * size < len(found)
    following = f"{asked.path}?page={page + 1}" if more else None
    return {"items": found[(page - 1) * size : page * size], "next": following, "total": len(found)}


def _digits(phone: str) -> str:
    return "".join(mark for mark in phone if mark.isdigit())


@pytest.mark.parametrize("kind", CONNECTORS.keys())
def test_a_kind_is_known_by_its_own_name_and_has_words_for_people(kind: str) -> None:
    connector = CONNECTORS.get(kind)
    assert connector.kind == kind
    assert connector.label
