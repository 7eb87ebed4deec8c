"""What a browser has opened, and until when."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from requests_app.portal.sessions import (
    DOWNLOAD,
    IDLE,
    downloads_open_until,
    leave_portal,
    open_portal,
    opened_reference,
    unlock_downloads,
)
from tests.factories import NOON

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def browser() -> HttpRequest:
    """A request of a browser that has a session."""
    request = HttpRequest()
    request.session = SessionStore()
    request.session.create()
    return request


def test_nothing_is_open_at_first(browser: HttpRequest) -> None:
    assert opened_reference(browser, at=NOON) is None


def test_it_closes_after_twenty_minutes_without_use(browser: HttpRequest) -> None:
    open_portal(browser, reference="OM-1", at=NOON)
    assert opened_reference(browser, at=NOON + IDLE - SECOND) == "OM-1"
    later = NOON + IDLE - SECOND + IDLE
    assert opened_reference(browser, at=later - SECOND) == "OM-1"
    assert opened_reference(browser, at=later + IDLE) is None
    assert opened_reference(browser, at=NOON) is None


def test_opening_gives_the_session_a_fresh_id(browser: HttpRequest) -> None:
    before = browser.session.session_key
    open_portal(browser, reference="OM-1", at=NOON)
    assert browser.session.session_key != before


def test_downloads_of_one_request_do_not_open_those_of_the_next(browser: HttpRequest) -> None:
    open_portal(browser, reference="OM-1", at=NOON)
    unlock_downloads(browser, at=NOON)
    assert downloads_open_until(browser, at=NOON) == NOON + DOWNLOAD
    open_portal(browser, reference="OM-2", at=NOON)
    assert downloads_open_until(browser, at=NOON) is None


def test_downloads_close_after_half_an_hour(browser: HttpRequest) -> None:
    unlock_downloads(browser, at=NOON)
    assert downloads_open_until(browser, at=NOON + DOWNLOAD - SECOND) is not None
    assert downloads_open_until(browser, at=NOON + DOWNLOAD) is None


def test_leaving_forgets_everything(browser: HttpRequest) -> None:
    open_portal(browser, reference="OM-1", at=NOON)
    unlock_downloads(browser, at=NOON)
    leave_portal(browser)
    assert opened_reference(browser, at=NOON) is None
    assert downloads_open_until(browser, at=NOON) is None
