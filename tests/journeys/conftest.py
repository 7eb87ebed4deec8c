"""What the journeys share: a store of their own, the small company connected, its people at their browsers."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import conninfo_to_dict
from pytest_django import Settings

from fulfillment.sources.connect import connect_source
from omne_dsar import environment
from omne_dsar.demo.company.load import CHANGER
from omne_dsar.demo.desk.manners import Manners
from omne_dsar.demo.desk.server import DEMO_TOKEN
from omne_dsar.demo.sources import MAPS
from omne_dsar.embedded.servers import Servers
from tests.company import READER_PASSWORD, SmallCompany, desk_of
from tests.factories import NOON, SYSTEM
from tests.gated_shop import GatedShop
from tests.mailbox import Mailbox, text_of
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def store_folder(settings: Settings, tmp_path: Path) -> Path:
    """The store of this test alone: its files can be counted."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    return tmp_path / "store"


@pytest.fixture
def reach(settings: Settings, worker_environment: dict[str, str]) -> Callable[[str], None]:
    """Let the product, here and in workers hired from now on, reach a host of this machine."""
    settings.OUTBOUND_ALLOWED_HOSTS = []

    def allow(url: str) -> None:
        settings.OUTBOUND_ALLOWED_HOSTS.append(url.removeprefix("http://"))
        worker_environment["OUTBOUND_ALLOWED_HOSTS"] = ",".join(settings.OUTBOUND_ALLOWED_HOSTS)

    return allow


@pytest.fixture
def own_postgres(transactional_db: None) -> Iterator[Servers]:
    """A PostgreSQL that minds its disk, migrated, in place of the one that all tests share."""
    folder = Path(tempfile.mkdtemp(prefix="omne-crash-"))
    folder.chmod(0o755)
    servers = Servers(folder, durable=True)
    servers.start_postgres()
    servers.postgres.create_accounts()
    theirs = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    found = environment.database(servers.postgres.url)
    connection.close()
    connection.settings_dict.update({name: found[name] for name in theirs})
    call_command("migrate", verbosity=0)
    yield servers
    connection.close()
    connection.settings_dict.update(theirs)
    servers.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def gated_shop(reach: Callable[[str], None]) -> Iterator[GatedShop]:
    """A shop that waits at its gate."""
    with GatedShop() as shop:
        reach(shop.url)
        yield shop


@pytest.fixture
def desk_url(company: SmallCompany, reach: Callable[[str], None]) -> Iterator[str]:
    """The help desk over HTTP, which now and then answers 500."""
    with desk_of(company, Manners(per_minute=0, error_every=20)) as desk:
        reach(desk.url)
        yield desk.url


@pytest.fixture
def connected_company(transactional_db: None, company: SmallCompany, desk_url: str) -> SmallCompany:
    """The three systems of the company, connected with the demo's maps."""
    parts = conninfo_to_dict(company.reader_url)
    erp_url = f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}"
    erp = {"url": erp_url, "password": READER_PASSWORD}
    changer_url = erp_url.replace(str(parts["user"]), CHANGER, 1)
    for key, kind, values in (
        ("omne_erp", "postgresql", {**erp, "change_url": changer_url, "change_password": READER_PASSWORD}),
        ("omne_desk", "rest_api", {"base_url": desk_url, "token": DEMO_TOKEN}),
        ("product_events", "object_store", {"root": f"file://{company.events_folder}"}),
    ):
        map_yaml = (MAPS / f"{key}.yaml").read_text(encoding="utf-8")
        connect_source(key=key, kind=kind, label="", settings=values, map_yaml=map_yaml, by=SYSTEM, at=NOON)
    return company


class OpenedPost:
    """The test's mailbox as the people of the demo's journey read theirs."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def seen(self, address: str) -> frozenset[str]:
        return frozenset(str(mail["Message-ID"]) for mail in self._mailbox.sent_to(address))

    def new_code(self, address: str, *, subject_has: str, seen: frozenset[str]) -> str:
        found: list[str] = []

        def a_code_came() -> list[str]:
            for mail in self._mailbox.sent_to(address):
                code = re.search(r"^ {4}([2-9A-Z]{8})\r?$", text_of(mail), re.MULTILINE)
                if code and subject_has in str(mail["Subject"]) and str(mail["Message-ID"]) not in seen:
                    found.append(code[1])
            return found

        wait_until(a_code_came)
        return found[-1]


@pytest.fixture
def post(mailbox: Mailbox) -> OpenedPost:
    return OpenedPost(mailbox)
