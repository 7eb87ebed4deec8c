"""What takes the place of a value on each database: never a piece of it, never cut, never half."""

import hmac
from hashlib import sha256

import pytest

from fulfillment.connectors.changing import ChangeOrder, Correction, Operation
from fulfillment.connectors.errors import ConnectorError
from fulfillment.datamaps.datamap import DataMap
from tests.fulfillment.connectors.sql_changes.shop import Shop, order, shop_map


@pytest.mark.parametrize(
    "value",
    [
        "ann-berg-secret",
        "ann@berg@club.example",
        "ann@ann-berg-secret",
        "Ann Berg <ann@club.example>",
        "@x.y",
    ],
)
def test_what_is_no_address_keeps_no_domain(any_shop: Shop, value: str) -> None:
    any_shop.execute(f"update people set phone = '{value}' where id = 1")  # noqa: S608
    any_shop.change(order(), shop_map(people={"fields": {"phone": {"erase": "keep_domain"}}}))
    known = hmac.new(b"a secret of this order", value.encode(), sha256).hexdigest()
    assert any_shop.rows("select phone from people where id = 1") == [(known,)]


def test_an_address_keeps_its_domain_without_the_blanks_around_it(any_shop: Shop) -> None:
    any_shop.execute("update people set phone = ' ann@mail.club.example ' where id = 1")
    any_shop.change(order(), shop_map(people={"fields": {"phone": {"erase": "keep_domain"}}}))
    ((phone,),) = any_shop.rows("select phone from people where id = 1")
    assert phone[16:] == "@mail.club.example"


def refusing(shop: Shop, asked: ChangeOrder, data_map: DataMap) -> str:
    """What is in the way of an order, said by the look and by the change alike; nothing changed."""
    before = shop.everything()
    found = shop.connector.preflight(asked, data_map)
    with pytest.raises(ConnectorError):
        shop.change(asked, data_map)
    assert shop.everything() == before
    assert shop.noted == []
    return " ".join(found.problems)


def narrow(shop: Shop, column: str, length: int) -> None:
    """Give a column of the people a length; SQLite has none, and cuts nothing."""
    word = "modify" if shop.kind == "mariadb" else "alter"
    kind = "" if shop.kind == "mariadb" else "type"
    shop.execute(f"alter table people {word} {column} {kind} varchar({length})")


TOO_LONG = {
    "correction": (
        order(Operation.CORRECT, corrections=(Correction("people", "phone", "030 1", "030 1234567"),)),
        shop_map(),
    ),
    "constant": (
        order(),
        shop_map(people={"fields": {"phone": {"erase": {"with": "constant", "value": "unknown"}}}}),
    ),
    "restriction": (
        order(Operation.RESTRICT, collections=("people",)),
        shop_map(people={"restrict": {"set": {"phone": "blocked"}, "lift": {"phone": "x"}}}),
    ),
}


@pytest.mark.parametrize("wanted", TOO_LONG)
@pytest.mark.parametrize("database", ["shop", "mariadb_shop"])
def test_what_is_too_long_for_its_column_is_refused_and_never_cut(
    request: pytest.FixtureRequest, database: str, wanted: str
) -> None:
    shop: Shop = request.getfixturevalue(database)
    narrow(shop, "phone", 6)
    assert "people.phone holds at most 6 characters" in refusing(shop, *TOO_LONG[wanted])


@pytest.mark.parametrize("database", ["shop", "mariadb_shop"])
def test_words_that_would_not_fit_without_the_person_are_not_cut(
    request: pytest.FixtureRequest, database: str
) -> None:
    shop: Shop = request.getfixturevalue(database)
    shop.execute("update people set note = case id when 1 then 'Ann, ask Joe now' end")
    narrow(shop, "note", 16)
    data_map = shop_map(people={"fields": {"note": {"erase": "redact"}}})
    assert "note holds at most 16 characters" in refusing(shop, order(), data_map)


@pytest.mark.parametrize("database", ["shop", "mariadb_shop"])
def test_a_domain_that_does_not_fit_behind_the_hash_is_not_cut(
    request: pytest.FixtureRequest, database: str
) -> None:
    shop: Shop = request.getfixturevalue(database)
    narrow(shop, "email", 24)
    data_map = shop_map(people={"fields": {"email": {"erase": "keep_domain"}}})
    assert "people.email holds at most 24 characters" in refusing(shop, order(), data_map)


@pytest.mark.parametrize("kind", ["character(6)", "short_text", "varchar(6)[]", "bit(3)"])
def test_no_type_of_postgresql_cuts_a_correction(shop: Shop, kind: str) -> None:
    shop.execute("create domain short_text as varchar(6)")
    new = {"varchar(6)[]": "{a,030 1234567}", "bit(3)": "10111"}.get(kind, "030 1234567")
    old = {"varchar(6)[]": '{"030 1"}', "bit(3)": "101"}.get(kind, "030 1")
    shop.execute(f"update people set phone = '{old}'")  # noqa: S608
    shop.execute(f"alter table people alter phone type {kind} using phone::{kind}")
    wanted = (Correction("people", "phone", old, new),)
    before = shop.everything()
    with pytest.raises(ConnectorError):
        shop.change(order(Operation.CORRECT, corrections=wanted, collections=("people",)))
    assert shop.everything() == before
