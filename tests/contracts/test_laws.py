"""What every law file owes: its figures, their sources, and a date for each right it grants."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import BaseModel

from requests_app.deadlines.calendar import weekday_numbers
from requests_app.deadlines.clock import ClockEvent, deadline
from requests_app.deadlines.holiday_lists import holiday_list
from requests_app.deadlines.result import Measure
from requests_app.deadlines.terms import NoSuchDate
from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.load import RightNotGranted, jurisdiction, regimes
from requests_app.jurisdictions.periods import Period
from requests_app.jurisdictions.sources import CheckStatus, Sourced
from requests_app.jurisdictions.vocabulary import Basis, ExtensionKind, OwnTerm, RightCode

LATE = datetime(2028, 2, 1, 12, tzinfo=UTC)  # everything known is in force by then
WORKING_DAYS = {0, 1, 2, 3, 4}
CORE_RIGHTS = {
    RightCode.ACCESS,
    RightCode.CORRECTION,
    RightCode.DELETION,
    RightCode.RESTRICTION,
    RightCode.PORTABILITY,
    RightCode.OBJECTION,
    RightCode.WITHDRAW_CONSENT,
    RightCode.OPT_OUT_SALE_SHARE,
    RightCode.LIMIT_SENSITIVE,
}
# How long, in what, and how much more: written down apart from the files, so that a slip in one shows.
FIGURES = {
    "eu-gdpr": (1, "calendar_months", 2),
    "uk-gdpr": (1, "calendar_months", 2),
    "ch-nfadp": (30, "calendar_days", None),
    "us-fl": (45, "calendar_days", 15),
    "us-ia": (90, "calendar_days", 45),
    "ca-pipeda": (30, "calendar_days", 30),
    "ca-qc": (30, "calendar_days", None),
    "br-lgpd": (15, "calendar_days", None),
    "au": (30, "calendar_days", None),
    "nz": (20, "business_days", None),
    "jp": (14, "calendar_days", None),
    "kr": (10, "calendar_days", None),
    "sg": (30, "calendar_days", None),
    "in": (90, "calendar_days", None),
    "za": (30, "calendar_days", 30),
    "th": (30, "calendar_days", None),
    "tr": (30, "calendar_days", None),
    "default": (30, "calendar_days", 30),
}
EVERYTHING = (
    "identity_requested", "identity_confirmed", "clarification_requested", "clarification_received",
    "fee_requested", "fee_paid", "extended", "extended",
)  # fmt: skip
AMERICAN = (45, "calendar_days", 45)


@pytest.fixture(params=regimes())
def law(request: pytest.FixtureRequest) -> Jurisdiction:
    return jurisdiction(request.param)


def figures_in(part: object) -> list[Sourced]:
    """Every sourced statement of a law, however deep it lies."""
    if isinstance(part, BaseModel):
        below = [figure for _, value in part for figure in figures_in(value)]
        return [part, *below] if isinstance(part, Sourced) else below
    if isinstance(part, dict):
        return [figure for value in part.values() for figure in figures_in(value)]
    if isinstance(part, tuple):
        return [figure for value in part for figure in figures_in(value)]
    return []


def test_all_thirty_six_are_there() -> None:
    assert len(regimes()) == 36
    assert sum(key.startswith("us-") for key in regimes()) == 20


def test_the_answer_is_due_when_the_law_says(law: Jurisdiction) -> None:
    period = law.response_on(LATE.date())
    further = law.extension.number
    assert (period.number, period.unit.value, further) == FIGURES.get(law.key, AMERICAN)


def test_every_core_right_is_granted_or_denied(law: Jurisdiction) -> None:
    assert law.rights.keys() >= CORE_RIGHTS


def test_every_right_granted_has_a_last_day(law: Jurisdiction) -> None:
    for code, right in law.rights.items():
        if right.exists:
            found = deadline(measure="response", regime=law.key, right=code, received_at=LATE)
            assert found.due >= found.received_on


@pytest.mark.parametrize("measure", Measure)
def test_every_step_of_every_date_says_where_it_stands(law: Jurisdiction, measure: Measure) -> None:
    """Whatever happens: each question asked and answered, an extension told twice."""
    log = [ClockEvent(kind, LATE + timedelta(days=day)) for day, kind in enumerate(EVERYTHING)]
    for code in RightCode:
        try:
            found = deadline(
                measure=measure, regime=law.key, right=code, received_at=LATE, place=None, events=log
            )
        except (NoSuchDate, RightNotGranted):
            continue
        assert [step.sentence for step in found.steps if not step.cite] == []


def test_an_extension_in_time_gives_more_and_none_gives_nothing(law: Jurisdiction) -> None:
    case = {"measure": "response", "regime": law.key, "right": "access", "received_at": LATE}
    plain, told = deadline(**case), deadline(**case, events=[ClockEvent("extended", LATE)])
    assert (told.due > plain.due) is (law.extension.kind is ExtensionKind.FIXED)
    notice = {**case, "measure": "extension_notice"}
    if law.extension.kind is ExtensionKind.NONE:
        with pytest.raises(NoSuchDate):
            deadline(**notice)
    else:
        assert deadline(**notice).due == plain.due
        assert law.extension.notice


def test_an_extension_is_counted_in_the_unit_of_the_answer(law: Jurisdiction) -> None:
    if law.extension.kind is ExtensionKind.FIXED:
        assert {period.unit for period in law.response} == {law.extension.unit}


def test_every_figure_names_its_source(law: Jurisdiction) -> None:
    for figure in figures_in(law):
        if figure.check.status is CheckStatus.VERIFIED:
            assert re.match(r"https?://\S+$", figure.check.where), figure
        if isinstance(figure, Period) and figure.basis is Basis.POLICY and law.key != "default":
            assert figure.notes or figure.check.status is CheckStatus.POLICY or figure.number == 24, figure


def test_the_figures_that_dates_rest_on_are_cited(law: Jurisdiction) -> None:
    assert all(period.cite for period in law.response)
    assert law.extension.kind is ExtensionKind.NONE or law.extension.cite
    assert law.last_day.cite


def test_a_right_of_its_own_length_says_whose_it_is(law: Jurisdiction) -> None:
    for code, right in law.rights.items():
        if right.period is OwnTerm.AT_ONCE or (
            isinstance(right.period, Period) and right.period.basis is not Basis.LAW
        ):
            assert right.wording or law.key == "default" or right.period.cite, code


def test_people_read_why_and_never_a_code(law: Jurisdiction) -> None:
    for refusal in law.refusals:
        assert refusal.words.endswith("."), refusal.code
        assert "_" not in refusal.words
        assert refusal.cite


def test_the_name_fits_into_a_sentence(law: Jurisdiction) -> None:
    assert re.match(r"(the|our) ", law.short_name)


def test_work_happens_on_some_days(law: Jurisdiction) -> None:
    assert WORKING_DAYS.isdisjoint(weekday_numbers(law.last_day.weekend))
    holidays = holiday_list(law.last_day.holidays, None)
    if law.last_day.holidays.country:
        assert holidays.whose.startswith(law.last_day.holidays.country)
        assert any(holidays.name_of(date(2027, 1, 1) + timedelta(days=day)) for day in range(365))
