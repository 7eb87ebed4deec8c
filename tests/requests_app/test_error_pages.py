"""The pages for what went wrong."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.db import OperationalError
from django.test import Client, RequestFactory

from requests_app import error_pages

pytestmark = pytest.mark.django_db


def test_a_wrong_address_is_answered_in_words(client: Client) -> None:
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "There is no such page" in page.content.decode()
    assert "+1 410 205 6811" in page.content.decode()


def test_a_form_without_its_token_says_what_to_do() -> None:
    page = Client(enforce_csrf_checks=True).post("/ask/who/", {"who": "me"})
    assert page.status_code == 403
    assert "This form was open too long" in page.content.decode()


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (RequestDataTooBig(), 413, "too long"),
        (TooManyFieldsSent(), 400, "more fields"),
        (None, 400, "cannot read"),
    ],
)
def test_what_cannot_be_read_has_its_own_sentence(
    fault: Exception | None, status: int, sentence: str
) -> None:
    page = error_pages.bad_request(RequestFactory().get("/"), fault)
    assert page.status_code == status
    assert sentence in page.content.decode()


def test_a_refusal_keeps_its_sentence() -> None:
    page = error_pages.forbidden(RequestFactory().get("/"), PermissionDenied("This page is for approvers."))
    assert page.status_code == 403
    assert "This page is for approvers." in page.content.decode()


def test_too_much_in_too_short_a_time_leaves_other_ways_open() -> None:
    page = error_pages.too_many(RequestFactory().get("/"))
    assert page.status_code == 429
    assert "info@omnesoft.com" in page.content.decode()


def test_our_own_fault_is_told_without_details() -> None:
    page = error_pages.broken(RequestFactory().get("/"))
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()


def test_a_database_that_is_away_asks_callers_to_come_back() -> None:
    try:
        raise OperationalError("the connection is lost")
    except OperationalError:
        page = error_pages.broken(RequestFactory().get("/"))
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
