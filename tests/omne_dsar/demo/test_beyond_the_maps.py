"""The demo company holds people where none of its maps leads: a sweep finds them, each as what it is."""

from collections import Counter
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict
from pytest_django import Settings

import omne_dsar.demo
from fulfillment.connectors.base import Connector
from fulfillment.connectors.kinds.object_store import ObjectStoreConnector
from fulfillment.connectors.kinds.postgresql import PostgresqlConnector
from fulfillment.connectors.kinds.rest_api import RestApiConnector
from fulfillment.datamaps.read import load_map_file
from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.engine import Stretch, Task, sweep
from fulfillment.traces.person import KnownPerson
from omne_dsar.demo.company import cast
from omne_dsar.demo.company.helpdesk import desk_records
from omne_dsar.demo.desk.manners import Manners
from omne_dsar.demo.desk.server import DEMO_TOKEN
from tests.company import READER_PASSWORD, SmallCompany, desk_of

MAPS = Path(omne_dsar.demo.__file__).parent / "maps"
Counted = Counter[tuple[str, str]]


def _beyond(connector: Connector, name: str, member: cast.Member) -> Counted:
    """The records beyond the map, by table and kind."""
    person = KnownPerson.by(("email", member.email), ("name", f"{member.given} {member.family}"))
    swept = sweep(connector, Task(person, name, "test", load_map_file(MAPS / f"{name}.yaml")))
    found = [each for part in swept if isinstance(part, Stretch) for each in part.found]
    return Counter((each.table, each.kind.value) for each in found if each.coverage is not Coverage.COVERED)


def _erp(company: SmallCompany) -> PostgresqlConnector:
    parts = conninfo_to_dict(company.reader_url)
    url = f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}"
    return PostgresqlConnector.from_settings({"url": url, "password": READER_PASSWORD})


def test_the_erp_holds_old_values_sessions_letters_a_household_a_namesake_and_a_mention(
    company: SmallCompany,
) -> None:
    found = _beyond(_erp(company), "omne_erp", cast.HOUSEMATE)
    assert found["legacy.customer_history", "own"] == 1
    assert found["legacy.web_sessions", "own"] == 1
    assert found["legacy.mail_archive", "own"] + found["legacy.mail_archive", "mention"] == 1
    assert found["legacy.loyalty_cards", "own"] == 1
    assert found["legacy.loyalty_cards", "shared"] == 1
    assert found["legacy.loyalty_cards", "namesake"] == 1
    assert found["support_cases", "mention"] >= 1, "somebody else's ticket speaks of her"


def test_what_a_member_of_staff_did_is_told_from_what_they_own(company: SmallCompany) -> None:
    found = _beyond(_erp(company), "omne_erp", cast.STAFF_CUSTOMER)
    assert found["legacy.customer_history", "own"] == 1
    assert found["legacy.customer_history", "mention"] >= 4, "others' rows that she wrote"


def test_files_that_no_pattern_names_hold_people_too(company: SmallCompany) -> None:
    events = ObjectStoreConnector.from_settings({"root": f"file://{company.events_folder}"})
    found = _beyond(events, "product_events", cast.HOUSEMATE)
    assert found == Counter({("other objects", "own"): 1, ("other objects", "mention"): 1})


def test_the_help_desk_is_walked_by_its_lists(company: SmallCompany, settings: Settings) -> None:
    records = list(desk_records(company.world))
    named = sum(
        f"{cast.STAR.email}" in str(record) and record.get("requester_email", "").lower() != cast.STAR.email
        for kind, record in records
        if kind == "tickets"
    )
    with desk_of(company, Manners(per_minute=0, error_every=0)) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.url.removeprefix("http://")]
        desk = RestApiConnector.from_settings({"base_url": server.url, "token": DEMO_TOKEN})
        found = _beyond(desk, "omne_desk", cast.STAR)
    mentions = sum(
        number for (table, kind), number in found.items() if table == "tickets" and kind != "namesake"
    )
    assert mentions == named
