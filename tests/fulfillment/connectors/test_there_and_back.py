"""Several addresses of one person in a table of their own: any of them leads to the person and to all the others."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.changing import ChangeOrder, Operation
from fulfillment.datamaps.read import load_map
from tests.fulfillment.connectors.asking import ends, found, query
from tests.fulfillment.connectors.three_databases import DATABASES, connected

MAP = """
dataset:
  - fides_key: forum
    name: Forum
    collections:
      - name: addresses
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: person_id
            fides_meta:
              references:
                - {dataset: forum, field: people.id, direction: to}
                - {dataset: forum, field: people.id, direction: from}
          - {name: email, fides_meta: {identity: email}}
      - name: people
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: name}
      - name: bounces
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: address_id
            fides_meta: {references: [{dataset: forum, field: addresses.id, direction: from}]}
    meta:
      omne:
        collections:
          addresses: {erase: delete}
          people: {erase: delete}
          bounces: {erase: delete}
"""
TABLES = """
create table people (id integer primary key, name varchar(80));
insert into people values (1, 'Ann'), (2, 'Joann');
create table addresses (id integer primary key, person_id integer references people (id), email varchar(80));
insert into addresses values (1, 1, 'Ann@x.org'), (2, 1, 'old@x.org'), (3, 2, 'joann@x.org'), (4, null, 'ann@x.org');
create table bounces (id integer primary key, address_id integer references addresses (id));
insert into bounces values (1, 1), (2, 2), (3, 3);
"""
ROWS: dict[str, list[dict[str, Any]]] = {
    "people": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Joann"}],
    "addresses": [
        {"id": 1, "person_id": 1, "email": "Ann@x.org"},
        {"id": 2, "person_id": 1, "email": "old@x.org"},
        {"id": 3, "person_id": 2, "email": "joann@x.org"},
        {"id": 4, "person_id": None, "email": "ann@x.org"},
    ],
    "bounces": [{"id": 1, "address_id": 1}, {"id": 2, "address_id": 2}, {"id": 3, "address_id": 3}],
}
ANNS = {"addresses": [1, 2, 4], "people": [1], "bounces": [1, 2]}
BY_THE_OLD_ONE = {**ANNS, "addresses": [1, 2]}


def _ids(connector: Connector[Any], document: str, email: str) -> dict[str, list[int]]:
    rows = found(connector, load_map(document), email)
    return {name: sorted(row["id"] for row in given) for name, given in rows.items()}


def _tells_it_right(connector: Connector[Any], document: str) -> None:
    assert _ids(connector, document, "ann@x.org") == ANNS
    assert _ids(connector, document, "OLD@x.org") == BY_THE_OLD_ONE
    assert _ids(connector, document, "joann@x.org") == {"addresses": [3], "people": [2], "bounces": [3]}
    assert {name: end.count for name, end in ends(connector, load_map(document), "ann@x.org").items()} == {
        name: len(given) for name, given in ANNS.items()
    }


@pytest.mark.parametrize("kind", DATABASES)
def test_a_database_gives_every_address_once_and_deletes_them_with_the_person(
    kind: str, request: pytest.FixtureRequest
) -> None:
    with connected(kind, TABLES, request) as connector:
        _tells_it_right(connector, MAP)
        estimates = connector.estimate(query("ann@x.org"), load_map(MAP))
        assert {each.collection for each in estimates} in ({"addresses", "people", "bounces"}, set())
        order = ChangeOrder(
            key="task-1",
            operation=Operation.ERASE,
            query=query("old@x.org"),
            collections=("addresses", "people", "bounces"),
            at=datetime(2026, 3, 2, tzinfo=UTC),
            secret=b"secret",
        )
        assert connector.preflight(order, load_map(MAP)).problems == ()
        receipt = connector.change(order, load_map(MAP), note=lambda _noted: None)
        assert {line.collection: line.rows for line in receipt.lines} == {
            "addresses": 2,
            "people": 1,
            "bounces": 2,
        }
        assert _ids(connector, MAP, "ann@x.org") == {"addresses": [4]}
        assert _ids(connector, MAP, "joann@x.org") == {"addresses": [3], "people": [2], "bounces": [3]}


def test_records_that_are_gone_through_are_found_alike() -> None:
    _tells_it_right(CONNECTORS.get("in_memory").from_settings({"rows": ROWS}), MAP)


def test_files_are_found_alike(settings: Settings, tmp_path: Path) -> None:
    settings.FILE_ROOTS = [str(tmp_path)]
    for name, rows in ROWS.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    files = "".join(f"\n            {name}: {{glob: {name}.jsonl, format: jsonl}}" for name in ROWS)
    document = f"{MAP}        files:\n          collections:{files}\n"
    _tells_it_right(CONNECTORS.get("object_store").from_settings({"root": f"file://{tmp_path}"}), document)
