"""Cases as text: read from a command line or a line of JSON, answered as plain values."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from requests_app.deadlines.clock import deadline
from requests_app.deadlines.events import ClockEvent
from requests_app.deadlines.explain import for_person
from requests_app.deadlines.result import Deadline, Measure, Step
from requests_app.errors import BadInput, DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCase:
    """A question to the law in the words that a script writes."""

    regime: str
    right: str
    received_at: str
    measure: str = Measure.RESPONSE.value
    place: str | None = None
    events: tuple[ClockEvent, ...] = ()

    def answer(self) -> Deadline:
        """Return the date. Raises BadInput."""
        return deadline(
            measure=self.measure,
            regime=self.regime,
            right=self.right,
            received_at=read_time(self.received_at),
            place=self.place or None,
            events=self.events,
        )


def read_time(text: str) -> datetime:
    """Return a time written after ISO 8601. Raises BadInput."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("A time is written after ISO 8601, such as 2026-09-03T10:00:00+02:00.") from None


def read_event(text: str) -> ClockEvent:
    """Return an event written type@time, or type@time@day where it names a new date. Raises BadInput."""
    kind, _, rest = text.partition("@")
    moment, _, until = rest.partition("@")
    if not moment:
        raise BadInput("An event is written type@time, such as extended@2026-09-20T09:00:00+02:00.")
    return ClockEvent(type=kind, at=read_time(moment), until=_read_day(until) if until else None)


def answer_lines(lines: Iterable[bytes]) -> Iterable[str]:
    """Answer a case on each line of JSON with a line of JSON; a bad case gets its error, the rest go on."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer_line(line))


def as_values(found: Deadline) -> dict[str, Any]:
    """Return a date with everything known about it, as JSON writes it."""
    return {
        "due": found.due.isoformat(),
        "measure": found.measure.value,
        "regime": found.regime,
        "right": found.right,
        "received_on": found.received_on.isoformat(),
        "start": found.start.isoformat(),
        "aim_for": found.aim_for.isoformat(),
        "extended": found.extended,
        "paused_days": found.paused_days,
        "waiting_for": found.waiting_for and found.waiting_for.value,
        "sentence": for_person(found),
        "steps": [_step(step) for step in found.steps],
    }


def _answer_line(line: bytes) -> dict[str, Any]:
    case_id = None
    try:
        raw = _read_object(line)
        case_id = raw.get("id")
        found = _read_case(raw).answer()
    except DomainError as refused:
        return {"id": case_id, "error": refused.sentence}
    return {"id": case_id, "due": found.due.isoformat(), "steps": [_step(step) for step in found.steps]}


def _step(step: Step) -> dict[str, str]:
    return {
        "rule": step.rule.value,
        "sentence": step.sentence,
        "cite": step.cite,
        "date": step.date.isoformat(),
    }


def _read_object(line: bytes) -> Mapping[str, Any]:
    try:
        raw = json.loads(line, parse_constant=_refuse_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadInput("This line is not JSON.") from None
    if not isinstance(raw, dict):
        raise BadInput("A case is a JSON object.")
    return raw


def _refuse_number(text: str) -> float:
    """NaN and Infinity are Python's own: in our answer no other reader would know them."""
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _refuse_number(text)


def _read_case(raw: Mapping[str, Any]) -> TextCase:
    events = [] if raw.get("events") is None else raw["events"]
    if not isinstance(events, list):
        raise BadInput("`events` is a list of objects with `type` and `at`.")
    return TextCase(
        regime=_text(raw, "regime"),
        right=_text(raw, "right"),
        measure=_text(raw, "measure"),
        received_at=_text(raw, "received_at"),
        place=_text(raw, "place") if raw.get("place") is not None else None,
        events=tuple(_read_json_event(event) for event in events),
    )


def _read_json_event(event: object) -> ClockEvent:
    if not isinstance(event, dict):
        raise BadInput("An event is an object with `type` and `at`.")
    until = _text(event, "until") if event.get("until") is not None else None
    return ClockEvent(
        type=_text(event, "type"), at=read_time(_text(event, "at")), until=_read_day(until) if until else None
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str):
        raise BadInput(f"`{key}` is missing or is not text.")
    return value


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("A day is written after ISO 8601, such as 2026-10-05.") from None
