"""The answer of a clock: a date, and the steps that lead to it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from requests_app.deadlines.events import Topic
from requests_app.jurisdictions.periods import Period


class Measure(StrEnum):
    """Which date is asked for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    RESPONSE = "response"
    EXTENSION_NOTICE = "extension_notice"
    OPT_OUT = "opt_out"
    CONSENT_REVOCATION = "consent_revocation"
    APPEAL_WINDOW = "appeal_window"
    APPEAL_RESPONSE = "appeal_response"
    COMPLAINT_ACKNOWLEDGEMENT = "complaint_acknowledgement"
    COMPLAINT_WINDOW = "complaint_window"
    COMPLETION_NOTICE = "completion_notice"


class Rule(StrEnum):
    """What a step did."""

    RECEIPT = "receipt"
    START = "start"
    PERIOD = "period"
    EXTENSION = "extension"
    PAUSE = "pause"
    NO_EFFECT = "no_effect"
    LAST_DAY = "last_day"
    AT_ONCE = "at_once"
    EARLIEST = "earliest"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a count: the rule applied, in a sentence, where it stands, and the date after it."""

    rule: Rule
    sentence: str
    cite: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A date from the law.

    `due` is the last day permitted, in the law's own time zone. `aim_for`, never later, is the day to work
    towards: the last working day of the strictest reading. `waiting_for` names a question that the person has
    not answered, which may yet move the date. No `period` means at once.
    """

    measure: Measure
    regime: str
    law: str
    right: str
    received_on: date
    start: date
    period: Period | None
    due: date
    aim_for: date
    steps: tuple[Step, ...]
    extended: bool = False
    paused_days: int = 0
    moved: bool = False  # by the rule for last days
    is_nowhere: bool = False  # no place is known: the earliest of every law
    waiting_for: Topic | None = None
