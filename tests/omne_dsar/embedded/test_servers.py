"""The embedded servers start, survive kills, and stop without leaving anything behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from omne_dsar.embedded.servers import Servers


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder the server's own account can reach: the ones pytest gives are for one user only."""
    with tempfile.TemporaryDirectory(prefix="omne-servers-") as folder:
        yield Path(folder)


@pytest.fixture
def servers(folder: Path) -> Iterator[Servers]:
    """Servers that mind the disk, as the demo's do."""
    servers = Servers(folder, durable=True)
    yield servers
    servers.stop()


def test_what_was_committed_survives_a_kill_of_postgres(servers: Servers) -> None:
    services = servers.start()
    with psycopg.connect(services.database_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('there')")

    servers.kill("postgres")
    servers.start_postgres()

    with psycopg.connect(services.database_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("there",)]


def test_what_was_sent_survives_a_kill_of_the_broker(servers: Servers) -> None:
    services = servers.start()
    redis.Redis.from_url(services.redis_url).rpush("queue", "message")

    servers.kill("valkey")
    servers.start_valkey()

    assert redis.Redis.from_url(services.redis_url).lrange("queue", 0, -1) == [b"message"]


def test_the_products_role_is_no_superuser_and_needs_its_password(servers: Servers) -> None:
    services = servers.start()
    with psycopg.connect(services.database_url) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False,)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(services.database_url.replace(servers.postgres.password, "wrong"))


def test_the_servers_stop_when_the_process_that_started_them_is_killed(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "omne_dsar.embedded", "services", str(folder), "--careless"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as starter:
        assert starter.stdout is not None
        services = json.loads(starter.stdout.readline())
        started = psutil.Process(starter.pid).children(recursive=True)
        os.kill(starter.pid, signal.SIGKILL)
    assert services["database_url"].startswith("postgresql://")
    assert len(started) >= 2
    _gone, alive = psutil.wait_procs(started, timeout=10)
    assert alive == []


def test_a_stopped_server_keeps_its_data_and_its_password(servers: Servers) -> None:
    first = servers.start()
    with psycopg.connect(first.database_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    servers.stop()
    before = time.monotonic()
    second = servers.start()
    assert time.monotonic() - before < 5
    assert second == first
    with psycopg.connect(second.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
