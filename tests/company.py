"""A small demo company, loaded once a run for whoever needs it: the whole cast and a hundred others."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from omne_dsar.demo.company import load
from omne_dsar.demo.company.world import World
from omne_dsar.demo.desk.manners import Manners
from omne_dsar.demo.desk.records import RecordsFile
from omne_dsar.demo.desk.server import DEMO_TOKEN, DeskServer
from tests.servers import TestServers

AS_OF = datetime(2026, 11, 22, 9, tzinfo=UTC)
READER_PASSWORD = "only-reads"


@dataclass(frozen=True)
class SmallCompany:
    world: World
    admin_url: str
    database: str
    folder: Path

    @property
    def erp_url(self) -> str:
        return make_conninfo(self.admin_url, dbname=self.database)

    @property
    def reader_url(self) -> str:
        return make_conninfo(self.erp_url, user=load.READER, password=READER_PASSWORD)

    @property
    def desk_file(self) -> Path:
        return self.folder / "desk.jsonl"

    @property
    def events_folder(self) -> Path:
        return self.folder / "events"


@contextmanager
def desk_of(company: SmallCompany, manners: Manners) -> Iterator[DeskServer]:
    """The company's help desk, serving in this process with these manners."""
    server = DeskServer(port=0, records=RecordsFile(company.desk_file), token=DEMO_TOKEN, manners=manners)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def small_world() -> World:
    return World(as_of=AS_OF, people=130)


@pytest.fixture(scope="session")
def company(
    small_world: World, running_servers: TestServers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallCompany]:
    database = f"demo_erp_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    made = SmallCompany(small_world, os.environ["DATABASE_URL"], database, tmp_path_factory.mktemp("demo"))
    load.load_erp(made.admin_url, reader_password=READER_PASSWORD, world=small_world, database=database)
    load.write_desk_data(made.desk_file, world=small_world)
    load.write_events(made.events_folder, world=small_world)
    yield made
    with psycopg.connect(made.admin_url, autocommit=True) as connection:
        connection.execute(f"drop database {database} with (force)")
