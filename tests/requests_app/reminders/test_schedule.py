"""Which reminders a request has: days checked by hand against each law and the calendars of its place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from requests_app.deadlines.clock import ClockEvent
from requests_app.lifecycle.states import CLOSED, RequestState
from requests_app.reminders.kinds import ReminderKind as K
from requests_app.reminders.schedule import current, look_again_at
from tests.requests_app.reminders.standings import days, local, reminders, standing

BERLIN = ZoneInfo("Europe/Berlin")
# A Thursday: one month ends on Saturday 3 October 2026, German Unity Day, and moves to Monday 5 October.
GERMAN = standing("eu-gdpr", datetime(2026, 9, 3, 10, 0, tzinfo=BERLIN), place="DE-BE")


def test_an_access_request_in_germany() -> None:
    """Days before that fall on a weekend are told on the Friday; two thirds of 32 days are 21."""
    assert days(GERMAN) == {
        "days_before 14": date(2026, 9, 21),
        "target": date(2026, 9, 24),
        "days_before 7": date(2026, 9, 28),
        "extension": date(2026, 9, 30),
        "days_before 3": date(2026, 10, 2),
        "days_before 1": date(2026, 10, 2),
        "due": date(2026, 10, 5),
        "overdue": date(2026, 10, 6),
    }


def test_a_california_request_counts_its_own_45_days() -> None:
    """Received on Tuesday 1 September 2026: due on Friday 16 October; the receipt is confirmed in 10 business days."""
    asked = standing(
        "us-ca",
        datetime(2026, 9, 1, 17, 0, tzinfo=UTC),
        place="US-CA",
        is_acknowledged=False,
    )
    assert days(asked) == {
        # Labor Day, 7 September, is no business day: ten of them end on Wednesday 16 September.
        "acknowledge early": date(2026, 9, 14),
        "acknowledge last": date(2026, 9, 16),
        "target": date(2026, 10, 1),
        "days_before 14": date(2026, 10, 2),
        "days_before 7": date(2026, 10, 9),
        "extension": date(2026, 10, 9),
        "days_before 3": date(2026, 10, 13),
        "days_before 1": date(2026, 10, 15),
        "due": date(2026, 10, 16),
        "overdue": date(2026, 10, 17),
    }


def test_an_opt_out_counts_business_days_back() -> None:
    """15 business days from Friday 18 December 2026, with Christmas and New Year between."""
    asked = standing(
        "us-ca", datetime(2026, 12, 18, 18, 0, tzinfo=UTC), place="US-CA", right="opt_out_sale_share"
    )
    due = asked.answer.due if asked.answer else None
    assert due == date(2027, 1, 12)
    found = days(asked)
    assert found["days_before 7"] == date(2026, 12, 31)
    assert found["days_before 3"] == date(2027, 1, 7)
    assert found["days_before 1"] == date(2027, 1, 11)
    assert "days_before 14" not in found, "in the first half of a short term nothing is near"


def test_an_indian_day_ends_while_it_is_noon_in_new_york() -> None:
    asked = standing("in", datetime(2026, 9, 10, 6, 0, tzinfo=UTC), place="IN-KA")
    assert asked.answer is not None
    assert asked.answer.due == date(2026, 10, 10)
    # Saturday is a working day's eve: what can be told is told on Friday, at eight in Kolkata.
    assert local(asked, K.DUE) == ["Fri 2026-10-09 08:00"]
    (overdue,) = reminders(asked, K.OVERDUE)
    assert overdue.at == datetime(2026, 10, 10, 18, 30, tzinfo=UTC)


def test_a_brazilian_term_of_fifteen_days_is_not_near_on_its_first() -> None:
    asked = standing("br-lgpd", datetime(2026, 9, 10, 15, 0, tzinfo=UTC), place="BR-SP")
    assert "days_before 14" not in days(asked)
    assert days(asked)["days_before 7"] == date(2026, 9, 18)
    assert days(asked)["due"] == date(2026, 9, 25)


def test_eight_in_the_morning_stays_eight_when_summer_time_ends() -> None:
    """Germany turns its clocks back on 25 October 2026."""
    asked = standing("eu-gdpr", datetime(2026, 9, 28, 10, 0, tzinfo=BERLIN), place="DE-BE")
    moments = [each.at for each in reminders(asked, K.DAYS_BEFORE)]
    assert local(asked, K.DAYS_BEFORE) == [
        "Wed 2026-10-14 08:00",
        "Wed 2026-10-21 08:00",
        "Fri 2026-10-23 08:00",
        "Tue 2026-10-27 08:00",
    ]
    assert moments[2] == datetime(2026, 10, 23, 6, 0, tzinfo=UTC)
    assert moments[3] == datetime(2026, 10, 27, 7, 0, tzinfo=UTC)


def test_what_is_due_at_once_is_due_when_it_comes_and_late_at_midnight() -> None:
    received = datetime(2026, 9, 3, 15, 0, tzinfo=BERLIN)
    asked = standing("eu-gdpr", received, right="withdraw_consent", place="DE-BE")
    assert [(each.kind, each.at) for each in reminders(asked)] == [
        (K.DUE, received),
        (K.OVERDUE, datetime(2026, 9, 4, 0, 0, tzinfo=ZoneInfo("Europe/Brussels"))),
    ]


def test_a_clock_that_waits_for_the_person_has_no_date_to_remind_of() -> None:
    received = datetime(2026, 9, 3, 10, 0, tzinfo=BERLIN)
    asked_at = received + timedelta(days=5)
    asked = ClockEvent(type="clarification_requested", at=asked_at)
    waiting = standing(
        "eu-gdpr",
        received,
        place="DE-BE",
        state=RequestState.AWAITING_ANSWER,
        events=[asked],
        state_since=asked_at,
    )
    assert {each.kind for each in reminders(waiting)} == {K.QUESTION}
    assert local(waiting, K.QUESTION) == ["Tue 2026-09-15 08:00", "Tue 2026-09-22 08:00"]

    answered = ClockEvent(type="clarification_received", at=asked_at + timedelta(days=10))
    goes_on = standing("eu-gdpr", received, place="DE-BE", events=[asked, answered])
    assert days(goes_on)["due"] == date(2026, 10, 13)
    assert not {each.occurrence for each in reminders(goes_on)} & {
        each.occurrence for each in reminders(GERMAN)
    }


def test_an_extension_told_in_time_moves_every_reminder_and_ends_that_of_the_extension() -> None:
    told = ClockEvent(type="extended", at=datetime(2026, 9, 20, 10, 0, tzinfo=BERLIN))
    extended = standing("eu-gdpr", GERMAN.received_at, place="DE-BE", events=[told])
    assert days(extended)["due"] == date(2026, 12, 3)
    assert reminders(extended, K.EXTENSION) == ()


def test_nobody_is_reminded_to_extend_once_it_is_too_late() -> None:
    (extension,) = reminders(GERMAN, K.EXTENSION)
    assert extension.is_true(datetime(2026, 10, 5, 21, 59, tzinfo=UTC))
    assert not extension.is_true(datetime(2026, 10, 5, 22, 0, tzinfo=UTC))


def test_a_law_without_a_duty_wants_no_confirmation() -> None:
    asked = standing("eu-gdpr", GERMAN.received_at, place="DE-BE", is_acknowledged=False)
    assert reminders(asked, K.ACKNOWLEDGE) == ()


def test_a_request_about_to_lapse_is_told_before_it_does_and_not_after() -> None:
    asked = standing(
        "eu-gdpr",
        GERMAN.received_at,
        state=RequestState.AWAITING_IDENTITY,
        place="DE-BE",
        lapses_on=date(2026, 9, 17),
    )
    (lapsing,) = reminders(asked, K.IDENTITY_LAPSING)
    assert local(asked, K.IDENTITY_LAPSING) == ["Sun 2026-09-13 08:00"]
    assert lapsing.is_true(datetime(2026, 9, 16, 21, 59, tzinfo=UTC))
    assert not lapsing.is_true(datetime(2026, 9, 16, 22, 0, tzinfo=UTC))


def test_a_proof_that_nobody_looked_at_is_told_the_next_morning() -> None:
    asked = standing(
        "eu-gdpr",
        GERMAN.received_at,
        state=RequestState.AWAITING_IDENTITY,
        place="DE-BE",
        proof_given_at=datetime(2026, 9, 8, 22, 30, tzinfo=UTC),
    )
    assert local(asked, K.PROOF_GIVEN) == ["Thu 2026-09-10 08:00"]


@pytest.mark.parametrize(
    ("state", "kind", "expected"),
    [
        (RequestState.WAITING_PERIOD, K.WAITING_ENDS, "Wed 2026-09-09 08:00"),
        (RequestState.LIFTING_ANNOUNCED, K.LIFTING_DAY, "Thu 2026-09-10 08:00"),
    ],
)
def test_a_day_that_a_state_waits_for_is_told(state: RequestState, kind: K, expected: str) -> None:
    until = datetime(2026, 9, 10, 12, 0, tzinfo=BERLIN)
    asked = standing("eu-gdpr", GERMAN.received_at, place="DE-BE", state=state, waits_until=until)
    assert local(asked, kind) == [expected]


@pytest.mark.parametrize("state", [RequestState.EXECUTING, RequestState.FULFILLING, RequestState.LIFTING])
def test_sources_that_take_long_are_told_again(state: RequestState) -> None:
    asked = standing("eu-gdpr", GERMAN.received_at, place="DE-BE", state=state)
    assert local(asked, K.WORK_TAKES_LONG) == ["Sun 2026-09-06 08:00", "Thu 2026-09-10 08:00"]


@pytest.mark.parametrize("state", [RequestState.WEIGHING, RequestState.COMPLETED, RequestState.EXECUTING])
def test_work_that_is_open_is_counted_from_its_own_beginning(state: RequestState) -> None:
    """Whatever the state, and since whenever the request is in it."""
    since = datetime(2026, 9, 20, 9, 0, tzinfo=BERLIN)
    asked = standing("eu-gdpr", GERMAN.received_at, place="DE-BE", state=state, work_since=since)
    assert local(asked, K.WORK_TAKES_LONG) == ["Wed 2026-09-23 08:00", "Sun 2026-09-27 08:00"]


def test_proof_is_spoken_of_the_day_before_it_is_deleted() -> None:
    asked = standing("eu-gdpr", GERMAN.received_at, place="DE-BE", evidence_until=date(2026, 9, 20))
    assert local(asked, K.EVIDENCE) == ["Sat 2026-09-19 08:00"]


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_a_closed_request_is_silent_until_its_record_goes(state: RequestState) -> None:
    asked = standing(
        "eu-gdpr",
        GERMAN.received_at,
        place="DE-BE",
        state=state,
        keep_until=date(2028, 10, 1),
    )
    assert [each.kind for each in reminders(asked)] == [K.RETENTION]
    assert local(asked, K.RETENTION) == ["Sun 2028-09-17 08:00"]


@pytest.mark.parametrize("state", [RequestState.EXECUTING, RequestState.COMPLETED])
def test_a_hold_without_a_last_day_is_said_on_its_day_and_until_somebody_looks(state: RequestState) -> None:
    asked = standing(
        "eu-gdpr",
        GERMAN.received_at,
        place="DE-BE",
        state=state,
        hold_again_on=date(2027, 3, 6),
    )
    # The day is a Saturday, as the two after it are.
    assert local(asked, K.HOLD_AGAIN) == [
        "Fri 2027-03-05 08:00",
        "Fri 2027-03-12 08:00",
        "Fri 2027-04-02 08:00",
    ]


def test_the_latest_of_a_thread_says_it_all() -> None:
    at = datetime(2026, 10, 2, 12, 0, tzinfo=UTC)
    assert [(each.kind, each.step) for each in current(reminders(GERMAN), at)] == [
        (K.DAYS_BEFORE, "1"),
        (K.EXTENSION, ""),
    ]
    assert look_again_at(reminders(GERMAN), at) == datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
