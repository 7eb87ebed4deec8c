"""The pages of retention in a real browser: no faults, on a phone and at a desk, by light and dark."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from requests_app.audit.actors import Actor
from requests_app.lifecycle.standing_holds import Lasting
from requests_app.lifecycle.states import RequestState as S
from requests_app.retention.hold import hold_record
from requests_app.retention.models import PurgeHold
from tests.browser import Visitor, faults, in_every_look
from tests.desk import signed_in
from tests.factories import a_request_in, rosa

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def _at_the_desk(page: Page) -> None:
    key = settings.SESSION_COOKIE_NAME
    page.goto("/requests/")
    host = page.url.removesuffix("requests/")
    page.context.add_cookies([{"name": key, "value": signed_in(rosa()).cookies[key].value, "url": host}])


def _holds() -> None:
    then, now = timezone.now() - timedelta(days=3 * 366), timezone.now()
    for number, lasting in enumerate((Lasting(), Lasting(now.date() + timedelta(days=90)))):
        old = a_request_in(S.WITHDRAWN, email=f"ada{number}@example.org", at=then)
        why = "Regional Court, 12 C 3/27: the claim for damages is not decided."
        hold_record(subject_request_id=old.pk, why=why, lasting=lasting, by=Actor.staff(rosa()), at=now)
    PurgeHold.objects.filter(until=None).update(look_again_on=now.date() - timedelta(days=3))


@in_every_look
def test_staff_look_at_what_is_held(visitor: Visitor, width: int, theme: str) -> None:
    _holds()
    page = visitor(width=width, theme=theme)
    _at_the_desk(page)
    page.goto("/staff/retention/")
    found = faults(page)
    page.get_by_role("link", name="Look at it").first.click()
    page.get_by_role("heading", name="Does this hold still stand?").wait_for()
    found += faults(page)
    page.get_by_role("button", name="It stands").click()
    page.get_by_text("The hold stands.").wait_for()
    page.goto("/staff/retention/hold/")
    found += faults(page)
    assert found == []
