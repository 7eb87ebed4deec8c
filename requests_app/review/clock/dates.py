"""Every date that its law sets for a request, with how near it is and how it is counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.deadlines.clock import Deadline, Measure
from requests_app.deadlines.result import Step
from requests_app.deadlines.terms import NoSuchDate
from requests_app.deadlines.urgency import Urgency, urgency
from requests_app.jurisdictions.load import RightNotGranted, jurisdiction
from requests_app.lifecycle.clock import answer_measure, case_deadline, is_nowhere, response_deadline
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.states import RequestState

LABELS: dict[Measure, Promise] = {
    Measure.ACKNOWLEDGEMENT: gettext_lazy("Acknowledgement"),
    Measure.RESPONSE: gettext_lazy("Our answer"),
    Measure.APPEAL_RESPONSE: gettext_lazy("Our answer to the appeal"),
    Measure.EXTENSION_NOTICE: gettext_lazy("Last day for telling of an extension"),
    Measure.OPT_OUT: gettext_lazy("The opt-out is carried out"),
    Measure.CONSENT_REVOCATION: gettext_lazy("What rested on the consent has stopped"),
    Measure.COMPLETION_NOTICE: gettext_lazy("The person is told that it is done"),
    Measure.APPEAL_WINDOW: gettext_lazy("The person's last day to appeal"),
    Measure.COMPLAINT_WINDOW: gettext_lazy("The person's last day to complain to the authority"),
    Measure.COMPLAINT_ACKNOWLEDGEMENT: gettext_lazy("A complaint is acknowledged"),
}
# Asked beside the answer itself; what a law does not set for this right is left out.
BESIDE = (
    Measure.ACKNOWLEDGEMENT,
    Measure.EXTENSION_NOTICE,
    Measure.OPT_OUT,
    Measure.CONSENT_REVOCATION,
    Measure.COMPLETION_NOTICE,
)
AFTER_A_REFUSAL = (Measure.APPEAL_WINDOW, Measure.COMPLAINT_WINDOW)
RINGS = {
    Urgency.OVERDUE: ("ring-bad", "bad"),
    Urgency.DUE_TODAY: ("ring-half", "warn"),
    Urgency.NEAR: ("ring-half", "warn"),
    Urgency.ON_TRACK: ("ring", ""),
}


@dataclass(frozen=True)
class CaseDate:
    """One date: its label, the day, how near it is in words and colour, and its steps with the last one apart."""

    key: str
    label: str
    day: date
    near: str
    icon: str
    kind: str
    steps: tuple[Step, ...]
    remark: str = ""
    aim_for: date | None = None


def main_date(subject_request: SubjectRequest, *, today: date) -> CaseDate:
    """Return the day of our answer."""
    found = response_deadline(subject_request)
    remark = ""
    if found.waiting_for:
        remark = _("The person has not answered a question yet; the answer may move this date.")
    return _shown(
        LABELS[answer_measure(subject_request)],
        found,
        today=today,
        is_over=not subject_request.state_facts.clock_runs,
        remark=remark,
    )


def other_dates(subject_request: SubjectRequest, *, today: date) -> list[CaseDate]:
    """Return every other date the law sets for this request now."""
    return sorted(_others(subject_request, today), key=lambda each: each.day)


def _others(subject_request: SubjectRequest, today: date) -> Iterator[CaseDate]:
    is_over = not subject_request.state_facts.clock_runs
    if subject_request.link != Link.APPEAL:
        yield _refusal_notice(subject_request, today=today, is_over=is_over)
        for measure in BESIDE:
            if measure is Measure.EXTENSION_NOTICE and is_nowhere(subject_request):
                continue
            found = _date_or_none(subject_request, measure)
            if found:
                yield _shown(LABELS[measure], found, today=today, is_over=is_over)
    refused_at = subject_request.closed_at if subject_request.state == RequestState.REFUSED else None
    if refused_at and subject_request.link != Link.APPEAL:
        # Where a law knows no appeal to us, its time to contest a refusal is the one for the authority.
        appeals = jurisdiction(subject_request.regime).appeal.exists
        for measure in AFTER_A_REFUSAL if appeals else AFTER_A_REFUSAL[1:]:
            found = _date_or_none(subject_request, measure, since=refused_at)
            if found:
                yield _shown(LABELS[measure], found, today=today, is_over=False)
    if subject_request.waits_until:
        yield _waiting(subject_request, subject_request.waits_until, today=today)


def _refusal_notice(subject_request: SubjectRequest, *, today: date, is_over: bool) -> CaseDate:
    """A refusal is told within the time for the answer; the law's own words on it stand beside."""
    found = response_deadline(subject_request)
    words = [
        f"{each.limit} ({each.cite})"
        for each in jurisdiction(found.regime).special
        if each.what == "Refusal notice"
    ]
    remark = words[0] if words else _("A refusal is told within the time for the answer.")
    return _shown(
        gettext_lazy("A refusal, if it comes to one"),
        found,
        today=today,
        is_over=is_over,
        remark=remark,
        key="refusal",
    )


def _waiting(subject_request: SubjectRequest, until: datetime, *, today: date) -> CaseDate:
    zone = jurisdiction(subject_request.regime).zone
    day = until.astimezone(zone).date()
    is_over = subject_request.state not in (RequestState.WAITING_PERIOD, RequestState.LIFTING_ANNOUNCED)
    near, icon, kind = _near(day, today, is_over)
    remark = _("What was announced to the person happens then; it never moves the day of our answer.")
    return CaseDate("waiting", _("The waiting period ends"), day, near, icon, kind, (), remark)


def _date_or_none(
    subject_request: SubjectRequest, measure: Measure, *, since: datetime | None = None
) -> Deadline | None:
    try:
        return case_deadline(subject_request, measure, events=() if since else None, since=since)
    except (NoSuchDate, RightNotGranted):
        return None


def _shown(
    label: str | Promise, found: Deadline, *, today: date, is_over: bool, remark: str = "", key: str = ""
) -> CaseDate:
    near, icon, kind = _near(found.due, today, is_over)
    aim_for = found.aim_for if found.aim_for < found.due else None
    return CaseDate(
        key or found.measure.value, str(label), found.due, near, icon, kind, found.steps, remark, aim_for
    )


def _near(day: date, today: date, is_over: bool) -> tuple[str, str, str]:
    if is_over:
        return _("No longer running"), "ring-done", ""
    days = (day - today).days
    icon, kind = RINGS[urgency(day, today)]
    if days < 0:
        return _("%(days)d days late") % {"days": -days}, icon, kind
    return (_("Today") if days == 0 else _("%(days)d days left") % {"days": days}), icon, kind
