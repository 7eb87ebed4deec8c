"""The door to legal dates: what it refuses, what it explains, and which of several laws it follows."""

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from requests_app.deadlines.clock import (
    ClockEvent,
    UnknownMeasure,
    deadline,
    earliest_deadline,
    extension_possible_until,
)
from requests_app.deadlines.events import NaiveTime, Topic
from requests_app.deadlines.result import Rule
from requests_app.deadlines.terms import NoSuchDate
from requests_app.errors import BadInput
from requests_app.jurisdictions.load import RightNotGranted, UnknownPlace, UnknownRegime, UnknownRight

SEPTEMBER = datetime(2026, 9, 3, 8, tzinfo=UTC)
ACCESS = {"measure": "response", "regime": "eu-gdpr", "right": "access", "received_at": SEPTEMBER}

REFUSED = [
    ({"regime": "atlantis"}, UnknownRegime, "eu-gdpr"),
    ({"regime": "../default"}, UnknownRegime, "There is no law"),
    ({"right": "fly"}, UnknownRight, "access"),
    ({"measure": "tomorrow"}, UnknownMeasure, "response"),
    ({"place": "Berlin"}, UnknownPlace, "ISO 3166"),
    ({"place": "de-be"}, UnknownPlace, "ISO 3166"),
    ({"received_at": datetime(2026, 9, 3, 8)}, NaiveTime, "zone"),  # noqa: DTZ001
    ({"right": "opt_out_sale_share"}, RightNotGranted, "The GDPR does not grant"),
    ({"regime": "us-ia", "right": "correction"}, RightNotGranted, "does not grant"),
    ({"regime": "us-va", "right": "automated_decision"}, RightNotGranted, "does not grant"),
    (
        {"regime": "us-in", "received_at": datetime(2025, 12, 31, 12, tzinfo=UTC)},
        RightNotGranted,
        "1 January 2026",
    ),
    (
        {"regime": "us-ut", "right": "correction", "received_at": datetime(2026, 6, 1, tzinfo=UTC)},
        RightNotGranted,
        "July",
    ),
    ({"regime": "us-ca", "right": "automated_decision"}, RightNotGranted, "only from 1 January 2027"),
    ({"regime": "in", "right": "deletion"}, RightNotGranted, "only from 13 May 2027"),
    ({"measure": "acknowledgement"}, NoSuchDate, "sets no day for acknowledging"),
    (
        {"regime": "us-ca", "measure": "acknowledgement", "right": "opt_out_sale_share"},
        NoSuchDate,
        "acknowledging",
    ),
    ({"measure": "appeal_response"}, NoSuchDate, "answering an appeal"),
    ({"measure": "opt_out"}, NoSuchDate, "no opt-out"),
    ({"measure": "consent_revocation"}, NoSuchDate, "revokes no consent"),
    ({"measure": "completion_notice"}, NoSuchDate, "carried out"),
    ({"measure": "complaint_window"}, NoSuchDate, "complaining"),
    ({"regime": "br-lgpd", "measure": "extension_notice"}, NoSuchDate, "gives no extension"),
    (
        {"regime": "us-ca", "right": "limit_sensitive", "measure": "extension_notice"},
        NoSuchDate,
        "no extension",
    ),
    (
        {
            "regime": "uk-gdpr",
            "measure": "complaint_acknowledgement",
            "received_at": datetime(2026, 6, 1, tzinfo=UTC),
        },
        NoSuchDate,
        "only from 19 June 2026",
    ),
]


@pytest.mark.parametrize(("changes", "error", "words"), REFUSED)
def test_what_no_law_answers_is_refused_in_a_sentence(
    changes: dict[str, object], error: type[BadInput], words: str
) -> None:
    with pytest.raises(error, match=words) as refused:
        deadline(**(ACCESS | changes))
    assert refused.value.sentence.endswith(".")


def test_each_step_says_what_it_did_and_where_it_stands() -> None:
    found = deadline(**ACCESS, place="DE-BE")
    assert [(step.rule, step.date.isoformat(), step.cite) for step in found.steps] == [
        (Rule.RECEIPT, "2026-09-03", "Art. 15"),
        (Rule.PERIOD, "2026-10-03", "Art. 12(3)"),
        (Rule.LAST_DAY, "2026-10-05", "Reg. 1182/71 Art. 3(4)"),
    ]
    assert "German Unity Day" in found.steps[-1].sentence


def test_a_question_without_answer_is_named_as_what_we_wait_for() -> None:
    asked = ClockEvent("identity_requested", datetime(2026, 9, 5, 8, tzinfo=UTC))
    assert deadline(**ACCESS, events=[asked]).waiting_for is Topic.IDENTITY
    answered = ClockEvent("identity_confirmed", datetime(2026, 9, 9, 8, tzinfo=UTC))
    assert deadline(**ACCESS, events=[asked, answered]).waiting_for is None


def test_a_law_that_gives_no_extension_says_so_and_keeps_the_date() -> None:
    brazil = ACCESS | {"regime": "br-lgpd"}
    found = deadline(**brazil, events=[ClockEvent("extended", datetime(2026, 9, 5, 8, tzinfo=UTC))])
    assert found.due == deadline(**brazil).due
    assert any(step.rule is Rule.NO_EFFECT and "gives no extension" in step.sentence for step in found.steps)


def test_where_the_notice_names_the_new_date_that_date_counts() -> None:
    swiss = ACCESS | {"regime": "ch-nfadp"}
    told = datetime(2026, 9, 20, 8, tzinfo=UTC)
    assert deadline(**swiss, events=[ClockEvent("extended", told)]).due == date(2026, 10, 5)
    named = ClockEvent("extended", told, until=date(2026, 11, 20))
    assert deadline(**swiss, events=[named]).due == date(2026, 11, 20)


def test_where_the_law_says_how_much_a_day_named_in_the_notice_changes_nothing() -> None:
    told = datetime(2026, 9, 20, 8, tzinfo=UTC)
    # Three months from 3 September: Thursday 3 December, whatever the letter promised.
    for until in (None, date(2026, 11, 2), date(2027, 3, 1)):
        assert deadline(**ACCESS, events=[ClockEvent("extended", told, until=until)]).due == date(2026, 12, 3)


def test_a_question_we_gave_up_on_stops_nothing_and_the_next_one_counts_from_its_own_day() -> None:
    def on(kind: str, day: int) -> ClockEvent:
        return ClockEvent(kind, datetime(2026, 9, day, 8, tzinfo=UTC))

    given_up = [on("clarification_requested", 5), on("clarification_dropped", 9)]
    found = deadline(**ACCESS, events=given_up)
    assert (found.due, found.paused_days, found.waiting_for) == (date(2026, 10, 5), 0, None)
    assert any("went on without one on 9 September" in step.sentence for step in found.steps)
    again = [*given_up, on("clarification_requested", 12), on("clarification_received", 14)]
    # Two days: Saturday 3 October plus two is Monday the 5th.
    assert deadline(**ACCESS, events=again).paused_days == 2
    # A fee that was waived opens no time to think about it in Switzerland either.
    waived = [on("fee_requested", 5), on("fee_dropped", 7)]
    swiss = ACCESS | {"regime": "ch-nfadp"}
    assert deadline(**swiss, events=waived).due == deadline(**swiss).due


STRICT = [
    # The 45th day is a Sunday that stays; the last working day of the 44 nobody disputes is Friday the 16th.
    ("us-ca", "response", date(2026, 9, 3), date(2026, 10, 18), date(2026, 10, 16)),
    # Ten business days; if Saturdays count, as the Civil Code can be read, the tenth is Thursday 31 December.
    ("us-ca", "acknowledgement", date(2026, 12, 18), date(2027, 1, 5), date(2026, 12, 31)),
    # A month beginning with the day of receipt ends a day earlier: Thursday instead of Friday.
    ("uk-gdpr", "response", date(2026, 9, 9), date(2026, 10, 9), date(2026, 10, 8)),
    # Whether the weekend moves a date there is for counsel: Friday instead of Monday.
    ("ch-nfadp", "response", date(2026, 9, 4), date(2026, 10, 5), date(2026, 10, 2)),
]


@pytest.mark.parametrize(("regime", "measure", "received_on", "due", "aim_for"), STRICT)
def test_the_strict_reading_is_what_to_aim_for(
    regime: str, measure: str, received_on: date, due: date, aim_for: date
) -> None:
    received_at = datetime(received_on.year, received_on.month, received_on.day, 18, tzinfo=UTC)
    found = deadline(measure=measure, regime=regime, right="access", received_at=received_at)
    assert (found.due, found.aim_for) == (due, aim_for)


def test_a_holiday_of_another_country_moves_nothing() -> None:
    # 4 July 2028 is a holiday in the United States; a person of a European law who moved there gains nothing.
    july = ACCESS | {"received_at": datetime(2028, 6, 4, 8, tzinfo=UTC)}
    assert deadline(**july, place="US-CA").due == date(2028, 7, 4)


def test_the_earliest_of_several_laws_is_explained() -> None:
    found = earliest_deadline(
        measure="response", regimes=["us-ca", "br-lgpd"], right="access", received_at=SEPTEMBER
    )
    assert found.regime == "br-lgpd"
    assert "18 October 2026" in found.steps[-1].sentence


def test_a_law_without_the_date_does_not_hide_that_of_another() -> None:
    both = {"right": "access", "received_at": SEPTEMBER, "measure": "acknowledgement"}
    assert earliest_deadline(regimes=["eu-gdpr", "us-ca"], **both).regime == "us-ca"
    with pytest.raises(NoSuchDate, match="acknowledging"):
        earliest_deadline(regimes=["eu-gdpr", "uk-gdpr"], **both)


def test_an_extension_is_possible_until_the_last_day_and_only_once() -> None:
    case = {"regime": "eu-gdpr", "right": "access", "received_at": SEPTEMBER, "place": "DE-BE"}
    assert extension_possible_until(**case) == date(2026, 10, 5)
    told = ClockEvent("extended", datetime(2026, 9, 20, 8, tzinfo=UTC))
    assert extension_possible_until(**case, events=[told]) is None
    assert extension_possible_until(**(case | {"regime": "br-lgpd", "place": None})) is None


def test_counting_needs_no_django_and_loads_holidays_only_when_it_counts() -> None:
    program = "import requests_app.deadlines.cases, sys; print({'django', 'holidays'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
