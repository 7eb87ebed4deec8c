"""What takes the place of a value on each database: never a piece of it, never cut, never half."""

import hmac
from hashlib import sha256

import pytest

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
