"""PostgreSQL: values without loss, and every sort of way to a row."""

from typing import Any

import psycopg
import pytest

from fulfillment.connectors.base import Connector
from fulfillment.connectors.errors import NotConfigured
from tests.fulfillment.connectors.asking import ORDERS, PEOPLE, found, tables


def test_values_lose_nothing_on_the_way(postgresql: Connector[Any]) -> None:
    names = [
        "uid",
        "price",
        "prices",
        "paid",
        "photo",
        "raw",
        "born",
        "seen",
        "local",
        "took",
        "ip",
        "feeling",
        "nothing",
        "weight",
        "about",
        "other",
    ]
    people = tables(PEOPLE % ", ".join(f"{{name: {name}}}" for name in names))
    row = found(postgresql, people, "ann@x.org")["people"][0]
    assert row == {
        "id": 9007199254740993,
        "email": "  Ann@X.org ",
        "uid": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
        "price": "12345678901234567.120000000000",
        "prices": ["0.10", "2"],
        "paid": "$12.50",
        "photo": {"$base64": "AP8="},
        "raw": {"a": [1.0, "b"]},
        "born": "2020-02-29",
        "seen": "2026-11-22T18:30:00+00:00",
        "local": "infinity",
        "took": "P1DT2H",
        "ip": "10.0.0.1",
        "feeling": "so-so",
        "nothing": None,
        "weight": "NaN",
        "about": {"mail": "Json@x.org", "n": 1.1},
        "other": ["a@x.org", "B@x.org"],
    }


def test_a_row_that_three_ways_lead_to_comes_once(postgresql: Connector[Any]) -> None:
    notes = """{name: crm.notes, fields: [{name: id}, {name: words},
        {name: author, fides_meta: {identity: email}},
        {name: to, fides_meta: {identity: email}},
        {name: person, fides_meta: {references: [{dataset: s, field: people.id, direction: from}]}}]}"""
    rows = found(postgresql, tables(PEOPLE % "{name: born}", notes), "ann@x.org")["crm.notes"]
    assert sorted(row["id"] for row in rows) == [1, 2, 3]


def test_a_composite_reference_counts_only_as_a_whole(postgresql: Connector[Any]) -> None:
    orders = (
        "{name: orders, fields: [{name: tenant}, {name: num}, {name: email, fides_meta: {identity: email}}]}"
    )
    items = """{name: items, fields: [{name: what},
        {name: tenant, fides_meta: {references: [{dataset: s, field: orders.tenant, direction: from}]}},
        {name: order_no, fides_meta: {references: [{dataset: s, field: orders.num, direction: from}]}}]}"""
    together = {"items": {"together": [["tenant", "order_no"]]}}
    rows = found(postgresql, tables(orders, items, collections=together), "ann@x.org")["items"]
    assert sorted(row["what"] for row in rows) == ["hers", "hers too"]


def test_a_view_is_read_like_a_table(postgresql: Connector[Any]) -> None:
    view = "{name: everybody, fields: [{name: id}, {name: email, fides_meta: {identity: email}}]}"
    assert len(found(postgresql, tables(view), "ANN@X.ORG")["everybody"]) == 1


def test_an_address_in_an_array_or_inside_json_is_found(postgresql: Connector[Any]) -> None:
    array = "{name: people, fields: [{name: id}, {name: other, fides_meta: {identity: email}}]}"
    nested = """{name: people, fields: [{name: id},
        {name: about, fields: [{name: mail, fides_meta: {identity: email}}]}]}"""
    assert [row["id"] for row in found(postgresql, tables(array), "b@x.org")["people"]] == [9007199254740993]
    assert [row["id"] for row in found(postgresql, tables(nested), "json@X.org")["people"]] == [
        9007199254740993
    ]
    assert found(postgresql, tables(array), "ab@x.org") == {}


def test_numbers_and_uuids_are_identities_too(postgresql: Connector[Any]) -> None:
    by_number = tables(
        "{name: people, fields: [{name: id, fides_meta: {identity: number}}, "
        "{name: uid, fides_meta: {identity: uid}}]}"
    )
    assert len(found(postgresql, by_number, number="9007199254740993")["people"]) == 1
    assert len(found(postgresql, by_number, uid="6F9619FF-8B86-D011-B42D-00C04FC964FF")["people"]) == 1
    for odd in ("nine", "9" * 40, "1; drop table people", "' or 1=1"):
        assert found(postgresql, by_number, number=odd, uid=odd) == {}


def test_a_soft_link_by_address_ignores_case_and_blanks(postgresql: Connector[Any]) -> None:
    soft = """{name: soft, fields: [{name: n}, {name: account_mail, data_categories: [user.contact.email],
        fides_meta: {references: [{dataset: s, field: people.email, direction: from}]}}]}"""
    assert [
        row["n"] for row in found(postgresql, tables(PEOPLE % "{name: born}", soft), "ann@x.org")["soft"]
    ] == [1]


def test_a_reference_between_types_compares_their_texts(postgresql: Connector[Any]) -> None:
    soft = """{name: soft, fields: [{name: n},
        {name: text_id, fides_meta: {references: [{dataset: s, field: people.id, direction: from}]}}]}"""
    assert [
        row["n"] for row in found(postgresql, tables(PEOPLE % "{name: born}", soft), "ann@x.org")["soft"]
    ] == [1]


def test_quotes_in_names_and_values_stay_what_they_are(postgresql: Connector[Any]) -> None:
    odd = tables(
        "{name: people, fields: [{name: 'Odd \"name'}, {name: email, fides_meta: {identity: email}}]}"
    )
    assert found(postgresql, odd, "ann@x.org")["people"][0]['Odd "name'] == "odd"
    assert found(postgresql, odd, "ann@x.org' or '1'='1", 'a"b%_') == {}


def test_the_datasets_own_schema_holds_for_bare_names(address: str, postgresql: Connector[Any]) -> None:
    notes = tables("{name: notes, fields: [{name: id}, {name: author, fides_meta: {identity: email}}]}")
    with pytest.raises(NotConfigured, match="the table notes"):
        found(postgresql, notes, "ann@x.org")
    object.__setattr__(notes, "namespace", {"schema": "crm"})
    assert [row["id"] for row in found(postgresql, notes, "ann@x.org")["notes"]] == [1]


def test_look_alike_letters_are_not_folded_into_an_address(address: str, postgresql: Connector[Any]) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "insert into orders values (8, 8, 'mi\u212ae@x.org'), (8, 9, 'MIKE@x.org'), (8, 10, 'JÖRG@x.org')"
        )
    orders = tables(ORDERS)
    try:
        assert [row["num"] for row in found(postgresql, orders, "mike@x.org")["orders"]] == [9]
        assert [row["num"] for row in found(postgresql, orders, "jörg@x.org")["orders"]] == [10]
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("delete from orders where tenant = 8")


def test_texts_of_two_collations_are_compared(address: str, postgresql: Connector[Any]) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            'create table byte_by_byte (n integer, feeling text collate "C");'
            "insert into byte_by_byte values (1, 'so-so'), (2, 'So-so');"
            'create view words as select id, email, feeling::text collate "POSIX" as feeling from people'
        )
    fields = "{name: id}, {name: email, fides_meta: {identity: email}}, {name: feeling}"
    own = "{name: feeling, fides_meta: {references: [{dataset: s, field: words.feeling, direction: from}]}}"
    linked = tables(
        f"{{name: words, fields: [{fields}]}}", f"{{name: byte_by_byte, fields: [{{name: n}}, {own}]}}"
    )
    assert [row["n"] for row in found(postgresql, linked, "ann@x.org")["byte_by_byte"]] == [1]
