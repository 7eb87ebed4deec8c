"""A reference beside a type leads to the rows of that type alone, on every database, in files, and when changing."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.changing import ChangeOrder, Operation
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.connectors.three_databases import DATABASES, connected

MAP = r"""
dataset:
  - fides_key: forum
    name: Forum
    collections:
      - name: people
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, fides_meta: {identity: email}}
      - name: orders
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: person_id
            fides_meta: {references: [{dataset: forum, field: people.id, direction: from}]}
      - name: comments
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: author, fides_meta: {identity: email}}
          - {name: of_type}
          - {name: of_id}
      - name: votes
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: person_id
            fides_meta: {references: [{dataset: forum, field: people.id, direction: from}]}
          - {name: on_type}
          - {name: on_id}
      - name: pages
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: title}
    meta:
      omne:
        collections:
          people: {erase: keep}
          comments:
            erase: delete
            fields:
              of_id:
                references:
                  - {field: orders.id, when: {of_type: [Order, 'App\Order']}}
                  - {field: people.id, when: {of_type: Person}}
          votes:
            erase: delete
            fields:
              on_id:
                references:
                  - {field: pages.id, when: {on_type: 7}, direction: to}
"""
TYPES = ["Order", "order", "Orders", "App\\Order", "Person", " Person", "Ticket", "", None]
IDS = ["1", "2", "01", "1 ", "1.0", "11", "", None]
AUTHORS = ["ANN@x.org", "joann@x.org", None]
COMMENTS = [(number, *each) for number, each in enumerate(product(AUTHORS, TYPES, IDS), start=1)]
TABLES = """
create table people (id integer primary key, email varchar(80));
insert into people values (1, 'ann@x.org'), (2, 'joann@x.org');
create table orders (id integer primary key, person_id integer);
insert into orders values (1, 1), (2, 2), (11, 2);
create table comments (id integer primary key, author varchar(80), of_type varchar(40), of_id varchar(20));
create table votes (id integer primary key, person_id integer, on_type integer, on_id integer);
insert into votes values (1, 1, 7, 70), (2, 1, 8, 71), (3, 1, null, 72), (4, 2, 7, 73);
create table pages (id integer primary key, title varchar(20));
insert into pages values (70, 'hers'), (71, 'other'), (72, 'none'), (73, 'his');
"""
EXPECTED_PAGES = [70]


def _written(value: Any, *, backslash: str) -> str:
    if value is None:
        return "null"
    text = str(value).replace("\\", backslash)
    return str(value) if isinstance(value, int) else f"'{text}'"


def _tables(kind: str) -> str:
    backslash = "\\\\" if kind == "mariadb" else "\\"
    rows = (", ".join(_written(each, backslash=backslash) for each in row) for row in COMMENTS)
    return f"{TABLES}insert into comments values {', '.join(f'({row})' for row in rows)};"  # noqa: S608


def _are_anns(author: str | None, of_type: str | None, of_id: str | None) -> bool:
    if author is not None and author.lower() == "ann@x.org":
        return True
    kind = (of_type or "").strip(" ")
    # Her order is the first one and so is she: the same number beside two types.
    return of_id == "1" and kind in ("Order", "App\\Order", "Person")


EXPECTED = [row[0] for row in COMMENTS if _are_anns(*row[1:])]


@pytest.fixture(scope="module")
def data_map() -> DataMap:
    return load_map(MAP)


@pytest.mark.parametrize("kind", DATABASES)
def test_only_rows_of_the_type_are_hers_and_each_comes_once(
    kind: str, data_map: DataMap, request: pytest.FixtureRequest
) -> None:
    with connected(kind, _tables(kind), request) as source:
        rows = found(source, data_map, "Ann@x.org")
        counted = {each.collection: each.rows for each in source.estimate(_query(), data_map)}
    assert sorted(row["id"] for row in rows["comments"]) == EXPECTED
    assert sorted(row["id"] for row in rows["pages"]) == EXPECTED_PAGES
    assert len(rows["votes"]) == 3
    assert counted.get("comments", len(EXPECTED)) == len(EXPECTED)


@pytest.mark.parametrize("kind", DATABASES)
def test_an_erasure_takes_the_rows_of_the_type_and_leaves_the_rest(
    kind: str, data_map: DataMap, request: pytest.FixtureRequest
) -> None:
    order = ChangeOrder(
        key="task-1",
        operation=Operation.ERASE,
        query=_query(),
        collections=("comments", "votes"),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        secret=b"secret",
    )
    with connected(kind, _tables(kind), request) as source:
        assert source.preflight(order, data_map).problems == ()
        receipt = source.change(order, data_map, note=lambda _receipt: None)
        left = found(source, data_map, "ann@x.org")
        others = found(source, data_map, "joann@x.org")
    assert {line.collection: line.rows for line in receipt.lines} == {"comments": len(EXPECTED), "votes": 3}
    assert "comments" not in left
    joanns = [row[0] for row in COMMENTS if row[1] == "joann@x.org" and row[0] not in EXPECTED]
    assert {*joanns} <= {row["id"] for row in others["comments"]}


ROW = st.fixed_dictionaries(
    {
        "id": st.integers(1, 10_000),
        "author": st.sampled_from(AUTHORS),
        "of_type": st.sampled_from(TYPES),
        "of_id": st.sampled_from(IDS),
    }
)


@given(st.lists(ROW, max_size=20, unique_by=lambda row: row["id"]))
def test_records_that_cannot_be_asked_by_key_are_told_apart_alike(comments: list[dict[str, Any]]) -> None:
    rows = {
        "people": [{"id": 1, "email": "ann@x.org"}, {"id": 2, "email": "joann@x.org"}],
        "orders": [{"id": 1, "person_id": 1}, {"id": 2, "person_id": 2}],
        "comments": comments,
        "votes": [{"id": 1, "person_id": 1, "on_type": 7, "on_id": 70}],
        "pages": [{"id": 70, "title": "hers"}, {"id": 7, "title": "no"}],
    }
    source: Connector[Any] = CONNECTORS.get("in_memory").from_settings({"rows": rows})
    hers = found(source, load_map(MAP), "ann@x.org")
    expected = [row["id"] for row in comments if _are_anns(row["author"], row["of_type"], row["of_id"])]
    assert [row["id"] for row in hers.get("comments", [])] == expected
    assert [row["id"] for row in hers["pages"]] == [70]


def _query() -> SubjectQuery:
    return SubjectQuery((Identity("email", "ann@x.org"),), "DSR-TEST")
