"""The log of what happened: what fits together, and what is refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from requests_app.deadlines.events import (
    ClockEvent,
    EventOutOfOrder,
    ExtensionNotice,
    NaiveTime,
    Question,
    Topic,
    UnknownEvent,
    read_log,
)
from requests_app.errors import BadInput

BERLIN = ZoneInfo("Europe/Berlin")
RECEIVED = datetime(2026, 9, 3, 8, tzinfo=UTC)


def read(*events: tuple[str, int]) -> tuple[Question | ExtensionNotice, ...]:
    log = [ClockEvent(kind, datetime(2026, 9, day, 12, tzinfo=UTC)) for kind, day in events]
    return read_log(log, received_at=RECEIVED, zone=BERLIN)


def test_a_question_is_paired_with_its_answer() -> None:
    assert read(("identity_requested", 5), ("identity_confirmed", 9)) == (
        Question(Topic.IDENTITY, date(2026, 9, 5), date(2026, 9, 9)),
    )


def test_a_question_asked_again_counts_from_the_first_time() -> None:
    log = read(("fee_requested", 5), ("fee_requested", 7), ("fee_paid", 9))
    assert log == (Question(Topic.FEE, date(2026, 9, 5), date(2026, 9, 9)),)


def test_questions_and_notices_come_by_the_day_they_began() -> None:
    log = read(
        ("extended", 6), ("clarification_received", 8), ("clarification_requested", 5), ("fee_requested", 7)
    )
    assert log == (
        Question(Topic.CLARIFICATION, date(2026, 9, 5), date(2026, 9, 8)),
        ExtensionNotice(date(2026, 9, 6), None),
        Question(Topic.FEE, date(2026, 9, 7), None),
    )


def test_days_are_those_of_the_law_not_of_universal_time() -> None:
    event = ClockEvent("identity_requested", datetime(2026, 9, 5, 22, 30, tzinfo=UTC))
    (question,) = read_log([event], received_at=RECEIVED, zone=BERLIN)
    assert question == Question(Topic.IDENTITY, date(2026, 9, 6), None)


@pytest.mark.parametrize(
    "events",
    [
        (("identity_confirmed", 5),),
        (("identity_requested", 9), ("identity_confirmed", 5)),
        (("identity_requested", 5), ("identity_confirmed", 6), ("identity_confirmed", 7)),
        (("identity_requested", 5), ("clarification_received", 7)),
        (("extended", 2),),
    ],
)
def test_an_event_out_of_order_is_refused(events: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(EventOutOfOrder, match=r"no question before it|before the request was received"):
        read(*events)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = ClockEvent("extended", datetime(2026, 9, 5, 12))  # noqa: DTZ001
    with pytest.raises(NaiveTime, match="needs its zone"):
        read_log([naive], received_at=RECEIVED, zone=BERLIN)


def test_an_unknown_event_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownEvent, match="identity_requested"):
        read(("phoned", 5))


@pytest.mark.parametrize("year", [1, 1989, 2200, 9999])
def test_a_year_no_calendar_of_ours_counts_is_refused(year: int) -> None:
    with pytest.raises(BadInput, match="1990"):
        read_log(
            [ClockEvent("extended", datetime(year, 6, 1, tzinfo=UTC))], received_at=RECEIVED, zone=BERLIN
        )
