"""The legal clock of a case as a picture, with everything it shows in words under it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from requests_app.components.parts import ClockBar, ClockFact, Pause
from requests_app.deadlines.events import ClockEvent, EventType, Question, Topic, read_log
from requests_app.deadlines.reckoning import PAUSES
from requests_app.deadlines.result import Deadline
from requests_app.errors import DomainError
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.answered import answered_at
from requests_app.lifecycle.clock import counted_right, day_of, events_of, response_deadline
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import CLOSED

# The bar leaves room at its end for the open ring of the due date and the dashes of an extension.
ROOM = 88.0
TOPICS: dict[Topic, Promise] = {
    Topic.IDENTITY: gettext_lazy("identity"),
    Topic.CLARIFICATION: gettext_lazy("a question"),
    Topic.FEE: gettext_lazy("a fee"),
}


@dataclass(frozen=True)
class _Scale:
    """Turns days into per cent of the bar."""

    start: date
    end: date

    def place(self, day: date) -> float:
        whole = max((self.end - self.start).days, 1)
        return round(min(max((day - self.start).days / whole, 0.0), 1.0) * ROOM, 1)


def clock_bar(subject_request: SubjectRequest, deadline: Deadline, *, now: datetime) -> ClockBar:
    """Return the bar of a case: what ran, what was paused, where we are, when it is due."""
    today = _last_day(subject_request, now)
    scale = _Scale(deadline.received_on, max(deadline.due, today))
    pauses = _pauses(subject_request, deadline)
    extension = _extension(subject_request, deadline, now)
    facts = _facts(subject_request, deadline, pauses=pauses, today=today, extension=extension)
    return ClockBar(
        words=" ".join(f"{fact.label}: {fact.value}." for fact in facts),
        today=scale.place(today),
        due=scale.place(deadline.due),
        facts=facts,
        pauses=[Pause(scale.place(each.asked_on), scale.place(each.answered_on or today)) for each in pauses],
        extension=extension is not None,
    )


def _last_day(subject_request: SubjectRequest, now: datetime) -> date:
    """The day up to which the bar is drawn: a request that is answered needs no more time, closed or not."""
    over = subject_request.closed_at if subject_request.state in CLOSED else answered_at(subject_request)
    return day_of(subject_request, over or now)


def _pauses(subject_request: SubjectRequest, deadline: Deadline) -> list[Question]:
    if deadline.paused_days == 0:
        return []
    zone = jurisdiction(deadline.regime).zone
    log = read_log(events_of(subject_request), received_at=subject_request.received_at, zone=zone)
    held = [entry for entry in log if isinstance(entry, Question) and entry.answered_on]
    stops = jurisdiction(deadline.regime).clock
    right = right_code(counted_right(subject_request))
    return [each for each in held if stops.of(each.topic).effect_for(right) in PAUSES]


def _extension(subject_request: SubjectRequest, deadline: Deadline, now: datetime) -> date | None:
    """Return how far the date could still be moved, or None."""
    is_over = not subject_request.state_facts.clock_runs or day_of(subject_request, now) > deadline.due
    if deadline.extended or is_over:
        return None
    told_now = (*events_of(subject_request), ClockEvent(type=EventType.EXTENDED, at=now))
    try:
        moved = response_deadline(subject_request, events=told_now).due
    except DomainError:
        # The law has no extension for this right: there is nothing to draw.
        return None
    return moved if moved > deadline.due else None


def _facts(
    subject_request: SubjectRequest,
    deadline: Deadline,
    *,
    pauses: list[Question],
    today: date,
    extension: date | None,
) -> list[ClockFact]:
    by = _("by %(channel)s") % {"channel": subject_request.submission.get_channel_display().lower()}
    facts = [ClockFact(_("Received"), _long(deadline.received_on), by)]
    if pauses:
        days = ngettext("%(days)s day", "%(days)s days", deadline.paused_days) % {
            "days": deadline.paused_days
        }
        topics = dict.fromkeys(str(TOPICS[each.topic]) for each in pauses)
        facts.append(ClockFact(_("Paused"), days, ", ".join(topics), "held"))
    if subject_request.is_closed:
        facts.append(
            ClockFact(_("Closed"), _long(today), str(subject_request.get_state_display()).lower(), "now")
        )
    elif not subject_request.state_facts.clock_runs:
        facts.append(
            ClockFact(_("Answered"), _long(today), str(subject_request.get_state_display()).lower(), "now")
        )
    else:
        day = _("day %(number)s") % {"number": (today - deadline.received_on).days}
        facts.append(ClockFact(_("Today"), date_format(today, "j M"), day, "now"))
    facts.append(ClockFact(_("Due"), _long(deadline.due), _left(subject_request, deadline.due, today), "due"))
    if extension is not None:
        told_by = _("if told by %(date)s") % {"date": date_format(deadline.due, "j M")}
        facts.append(
            ClockFact(_("Extension possible"), _("to %(date)s") % {"date": _long(extension)}, told_by, "ext")
        )
    return facts


def _left(subject_request: SubjectRequest, due: date, today: date) -> str:
    answered = answered_at(subject_request)
    if answered is not None:
        return _("in time") if day_of(subject_request, answered) <= due else _("answered late")
    days = (due - today).days
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def _long(day: date) -> str:
    return date_format(day, "j M Y")
