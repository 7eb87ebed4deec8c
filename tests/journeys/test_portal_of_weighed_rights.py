"""The person's page of each right that is weighed, waits or stands: accessible, no wider than a phone, in its words."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from playwright.sync_api import Page, expect

from requests_app.audit.actors import Actor
from requests_app.decisions.correction import FieldDecision, decide_fields, grant_correction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.portal.sessions import open_portal
from tests.browser import Visitor, faults, in_every_look
from tests.factories import a_request_in, rosa
from tests.fulfillment.changes.shop import complete, connect, end_all, erasing, search, waiting
from tests.requests_app.decisions.asking import LATER, NAME, STREET, weighing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _corrected_in_part() -> SubjectRequest:
    asked, by = weighing("correction", {"fields": [STREET, NAME]}), Actor.staff(rosa())
    decisions = [
        FieldDecision(1, "accept"),
        FieldDecision(2, "reject", "not_inaccurate", "Your passport has it so."),
    ]
    decide_fields(subject_request_id=asked.pk, decisions=decisions, by=by, at=LATER)
    return grant_correction(subject_request_id=asked.pk, by=by, at=LATER)


def _deleted() -> SubjectRequest:
    asked = erasing()
    end_all(asked)
    search(asked)
    return complete(asked, reason="The shop keeps its orders.")


def _correction() -> SubjectRequest:
    return weighing("correction", {"fields": [STREET, NAME]})


def _objection() -> SubjectRequest:
    return weighing("objection", {"purposes": ["research"], "reasons": "I work at night."})


def _in(right: str, state: S, **details: object) -> Callable[[], SubjectRequest]:
    return lambda: a_request_in(state, right=right, **details)


# The request, and what its page says that no other does.
PAGES: list[tuple[Callable[[], SubjectRequest], str]] = [
    (_correction, "meanwhile what you dispute is not used"),
    (_corrected_in_part, "Will be corrected"),
    (_objection, "meanwhile your information is not used for this"),
    (_in("automated_decision", S.WEIGHING), "A person is reviewing the decision"),
    (_in("restriction", S.IN_FORCE), "In force since"),
    (_in("restriction", S.LIFTING_ANNOUNCED), "I do not agree"),
    (waiting, "Stop the deletion"),
    (_deleted, "Certificate of deletion"),
    (_in("appeal", S.WEIGHING), "Somebody else is looking at your request"),
]


def _let_in(page: Page, asked: SubjectRequest, base_url: str) -> None:
    """Open the page as a mailed code would."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    open_portal(request, reference=asked.reference, at=timezone.now())
    request.session.save()
    key = str(request.session.session_key)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": base_url}])


@in_every_look
def test_the_page_of_each_right_is_accessible_and_says_where_it_stands(
    visitor: Visitor, live_server, width: int, theme: str
) -> None:
    connect()
    page = visitor(width=width, theme=theme)
    for begin, words in PAGES:
        asked = begin()
        _let_in(page, asked, live_server.url)
        page.goto("/requests/yours/")
        expect(page.get_by_text(words).first).to_be_visible()
        assert faults(page) == [], f"{asked.right} {asked.state}"
