"""Which requests are late: each by the calendar of its own law."""

from datetime import UTC, date, datetime

import pytest

from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.selectors import is_overdue, next_due
from tests.factories import ada_asks

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 10)
# Half past midnight on the 11th in Berlin, and the afternoon of the 10th in California.
NIGHT = datetime(2026, 12, 10, 23, 30, tzinfo=UTC)


def test_late_is_what_its_own_law_calls_late() -> None:
    berlin, california = ada_asks(place="DE"), ada_asks(place="US-CA")
    SubjectRequest.objects.update(response_due_on=DUE)
    assert list(SubjectRequest.objects.filter(is_overdue(NIGHT))) == [berlin]
    assert next_due(at=NIGHT) == california
