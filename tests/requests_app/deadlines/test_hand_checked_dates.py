"""Dates reckoned by hand from a wall calendar; each row says why."""

from datetime import date, datetime

import pytest

from requests_app.deadlines.clock import ClockEvent, deadline


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def due(
    regime: str,
    received: str,
    *events: str,
    right: str = "access",
    place: str | None = None,
    measure: str = "response",
) -> date:
    log = [ClockEvent(type=kind, at=at(moment)) for kind, moment in (event.split("@") for event in events)]
    return deadline(
        measure=measure, regime=regime, right=right, received_at=at(received), place=place, events=log
    ).due


EUROPE = [
    # One month: 3 September to 3 October 2026, a Saturday and Unity Day; Sunday; Monday 5 October.
    ("2026-09-03T10:00+02:00", "DE-BE", "2026-10-05"),
    # February 2026 has no 31st: its last day is Saturday the 28th, so Monday 2 March.
    ("2026-01-31T10:00+01:00", "FR", "2026-03-02"),
    # 2028 is a leap year: Tuesday 29 February.
    ("2028-01-31T10:00+01:00", "FR", "2028-02-29"),
    # From a 29 February to the 29th of March, a Wednesday in 2028.
    ("2028-02-29T10:00+01:00", "FR", "2028-03-29"),
    # Women's Day, Monday 8 March 2027, is a holiday in Berlin and a working day in Bavaria.
    ("2027-02-08T10:00+01:00", "DE-BE", "2027-03-09"),
    ("2027-02-08T10:00+01:00", "DE-BY", "2027-03-08"),
    # Epiphany, Wednesday 6 January 2027, is a holiday in Bavaria and a working day in Berlin.
    ("2026-12-06T10:00+01:00", "DE-BY", "2027-01-07"),
    ("2026-12-06T10:00+01:00", "DE-BE", "2027-01-06"),
    # Good Friday 26 March 2027 to Easter Monday 29 March: the first working day is Tuesday 30 March.
    ("2027-02-26T10:00+01:00", "DE-BE", "2027-03-30"),
    # Without a place no holiday is known, only the weekend: Good Friday stays.
    ("2027-02-26T10:00+01:00", None, "2027-03-26"),
    # 23:30 in London is past midnight in Brussels, the night the clocks go forward: received on the 29th.
    ("2026-03-28T23:30+00:00", "FR", "2026-04-29"),
    # 22:30 UTC is already the 25th of October in summer time; the night after it takes 23:00 UTC.
    ("2026-10-24T22:30+00:00", "FR", "2026-11-25"),
    ("2026-10-25T22:30+00:00", "FR", "2026-11-25"),
    ("2026-10-25T23:00+00:00", "FR", "2026-11-26"),
]


@pytest.mark.parametrize(("received", "place", "expected"), EUROPE)
def test_one_month_in_europe(received: str, place: str | None, expected: str) -> None:
    assert due("eu-gdpr", received, place=place) == date.fromisoformat(expected)


EUROPE_WITH_EVENTS = [
    # Asked on the 5th, proven on the 9th: four days. Saturday 3 October plus four is Wednesday the 7th.
    ("2026-09-03", ("identity_requested@2026-09-05", "identity_confirmed@2026-09-09"), "2026-10-07"),
    # Two questions over the same days: 5th to 20th is 15 days, not 20. 1 October plus 15 is Friday the 16th.
    (
        "2026-09-01",
        (
            "identity_requested@2026-09-05",
            "identity_confirmed@2026-09-15",
            "clarification_requested@2026-09-10",
            "clarification_received@2026-09-20",
        ),
        "2026-10-16",
    ),
    # A question without an answer does not move the date yet.
    ("2026-09-03", ("identity_requested@2026-09-05",), "2026-10-05"),
    # A question that comes after the last day revives nothing.
    ("2026-09-03", ("identity_requested@2026-10-06", "identity_confirmed@2026-10-20"), "2026-10-05"),
    # A fee stops nothing.
    ("2026-09-03", ("fee_requested@2026-09-05", "fee_paid@2026-09-30"), "2026-10-05"),
    # Three months from the original 31 October end on Sunday 31 January 2027: Monday 1 February. Two months
    # from the first last day, 30 November, would have ended on 30 January.
    ("2026-10-31", ("extended@2026-11-20",), "2027-02-01"),
    # Told on the first last day, which a weekend had moved to 5 October: in time. 3 December is a Thursday.
    ("2026-09-03", ("extended@2026-10-05",), "2026-12-03"),
    # Told a day later: nothing moves.
    ("2026-09-03", ("extended@2026-10-06",), "2026-10-05"),
    # Once only: the second notice gives nothing more.
    ("2026-09-03", ("extended@2026-09-20", "extended@2026-11-20"), "2026-12-03"),
    # A pause moves the last day for the notice too, to the 7th, and pauses the three months as well.
    (
        "2026-09-03",
        ("identity_requested@2026-09-05", "identity_confirmed@2026-09-09", "extended@2026-10-07"),
        "2026-12-07",
    ),
]


@pytest.mark.parametrize(("received", "events", "expected"), EUROPE_WITH_EVENTS)
def test_questions_and_extensions_in_europe(received: str, events: tuple[str, ...], expected: str) -> None:
    log = (f"{event}T12:00+02:00" for event in events)
    assert due("eu-gdpr", f"{received}T10:00+02:00", *log, place="DE-BE") == date.fromisoformat(expected)


UNITED_KINGDOM = [
    # The regulator's own examples.
    ("2024-01-01", (), "access", None, "2024-02-01"),
    ("2024-11-25", (), "access", None, "2024-12-27"),
    ("2024-01-31", (), "access", None, "2024-02-29"),
    ("2026-01-31", (), "access", None, "2026-03-02"),
    # St Andrew's Day, Monday 30 November 2026, is a bank holiday in Scotland alone.
    ("2026-10-30", (), "access", "GB-SCT", "2026-12-01"),
    ("2026-10-30", (), "access", "GB-ENG", "2026-11-30"),
    # Proof asked on the 4th arrives on the 10th: the month starts then and ends on Saturday 10 October.
    (
        "2026-09-03",
        ("identity_requested@2026-09-04", "identity_confirmed@2026-09-10"),
        "access",
        None,
        "2026-10-12",
    ),
    # The later of proof and fee starts the month: 15 September to Thursday 15 October.
    (
        "2026-09-03",
        (
            "identity_requested@2026-09-04",
            "identity_confirmed@2026-09-10",
            "fee_requested@2026-09-11",
            "fee_paid@2026-09-15",
        ),
        "access",
        None,
        "2026-10-15",
    ),
    # From the day of asking to the day of answering, both counted: 3rd to 10th is 8 days. 1 October plus 8.
    (
        "2026-09-01",
        ("clarification_requested@2026-09-03", "clarification_received@2026-09-10"),
        "access",
        None,
        "2026-10-09",
    ),
    # Only for access.
    (
        "2026-09-01",
        ("clarification_requested@2026-09-03", "clarification_received@2026-09-10"),
        "deletion",
        None,
        "2026-10-01",
    ),
    # Clarified before the proof arrived: those days lie before the month, so they cannot stop it.
    (
        "2026-09-01",
        (
            "identity_requested@2026-09-02",
            "clarification_requested@2026-09-03",
            "clarification_received@2026-09-05",
            "identity_confirmed@2026-09-15",
        ),
        "access",
        None,
        "2026-10-15",
    ),
    # Extended: three months from the day the proof arrived, 10 December.
    (
        "2026-09-03",
        ("identity_requested@2026-09-04", "identity_confirmed@2026-09-10", "extended@2026-10-12"),
        "access",
        None,
        "2026-12-10",
    ),
]


@pytest.mark.parametrize(("received", "events", "right", "place", "expected"), UNITED_KINGDOM)
def test_one_month_in_the_united_kingdom(
    received: str, events: tuple[str, ...], right: str, place: str | None, expected: str
) -> None:
    log = (f"{event}T12:00+00:00" for event in events)
    assert due("uk-gdpr", f"{received}T10:00+00:00", *log, right=right, place=place) == date.fromisoformat(
        expected
    )
