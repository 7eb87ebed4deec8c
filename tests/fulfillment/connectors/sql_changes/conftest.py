"""A shop of its own for every test."""

from collections.abc import Iterator

import pytest

from tests.databases import source_database
from tests.fulfillment.connectors.sql_changes.shop import TABLES, MariadbShop, Shop, SqliteShop
from tests.mariadb import MariadbServer
from tests.servers import TestServers


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    """On PostgreSQL."""
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)


@pytest.fixture
def mariadb_shop(mariadb: MariadbServer) -> Iterator[Shop]:
    """On MariaDB."""
    with mariadb.database(TABLES.format(json="json")) as name:
        yield MariadbShop(mariadb.url(name), mariadb, name)


@pytest.fixture(params=["postgresql", "mariadb", "sqlite"])
def any_shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """On each database that can be changed."""
    if request.param == "postgresql":
        yield request.getfixturevalue("shop")
        return
    if request.param == "sqlite":
        folder = request.getfixturevalue("tmp_path")
        request.getfixturevalue("settings").SQLITE_FOLDERS = [str(folder)]
        yield SqliteShop(folder / "shop.db")
        return
    yield request.getfixturevalue("mariadb_shop")
