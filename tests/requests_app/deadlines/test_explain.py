"""The words a person reads about a date."""

from datetime import UTC, datetime

from requests_app.deadlines.clock import ClockEvent, deadline
from requests_app.deadlines.explain import for_person, for_staff

SEPTEMBER = datetime(2026, 9, 3, 8, tzinfo=UTC)
ACCESS = {"measure": "response", "regime": "eu-gdpr", "right": "access", "received_at": SEPTEMBER}


def event(kind: str, day: int) -> ClockEvent:
    return ClockEvent(kind, datetime(2026, 9, day, 8, tzinfo=UTC))


def test_the_person_reads_the_length_and_who_set_it() -> None:
    assert for_person(deadline(**(ACCESS | {"regime": "us-ca"}))) == (
        "45 days from the day your request reached us, the limit set by the California Consumer Privacy Act."
    )


def test_the_person_reads_why_the_date_moved() -> None:
    events = [event("identity_requested", 5), event("identity_confirmed", 7), event("extended", 20)]
    assert for_person(deadline(**ACCESS, events=events)) == (
        "One month from the day your request reached us, the limit set by the GDPR. "
        "We told you in time that we need longer, as the law allows. "
        "The two days in which we waited for your answer are not counted. "
        "It moved because the last day fell on a weekend or a holiday."
    )


def test_the_person_reads_that_the_month_began_with_their_answer() -> None:
    events = [event("identity_requested", 5), event("identity_confirmed", 7)]
    words = for_person(deadline(**(ACCESS | {"regime": "uk-gdpr"}), events=events))
    assert words == "One month from the day we had what we asked you for, the limit set by the UK GDPR."


def test_our_own_limit_is_not_called_a_law() -> None:
    assert "the limit we set ourselves" in for_person(deadline(**(ACCESS | {"regime": "default"})))


def test_at_once_is_said_so() -> None:
    assert for_person(deadline(**(ACCESS | {"right": "withdraw_consent"}))).startswith("At once")


def test_the_person_reads_that_the_time_of_an_appeal_runs_from_the_appeal() -> None:
    asked = {"regime": "us-va", "right": "access", "received_at": ACCESS["received_at"]}
    assert "from the day your appeal reached us" in for_person(deadline(measure="appeal_response", **asked))


def test_staff_read_each_step_with_its_citation() -> None:
    lines = for_staff(deadline(**ACCESS, place="DE-BE")).splitlines()
    assert len(lines) == 3
    assert lines[1] == (
        "2026-10-03  One month from 3 September 2026 ends on Saturday 3 October 2026. [Art. 12(3)]"
    )
