"""What stands inside JSON columns is proposed with its category, how sure it is and why; and can be searched so."""

from collections.abc import Iterator

import pytest

from fulfillment.connectors.base import CONNECTORS
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from fulfillment.introspection.accept import Decision, merged
from fulfillment.introspection.compare import Kind, compare
from tests.databases import source_database
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.introspection.test_scores import proposed
from tests.servers import TestServers

TABLES = r"""
create schema legacy;
create table customers (id integer primary key, email text unique, first_name text, last_name text);
insert into customers select n, 'user' || n || '@example.org', 'Ann', 'Lee' from generate_series(1, 40) n;
create table legacy.customer_history (id bigint primary key, changed_at timestamptz not null,
  changed_by text not null, before jsonb not null, after jsonb not null);
insert into legacy.customer_history
  select n, now(), 'clerk@omne.example',
    jsonb_build_object('name', 'Ann Lee', 'email', 'user' || n || '@example.org', 'phone', '+49 30 ' || 1000000 + n),
    jsonb_build_object('name', 'Ann Lee', 'email', 'user' || n || '@example.org', 'phone', '+49 30 ' || 2000000 + n)
  from generate_series(1, 40) n;
create table events (id integer primary key, at timestamptz, what text, payload jsonb);
insert into events
  select n, now(), 'seen', jsonb_build_object('who', 'user' || n || '@example.org', 'customer_id', n,
    'Jonathan', 'user' || n || '@example.org',
    'items', jsonb_build_array(
      jsonb_build_object('email', 'user' || n - 1 || '@example.org', 'name', 'Anna Lee'),
      jsonb_build_object('email', 'x' || n || '@example.org', 'name', 'Ben Lee')),
    'cc', jsonb_build_array('user' || n - 2 || '@example.org', 'y@example.org'))
  from generate_series(1, 40) n;
"""
WITHOUT_JSON = """
dataset:
- fides_key: known
  name: Known
  meta: {omne: {label: Known, collections: {events: {}}}}
  collections:
  - name: events
    fields: [{name: id}, {name: contact, fides_meta: {identity: email}}, {name: payload}]
"""
WRONG = """, {name: payload, fides_meta: {data_type: object}, fields: [
      {name: items, fides_meta: {data_type: "object[]"}, fields: [
        {name: email, data_categories: [user.financial]}]}]}]
"""


@pytest.fixture
def address(running_servers: TestServers) -> Iterator[str]:
    with source_database(TABLES) as url:
        yield url


@pytest.fixture
def guessed(address: str) -> DataMap:
    return load_map(proposed(address))


def _said(guessed: DataMap, place: str) -> dict[str, tuple[str, float, str]]:
    """What is proposed for a field: by what it is about, the value, how sure, and why."""
    found = guessed.find_field(place)
    assert found is not None, f"{place} is not proposed"
    return {each.what: (each.value, each.confidence, each.why) for each in found[1].proposed}


def test_names_addresses_and_ids_inside_json_are_proposed_with_how_sure_and_why(guessed: DataMap) -> None:
    history = "legacy.customer_history"
    for column in ("before", "after"):
        value, sure, why = _said(guessed, f"{history}.{column}.email")["category"]
        assert (value, sure) == ("user.contact.email", 0.98)
        assert "40 of 40 sampled values" in why
        assert _said(guessed, f"{history}.{column}.email")["identity"][0] == "email"
        value, sure, why = _said(guessed, f"{history}.{column}.name")["category"]
        assert (value, why) == ("user.name", "the name says “name”")
        assert 0.5 <= sure < 0.98
        assert _said(guessed, f"{history}.{column}.phone")["category"][0] == "user.contact.phone_number"
    assert _said(guessed, "events.payload.customer_id")["reference"][0] == "customers.id"


def test_a_key_that_no_list_knows_is_judged_by_what_nearly_every_value_holds_there(
    guessed: DataMap,
) -> None:
    assert _said(guessed, "events.payload.who")["identity"][0] == "email"


def test_elements_of_lists_are_proposed_as_such(guessed: DataMap) -> None:
    fields = guessed.collection("events").by_name
    assert fields["payload.items"].data_type == "object[]"
    assert _said(guessed, "events.payload.items.email")["identity"][0] == "email"
    assert _said(guessed, "events.payload.items.name")["category"][0] == "user.name"
    assert (fields["payload.cc"].data_type, fields["payload.cc"].identity) == ("string[]", "email")


def test_a_key_that_is_somebodys_name_or_address_is_never_written_down(
    guessed: DataMap, address: str
) -> None:
    written = proposed(address)
    for secret in ("Jonathan", "user7", "Anna Lee"):
        assert secret not in written


def test_what_is_proposed_can_be_searched_as_it_is(guessed: DataMap, address: str) -> None:
    connector = CONNECTORS.get("postgresql").from_settings({"url": address})
    rows = found(connector, guessed, "user4@example.org")
    assert [row["id"] for row in rows["legacy.customer_history"]] == [4]
    assert sorted(row["id"] for row in rows["events"]) == [4, 5, 6]


def test_the_review_shows_each_value_inside_json_and_takes_only_what_was_accepted(guessed: DataMap) -> None:
    in_force = load_map(WITHOUT_JSON)
    changes = {(each.collection, each.field): each for each in compare(guessed, in_force).every}
    inside = changes["legacy.customer_history", "before.name"]
    assert (inside.kind, inside.category, inside.percent) == (Kind.ADDED, "user.name", 70)
    wanted = [("legacy.customer_history", name) for name in ("id", "before.name", "after", "after.email")]
    wanted += [("events", "payload.items.email")]
    taken = merged(
        in_force,
        guessed,
        [(changes[each], Decision(accepted=True, category=changes[each].category)) for each in wanted],
    )
    after = load_map(taken)
    assert set(after.collection("legacy.customer_history").by_name) == {
        "id",
        "before",
        "before.name",
        "after",
        "after.email",
    }
    events = after.collection("events").by_name
    assert events["payload.items"].data_type == "object[]"
    assert events["payload.items.email"].identity == "email"
    assert "payload.who" not in events

    # What was accepted is no news any more; what was not still is.
    left = {(each.collection, each.field) for each in compare(guessed, after).every}
    assert left.isdisjoint(wanted)
    assert ("legacy.customer_history", "before.email") in left


def test_another_category_of_a_value_inside_json_takes_the_place_of_the_old_one(guessed: DataMap) -> None:
    wrong = WITHOUT_JSON.replace(", {name: payload}]\n", WRONG)
    in_force = load_map(wrong)
    (change,) = [each for each in compare(guessed, in_force).every if each.field == "payload.items.email"]
    assert (change.kind, change.was, change.category) == (
        Kind.CHANGED,
        "user.financial",
        "user.contact.email",
    )
    after = load_map(merged(in_force, guessed, [(change, Decision(True, change.category))]))
    assert after.collection("events").by_name["payload.items.email"].categories == ("user.contact.email",)
