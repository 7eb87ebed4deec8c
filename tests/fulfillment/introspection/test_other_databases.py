"""MariaDB and SQLite are looked at as PostgreSQL is: keys, references by name, identities, drift."""

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.sql import SqlConnector
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from fulfillment.introspection.drift import live_problems
from fulfillment.introspection.propose import propose_map
from tests.factories import NOON
from tests.mariadb import MariadbServer

TABLES = """
create table members (id integer primary key, email varchar(100), pwd_hash varchar(100), born date);
create table bookings (
    id integer primary key, member_id integer, note varchar(200), extra json,
    foreign key (member_id) references members (id)
);
create table visits (id integer primary key, memberId integer, ip varchar(40));
create table rates (percent integer);
create view brief as select id, email from members;
insert into members values (1, 'ann@example.org', 'x', '1980-01-01'), (2, 'bob@example.org', 'y', '1990-02-02');
insert into bookings values (1, 1, 'by the window', null), (2, 2, 'late', null);
insert into visits values (1, 1, '10.0.0.1'), (2, 2, '10.0.0.2');
"""


@pytest.fixture
def in_mariadb(mariadb: MariadbServer) -> Iterator[SqlConnector]:
    with mariadb.database(TABLES) as name:
        yield _connector("mariadb", {"url": mariadb.url(name)})


@pytest.fixture
def in_sqlite(tmp_path: Path, settings: Any) -> SqlConnector:
    settings.SQLITE_FOLDERS = [str(tmp_path)]
    path = tmp_path / "club.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(TABLES)
    return _connector("sqlite", {"path": str(path)})


@pytest.fixture(params=["in_mariadb", "in_sqlite"])
def connector(request: pytest.FixtureRequest) -> SqlConnector:
    found: SqlConnector = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def propose(connector: SqlConnector) -> Callable[[], DataMap]:
    return lambda: load_map(propose_map(connector, key="club", label="Club", sample=100, at=NOON))


def _connector(kind: str, values: dict[str, str]) -> SqlConnector:
    connector = CONNECTORS.get(kind).from_settings(values)
    assert isinstance(connector, SqlConnector)
    return connector


def test_what_is_there_is_proposed(propose: Callable[[], DataMap]) -> None:
    club = propose()
    assert [each.name for each in club.collections] == ["bookings", "members", "visits"]
    members = club.collection("members").by_name
    assert (members["id"].primary_key, members["email"].identity, members["pwd_hash"].secret) == (
        True,
        "email",
        True,
    )
    followed = {
        (each.name, field.name, reference.target, reference.direction)
        for each in club.collections
        for field in each.every_field()
        for reference in field.references
    }
    assert followed == {
        ("bookings", "member_id", "members.id", "from"),
        ("visits", "memberId", "members.id", "from"),
    }
    assert club.collection("visits").by_name["ip"].categories == ("user.device.ip_address",)
    assert set(club.unmapped) == {"brief", "rates"}


def test_a_fresh_proposal_differs_in_nothing(connector: SqlConnector, propose: Callable[[], DataMap]) -> None:
    assert live_problems(connector, propose()) == ()


def test_the_command_takes_the_address_of_a_file(in_sqlite: SqlConnector, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("introspect", f"sqlite:///{tmp_path}/club.sqlite", stdout=out, stderr=io.StringIO())
    assert load_map(out.getvalue()).key == "club"
