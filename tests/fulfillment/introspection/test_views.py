"""Proposals and coverage at the desk."""

from collections.abc import Iterator

import psycopg
import pytest
from django.test import Client

from fulfillment.introspection.look import ask_for_look, look_at_source
from fulfillment.introspection.models import MapProposal
from fulfillment.introspection.propose import propose_map
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import source_by_key
from requests_app.leases.models import WorkState
from requests_app.roles import Role
from tests.databases import source_database
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, rosa, staff
from tests.fulfillment.introspection.test_scores import connector_for
from tests.servers import TestServers
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db

TABLES = """
create table customers (id integer primary key, email text, name text);
insert into customers values (1, 'canary@x.example', 'Canary Bird');
"""
CHANGES = """
alter table customers add column phone_number text, drop column name;
insert into customers select n, 'p' || n || '@x.example', '+49 30 1234' || n from generate_series(10, 30) n;
create table rates (percent integer);
"""


@pytest.fixture
def address(running_servers: TestServers) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


@pytest.fixture
def source(address: str) -> DataSource:
    """A database whose map was proposed and taken as it is, and that has changed since."""
    text = propose_map(connector_for(address), key="crm", label="Customers", sample=10, at=NOON)
    settings = {"url": address}
    found = connect_source(
        key="crm", kind="postgresql", label="Customers", settings=settings, map_yaml=text, by=SYSTEM, at=NOON
    )
    with psycopg.connect(address) as connection:
        connection.execute(CHANGES)
    return found


@pytest.fixture
def looked(source: DataSource) -> MapProposal:
    row = ask_for_look(source=source, by=SYSTEM, at=NOON)
    look_at_source(look_id=row.pk, at=NOON)
    row.refresh_from_db()
    return row


@pytest.fixture
def owner() -> Client:
    return signed_in(staff("Inês", Role.SOURCE_OWNER))


def page_of(client: Client) -> str:
    return client.get("/staff/sources/crm/changes/").content.decode()


def number_of(page: str, name: str) -> str:
    """The number of the line about a column, as its fields carry it."""
    row = page.partition(f'<span class="mono">{name}</span>')[2]
    return row.partition('name="ok-')[2].partition('"')[0]


def test_a_look_is_asked_for_and_waits_for_a_worker(owner: Client, source: DataSource) -> None:
    page = owner.post("/staff/sources/crm/look/", follow=True).content.decode()
    assert "The source is being looked at" in page
    assert owner.post("/staff/sources/crm/look/").status_code == 302
    assert MapProposal.objects.count() == 1


def test_the_diff_is_shown_with_how_sure_and_why(owner: Client, looked: MapProposal) -> None:
    page = page_of(owner)
    assert looked.work_state == WorkState.DONE
    assert 'value="user.contact.phone_number"' in page
    assert "sampled values" in page
    assert "The column is not there any more." in page
    assert "rates" in page
    assert "canary" not in page.lower()
    assert "1234" not in page


def test_what_is_accepted_becomes_the_next_version_and_the_rest_stays(
    owner: Client, looked: MapProposal
) -> None:
    line = number_of(page_of(owner), "phone_number")
    typed = {"against": "1", f"ok-{line}": "on", f"category-{line}": "user.contact", "save": "yes"}
    page = owner.post("/staff/sources/crm/changes/", typed, follow=True).content.decode()
    assert "Version 2 of this map is in force." in page
    fields = source_by_key("crm").map_in_force.data_map.collection("customers").by_name
    assert fields["phone_number"].categories == ("user.contact",)
    assert "name" in fields
    assert "These proposals were decided." in page_of(owner)


def test_what_is_gone_goes_only_when_somebody_says_so(owner: Client, looked: MapProposal) -> None:
    line = number_of(page_of(owner), "name")
    owner.post("/staff/sources/crm/changes/", {"against": "1", f"ok-{line}": "on", "save": "yes"})
    assert "name" not in source_by_key("crm").map_in_force.data_map.collection("customers").by_name


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"against": "1", "save": "yes"}, 409, "Nothing is accepted yet"),
        ({"against": "7", "save": "yes"}, 409, "Another map is in force"),
    ],
)
def test_what_cannot_be_saved_is_said(
    owner: Client, looked: MapProposal, typed: dict[str, str], status: int, words: str
) -> None:
    answer = owner.post("/staff/sources/crm/changes/", typed)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert source_by_key("crm").map_in_force.number == 1


def test_a_category_that_fideslang_does_not_know_is_not_taken(owner: Client, looked: MapProposal) -> None:
    line = number_of(page_of(owner), "phone_number")
    typed = {"against": "1", f"ok-{line}": "on", f"category-{line}": "user.fone", "save": "yes"}
    answer = owner.post("/staff/sources/crm/changes/", typed)
    assert answer.status_code == 422
    assert "no data category “user.fone”" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_source_that_does_not_answer_is_tried_again_and_then_left(source: DataSource) -> None:
    DataSource.objects.filter(pk=source.pk).update()
    source.settings_sealed = {"url": "postgresql://me:hush@127.0.0.1:1/gone"}
    source.save(update_fields=["settings_sealed"])
    row = ask_for_look(source=source, by=SYSTEM, at=NOON)
    for _ in range(3):
        MapProposal.objects.filter(pk=row.pk).update(next_attempt_at=NOON)
        look_at_source(look_id=row.pk, at=NOON)
    row.refresh_from_db()
    assert row.work_state == WorkState.DEAD
    assert "cannot be reached" in row.last_error
    assert "hush" not in row.last_error


def test_only_who_manages_sources_may_look_and_decide(looked: MapProposal) -> None:
    worker = signed_in(rosa())
    assert worker.get("/staff/sources/crm/changes/").status_code == 403
    assert worker.post("/staff/sources/crm/look/").status_code == 403


def test_what_is_no_database_is_mapped_by_hand(owner: Client) -> None:
    connect_shop()
    assert (
        "its map is written by hand" in owner.post("/staff/sources/shop/look/", follow=True).content.decode()
    )
    assert "What changed" not in owner.get("/staff/sources/shop/").content.decode()


def test_the_coverage_shows_holes_and_what_no_map_mentions(owner: Client, looked: MapProposal) -> None:
    connect_shop()
    page = owner.get("/staff/coverage/").content.decode()
    assert "By no source" in page
    assert '<span class="mono">customers</span>: phone_number' in page
    assert "not looked at yet" in page


def test_a_case_worker_reads_the_coverage_and_an_empty_desk_says_how_to_begin() -> None:
    assert "No source is connected yet" in signed_in(rosa()).get("/staff/coverage/").content.decode()


def test_what_nobody_looked_at_is_not_counted_as_nothing(owner: Client) -> None:
    connect_shop()
    page = owner.get("/staff/coverage/").content.decode()
    assert "no source was looked at yet" in page
    assert "<dd>0<small>columns" not in page
