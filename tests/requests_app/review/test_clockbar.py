"""What stands under the clock bar of a case."""

from datetime import UTC, datetime, timedelta

import pytest

from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.review.clockbar import clock_bar
from tests.factories import a_request_in

pytestmark = pytest.mark.django_db


def _facts(asked: SubjectRequest, now: datetime) -> dict[str, tuple[str, str]]:
    bar = clock_bar(asked, response_deadline(asked), now=now)
    return {str(fact.label): (str(fact.value), str(fact.small)) for fact in bar.facts}


def test_a_restriction_that_stands_beyond_the_due_date_was_still_answered_in_time() -> None:
    asked = a_request_in(S.IN_FORCE)
    facts = _facts(asked, asked.state_since + timedelta(days=100))
    assert facts["Due"] == ("3 Dec 2026", "in time")
    assert facts["Answered"] == ("3 Nov 2026", "in force")
    assert facts.keys().isdisjoint({"Today", "Extension possible"})


def test_a_case_is_received_and_closed_on_days_of_the_same_calendar() -> None:
    # Late on the 8th here, and already the 9th in Sydney.
    asked = a_request_in(S.REFUSED, place="AU", at=datetime(2026, 11, 8, 20, 0, tzinfo=UTC))
    facts = _facts(asked, asked.state_since)
    assert (facts["Received"][0], facts["Closed"][0]) == ("9 Nov 2026", "9 Nov 2026")
