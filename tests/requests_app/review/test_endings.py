"""The ends of a case at the desk: passed on, joined, refused, contested by a letter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from requests_app.accounts.models import StaffMember
from requests_app.decisions.forward import passed_on_to
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import Channel, Link, Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, ada_asks, rosa

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> StaffMember:
    return rosa()


@pytest.fixture
def desk(worker: StaffMember) -> Client:
    return signed_in(worker)


def _at(subject_request: SubjectRequest, page: str) -> str:
    return f"/staff/requests/{subject_request.reference}/{page}"


def _fresh(subject_request: SubjectRequest) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=subject_request.pk)


def _version(subject_request: SubjectRequest) -> int:
    return _fresh(subject_request).version


def test_passing_on_asks_to_whom_and_keeps_it_sealed(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    assert desk.get(_at(asked, "moves/forward/"))["Location"] == _at(asked, "forward/")
    given = {"reason": "We host it for them.", "version": _version(asked)}
    assert desk.post(_at(asked, "forward/"), given).status_code == 422
    assert _fresh(asked).state == S.IN_REVIEW
    given |= {"name": "Canary Clinic", "contact": "privacy@clinic.example"}
    desk.post(_at(asked, "forward/"), given)
    assert _fresh(asked).state == S.FORWARDED
    found = passed_on_to(asked)
    assert (found.name, found.contact) == ("Canary Clinic", "privacy@clinic.example")
    assert "Canary" not in desk.get(_at(asked, "audit/")).content.decode()


def test_passing_on_is_taken_back_when_the_case_has_moved(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    given = {"reason": "Theirs.", "name": "Clinic", "contact": "clinic.example", "version": 1}
    assert desk.post(_at(asked, "forward/"), given).status_code == 409
    assert passed_on_to(asked) is None


def test_joining_shows_the_others_and_warns_of_a_later_day(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    later = ada_asks(at=NOON + timedelta(days=9))
    page = desk.get(_at(asked, "join/")).content.decode()
    assert later.reference in page
    assert "The earlier day would be lost." in page
    assert "The earlier day would be lost." not in desk.get(_at(later, "join/")).content.decode()
    given = {"linked_to_id": str(asked.pk), "reason": "Asked twice.", "version": _version(later)}
    desk.post(_at(later, "join/"), given)
    assert (_fresh(later).state, _fresh(later).link) == (S.DUPLICATE, Link.DUPLICATE)
    assert _fresh(asked).state == S.IN_REVIEW


def test_a_refusal_names_grounds_with_their_source_and_takes_one(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW)
    page = desk.get(_at(asked, "moves/refuse/")).content.decode()
    assert "We hold no personal data about you. (Art. 15(1))" in page
    given = {"code": "no_data_held", "reason": "Nothing found.", "version": _version(asked)}
    desk.post(_at(asked, "moves/refuse/"), given)
    assert (_fresh(asked).state, _fresh(asked).reason_code) == (S.REFUSED, "no_data_held")


def test_a_complaint_is_answered_with_an_outcome(desk: Client) -> None:
    asked = a_request_in(S.IN_REVIEW, right="complaint", place="GB")
    given = {"outcome": Outcome.PARTLY, "reason": "We were late.", "version": _version(asked)}
    desk.post(_at(asked, "moves/answer/"), given)
    done = _fresh(asked)
    assert (done.state, done.outcome) == (S.COMPLETED, Outcome.PARTLY)
    text = done.messages.order_by("written_at").last().text
    assert "You were right in part." in text
    assert "We were late." in text


def test_a_letter_of_appeal_is_taken_in_with_its_day(desk: Client) -> None:
    first = a_request_in(S.REFUSED, at=timezone.now() - timedelta(days=5))
    assert "Take in an appeal" in desk.get(_at(first, "")).content.decode()
    yesterday = (timezone.now() - timedelta(days=1)).date()
    given = {"channel": Channel.POST, "received_on": yesterday.isoformat(), "reason": "Look again."}
    answer = desk.post(_at(first, "appeal/"), given)
    appeal = SubjectRequest.objects.get(linked_to=first, link=Link.APPEAL)
    assert answer["Location"] == _at(appeal, "")
    assert appeal.received_at.date() == yesterday
    assert "Take in an appeal" not in desk.get(_at(first, "")).content.decode()


def test_a_letter_cannot_have_come_before_the_answer(desk: Client) -> None:
    first = a_request_in(S.REFUSED, at=timezone.now() - timedelta(days=5))
    given = {"channel": Channel.POST, "received_on": "2020-01-01", "reason": "Look again."}
    assert desk.post(_at(first, "appeal/"), given).status_code == 422
    assert not SubjectRequest.objects.filter(link=Link.APPEAL).exists()


def _today(subject_request: SubjectRequest) -> str:
    """The day it is where the law of a request counts, which is not always the day it is in UTC."""
    return timezone.now().astimezone(jurisdiction(subject_request.regime).zone).date().isoformat()


def test_who_decided_first_is_told_that_another_person_decides(desk: Client, worker: StaffMember) -> None:
    first = a_request_in(S.IN_REVIEW, at=timezone.now() - timedelta(days=5))
    given = {"code": "no_data_held", "reason": "Nothing found.", "version": _version(first)}
    desk.post(_at(first, "moves/refuse/"), given)
    today = _today(first)
    desk.post(
        _at(first, "appeal/"), {"channel": Channel.PHONE, "received_on": today, "reason": "Look again."}
    )
    appeal = SubjectRequest.objects.get(link=Link.APPEAL)
    desk.post(_at(appeal, "moves/weigh/"), {"version": _version(appeal)})
    assert "another person decides the appeal" in desk.get(_at(appeal, "")).content.decode()


def test_an_appeal_that_came_late_is_marked(desk: Client) -> None:
    first = a_request_in(S.REFUSED, at=timezone.now() - timedelta(days=90))
    today = _today(first)
    desk.post(_at(first, "appeal/"), {"channel": Channel.POST, "received_on": today, "reason": "Look again."})
    appeal = SubjectRequest.objects.get(link=Link.APPEAL)
    assert "came after the last day for an appeal" in desk.get(_at(appeal, "")).content.decode()
