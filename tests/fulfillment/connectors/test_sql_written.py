"""Statements that are kept: no value of one person ever stands in another's search."""

import pytest
from sqlalchemy.dialects import postgresql

from fulfillment.connectors.kinds.postgresql import PostgresqlDialect
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.sql_dialect import ColumnShape, Family, TableShape
from fulfillment.connectors.sql_statement import SearchStatement, Target
from fulfillment.connectors.sql_written import WrittenStatements
from fulfillment.datamaps.read import load_map
from fulfillment.datamaps.traversal import traverse

MAP = load_map(
    """
dataset:
  - fides_key: club
    name: Club
    collections:
      - name: members
        fields:
          - {name: id, data_categories: [system], fides_meta: {data_type: integer, primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
      - name: badges
        fields:
          - {name: holder, data_categories: [system], fides_meta: {data_type: integer, references: [
              {dataset: club, field: members.id, direction: from}]}}
"""
)
SHAPES = {
    "members": {"id": Family.INTEGER, "email": Family.TEXT},
    "badges": {"holder": Family.INTEGER},
}
TARGETS = {
    name: Target(
        MAP.collection(name),
        TableShape({column: ColumnShape(column, family, family) for column, family in columns.items()}),
        None,
        name,
    )
    for name, columns in SHAPES.items()
}


class Connected:
    """Stands where only the dialect of a connection is asked for."""

    dialect = postgresql.dialect()


def query(*emails):
    return SubjectQuery(tuple(Identity("email", email) for email in emails), "OM-1")


def written_anew(asked):
    steps = traverse(MAP, asked.kinds).steps
    compiled = (
        SearchStatement(asked, MAP, TARGETS, PostgresqlDialect())
        .rows(steps)
        .compile(dialect=Connected.dialect)
    )
    return str(compiled), compiled.params


@pytest.fixture
def statements():
    return WrittenStatements(PostgresqlDialect())


def rows(statements, asked):
    return statements.rows(Connected(), asked, MAP, TARGETS, traverse(MAP, asked.kinds).steps)


@pytest.mark.parametrize(
    "people",
    [
        [("ann@club.example",), ("joann@club.example",), ("ann@club.example",)],
        [("ann@club.example",), ("jürgen@club.example",), ("émile@club.example",)],
        [
            ("ann@club.example",),
            ("ann@club.example", "a@home.example"),
            ("bob@club.example", "b@home.example"),
        ],
        [("ann@club.example",), ("ann\x00@club.example",), ("bob@club.example",)],
    ],
)
def test_a_kept_statement_is_what_a_new_one_would_be(statements, people):
    for emails in people:
        assert rows(statements, query(*emails)) == written_anew(query(*emails))


def test_a_person_of_the_same_form_fills_the_same_text(statements):
    first, second = (rows(statements, query(email)) for email in ("ann@club.example", "bob@club.example"))
    assert first[0] is second[0]
    assert "ann@club.example" in first[1].values()
    assert "ann@club.example" not in second[1].values()


def test_what_is_kept_holds_nothing_of_anybody(statements):
    rows(statements, query("ann@club.example"))
    (kept,) = statements._kept
    assert "ann" not in repr((kept.text, kept.fixed, kept.conditions))


def test_a_table_that_has_changed_is_written_for_anew(statements):
    before, _ = rows(statements, query("ann@club.example"))
    shape = TableShape({"holder": ColumnShape("holder", Family.TEXT, "text")})
    changed = TARGETS | {"badges": Target(MAP.collection("badges"), shape, None, "badges")}
    asked = query("ann@club.example")
    after, _ = statements.rows(Connected(), asked, MAP, changed, traverse(MAP, asked.kinds).steps)
    assert after != before
