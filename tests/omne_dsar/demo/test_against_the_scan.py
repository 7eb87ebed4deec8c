"""The product's connectors, with the demo's maps, find exactly what the plain scan finds."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from pytest_django import Settings

import omne_dsar.demo
from fulfillment.connectors.base import CollectionDone, Connector
from fulfillment.connectors.kinds.object_store import ObjectStoreConnector
from fulfillment.connectors.kinds.postgresql import PostgresqlConnector
from fulfillment.connectors.kinds.rest_api import RestApiConnector
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.read import load_map_file
from omne_dsar.demo.company import cast
from omne_dsar.demo.desk.manners import Manners
from omne_dsar.demo.desk.records import RecordsFile
from omne_dsar.demo.desk.server import DEMO_TOKEN, DeskServer
from omne_dsar.demo.scan import count_person
from tests.company import READER_PASSWORD, SmallCompany

MAPS = Path(omne_dsar.demo.__file__).parent / "maps"
TRIED = (cast.STAR, cast.BUSY, cast.ANN, cast.UNDERSCORE, cast.OFFICE, cast.STAFF_CUSTOMER, cast.ARABIC)


@pytest.fixture
def desk_url(company: SmallCompany, settings: Settings) -> Iterator[str]:
    manners = Manners(per_minute=0, error_every=20)
    server = DeskServer(port=0, records=RecordsFile(company.desk_file), token=DEMO_TOKEN, manners=manners)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    settings.OUTBOUND_ALLOWED_HOSTS = [server.url.removeprefix("http://")]
    yield server.url
    server.shutdown()
    server.server_close()
    thread.join()


def counts(connector: Connector, name: str, email: str) -> dict[str, int]:
    query = SubjectQuery((Identity("email", email),), "test")
    found = connector.search(query, load_map_file(MAPS / f"{name}.yaml"))
    return {each.collection: each.count for each in found if isinstance(each, CollectionDone) and each.count}


def erp(company: SmallCompany) -> PostgresqlConnector:
    parts = conninfo_to_dict(company.reader_url)
    url = f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}"
    return PostgresqlConnector.from_settings({"url": url, "password": READER_PASSWORD})


@pytest.mark.parametrize("email", [*(member.email for member in TRIED), cast.UNKNOWN_EMAIL])
def test_the_connectors_find_what_the_plain_scan_finds(
    company: SmallCompany, desk_url: str, email: str
) -> None:
    desk = RestApiConnector.from_settings({"base_url": desk_url, "token": DEMO_TOKEN})
    events = ObjectStoreConnector.from_settings({"root": f"file://{company.events_folder}"})

    assert {
        "omne_erp": counts(erp(company), "omne_erp", email.upper()),
        "omne_desk": counts(desk, "omne_desk", email.upper()),
        "product_events": counts(events, "product_events", email.upper()),
    } == count_person(
        email,
        erp_url=company.reader_url,
        desk_file=company.desk_file,
        events_folder=company.events_folder,
    )
