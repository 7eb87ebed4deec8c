"""The page of messages: what failed and why, and a page that asks before it is sent again."""

import pytest
from django.test import Client

from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import a_request_in, piet, rosa

pytestmark = pytest.mark.django_db
WHY = "The mail server answered 550."


@pytest.fixture
def failed() -> Message:
    """A notice that was given up."""
    asked = a_request_in(S.IN_REVIEW)
    asked.messages.update(work_state=WorkState.DONE)
    message = asked.messages.get(notice="identity_confirmed")
    Message.objects.filter(pk=message.pk).update(work_state=WorkState.DEAD, last_error=WHY)
    message.refresh_from_db()
    return message


def _at(asked: SubjectRequest, page: str = "") -> str:
    return f"/staff/requests/{asked.reference}/{page}"


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_case_says_so_and_its_messages_say_why(failed: Message) -> None:
    desk, asked = signed_in(rosa()), failed.subject_request
    assert "1 message to the person could not be delivered." in _page(desk, _at(asked))
    page = _page(desk, _at(asked, "messages/"))
    assert WHY in page
    assert _at(asked, f"messages/{failed.pk}/again/") in page


def test_it_is_asked_once_more_and_looking_changes_nothing(failed: Message) -> None:
    desk, asked = signed_in(rosa()), failed.subject_request
    again = _at(asked, f"messages/{failed.pk}/again/")
    page = _page(desk, again)
    assert WHY in page
    assert "ada@example.org" not in page
    assert Message.objects.get(pk=failed.pk).work_state == WorkState.DEAD
    assert desk.post(again)["Location"] == _at(asked, "messages/")
    assert Message.objects.get(pk=failed.pk).work_state == WorkState.WAITING
    page = _page(desk, _at(asked, "messages/"))
    assert "It is on its way again." in page
    assert again not in page
    assert "message to the person could not be delivered" not in _page(desk, _at(asked))


def test_a_second_press_says_that_nothing_is_to_be_sent(failed: Message) -> None:
    desk, asked = signed_in(rosa()), failed.subject_request
    again = _at(asked, f"messages/{failed.pk}/again/")
    desk.post(again)
    assert "was sent, is on its way" in desk.post(again, follow=True).content.decode()
    assert "is not one to send again" in desk.get(again, follow=True).content.decode()


def test_who_does_not_work_cases_sees_the_failure_and_no_button(failed: Message) -> None:
    desk, asked = signed_in(piet()), failed.subject_request
    page = _page(desk, _at(asked, "messages/"))
    assert WHY in page
    assert "again/" not in page
    assert desk.post(_at(asked, f"messages/{failed.pk}/again/")).status_code == 403


def test_a_message_of_another_case_is_not_there(failed: Message) -> None:
    other = a_request_in(S.IN_REVIEW, email="bo@example.org")
    assert signed_in(rosa()).get(_at(other, f"messages/{failed.pk}/again/")).status_code == 404
