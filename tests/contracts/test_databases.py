"""Every kind of database connector, run through one suite against a real database."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from sqlalchemy import NullPool, create_engine

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.errors import Fatal
from tests.contracts.databases import IndexContract, Place, SqlContract
from tests.databases import source_database
from tests.mariadb import MariadbServer
from tests.servers import TestServers


class TestPostgresql(SqlContract, IndexContract):
    folded = "create index i on people (lower(trim(email)))"
    others = ("create index i on people (lower(email), id)",)
    slow_view = "create view slow as select 1 as id, pg_sleep(60)::text as email"
    writing = Fatal

    @pytest.fixture(scope="class")
    @classmethod
    def database(cls, running_servers: TestServers) -> Iterator[Place]:
        with source_database("select 1") as url:
            engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
            yield Place(engine, CONNECTORS.get("postgresql").from_settings({"url": url}))
            engine.dispose()


class TestMariadb(SqlContract, IndexContract):
    folded = "alter table people add k varchar(100) as (lower(trim(email))) persistent;create index i on people (k)"
    others = (
        "create index i on people (email)",
        "alter table people modify email varchar(100) collate utf8mb4_unicode_520_ci;"
        "create unique index i on people (email(20), id)",
        "alter table people modify email varchar(100) collate utf8mb4_unicode_nopad_ci;"
        "create index i on people (email)",
    )
    slow_view = "create view slow as select 1 as id, cast(sleep(60) as char) as email"
    writing = Fatal

    @pytest.fixture(scope="class")
    @classmethod
    def database(cls, mariadb: MariadbServer) -> Iterator[Place]:
        with mariadb.database() as name:
            url = mariadb.url(name)
            engine = create_engine(url.replace("mariadb:", "mariadb+pymysql:"))
            yield Place(engine, CONNECTORS.get("mariadb").from_settings({"url": url}))
            engine.dispose()


class TestSqlite(SqlContract, IndexContract):
    folded = "create index i on people (lower(trim(email)))"
    others = (
        "create index i on people (lower( [email] ), id)",
        "create index i on people (email collate nocase)",
    )
    slow_view = """
        create view slow as
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000000000)
        select i as id, 'joann@x.org' || i as email from n
    """
    writing = Fatal

    @pytest.fixture(scope="class")
    @classmethod
    def database(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
        folder = tmp_path_factory.mktemp("sqlite")
        path = folder / "source.db"
        engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        with override_settings(SQLITE_FOLDERS=[str(folder)]):
            yield Place(engine, CONNECTORS.get("sqlite").from_settings({"path": str(path)}))
