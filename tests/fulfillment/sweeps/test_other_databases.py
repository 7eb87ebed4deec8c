"""Other databases than PostgreSQL are gone through alike."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from fulfillment.connectors import sql_sweeper
from fulfillment.connectors.base import CONNECTORS
from fulfillment.sweeps.engine import Stretch, Task, sweep
from tests.fulfillment.sweeps.crm import ANN
from tests.mariadb import MariadbServer

TABLES = """
create table notes (id integer primary key, words text, raw blob);
insert into notes values (1, 'von Änn Lee, ANN@example.org', null), (2, 'joann@example.org', null),
  (3, 'eyJlbWFpbCI6ICJhbm5AZXhhbXBsZS5vcmcifQ==', null), (4, 'Jo', null),
  (5, null, X'616e6e406578616d706c652e6f7267');
"""


def _keys(kind: str, settings: dict[str, Any]) -> list[int]:
    connector = CONNECTORS.get(kind).from_settings(settings)
    parts = [each for each in sweep(connector, Task(ANN, "CRM", "test")) if isinstance(each, Stretch)]
    assert [part.unread for part in parts if part.unread] == []
    return [found.key["id"] for part in parts for found in part.found]


@pytest.mark.parametrize("rows", [2, 100])
def test_a_sqlite_file_is_gone_through(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(sql_sweeper, "ROWS_A_STRETCH", rows)
    settings.SQLITE_FOLDERS = [str(tmp_path)]
    connection = sqlite3.connect(tmp_path / "crm.db")
    connection.executescript(TABLES)
    connection.close()
    assert _keys("sqlite", {"path": str(tmp_path / "crm.db")}) == [1, 3, 5]


@pytest.mark.parametrize("rows", [2, 100])
def test_a_mariadb_is_gone_through(
    mariadb: MariadbServer, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(sql_sweeper, "ROWS_A_STRETCH", rows)
    with mariadb.database(TABLES) as name:
        assert _keys("mariadb", {"url": mariadb.url(name)}) == [1, 3, 5]
