"""The pages of a decision that two people agree to: one proposes there, the other decides there."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from requests_app.lifecycle import second_person
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.policy.company import COMPANY
from requests_app.policy.four_eyes import Decided, FourEyesRule
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import a_request_in, rosa, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (FourEyesRule(decisions=tuple(Decided)),)
    monkeypatch.setattr(second_person, "COMPANY", replace(COMPANY, four_eyes=rules))


def _send(client: Client, asked: SubjectRequest, **sent: str) -> str:
    fresh = SubjectRequest.objects.get(pk=asked.pk)
    said = {"version": str(fresh.version), "code": "no_data_held", "reason": "We hold nothing."}
    return client.post(_page(asked), {**said, **sent}, follow=True).content.decode()


def _page(asked: SubjectRequest) -> str:
    return reverse("review:move", args=[asked.reference, "refuse"])


def test_the_first_person_proposes_and_the_second_decides() -> None:
    asked, first = a_request_in(S.IN_REVIEW), signed_in(rosa())
    case = first.get(reverse("review:case", args=[asked.reference])).content.decode()
    assert "Propose: Refuse the request" in case
    assert "Two people agree to this." in first.get(_page(asked)).content.decode()
    assert "Another person decides it." in _send(first, asked)
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW
    second = signed_in(staff("Nils Next", Role.CASE_WORKER))
    page = second.get(_page(asked)).content.decode()
    assert "Proposed by Rosa" in page
    assert "We hold nothing." in page
    assert "Two people agree to this." not in page
    assert 'value="no_data_held" selected' in page
    assert "Done: Refuse the request." in _send(second, asked)
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.REFUSED


def test_who_proposed_cannot_decide_on_the_same_page() -> None:
    asked, first = a_request_in(S.IN_REVIEW), signed_in(rosa())
    _send(first, asked)
    _send(first, asked)
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.IN_REVIEW
