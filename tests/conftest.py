"""What every test can ask for: a database, a broker, a real worker, a mailbox."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import redis
from django.test import TransactionTestCase
from kombu import pools
from pytest_django import DjangoDbBlocker

from omne_dsar.celery import app as celery_app
from tests.browser import chromium, visitor
from tests.company import company, small_world
from tests.invariants import check_privacy
from tests.mailbox import Mailbox
from tests.mariadb import MariadbServer, binary
from tests.migrated import MigratedDatabase
from tests.servers import (
    TestServers,
    broker_url,
    database_url,
    drop_the_pristine_copy,
    keep_a_pristine_copy,
    point_django_at_the_database,
    restore_the_database,
)
from tests.worker import RealWorker

if TYPE_CHECKING:
    from tests.s3_server import S3Server

# The inherited contract lies outside of tests/, and shall explain its failures all the same.
pytest.register_assert_rewrite("fulfillment.connectors.contract.suite")

__all__ = ["chromium", "company", "small_world", "visitor"]  # fixtures that every folder may ask for

# A shared machine may stand still for a second: how long drawing an example takes says nothing about the product.
hypothesis.settings.register_profile(
    "shared machine", suppress_health_check=[hypothesis.HealthCheck.too_slow], deadline=None
)
hypothesis.settings.load_profile("shared machine")

_servers = pytest.StashKey[TestServers]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers ahead of the processes of a parallel run, which inherit their addresses."""
    config.stash[_servers] = TestServers()
    if getattr(config.option, "numprocesses", None):
        config.stash[_servers].start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers that this process started."""
    config.stash[_servers].stop()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.get("OMNE_TESTS_VAR", ""), ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything is required, a test that was skipped is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("OMNE_REQUIRE_ALL") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("Skipped tests are failures here: OMNE_REQUIRE_ALL is set.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_collection_finish() -> None:
    """Spare the collector what stands until the end: thousands of tests and every module."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def running_servers(pytestconfig: pytest.Config) -> TestServers:
    """PostgreSQL and Valkey, started when the first test asks."""
    servers = pytestconfig.stash[_servers]
    servers.start()
    return servers


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariadbServer]:
    """A MariaDB, started when the first test asks."""
    if binary() is None:
        pytest.skip("mariadbd is missing: `python3 omne_dsar/system_parts.py databases` installs or names it")
    server = MariadbServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def s3() -> "Iterator[S3Server]":
    """An object store that speaks S3, loaded and started when the first test asks: the library takes its time."""
    with import_module("tests.s3_server").s3_server() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    running_servers: TestServers,
    migrated: MigratedDatabase,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Give pytest-django the embedded database; each process of a parallel run has one of its own."""
    point_django_at_the_database()
    migrated.take()


@pytest.fixture(scope="session")
def migrated() -> MigratedDatabase:
    """What was migrated before, by another process or an earlier run."""
    return MigratedDatabase()


@pytest.fixture(scope="session")
def django_db_setup(
    migrated: MigratedDatabase, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Keep a copy of the migrated database, which each test that really commits is followed by."""
    with django_db_blocker.unblock():
        migrated.keep()
        keep_a_pristine_copy()
    TransactionTestCase._fixture_teardown = lambda self: restore_the_database()  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        drop_the_pristine_copy()


@pytest.fixture(autouse=True)
def ledger_folder(tmp_path: Path, settings: Any) -> None:
    """A ledger of its own for every test: what one erased, no other erases again."""
    settings.LEDGER_URL = f"file://{tmp_path}/ledger"


@pytest.fixture
def broker_address(running_servers: TestServers) -> str:
    """Where the broker is; a test that kills its broker brings one of its own."""
    return broker_url()


@pytest.fixture
def broker(broker_address: str) -> Iterator[redis.Redis]:
    """An empty broker that tasks are really sent to."""
    client = redis.Redis.from_url(broker_address)
    client.flushdb()
    before = celery_app.conf.broker_url
    _send_tasks_to(broker_address)
    yield client
    _send_tasks_to(before)
    client.close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that keeps what it is given."""
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def worker_environment() -> dict[str, str]:
    """What a test wants its workers' environment to say; override it, or change it before they are hired."""
    return {}


@pytest.fixture
def hire_worker(
    transactional_db: None,
    broker: redis.Redis,
    broker_address: str,
    mailbox: Mailbox,
    worker_environment: dict[str, str],
    tmp_path: Path,
) -> Iterator[Callable[..., RealWorker]]:
    """Real Celery workers on the test's database and broker; each can be killed and started again.

    `hire(app=…, environment=…, options=…)` has one that differs.
    """
    hired: list[RealWorker] = []

    def hire(**more: Any) -> RealWorker:
        worker = RealWorker(
            **{"database_url": database_url(), "environment": worker_environment, **more},
            broker_url=broker_address,
            mail_port=mailbox.port,
            log=tmp_path / f"worker{len(hired) + 1}.log",
        )
        hired.append(worker)
        worker.start()
        return worker

    yield hire
    for worker in hired:
        worker.stop()
    check_privacy(broker, *(worker.log for worker in hired))


@pytest.fixture
def worker(hire_worker: Callable[[], RealWorker]) -> RealWorker:
    """One such worker, at work."""
    return hire_worker()


def _send_tasks_to(url: str) -> None:
    """Celery keeps its connections once made: have it make new ones."""
    celery_app.conf.broker_url = celery_app.conf.broker_read_url = celery_app.conf.broker_write_url = url
    pools.reset()
    celery_app._pool = None
    celery_app.amqp._producer_pool = None
