"""The pages of an opened request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.lifecycle.known_rights import headline_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.portal.sessions import DOWNLOAD_UNTIL_KEY, UNTIL_KEY
from tests.factories import SYSTEM, a_request_in, ada_asks
from tests.requests_app.portal.conftest import Mailed

pytestmark = pytest.mark.django_db
Opened = Callable[[SubjectRequest], Client]
LATER_STATES = [state for state in S if state is not S.RECEIVED]


def _put_back(client: Client, key: str) -> None:
    session = client.session
    session[key] = (timezone.now() - timedelta(seconds=1)).timestamp()
    session.save()


@pytest.mark.parametrize("state", LATER_STATES)
def test_every_state_has_its_page(state: S, opened: Opened) -> None:
    subject_request = a_request_in(state)
    page = opened(subject_request).get("/requests/yours/")
    text = page.content.decode()
    assert page.status_code == 200
    assert str(headline_of(subject_request)) in text
    assert subject_request.reference in text
    assert subject_request.subject_email not in text
    assert subject_request.subject_name not in text
    assert "no-store" in page["Cache-Control"]


def test_the_date_comes_with_its_reason(opened: Opened) -> None:
    text = opened(a_request_in(S.IN_REVIEW)).get("/requests/yours/").content.decode()
    assert "Thursday 3 December 2026" in text
    assert "limit set by the GDPR" in text
    assert "Why this date?" in text


def test_messages_are_shown_without_codes(opened: Opened) -> None:
    text = opened(a_request_in(S.REFUSED)).get("/requests/yours/").content.decode()
    assert text.count('<article class="msg') == 2
    assert "[[" not in text


def test_without_a_code_there_is_only_the_way_in(client: Client) -> None:
    for url in ("/requests/yours/", "/requests/yours/withdraw/", "/requests/yours/download/"):
        assert client.get(url)["Location"] == "/requests/"


def test_the_pages_close_by_themselves(opened: Opened) -> None:
    client = opened(a_request_in(S.READY))
    _put_back(client, UNTIL_KEY)
    page = client.get("/requests/yours/")
    assert page.status_code == 403
    assert "This page has closed" in page.content.decode()
    assert client.get("/requests/yours/")["Location"] == "/requests/"


def test_leaving_closes_them_at_once(opened: Opened) -> None:
    client = opened(ada_asks())
    assert client.get("/requests/leave/").status_code == 405
    client.post("/requests/leave/")
    assert client.get("/requests/yours/")["Location"] == "/requests/"


def test_a_request_is_withdrawn_after_a_question(opened: Opened) -> None:
    subject_request = a_request_in(S.IN_REVIEW)
    client = opened(subject_request)
    assert "Withdraw this request?" in client.get("/requests/yours/withdraw/").content.decode()
    assert SubjectRequest.objects.get().state == S.IN_REVIEW
    client.post("/requests/yours/withdraw/", {"reason": "Changed my mind"})
    assert SubjectRequest.objects.get().state == S.WITHDRAWN
    assert SubjectRequest.objects.get().reason == "Changed my mind"


def test_an_answered_request_cannot_be_withdrawn(opened: Opened) -> None:
    client = opened(a_request_in(S.COMPLETED))
    assert "Withdraw this request" not in client.get("/requests/yours/").content.decode()
    assert client.post("/requests/yours/withdraw/", {"reason": ""})["Location"] == "/requests/yours/"
    assert SubjectRequest.objects.get().state == S.COMPLETED


def test_downloading_needs_a_fresh_code(opened: Opened, mailed: Mailed) -> None:
    subject_request = a_request_in(S.READY)
    client = opened(subject_request)
    locked = client.get("/requests/yours/download/").content.decode()
    assert "One more code before the download" in locked
    assert "ad••••••@example.org" in locked
    issue_code(subject_request=subject_request, purpose=Purpose.PORTAL, by=SYSTEM, at=timezone.now())
    wrong = client.post("/requests/yours/download/", {"code": mailed(subject_request)["code"]})
    assert wrong.status_code == 400
    assert "do not match" in wrong.content.decode()
    client.post("/requests/yours/download/code/")
    code = mailed(subject_request)["code"]
    assert client.post("/requests/yours/download/", {"code": code})["Location"] == "/requests/yours/download/"
    assert "One more code" not in client.get("/requests/yours/download/").content.decode()
    _put_back(client, DOWNLOAD_UNTIL_KEY)
    assert "One more code" in client.get("/requests/yours/download/").content.decode()


def test_there_is_nothing_to_download_before_the_release(opened: Opened) -> None:
    client = opened(a_request_in(S.AWAITING_RELEASE))
    before = SubjectRequest.objects.get().messages.count()
    assert client.get("/requests/yours/download/")["Location"] == "/requests/yours/"
    client.post("/requests/yours/download/code/")
    assert SubjectRequest.objects.get().messages.count() == before


def test_another_request_is_never_opened_by_the_code_of_one(client: Client, mailed: Mailed) -> None:
    mine, other = ada_asks(at=timezone.now()), ada_asks(email="eve@example.org", at=timezone.now())
    answer = client.post("/requests/", {"reference": other.reference, "code": mailed(mine)["code"]})
    assert answer.status_code == 400
