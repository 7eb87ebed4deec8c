"""A database is changed exactly as the map says, for one person only, all or nothing."""

import hmac
import json
import re
from datetime import date
from hashlib import sha256

import psycopg
import pytest

from fulfillment.connectors.changing import Correction, Hold, Operation, PreflightFailed, Verdict
from fulfillment.connectors.errors import Fatal, Retryable
from tests.fulfillment.connectors.sql_changes.shop import KEPT, Shop, order, shop_map


def test_erasing_masks_and_deletes_what_the_map_says_and_nothing_of_anybody_else(any_shop: Shop) -> None:
    receipt = any_shop.change(order())
    (ann, joann) = any_shop.rows("select email, name, phone, born, note, status from people order by id")
    expected = hmac.new(b"a secret of this order", b"Ann@club.example", sha256).hexdigest()[:16]
    assert ann[0] == f"{expected}@club.example"
    assert ann[1] is None
    assert re.fullmatch("[0-9a-f]{32}", ann[2])
    assert ann[3] == date(1980, 1, 1)
    assert joann == (
        "joann@club.example", "Jo Ann", "030 2", date(1990, 1, 1), "Ann is a friend", "active",
    )  # fmt: skip
    assert any_shop.rows("select street from places order by id") == [(None,), ("Oak Road 2",)]
    assert any_shop.rows("select id from visits") == [(3,)]
    assert any_shop.rows("select id from invoices order by id") == [(2,), (3,)]
    assert {line.collection: line.rows for line in receipt.lines} == {
        "places": 1, "people": 1, "invoices": 1, "visits": 2,
    }  # fmt: skip


def test_the_words_of_others_stay_when_the_person_is_taken_out_of_them(any_shop: Shop) -> None:
    any_shop.change(order())
    ((note, written),) = any_shop.rows("select note, papers from people where id = 1")
    papers = json.loads(written) if isinstance(written, str) else written
    assert "Ann" not in note
    assert "ask Joe" in note
    assert "Ann" not in papers["by"]
    assert papers["n"] == 1


def test_what_a_law_wants_kept_stays_until_its_day_and_the_receipt_says_so(any_shop: Shop) -> None:
    found = any_shop.connector.preflight(order(), shop_map())
    (kept,) = found.kept
    assert (kept.collection, kept.rows, kept.why) == ("invoices", 1, "Tax law.")
    assert kept.until == date(2035, 12, 31)
    assert found.rows == 5


def test_a_field_that_a_kept_record_rests_on_is_kept_too(any_shop: Shop) -> None:
    period = KEPT["period"] | {"leans_on": ["people.name"]}  # type: ignore[operator]
    receipt = any_shop.change(order(), shop_map(invoices={"retention": KEPT | {"period": period}}))
    assert any_shop.rows("select name from people where id = 1") == [("Ann Berg",)]
    assert ("people", ("name",)) in [(each.collection, each.fields) for each in receipt.kept]


def test_a_look_beforehand_changes_nothing(any_shop: Shop) -> None:
    before = any_shop.everything()
    found = any_shop.connector.preflight(order(), shop_map())
    assert found.problems == ()
    assert any_shop.everything() == before


def test_a_row_that_others_use_too_is_left_alone(any_shop: Shop) -> None:
    any_shop.execute("update people set place_id = 1")
    receipt = any_shop.change(order())
    assert any_shop.rows("select street from places where id = 1") == [("Birch Lane 1",)]
    (shared,) = (each for each in receipt.kept if each.collection == "places")
    assert "other people" in shared.why


def test_a_hold_keeps_a_row_until_its_day(any_shop: Shop) -> None:
    held = order(
        holds=(Hold("visits", "A court case.", {"id": "2"}), Hold("visits", "Over.", None, date(2020, 1, 1)))
    )
    any_shop.change(held)
    assert any_shop.rows("select id from visits order by id") == [(2,), (3,)]


OBSTACLES = {
    "must not be empty": ("alter table people alter name set not null", {}),
    "too short for a hash": (
        "alter table people alter email type varchar(12) using left(email, 12)",
        {"people": {"fields": {"email": {"erase": "hash"}}}},
    ),
    "would break its condition": (
        "",
        {"people": {"fields": {"status": {"erase": {"with": "constant", "value": "erased"}}}}},
    ),
    "must differ in every row": (
        "insert into people (id, email, name) values (7, 'x', 'y')",
        {"people": {"fields": {"email": {"erase": {"with": "constant", "value": "x"}}}}},
    ),
    "is of the type date, which cannot hold": ("", {"people": {"fields": {"born": {"erase": "hash"}}}}),
    "cannot hold the new value": (
        "",
        {"people": {"fields": {"born": {"erase": {"with": "constant", "value": "soon"}}}}},
    ),
    "would delete 2 rows of visits with it": (
        "delete from invoices",
        {"people": {"erase": "delete"}, "visits": {"erase": "keep"}},
    ),
    "rows of invoices that stay refer to": ("", {"people": {"erase": "delete"}}),
    "is not a table": (
        "alter table visits rename to seen; create view visits as select * from seen group by 1, 2, 3",
        {},
    ),
    "does not tell its rows apart": (
        "alter table visits drop constraint visits_pkey; insert into visits values (1, 2, '/other')",
        {},
    ),
}


@pytest.mark.parametrize("sentence", OBSTACLES)
def test_what_would_fail_is_said_beforehand_and_nothing_changes(shop: Shop, sentence: str) -> None:
    statement, rules = OBSTACLES[sentence]
    if statement:
        shop.execute(statement)
    before = shop.everything()
    data_map = shop_map(**rules)
    found = shop.connector.preflight(order(), data_map)
    assert any(sentence in problem for problem in found.problems), found.problems
    with pytest.raises(PreflightFailed) as refused:
        shop.change(order(), data_map)
    assert "Ann" not in str(refused.value)
    assert shop.everything() == before
    assert shop.noted == []


def test_a_trigger_in_the_way_is_found_by_a_rehearsal(shop: Shop) -> None:
    shop.execute("create rule never as on delete to visits do instead nothing")
    found = shop.connector.preflight(order(), shop_map())
    assert "2 rows were to change and 0 did" in found.problems[0]
    before = shop.everything()
    with pytest.raises(Fatal, match="2 rows were to change"):
        shop.change(order())
    assert shop.everything() == before


def test_what_the_map_does_not_say_is_left_to_a_person(shop: Shop) -> None:
    found = shop.connector.preflight(order(), shop_map(visits={"erase": None}))
    assert found.by_hand == {"visits": "its map does not say how it is erased"}


def test_only_the_value_that_was_wrong_is_corrected(any_shop: Shop) -> None:
    wanted = (Correction("people", "phone", "030 1", "030 9"), Correction("people", "name", "Anna", "X"))
    receipt = any_shop.change(order(Operation.CORRECT, corrections=wanted, collections=("people",)))
    assert any_shop.rows("select phone, name from people order by id") == [
        ("030 9", "Ann Berg"),
        ("030 2", "Jo Ann"),
    ]
    assert receipt.rows == 1


def test_a_correction_to_what_the_column_cannot_hold_is_refused(shop: Shop) -> None:
    wanted = (Correction("people", "born", "1980-05-17", "31 February"),)
    found = shop.connector.preflight(order(Operation.CORRECT, corrections=wanted), shop_map())
    assert any("people.born cannot hold the new value" in each for each in found.problems)


def test_a_restriction_is_set_and_lifted(any_shop: Shop) -> None:
    any_shop.change(order(Operation.RESTRICT, collections=("people",)))
    assert any_shop.rows("select status from people order by id") == [("blocked",), ("active",)]
    any_shop.change(order(Operation.LIFT, collections=("people",)))
    assert any_shop.rows("select status from people order by id") == [("active",), ("active",)]


def test_the_use_for_a_purpose_stops(any_shop: Shop) -> None:
    any_shop.change(order(Operation.SUPPRESS, collections=("people",), purposes=("marketing",)))
    assert any_shop.rows("select marketing from people order by id") == [(False,), (True,)]


def test_nothing_is_final_before_the_receipt_is_noted_and_the_database_says_what_became_of_it(
    shop: Shop,
) -> None:
    seen: list[str] = []

    def note(receipt: object) -> None:
        seen.append(shop.rows("select name from people where id = 1")[0][0])

    receipt = shop.connector.change(order(), shop_map(), note=note)
    assert seen == ["Ann Berg"]
    assert shop.connector.settle(order(), shop_map(), receipt) is Verdict.DONE


def test_a_change_whose_note_fails_is_taken_back(any_shop: Shop) -> None:
    before = any_shop.everything()
    noted = []

    def note(receipt: object) -> None:
        noted.append(receipt)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        any_shop.connector.change(order(), shop_map(), note=note)
    assert any_shop.everything() == before
    assert any_shop.connector.settle(order(), shop_map(), noted[0]) is Verdict.NOT_DONE  # type: ignore[arg-type]


def test_a_receipt_of_another_server_settles_nothing(shop: Shop) -> None:
    receipt = shop.change(order())
    strange = type(receipt)(receipt.lines, token="12345@1")
    assert shop.connector.settle(order(), shop_map(), strange) is Verdict.UNKNOWN


def test_whoever_wants_a_row_meanwhile_waits_for_the_change(shop: Shop) -> None:
    def note(receipt: object) -> None:
        # The change holds its rows; somebody who wants them waits, and is told so in time.
        with pytest.raises(psycopg.errors.LockNotAvailable):
            shop.execute("set lock_timeout = '50ms'; update people set phone = 'x' where id = 1")

    shop.connector.change(order(), shop_map(), note=note)
    assert shop.rows("select name from people where id = 1") == [(None,)]


def test_a_second_order_after_the_first_changes_nothing_more(any_shop: Shop) -> None:
    any_shop.change(order())
    before = any_shop.everything()
    assert any_shop.change(order()).rows == 0
    assert any_shop.everything() == before


def test_a_user_who_may_only_read_is_told_what_to_grant(shop: Shop) -> None:
    shop.execute(
        "create role onlooker login password 'p'; grant select on all tables in schema public to onlooker"
    )
    try:
        name = shop.url.rpartition("/")[2]
        host = shop.url.rpartition("@")[2].partition("/")[0]
        settings = {"url": shop.url, "change_url": f"postgresql://onlooker:p@{host}/{name}"}
        connector = type(shop.connector).from_settings(settings)
        problems = connector.preflight(order(), shop_map()).problems
    finally:
        shop.execute("revoke all on all tables in schema public from onlooker; drop role onlooker")
    assert any("grant it UPDATE" in each for each in problems)
    assert any("grant it DELETE" in each for each in problems)


def test_a_database_that_cannot_be_reached_is_tried_again(shop: Shop) -> None:
    away = type(shop.connector).from_settings({"url": "postgresql://a:b@127.0.0.1:9/none"})
    with pytest.raises(Retryable):
        away.preflight(order(), shop_map())


def test_a_user_for_searching_that_may_write_is_named_where_changes_have_one_of_their_own(shop: Shop) -> None:
    host, name = re.search(r"@([^/]+)/(.+)$", shop.url).groups()  # type: ignore[union-attr]
    shop.execute(
        "do $$ begin create role looker login password 'p'; exception when duplicate_object then null; end $$;"
        "grant select on all tables in schema public to looker; grant update (note) on people to looker"
    )
    settings = {"url": f"postgresql://looker:p@{host}/{name}", "change_url": shop.url}
    postgresql = type(shop.connector).from_settings(settings)
    (warning,) = [each for each in postgresql.check(shop_map()).warnings if "searching" in each]
    assert warning.startswith("The user for searching may change people. Grant it SELECT alone")
    shop.execute("revoke update (note) on people from looker")
    assert not any("searching" in each for each in postgresql.check(shop_map()).warnings)
