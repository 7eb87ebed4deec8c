"""The sources at the desk: their health, their maps, and secrets that stay where they are."""

import pytest
from django.test import Client

from fulfillment.sources.connect import change_settings
from fulfillment.sources.models import DataSource
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, rosa, staff
from tests.sources import change_shop, connect_shop, shop_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    return signed_in(staff("Inês", Role.SOURCE_OWNER))


def test_every_source_is_listed_with_its_map(owner: Client) -> None:
    connect_shop()
    page = owner.get("/staff/sources/").content.decode()
    assert "Shop" in page
    assert "Version 1, 2 collections" in page
    assert "Not tried yet" in page


def test_an_empty_list_says_how_to_begin(owner: Client) -> None:
    assert "No source is connected yet" in owner.get("/staff/sources/").content.decode()


def test_a_map_is_shown_in_words(owner: Client) -> None:
    connect_shop()
    page = owner.get("/staff/sources/shop/").content.decode()
    for words in ("Customers", "What you bought.", "Shop team"):
        assert words in page


def test_no_value_of_a_setting_reaches_the_page(owner: Client) -> None:
    source = connect_shop()
    change_settings(source=source, settings={"rows": shop_rows(email="canary@x.example")}, by=SYSTEM, at=NOON)
    page = owner.get("/staff/sources/shop/").content.decode()
    assert "canary" not in page
    assert ">rows<" in page


def test_a_check_shows_what_the_source_answered(owner: Client) -> None:
    connect_shop()
    page = owner.post("/staff/sources/shop/check/", follow=True).content.decode()
    assert "The source answers." in page
    assert DataSource.objects.get(key="shop").last_success_at is not None


def test_a_check_that_fails_shows_why_and_is_remembered(owner: Client) -> None:
    source = connect_shop()
    change_shop(source, rows={"customers": []})
    page = owner.post("/staff/sources/shop/check/", follow=True).content.decode()
    assert "The map names orders, which this source does not have." in page
    assert "Does not answer" in page


def test_a_case_worker_looks_and_does_not_touch() -> None:
    connect_shop()
    desk = signed_in(rosa())
    page = desk.get("/staff/sources/shop/").content.decode()
    assert "Check now" not in page
    assert "Settings" not in page
    assert desk.post("/staff/sources/shop/check/").status_code == 403


def test_an_unknown_source_is_not_found(owner: Client) -> None:
    assert owner.get("/staff/sources/nowhere/").status_code == 404
