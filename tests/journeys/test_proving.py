"""The pages of proof in a real browser, the person's and the staff's: no faults, on a phone and at a desk."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.browser import Visitor, faults, in_every_look
from tests.desk import signed_in
from tests.factories import SYSTEM, a_request_in, rosa
from tests.proofs import ANSWERS, given, picture, waiting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WAYS = "/requests/yours/proof/"


def _enters(page: Page, asked: SubjectRequest) -> None:
    issue_code(subject_request=asked, purpose=Purpose.PORTAL, by=SYSTEM, at=timezone.now())
    code = asked.messages.order_by("-written_at").first().secrets["code"]
    page.goto("/requests/")
    page.fill("#id_reference", asked.reference)
    page.fill("#id_code", code)
    page.locator("main button").first.click()
    page.wait_for_url("**/requests/yours/")


def _at_the_desk(page: Page) -> None:
    key = settings.SESSION_COOKIE_NAME
    value = signed_in(rosa()).cookies[key].value
    page.goto("/requests/")
    host = page.url.removesuffix("requests/")
    page.context.add_cookies([{"name": key, "value": value, "url": host}])


@in_every_look
def test_a_person_shows_who_they_are(visitor: Visitor, width: int, theme: str, tmp_path: Path) -> None:
    page = visitor(width=width, theme=theme)
    asked = waiting()
    _enters(page, asked)
    found = faults(page)
    page.get_by_role("link", name="Show that it is you").click()
    found += faults(page)
    page.get_by_role("link", name="Answer a few questions").click()
    page.locator("main form button").click()
    found += faults(page)
    for key, answer in ANSWERS.items():
        page.fill(f"#id_{key}", answer)
    page.check("#id_declared")
    page.fill("#id_signature", "Ada Åström")
    page.locator("main form button").click()
    page.wait_for_url("**/requests/yours/")
    page.goto(f"{WAYS}document/")
    paper = tmp_path / "passport.jpg"
    paper.write_bytes(picture())
    page.set_input_files("#id_file", paper)
    found += faults(page)
    page.locator("main form button").click()
    page.wait_for_url("**/requests/yours/")
    page.goto(WAYS)
    found += faults(page)
    assert asked.verifications.count() == 2
    assert found == []


@in_every_look
def test_staff_compare_and_ask(visitor: Visitor, width: int, theme: str) -> None:
    page = visitor(width=width, theme=theme)
    asked, doubted = waiting(), a_request_in(S.IN_REVIEW)
    answers, document = given(asked), given(asked, "document")
    case = f"/staff/requests/{asked.reference}/identity/"
    _at_the_desk(page)
    page.goto(case)
    found = faults(page)
    for proof in (answers, document):
        page.goto(f"{case}{proof.pk}/")
        page.get_by_role("button", name="Show it").click()
        page.get_by_role("button", name="Accept the proof").wait_for()
        found += faults(page)
    page.goto(f"/staff/requests/{doubted.reference}/identity/more/")
    found += faults(page)
    page.goto("/staff/proofs/")
    found += faults(page)
    assert found == []
