"""When a request was answered: the moment that stopped its legal clock, which may be long before it is closed."""

from datetime import datetime

from requests_app.audit.selectors import history_of
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import arrows
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS
from requests_app.lifecycle.states import CLOCK_RUNS


def answered_at(subject_request: SubjectRequest) -> datetime | None:
    """Return when the clock stopped for good: a copy was released, a restriction came into force; None while it runs.

    A copy may wait for its download, and a restriction stand for years, after the answer was given in time. What was
    taken back was no answer: then the next one counts.
    """
    if subject_request.state in CLOCK_RUNS:
        return None
    stops, restarts = _stops_and_restarts(RIGHTS[subject_request.right].machine)
    moments: list[datetime] = []
    for line in history_of(subject_request):  # newest first
        if line.event in restarts:
            break
        if line.event in stops:
            moments.append(line.at)
    return min(moments, default=subject_request.closed_at or subject_request.state_since)


def _stops_and_restarts(machine: type[SubjectRequest]) -> tuple[set[str], set[str]]:
    """The events with which the clock of a machine stops, and those with which it runs again."""
    stops: set[str] = set()
    restarts: set[str] = set()
    for each in arrows(machine):
        before, after = each.source in CLOCK_RUNS, each.target in CLOCK_RUNS
        if before != after:
            (stops if before else restarts).add(FACTS[each.move].event)
    return stops, restarts
