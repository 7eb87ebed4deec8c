"""A shop of its own for every test, and a store whose files can be counted."""

from collections.abc import Iterator

import pytest

from tests.databases import source_database
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.servers import TestServers


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)
