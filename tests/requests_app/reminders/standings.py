"""How requests stand under real laws, for the tests of the pure schedule."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from requests_app.deadlines.clock import ClockEvent, deadline, extension_possible_until
from requests_app.deadlines.result import Measure
from requests_app.deadlines.terms import NoSuchDate, terms_of
from requests_app.jurisdictions.load import right_code
from requests_app.lifecycle.states import FACTS, RequestState
from requests_app.policy.company import COMPANY
from requests_app.reminders.kinds import ReminderKind
from requests_app.reminders.schedule import Reminder, Standing, plan

POLICY = COMPANY.reminders


def standing(
    regime: str,
    received_at: datetime,
    *,
    right: str = "access",
    place: str | None = None,
    state: RequestState = RequestState.IN_REVIEW,
    events: Sequence[ClockEvent] = (),
    is_acknowledged: bool = True,
    **more: object,
) -> Standing:
    """A request of a right under a law, as its row would have it."""
    asked = {"regime": regime, "right": right, "received_at": received_at, "place": place}
    terms = terms_of(regime, right_code(right), place)
    runs = FACTS[state].clock_runs
    try:
        receipt = deadline(measure=Measure.ACKNOWLEDGEMENT, **asked)  # type: ignore[arg-type]
    except NoSuchDate:
        receipt = None
    given: dict[str, object] = {
        "state": state,
        "state_since": received_at + timedelta(hours=1),
        "zone": terms.law.zone,
        "work_days": terms.work_days,
        "business_days": terms.business_days,
        "received_at": received_at,
        "answer": deadline(measure=Measure.RESPONSE, events=events, **asked) if runs else None,  # type: ignore[arg-type]
        "acknowledgement": None if is_acknowledged or not runs else receipt,
        "extension_until": extension_possible_until(events=events, **asked) if runs else None,  # type: ignore[arg-type]
    }
    return Standing(**{**given, **more})  # type: ignore[arg-type]


def reminders(case: Standing, kind: ReminderKind | None = None) -> tuple[Reminder, ...]:
    """Its reminders, of one kind or all."""
    return tuple(each for each in plan(case, POLICY) if kind is None or each.kind is kind)


def local(case: Standing, kind: ReminderKind) -> list[str]:
    """When its reminders of a kind fall due, on the law's own clock."""
    return [each.at.astimezone(case.zone).strftime("%a %Y-%m-%d %H:%M") for each in reminders(case, kind)]


def days(case: Standing) -> dict[str, date]:
    """The day of each reminder of the answer, by its kind and step."""
    return {
        f"{each.kind.value}{each.step and ' ' + each.step}": each.at.astimezone(case.zone).date()
        for each in plan(case, POLICY)
    }
