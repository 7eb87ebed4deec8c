"""What a database would only refuse in the middle of a change is found by a look beforehand."""

import base64
import hmac
import json
from typing import Any

import pymysql
import pytest

from fulfillment.connectors.changing import ChangeOrder
from fulfillment.connectors.errors import ConnectorError
from fulfillment.datamaps.datamap import DataMap
from tests.fulfillment.connectors.sql_changes.shop import Shop, order, shop_map

GOING = shop_map(people={"erase": "delete"}, invoices={"erase": "delete", "retention": {"rule": "Tax law."}})
BADGES = """
create table badges (id int primary key, person_id int {rule} references people (id) on delete {action});
insert into badges values (1, 1);
"""


def foreseen(shop: Shop, data_map: DataMap, asked: ChangeOrder | None = None) -> str:
    """What a look says is in the way; the change itself does nothing either."""
    before = shop.everything()
    found = shop.connector.preflight(asked or order(), data_map)
    with pytest.raises(ConnectorError):
        shop.change(asked or order(), data_map)
    assert shop.everything() == before
    return " ".join(found.problems)


def to_place(value: Any) -> DataMap:
    """The map by which people move to this place when they are erased."""
    return shop_map(people={"fields": {"place_id": {"erase": {"with": "constant", "value": value}}}})


def test_a_reference_to_what_is_not_there_is_named(any_shop: Shop) -> None:
    assert "new value of people.place_id is to be found in places" in foreseen(any_shop, to_place(99))


def test_a_reference_to_what_is_there_is_no_obstacle(any_shop: Shop) -> None:
    assert any_shop.connector.preflight(order(), to_place(2)).problems == ()
    any_shop.change(order(), to_place(2))
    assert any_shop.rows("select place_id from people where id = 1") == [(2,)]


def test_rows_elsewhere_that_would_be_emptied_where_they_must_not_are_named(any_shop: Shop) -> None:
    if any_shop.kind == "mariadb":
        # It lets no such table be made.
        with pytest.raises(pymysql.MySQLError):
            any_shop.execute(BADGES.format(rule="not null", action="set null"))
        return
    any_shop.execute(BADGES.format(rule="not null", action="set null"))
    assert "would empty person_id in 1 rows of badges" in foreseen(any_shop, GOING)


def test_rows_elsewhere_that_let_go_are_no_obstacle(any_shop: Shop) -> None:
    any_shop.execute(BADGES.format(rule="", action="set null"))
    assert any_shop.connector.preflight(order(), GOING).problems == ()
    any_shop.change(order(), GOING)
    assert any_shop.rows("select person_id from badges") == [(None,)]


def test_a_default_that_leads_nowhere_is_found_by_a_rehearsal(shop: Shop) -> None:
    shop.execute(BADGES.format(rule="default 77", action="set default"))
    assert "one of its conditions would be broken" in foreseen(shop, GOING)


def test_a_trigger_on_a_table_that_lets_go_is_found_by_a_rehearsal(shop: Shop) -> None:
    shop.execute(
        BADGES.format(rule="", action="set null")
        + """
        create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
        create trigger refuse before update on badges for each row execute function refuse()
        """
    )
    assert "a trigger refuses it" in foreseen(shop, GOING)


def test_what_cannot_be_rewritten_in_a_redacted_field_is_found_beforehand(any_shop: Shop) -> None:
    any_shop.execute(f"update people set note = 'token {signed()}' where id = 1")  # noqa: S608
    assert "note holds something of the person" in foreseen(any_shop, shop_map())


def signed() -> str:
    """A token in which the address stands, and whose signature breaks when it is taken out."""
    parts = [b'{"alg":"HS256"}', json.dumps({"email": "ann@club.example"}).encode()]
    head = ".".join(map(written, parts))
    return f"{head}.{written(hmac.digest(b'k', head.encode(), 'sha256'))}"


def written(part: bytes) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
