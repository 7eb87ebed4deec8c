"""What a row that stays rests on stays with it, whatever the row stays for: a period, a hold, others, or no order."""

from datetime import date
from typing import Any

import pytest

from fulfillment.connectors.changing import ChangeReceipt, Hold, Kept
from tests.fulfillment.connectors.sql_changes.shop import KEPT, Shop, order, shop_map

RESTS = {"rule": "Court.", "leans_on": ["people.name"]}
WHY = "The records of “Invoices” that stay rest on it."
NAME = "select name from people where id = 1"


def _of(receipt: ChangeReceipt, collection: str) -> list[Kept]:
    return [each for each in receipt.kept if each.collection == collection]


def test_a_record_on_hold_keeps_the_name_it_rests_on_without_any_period(any_shop: Shop) -> None:
    held = order(holds=(Hold("invoices", "Court.", {"id": "1"}, date(2031, 5, 1)),))
    receipt = any_shop.change(held, shop_map(invoices={"retention": RESTS}))
    assert any_shop.rows("select id from invoices order by id") == [(1,), (3,)]
    assert any_shop.rows(NAME) == [("Ann Berg",)]
    assert _of(receipt, "people") == [Kept("people", 1, WHY, date(2031, 5, 1), ("name",))]
    assert any_shop.rows("select phone from people where id = 1") != [("030 1",)]


def test_nothing_is_kept_where_no_record_stays(shop: Shop) -> None:
    receipt = shop.change(order(), shop_map(invoices={"retention": RESTS}))
    assert shop.rows(NAME) == [(None,)]
    assert receipt.kept == ()


def test_a_field_stays_as_long_as_the_last_record_and_without_a_day_where_one_has_none(shop: Shop) -> None:
    held = order(holds=(Hold("invoices", "Court.", {"id": "1"}),))
    found = shop.connector.preflight(held, shop_map(invoices={"retention": KEPT | RESTS}))
    (kept,) = (each for each in found.kept if each.collection == "people")
    assert (kept.fields, kept.until) == (("name",), None)


def test_a_record_that_no_order_names_keeps_what_it_rests_on(shop: Shop) -> None:
    again = order(collections=("people", "visits"))
    receipt = shop.change(again, shop_map(invoices={"retention": RESTS}))
    assert shop.rows(NAME) == [("Ann Berg",)]
    assert [each.fields for each in _of(receipt, "people")] == [("name",)]


def test_a_record_that_others_use_keeps_what_it_rests_on(shop: Shop) -> None:
    shop.execute("update people set place_id = 1")
    rests = {"rule": "Land register.", "leans_on": ["people.name"]}
    shop.change(order(), shop_map(places={"retention": rests}))
    assert shop.rows(NAME) == [("Ann Berg",)]


def test_a_whole_row_stays_where_rows_are_deleted_and_keeps_what_it_rests_on_itself(shop: Shop) -> None:
    rules: dict[str, Any] = {
        "visits": {"retention": {"rule": "Court.", "leans_on": ["people.id"]}},
        "people": {"erase": "delete", "retention": {"rule": "Court.", "leans_on": ["places.street"]}},
    }
    shop.execute("delete from invoices")
    receipt = shop.change(order(holds=(Hold("visits", "Court.", {"id": "2"}),)), shop_map(**rules))
    assert shop.rows(NAME) == [("Ann Berg",)]
    assert shop.rows("select street from places where id = 1") == [("Birch Lane 1",)]
    assert [(each.rows, each.fields) for each in _of(receipt, "people")] == [(1, ())]
    assert [(each.rows, each.fields) for each in _of(receipt, "places")] == [(1, ("street",))]


@pytest.mark.parametrize("field", ["note", "papers"])
def test_words_that_a_record_rests_on_are_not_taken_out_and_it_is_said(any_shop: Shop, field: str) -> None:
    held = order(holds=(Hold("invoices", "Court.", {"id": "1"}),))
    before = any_shop.rows(f"select {field} from people where id = 1")  # noqa: S608
    rests = {"rule": "Court.", "leans_on": [f"people.{field}"]}
    receipt = any_shop.change(held, shop_map(invoices={"retention": rests}))
    assert any_shop.rows(f"select {field} from people where id = 1") == before  # noqa: S608
    assert [each.fields for each in _of(receipt, "people")] == [(field,)]
    other = "papers" if field == "note" else "note"
    ((redacted,),) = any_shop.rows(f"select {other} from people where id = 1")  # noqa: S608
    assert "[removed]" in str(redacted)


@pytest.mark.parametrize("spelling", ["retention", "period"])
def test_a_map_may_say_it_as_it_did_when_only_periods_kept_rows(spelling: str) -> None:
    rule: dict[str, Any] = {**KEPT, "leans_on": ["people.name"]}
    if spelling == "period":
        rule = {**KEPT, "period": {**KEPT["period"], "leans_on": ["people.name"]}}  # type: ignore[dict-item]
    read = shop_map(invoices={"retention": rule}).collection("invoices").retention
    assert read is not None
    assert read.leans_on == ("people.name",)
    assert read.period is not None
    assert read.period.length == "P10Y"
