"""An identity in a list inside JSON finds its rows on every database and in files, and never somebody else's."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.datamaps.errors import Severity
from fulfillment.datamaps.read import load_map, read_map
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.connectors.three_databases import DATABASES, connected

MAP = """
dataset:
  - fides_key: chat
    name: Chat
    collections:
      - name: messages
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: participants
            fides_meta: {data_type: "object[]"}
            fields:
              - {name: email, fides_meta: {identity: email}}
              - {name: tel, fides_meta: {identity: phone_number}}
          - {name: cc, fides_meta: {data_type: "string[]", identity: email}}
          - name: meta
            fides_meta: {data_type: object}
            fields:
              - name: groups
                fides_meta: {data_type: "object[]"}
                fields:
                  - {name: members, fides_meta: {data_type: "string[]", identity: email}}
"""
ANN = "ann@x.org"
VALUES: list[Any] = [
    ANN,
    " Ann@X.org ",
    "joann@x.org",
    "ann@x.org.evil.example",
    "ann@x.orgs",
    '"ann@x.org"',
    "Ann Lee <ann@x.org>",
    "%",
    "ann_x.org",
    "",
    4711,
    None,
    True,
    ["nested"],
]
LISTS: list[Any] = [*([each] for each in VALUES), [], ["joann@x.org", ANN], [ANN, ANN], {"0": ANN}, None]


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for each in LISTS:
        values = each if isinstance(each, list) else []
        rows += [
            {"participants": [{"email": value, "name": "x"} for value in values], "cc": [], "meta": {}},
            {"participants": [], "cc": each if isinstance(each, list) else None, "meta": None},
            {"participants": None, "cc": None, "meta": {"groups": [{"members": []}, {"members": values}]}},
            # The right words in the wrong place.
            {
                "participants": [{"name": value} for value in values],
                "cc": {"email": ANN},
                "meta": {"members": values},
            },
        ]
    rows.append({"participants": [{"tel": "+49 (30) 901820"}], "cc": [], "meta": {}})
    rows.append({"participants": [{"tel": "+49 30 9018201"}], "cc": [], "meta": {}})
    return [{"id": number, **row} for number, row in enumerate(rows, start=1)]


ROWS = _rows()


def _is_ann(value: Any) -> bool:
    return isinstance(value, str) and value.strip(" ").lower() == ANN


def _is_hers(row: dict[str, Any]) -> bool:
    groups = (row["meta"] or {}).get("groups") or []
    places = [
        *(each.get("email") for each in row["participants"] or []),
        *(row["cc"] if isinstance(row["cc"], list) else []),
        *(value for each in groups for value in each["members"]),
    ]
    return any(map(_is_ann, places))


HERS = [row["id"] for row in ROWS if _is_hers(row)]
BY_PHONE = [row["id"] for row in ROWS if (row["participants"] or [{}])[:1] == [{"tel": "+49 (30) 901820"}]]


def _tables(kind: str) -> str:
    made = "create table messages (id integer primary key, participants {json}, cc {json}, meta {json});"

    def written(value: Any) -> str:
        if value is None:
            return "null"
        text = json.dumps(value).replace("'", "''")
        return "'" + (text.replace("\\", "\\\\") if kind == "mariadb" else text) + "'"

    for row in ROWS:
        values = ", ".join(written(row[name]) for name in ("participants", "cc", "meta"))
        made += f"insert into messages values ({row['id']}, {values});"  # noqa: S608
    return made


@pytest.mark.parametrize("kind", DATABASES)
def test_each_row_with_the_person_in_a_list_is_found_once_and_no_other(
    kind: str, request: pytest.FixtureRequest
) -> None:
    with connected(kind, _tables(kind), request) as source:
        hers = found(source, load_map(MAP), "Ann@x.org")
        joanns = found(source, load_map(MAP), "joann@x.org")
        by_phone = found(source, load_map(MAP), phone_number="0049 30 901820")
        nobody = found(source, load_map(MAP), "nobody@x.org")
    assert sorted(row["id"] for row in hers["messages"]) == HERS
    assert {row["id"] for row in joanns["messages"]} - {*HERS}
    assert [row["id"] for row in by_phone["messages"]] == BY_PHONE
    assert nobody == {}


def test_what_is_no_json_holds_nobody_and_hinders_nothing(request: pytest.FixtureRequest) -> None:
    tables = """
        create table messages (id integer primary key, participants text, cc text, meta text);
        insert into messages values (1, 'ann@x.org', '{broken', null), (2, '[{"email": "ann@x.org"}]', '', 'x');
    """
    with connected("sqlite", tables, request) as source:
        assert [row["id"] for row in found(source, load_map(MAP), ANN)["messages"]] == [2]


def test_an_array_of_postgresql_is_looked_into_as_before(request: pytest.FixtureRequest) -> None:
    tables = """
        create table messages (id integer primary key, participants jsonb, cc text[], meta jsonb);
        insert into messages values (1, '[]', array['joann@x.org', 'ANN@x.org'], '{}');
        insert into messages values (2, '[]', array['joann@x.org'], '{}');
    """
    with connected("postgresql", tables, request) as source:
        assert [row["id"] for row in found(source, load_map(MAP), ANN)["messages"]] == [1]


MEMBERS = st.lists(st.sampled_from([each for each in VALUES if isinstance(each, str)]), max_size=4)


@given(st.lists(st.tuples(MEMBERS, MEMBERS, MEMBERS), max_size=8))
def test_records_that_cannot_be_asked_by_key_are_told_apart_alike(
    drawn: list[tuple[list[Any], list[Any], list[Any]]],
) -> None:
    rows = [
        {
            "id": number,
            "participants": [{"email": value} for value in people],
            "cc": cc,
            "meta": {"groups": [{"members": members}]},
        }
        for number, (people, cc, members) in enumerate(drawn)
    ]
    source: Connector[Any] = CONNECTORS.get("in_memory").from_settings({"rows": {"messages": rows}})
    hers = found(source, load_map(MAP), ANN).get("messages", [])
    assert [row["id"] for row in hers] == [row["id"] for row in rows if _is_hers(row)]


def test_a_reference_out_of_a_list_is_warned_of_at_its_line() -> None:
    listed = "{name: tel, fides_meta: {references: [{dataset: chat, field: messages.id, direction: from}]}}"
    text = MAP.replace("{name: tel, fides_meta: {identity: phone_number}}", listed)
    problems = [each for each in read_map(text).problems if each.severity is Severity.WARNING]
    assert any("follows no reference" in each.sentence for each in problems)
    assert all(
        "tel" in text.splitlines()[each.line - 1] for each in problems if "no reference" in each.sentence
    )
