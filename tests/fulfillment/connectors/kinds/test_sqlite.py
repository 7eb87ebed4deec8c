"""SQLite: which files are opened, and what stands in them whatever its type."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured, Retryable
from tests.fulfillment.connectors.asking import PEOPLE, found, tables

EMAIL = "{name: email, fides_meta: {identity: email}}"
Make = Callable[..., Connector[Any]]


@pytest.fixture
def make(tmp_path: Path, settings: Any) -> Make:
    """Makes a file of statements, and a connector for it."""
    settings.SQLITE_FOLDERS = [str(tmp_path)]

    def made(statements: str, **more: Any) -> Connector[Any]:
        path = tmp_path / "odd ?mode=rw&name #1.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(statements)
        return CONNECTORS.get("sqlite").from_settings({"path": str(path), **more})

    return made


def test_values_lose_nothing_whatever_stands_in_a_column(make: Make) -> None:
    source = make(
        """
        create table people (id integer primary key, email text, small real, big integer, photo blob, odd integer,
            untyped, extra json, broken json, nul text, up text generated always as (upper(email)) virtual);
        insert into people values (1, 'ann@x.org', 0.1 + 0.2, 9223372036854775807, x'00ff', 'no number',
            9e999, '{"a" :' || char(10) || ' [1.10, 12345678901234567890]}', '{"a": ', 'a' || char(0) || 'b');
        """
    )
    fields = ", ".join(
        f"{{name: {name}}}"
        for name in ("small", "big", "photo", "odd", "untyped", "extra", "broken", "nul", "up")
    )
    (row,) = found(source, tables(PEOPLE % fields), "Ann@x.org")["people"]
    assert row == {
        "id": 1,
        "email": "ann@x.org",
        "small": 0.30000000000000004,
        "big": 9223372036854775807,
        "photo": {"$base64": "AP8="},
        "odd": "no number",
        "untyped": "Infinity",
        "extra": {"a": [1.1, 12345678901234567890]},
        "broken": '{"a": ',
        "nul": "a\x00b",
        "up": "ANN@X.ORG",
    }


def test_text_that_is_none_is_said_and_not_guessed(make: Make) -> None:
    source = make(
        "create table people (id, email text, name text);"
        "insert into people values (1, 'ann@x.org', cast(x'ff41' as text))"
    )
    with pytest.raises(Fatal, match="not in the encoding"):
        found(source, tables(PEOPLE % "{name: name}"), "ann@x.org")


def test_an_address_inside_json_is_found(make: Make) -> None:
    source = make(
        "create table people (id, about json);"
        """insert into people values (1, '{"contact": {"mail": "Ann@x.org"}}'), (2, 'no json ann@x.org')"""
    )
    contact = f"{{name: contact, fields: [{EMAIL.replace('email,', 'mail,')}]}}"
    nested = tables(f"{{name: people, fields: [{{name: id}}, {{name: about, fields: [{contact}]}}]}}")
    assert [row["id"] for row in found(source, nested, "ann@x.org")["people"]] == [1]


def test_a_table_of_the_full_text_index_is_read_too(make: Make) -> None:
    source = make(
        "create virtual table notes using fts5(email, words); insert into notes values ('ann@x.org', 'hello')"
    )
    notes = tables(f"{{name: notes, fields: [{EMAIL}, {{name: words}}]}}")
    assert found(source, notes, "ann@x.org")["notes"][0]["words"] == "hello"


def test_more_columns_than_a_function_takes_are_one_row(make: Make) -> None:
    names = [f"c{number}" for number in range(350)]
    source = make(
        f"create table people (id, email text, {', '.join(names)});"  # noqa: S608
        "insert into people (id, email, c349) values (1, 'ann@x.org', 'last')"
    )
    (row,) = found(source, tables(PEOPLE % ", ".join(f"{{name: {name}}}" for name in names)), "ann@x.org")[
        "people"
    ]
    assert list(row) == ["id", "email", *names]
    assert row["c349"] == "last"


def test_a_database_that_is_being_written_is_read_from_one_moment(make: Make, tmp_path: Path) -> None:
    source = make(
        "pragma journal_mode = wal; create table people (id, email text);"
        "insert into people values (1, 'ann@x.org')"
    )
    people = tables(PEOPLE.replace(", %s", ""))
    with closing(sqlite3.connect(source.settings.path)) as writer:
        writer.execute("insert into people values (2, 'ann@x.org')")
        assert [row["id"] for row in found(source, people, "ann@x.org")["people"]] == [1]
        writer.commit()
        assert [row["id"] for row in found(source, people, "ann@x.org")["people"]] == [1, 2]


def test_a_database_that_somebody_keeps_locked_can_be_tried_again(make: Make) -> None:
    source = make("create table people (id, email text)", connect_timeout_seconds=1)
    with closing(sqlite3.connect(source.settings.path)) as writer:
        writer.execute("begin exclusive")
        with pytest.raises(Retryable):
            source.check()


def test_a_search_that_takes_too_long_is_stopped(make: Make) -> None:
    source = make(
        "create view people as with recursive n (i) as (select 1 union all select i + 1 from n where i < 1e10)"
        " select i as id, 'joann@x.org' || i as email from n",
        statement_timeout_seconds=1,
    )
    with pytest.raises(Retryable, match="longer than 1 seconds"):
        found(source, tables(PEOPLE.replace(", %s", "")), "ann@x.org")


@pytest.mark.parametrize(
    "statement",
    [
        "insert into people values (2, 'x')",
        "attach database '/etc/passwd' as e",
        "pragma query_only = off",
        "create temp table t (a)",
        "vacuum into '/tmp/out.db'",
        "select load_extension('x')",
        "detach database main",
    ],
)
def test_nothing_but_reading_is_let_through(make: Make, statement: str) -> None:
    source = make("create table people (id, email text)")
    with pytest.raises(ConnectorError), source.snapshot("The source", purpose="test") as connection:  # type: ignore[attr-defined]
        connection.exec_driver_sql(statement)


def test_only_files_of_the_allowed_folders_are_opened(tmp_path: Path, settings: Any) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        with closing(sqlite3.connect(folder / "a.db")) as connection:
            connection.execute("create table x (a)")
    (inside / "link.db").symlink_to(outside / "a.db")
    (inside / "plain.txt").write_text("no database")
    settings.SQLITE_FOLDERS = [str(inside)]
    kind = CONNECTORS.get("sqlite")
    assert kind.from_settings({"path": str(inside / "a.db")}).check()
    for path, words in (
        ("/etc/passwd", "in none of the folders"),
        (f"{inside}/../outside/a.db", "in none of the folders"),
        (f"{inside}/link.db", "in none of the folders"),
        (f"{inside}-more/a.db", "in none of the folders"),
        ("a.db", "in none of the folders"),
        (f"file:{inside}/a.db?mode=rw", "in none of the folders"),
        (f"{inside}/a.db\x00", "cannot be used"),
        (f"{inside}/gone.db", "no file"),
        (str(inside), "no file"),
        (f"{inside}/plain.txt", "no SQLite database"),
    ):
        with pytest.raises(NotConfigured, match=words) as refused:
            kind.from_settings({"path": path}).check()
        assert "outside" not in str(refused.value)
    settings.SQLITE_FOLDERS = []
    with pytest.raises(NotConfigured, match="in none of the folders"):
        kind.from_settings({"path": str(inside / "a.db")}).check()


def test_two_threads_search_the_same_file_at_once(make: Make) -> None:
    source = make("create table people (id, email text); insert into people values (1, 'ann@x.org')")
    people, given = tables(PEOPLE.replace(", %s", "")), []
    threads = [
        threading.Thread(target=lambda: given.append(found(source, people, "ann@x.org"))) for _ in range(2)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert given == [{"people": [{"id": 1, "email": "ann@x.org"}]}] * 2
