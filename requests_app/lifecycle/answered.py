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

    A copy may wait for its download, and a restriction stand for years, after the answer was given in time.
    """
    if subject_request.state in CLOCK_RUNS:
        return None
    machine = RIGHTS[subject_request.right].machine
    stops = {
        FACTS[each.move].event
        for each in arrows(machine)
        if each.source in CLOCK_RUNS and each.target not in CLOCK_RUNS
    }
    moments = [line.at for line in history_of(subject_request) if line.event in stops]
    return min(moments, default=subject_request.closed_at or subject_request.state_since)
