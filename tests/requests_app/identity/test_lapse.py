"""Requests that nobody confirmed are closed, with a notice."""

from datetime import timedelta

import pytest

from requests_app.identity.lapse import CONFIRM_WITHIN, lapse_unconfirmed
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, ada_asks

pytestmark = pytest.mark.django_db
LATE = NOON + CONFIRM_WITHIN + timedelta(minutes=1)


def test_what_was_never_confirmed_lapses_and_the_person_is_told() -> None:
    asked = ada_asks()
    assert lapse_unconfirmed(at=LATE) == 1
    assert SubjectRequest.objects.get(pk=asked.pk).state == RequestState.LAPSED
    assert asked.messages.filter(notice="lapsed").exists()


def test_what_was_confirmed_or_is_young_stays() -> None:
    a_request_in(RequestState.IN_REVIEW)
    ada_asks(at=LATE)
    assert lapse_unconfirmed(at=LATE) == 0


def test_a_second_run_changes_nothing() -> None:
    ada_asks()
    assert [lapse_unconfirmed(at=LATE), lapse_unconfirmed(at=LATE)] == [1, 0]
