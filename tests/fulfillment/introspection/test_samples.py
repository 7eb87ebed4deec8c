"""Sampling goes through a database in few round trips, and a table that may not be read stops nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, event

from fulfillment.introspection.read_schema import read_schema
from fulfillment.introspection.samples import sample_tables
from tests.databases import source_database

TABLE = "create table t{0} (id int primary key, word text); insert into t{0} values (1, 'w{0}');"
TABLES = "".join(TABLE.format(number) for number in range(1, 6))


@pytest.fixture
def asked(django_db_setup: None) -> Iterator[tuple[Connection, list[str]]]:
    with source_database(TABLES) as url:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        said: list[str] = []
        with engine.connect() as connection, connection.begin():
            event.listen(engine, "savepoint", lambda _connection, name: said.append("set"), propagate=True)
            yield connection, said
        engine.dispose()


def test_one_savepoint_serves_for_all_tables_until_one_fails(asked: tuple[Connection, list[str]]) -> None:
    connection, said = asked
    schema = read_schema(connection)
    found = sample_tables(connection, schema, 10)
    assert [found.of(f"t{number}", "word") for number in range(1, 6)] == [[f"w{n}"] for n in range(1, 6)]
    assert said == ["set"]


def test_what_fails_is_noted_and_what_comes_after_it_is_read(asked: tuple[Connection, list[str]]) -> None:
    connection, said = asked
    schema = read_schema(connection)
    connection.exec_driver_sql("alter table t3 rename column word to gone")
    found = sample_tables(connection, schema, 10)
    assert found.unread == {"t3"}
    assert found.of("t5", "word") == ["w5"]
    assert said == ["set", "set"]
