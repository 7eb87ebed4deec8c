"""The embedded servers start, survive kills, and stop without leaving anything behind."""

import contextlib
import json
import os
import signal
import socket
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

from omne_dsar.embedded import ports
from omne_dsar.embedded.errors import CannotStart
from omne_dsar.embedded.leftovers import end_leftovers
from omne_dsar.embedded.postgres import Postgres, binaries
from omne_dsar.embedded.servers import Servers
from omne_dsar.embedded.valkey import Valkey
from tests.crashes import crash
from tests.waiting import wait_until

# Works for years, on nothing but its own memory.
_ENDLESS = b"SELECT count(*) FROM " + b", ".join(
    b"generate_series(1, 100000) AS n%d" % each for each in range(4)
)


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


@pytest.mark.slow
def test_what_was_committed_survives_a_kill_of_postgres(servers: Servers) -> None:
    services = servers.start()
    with psycopg.connect(services.database_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('there')")

    crash(servers, "postgres")
    servers.start_postgres()

    with psycopg.connect(services.database_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("there",)]


def test_a_busy_backend_keeps_no_new_postmaster_out(servers: Servers) -> None:
    """It notices nothing: it never waits, and holds the shared memory of the postmaster that was killed."""
    services = servers.start()
    with contextlib.closing(psycopg.connect(services.database_url, autocommit=True)) as asking:
        backend = psutil.Process(asking.info.backend_pid)
        asking.execute("CREATE TABLE kept AS SELECT 1 AS n")
        asking.pgconn.send_query(_ENDLESS)
        before = backend.cpu_times().user
        wait_until(lambda: backend.cpu_times().user > before)
        servers.kill("postgres")
        assert backend.is_running()
        began = time.monotonic()
        servers.start_postgres()
        assert time.monotonic() - began < 10
        assert not backend.is_running() or backend.status() == psutil.STATUS_ZOMBIE
    with psycopg.connect(services.database_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(1,)]


def test_while_a_postmaster_lives_nothing_of_it_is_ended(servers: Servers, folder: Path) -> None:
    services = servers.start()
    program, elsewhere = binaries() / "postgres", folder / "other"
    elsewhere.mkdir()
    with psycopg.connect(services.database_url) as connection:
        assert end_leftovers(servers.postgres.data, program) == 0
        assert end_leftovers(elsewhere, program) == 0
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.slow
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


@pytest.mark.slow
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
    began = time.monotonic()
    first = servers.start()
    took = time.monotonic() - began
    with psycopg.connect(first.database_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    servers.stop()
    began = time.monotonic()
    second = servers.start()
    # Nothing is made anew; how long a start takes is the machine's matter.
    assert time.monotonic() - began < took + 5
    assert second == first
    with psycopg.connect(second.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_what_the_servers_say_is_kept_beside_their_data_and_shown_to_nobody(
    servers: Servers, capfd: pytest.CaptureFixture[str]
) -> None:
    services = servers.start()
    with psycopg.connect(services.database_url), contextlib.suppress(psycopg.OperationalError):
        servers.stop()
    assert capfd.readouterr() == ("", "")
    database, broker = servers.postgres.log, servers.valkey.log
    assert "terminating connection due to administrator command" in database.read_text()
    assert "bye bye" in broker.read_text()
    assert {log.stat().st_mode & 0o077 for log in (database, broker)} == {0}


@pytest.mark.slow
def test_every_start_begins_its_log_anew_and_keeps_the_one_before(servers: Servers) -> None:
    for _ in range(3):
        servers.start()
        servers.stop()
    for log in (servers.postgres.log, servers.valkey.log):
        assert {path.name for path in log.parent.glob("*.log*")} == {log.name, f"{log.name}.1"}
        assert log.read_text().lower().count("ready to accept connections") == 1


def test_a_statement_that_fails_leaves_nothing_of_itself_in_the_log(servers: Servers) -> None:
    services = servers.start()
    with psycopg.connect(services.database_url) as connection, pytest.raises(psycopg.Error):
        connection.execute("SELECT 'ada@example.org'::int")
    servers.stop()
    assert "ada@example.org" not in servers.postgres.log.read_text()


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_start_that_fails_names_the_log_and_quotes_its_end(servers: Servers, name: str) -> None:
    server: Postgres | Valkey = getattr(servers, name)
    start = {"postgres": servers.start_postgres, "valkey": servers.start_valkey}[name]
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, server.port))
        other.listen()
        with pytest.raises(CannotStart) as refusal:
            start()
    sentence, *lines = str(refusal.value).splitlines()
    assert sentence.endswith(f"did not start. The last lines of {server.log}:")
    assert any("Address already in use" in line for line in lines)
    assert len(lines) <= 12
