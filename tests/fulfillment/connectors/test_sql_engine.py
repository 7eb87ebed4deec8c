"""Connections to databases: kept for the next search for a while, tried before they are used, then closed."""

from typing import Any

import psycopg
import pytest

from fulfillment.connectors.base import Connector
from tests.fulfillment.connectors.asking import PEOPLE, found, tables
from tests.waiting import wait_until

NARROW = PEOPLE.replace(", %s", "")


@pytest.fixture(autouse=True)
def _kept(settings: Any) -> None:
    settings.SOURCE_CONNECTION_SECONDS = 1


def backend_of(connector: Connector[Any]) -> int:
    with connector.snapshot("The shop", purpose="OM-1") as connection:  # type: ignore[attr-defined]
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def is_there(address: str, backend: int) -> bool:
    with psycopg.connect(address) as connection:
        asked = connection.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend])
        return asked.fetchone() is not None


def test_the_next_search_goes_on_where_the_last_one_ended(postgresql: Connector[Any]) -> None:
    first = backend_of(postgresql)
    assert found(postgresql, tables(NARROW), "ann@x.org")["people"]
    assert backend_of(postgresql) == first


def test_a_source_that_nobody_asks_holds_no_connection(postgresql: Connector[Any], address: str) -> None:
    backend = backend_of(postgresql)
    assert is_there(address, backend)
    wait_until(lambda: not is_there(address, backend), seconds=20)


def test_a_connection_that_was_cut_meanwhile_is_opened_anew(postgresql: Connector[Any], address: str) -> None:
    first = backend_of(postgresql)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", [first])
    assert backend_of(postgresql) != first


def test_nothing_of_a_search_is_left_in_the_session(postgresql: Connector[Any]) -> None:
    asked = "SELECT current_setting('application_name'), current_setting('statement_timeout')"
    backend_of(postgresql)
    with postgresql.snapshot("The shop", purpose="OM-2") as connection:  # type: ignore[attr-defined]
        name, _ = connection.exec_driver_sql(asked).one()
        raw = connection.connection.driver_connection
    assert name == "omne-dsar OM-2"
    with psycopg.connect(raw.info.dsn, password=raw.info.password) as fresh:
        plain = fresh.execute(asked).fetchone()
    assert raw.execute(asked).fetchone() == plain
    raw.rollback()
