"""Until when a proof can come: the day on which a request that nobody proved lapses."""

from datetime import date, datetime, timedelta

from requests_app.deadlines.events import EventType, Topic
from requests_app.identity.models import ProofState
from requests_app.lifecycle.clock import day_of, response_deadline
from requests_app.lifecycle.models import SubjectRequest

# The person can ask for new codes and give proofs all this time.
PROVE_WITHIN = timedelta(days=14)
# A clock that stands still for a proof stands still for a month at most, however often another proof is asked:
# nobody is left without an answer for as long as we like to doubt (Art. 12(3) GDPR: without undue delay).
LONGEST_PAUSE = timedelta(days=30)
# One that the person took back was decided by nobody, and has no moment of a decision.
ENDED_BY_US = (ProofState.REJECTED, ProofState.WITHDRAWN)


def lapses_on(subject_request: SubjectRequest) -> date:
    """The day on which the request lapses if no proof comes.

    It is the earlier of a fortnight after the proof was asked and the day before the answer is due, since a lapse is a
    refusal of which the person is told in time (Art. 12(4) GDPR; 11 CCR 7021(b)). While a law's pause runs the due date
    moves on by itself, so that the fortnight and the longest pause count instead.
    """
    return min(day_of(subject_request, _fortnight_ends(subject_request)), _latest(subject_request))


def has_lapsed(subject_request: SubjectRequest, *, at: datetime) -> bool:
    """Whether the time for a proof is over: the fortnight to the minute, the days of the law from their first one."""
    if at >= _fortnight_ends(subject_request):
        return True
    return day_of(subject_request, at) >= _latest(subject_request)


def asked_in_doubt_at(subject_request: SubjectRequest) -> datetime | None:
    """When a proof was asked with a reasoned doubt that nobody has answered yet, or None."""
    since = None
    for each in subject_request.clock_events.all():
        if each.type == EventType.IDENTITY_REQUESTED:
            since = since or each.at
        elif each.type == EventType.IDENTITY_CONFIRMED:
            since = None
    return since


def _fortnight_ends(subject_request: SubjectRequest) -> datetime:
    """The fortnight begins anew when we reject a proof, or delete it unseen: the time we took is not the person's."""
    ended = (
        each.decided_at
        for each in subject_request.verifications.all()
        if each.state in ENDED_BY_US and each.decided_at is not None
    )
    return max([subject_request.state_since, *ended]) + PROVE_WITHIN


def _latest(subject_request: SubjectRequest) -> date:
    """The last day that the law leaves: before the answer is due, or while its pause may reasonably run."""
    found = response_deadline(subject_request)
    asked_at = asked_in_doubt_at(subject_request)
    if found.waiting_for is Topic.IDENTITY and asked_at is not None:
        return day_of(subject_request, asked_at + LONGEST_PAUSE)
    return found.due - timedelta(days=1)
