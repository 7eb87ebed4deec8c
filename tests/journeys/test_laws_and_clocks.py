"""The law pages and the clock of a case in a real browser: readable on a phone and at a desk, in both themes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.audit.actors import Actor
from requests_app.deadlines.events import Topic
from requests_app.decisions.ask import Asking, answer_question, ask_person
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import sync_groups
from tests.browser import Visitor, faults, in_every_look
from tests.desk import signed_in
from tests.factories import a_request_in, rosa

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@in_every_look
def test_law_and_clock_can_be_read(visitor: Visitor, live_server: object, width: int, theme: str) -> None:
    sync_groups()
    worker, now = rosa(), timezone.now()
    by = Actor.staff(worker)
    asked = a_request_in(S.IN_REVIEW, place="DE-BE", at=now - timedelta(days=9))
    asking = Asking(Topic.CLARIFICATION, "Which account?", clock_reason="Eleven years of mail.")
    ask_person(subject_request_id=asked.pk, asking=asking, by=by, at=now - timedelta(days=7))
    answer_question(subject_request_id=asked.pk, answer="The newer.", by=by, at=now - timedelta(days=4))
    page = visitor(width=width, theme=theme)
    cookie = signed_in(worker).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])  # type: ignore[attr-defined]
    case = f"/staff/requests/{asked.reference}"
    for address in (f"{case}/clock/", f"{case}/ask/", "/staff/laws/", "/staff/laws/us-ca/"):
        page.goto(address)
        assert faults(page) == []
