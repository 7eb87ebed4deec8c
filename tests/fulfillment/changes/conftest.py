"""A store of its own for every test of changes, whose files can be counted, and a shop for those that ask for one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import source_database
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.servers import TestServers


@pytest.fixture(autouse=True)
def store_folder(settings: Any, tmp_path: Path) -> None:
    """The store of this test."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    """A shop on a PostgreSQL of its own."""
    with source_database(TABLES.format(json="jsonb")) as url:
        yield Shop(url)
