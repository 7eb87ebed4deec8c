"""The door to legal dates: what is due when, under one law or under several, from the log alone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from requests_app.deadlines import explain
from requests_app.deadlines.events import ClockEvent, checked_time, local_day, read_log
from requests_app.deadlines.measures import MEASURES, Case
from requests_app.deadlines.result import Deadline, Measure, Rule, Step
from requests_app.deadlines.terms import NoSuchDate, require_right, terms_of
from requests_app.errors import BadInput
from requests_app.jurisdictions.load import jurisdiction, regimes, right_code

__all__ = [
    "ClockEvent",
    "Deadline",
    "Measure",
    "Step",
    "deadline",
    "deadline_nowhere",
    "earliest_deadline",
    "extension_possible_until",
]


# That the earliest of several days is kept is no law's rule but the company's own.
OURS = "company policy"


class UnknownMeasure(BadInput):
    """There is no date of this name."""

    code = "unknown_measure"


def deadline(
    *,
    measure: str,
    regime: str,
    right: str,
    received_at: datetime,
    place: str | None = None,
    events: Iterable[ClockEvent] = (),
) -> Deadline:
    """Return one date under one law, with its steps.

    `received_at` is when the request reached us; for `appeal_response` the appeal, for `consent_revocation`
    the revocation; for `appeal_window` and `complaint_window` when the refusal was sent.
    Raises UnknownMeasure, UnknownRegime, UnknownRight, UnknownPlace, RightNotGranted, NoSuchDate, NaiveTime,
    UnknownEvent, EventOutOfOrder; all of them are BadInput.
    """
    law = jurisdiction(regime)
    wanted = right_code(right)
    kind = _measure(measure)
    received_on = local_day(received_at, law.zone)
    case = Case(
        measure=kind,
        terms=terms_of(regime, wanted, place),
        entry=require_right(law, wanted, received_on),
        received_at=received_at,
        received_on=received_on,
        log=read_log(events, received_at=received_at, zone=law.zone),
    )
    return MEASURES[kind](case)


def earliest_deadline(
    *,
    measure: str,
    regimes: Sequence[str],
    right: str,
    received_at: datetime,
    place: str | None = None,
    events: Iterable[ClockEvent] = (),
) -> Deadline:
    """Return the earliest date where several laws apply; a law that sets no such date is passed over.

    Raises what `deadline` raises; NoSuchDate only if no law sets the date.
    """
    log = tuple(events)
    found: list[Deadline] = []
    missing: NoSuchDate | None = None
    for regime in regimes:
        try:
            found.append(
                deadline(
                    measure=measure,
                    regime=regime,
                    right=right,
                    received_at=received_at,
                    place=place,
                    events=log,
                )
            )
        except NoSuchDate as none_set:
            missing = none_set
    if not found:
        raise missing or NoSuchDate("No law was named, so no law sets a day.")
    first = min(found, key=lambda each: each.due)
    if len(found) == 1:
        return first
    return replace(
        first, steps=(*first.steps, Step(Rule.EARLIEST, explain.earliest(first, found), OURS, first.due))
    )


def deadline_nowhere(
    *, measure: str, right: str, received_at: datetime, events: Iterable[ClockEvent] = ()
) -> Deadline:
    """Return the earliest date that any law gives, for a person whose place nobody knows.

    Raises what `deadline` raises; NoSuchDate only if no law that grants the right sets the date.
    """
    wanted = right_code(right)
    granting = [
        law.key for law in map(jurisdiction, regimes()) if law.grants(wanted, checked_time(received_at))
    ]
    first = earliest_deadline(
        measure=measure, regimes=granting, right=right, received_at=received_at, events=events
    )
    steps = [step for step in first.steps if step.rule is not Rule.EARLIEST]
    words = Step(Rule.EARLIEST, explain.nowhere(first, len(granting)), OURS, first.due)
    return replace(first, steps=(*steps, words), is_nowhere=True)


def extension_possible_until(
    *,
    regime: str,
    right: str,
    received_at: datetime,
    place: str | None = None,
    events: Iterable[ClockEvent] = (),
) -> date | None:
    """Return the last day for telling the person of an extension; nothing where none is possible any more."""
    log = tuple(events)
    answer = deadline(
        measure=Measure.RESPONSE, regime=regime, right=right, received_at=received_at, place=place, events=log
    )
    if answer.extended:
        return None
    try:
        notice = deadline(
            measure=Measure.EXTENSION_NOTICE,
            regime=regime,
            right=right,
            received_at=received_at,
            place=place,
            events=log,
        )
    except NoSuchDate:
        return None
    return notice.due


def _measure(value: str) -> Measure:
    try:
        return Measure(value)
    except ValueError:
        raise UnknownMeasure(f"There is no measure “{value}”. There are: {', '.join(Measure)}.") from None
