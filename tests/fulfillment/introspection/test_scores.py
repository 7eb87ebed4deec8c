"""Proposals for schemas named as real systems name theirs, scored against what is known of them.

The names are those that WordPress with WooCommerce, Discourse, Odoo and hand-made German and Spanish shops use; the
rows are made up. What a proposal misses or makes up is printed when a score falls.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.sql import SqlConnector
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.export import export_map
from fulfillment.datamaps.read import load_map, read_map
from fulfillment.introspection.propose import propose_map
from tests.databases import source_database
from tests.factories import NOON
from tests.fulfillment.introspection.scoring import NAMES, known_of, scores_of, statements_of
from tests.servers import TestServers

# Precision and recall that no schema may fall below; identities and secrets are where a miss would hurt.
LEAST = {"references": 0.9, "identities": 0.95, "secrets": 0.95, "tables": 0.95, "categories": 0.9}


def connector_for(url: str) -> SqlConnector:
    """A connector for the PostgreSQL at this address."""
    connector = CONNECTORS.get("postgresql").from_settings({"url": url})
    assert isinstance(connector, SqlConnector)
    return connector


def proposed(url: str, *, at: datetime = NOON, sample: int = 500) -> str:
    """The text of a proposal for the database at this address."""
    return propose_map(connector_for(url), key="known", label="Known", sample=sample, at=at)


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest, running_servers: TestServers) -> Iterator[tuple[str, str]]:
    """The name of a schema, and the proposal for it."""
    with source_database(statements_of(request.param)) as url:
        yield request.param, proposed(url)


@pytest.fixture
def name(case: tuple[str, str]) -> str:
    return case[0]


@pytest.fixture
def data_map(case: tuple[str, str]) -> DataMap:
    return load_map(case[1])


@pytest.mark.parametrize("what", sorted(LEAST))
def test_a_proposal_finds_what_is_there_and_little_else(name: str, data_map: DataMap, what: str) -> None:
    score = scores_of(data_map, known_of(name))[what]
    assert min(score.precision, score.recall) >= LEAST[what], f"{name}, {what}: {score}"


def test_no_way_leads_through_who_worked_on_a_row_and_pairs_of_type_and_id_lead_to_people_alone(
    name: str, data_map: DataMap
) -> None:
    """The pairs in these schemas stand beside an author, whose the row is where it is fixed to a thing."""
    people = {"res_partner.id", "res_users.id", "users.id"}
    followed = {
        f"{each.name}.{field.name}"
        for each in data_map.collections
        for field in each.every_field()
        if any(not (each.when and each.target in people) for each in field.references)
    }
    assert not followed & set(known_of(name).get("not_followed", ()))


def test_what_a_law_may_make_the_company_keep_is_pointed_at(name: str, data_map: DataMap) -> None:
    kept = {each.name for each in data_map.collections for part in each.proposed if part.what == "retention"}
    assert set(known_of(name).get("retention", ())) <= kept


def test_every_guess_has_a_reason_and_comes_back_from_a_round_trip(case: tuple[str, str]) -> None:
    data_map = load_map(case[1])
    guesses = [
        part for each in data_map.collections for field in each.every_field() for part in field.proposed
    ]
    assert len(guesses) > 20
    assert all(part.why and 0 < part.confidence <= 1 for part in guesses)
    assert load_map(export_map(data_map)) == data_map


def test_a_proposal_has_no_error(case: tuple[str, str]) -> None:
    assert not read_map(case[1]).has_errors


def test_no_sampled_value_stands_in_a_proposal(case: tuple[str, str]) -> None:
    held = (
        "@example",
        "Schmidt",
        "Sabine",
        "Maria Costa",
        "Anna Berg",
        "DE89",
        "12345678Z",
        "Lisbon",
        "$2y$",
    )
    assert [value for value in held if value in case[1]] == []
