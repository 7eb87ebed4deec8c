"""What was announced for a day, and what comes first, by the calendar of the law and not of the server."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.lifecycle.timing import access_comes_first, wait_ends_in_time, waiting_is_over
from tests.factories import SYSTEM, ada_asks, ada_asks_for
from tests.walking import the_machine_alone, walk_to

pytestmark = pytest.mark.django_db
BRUSSELS, LOS_ANGELES = ZoneInfo("Europe/Brussels"), ZoneInfo("America/Los_Angeles")


def _due(asked: SubjectRequest, on: date) -> SubjectRequest:
    asked.response_due_on = on
    return asked


def _refused(asked: SubjectRequest, *, until: datetime, at: datetime) -> str | None:
    return wait_ends_in_time(Attempt(asked, SYSTEM, at, {"waits_until": until}))


def test_a_wait_that_would_end_after_the_legal_date_is_refused() -> None:
    asked = _due(ada_asks(right="deletion", place="US-CA"), date(2026, 12, 18))
    now = datetime(2026, 12, 10, 12, tzinfo=LOS_ANGELES)
    assert _refused(asked, until=datetime(2026, 12, 18, 23, 59, tzinfo=LOS_ANGELES), at=now) is None
    said = _refused(asked, until=datetime(2026, 12, 19, 0, 0, tzinfo=LOS_ANGELES), at=now)
    assert "would end after the legal date, 18 December 2026" in str(said)


def test_once_the_legal_date_has_passed_only_no_wait_at_all_is_left() -> None:
    asked = _due(ada_asks(right="deletion", place="US-CA"), date(2026, 12, 18))
    late = datetime(2026, 12, 20, 22, tzinfo=LOS_ANGELES)
    assert _refused(asked, until=late, at=late) is None
    assert _refused(asked, until=late + timedelta(days=1), at=late) is not None


def test_the_day_of_an_announcement_is_named_as_the_law_counts_it() -> None:
    asked = ada_asks(right="restriction", place="DE")
    asked.waits_until = datetime(2027, 1, 15, tzinfo=BRUSSELS)
    said = waiting_is_over(Attempt(asked, SYSTEM, asked.waits_until - timedelta(hours=2)))
    assert "announced for 15 January 2027" in str(said)


def test_a_deletion_waits_for_the_copy_while_it_is_put_together_however_late() -> None:
    access, deletion = ada_asks_for("access", "deletion", place="DE")
    late = datetime.combine(deletion.response_due_on, datetime.min.time(), BRUSSELS) + timedelta(days=5)
    assert access.reference in str(access_comes_first(Attempt(deletion, SYSTEM, late)))


def test_a_copy_that_lies_ready_holds_the_deletion_up_to_the_legal_date_and_not_beyond() -> None:
    access, deletion = ada_asks_for("access", "deletion", place="DE")
    with the_machine_alone():
        walk_to(S.READY, access)
    # Midnight in Brussels, where the law counts: in Greenwich it is still the day before.
    midnight = datetime.combine(deletion.response_due_on, datetime.min.time(), BRUSSELS)
    before = Attempt(deletion, SYSTEM, midnight - timedelta(seconds=1))
    assert access.reference in str(access_comes_first(before))
    assert access_comes_first(Attempt(deletion, SYSTEM, midnight)) is None
