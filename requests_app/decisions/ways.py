"""The ways on from an answer: an appeal to us with its last day, the authority, the court, as the law has them."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from requests_app import days
from requests_app.deadlines.clock import Measure, deadline
from requests_app.deadlines.terms import NoSuchDate
from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.load import DEFAULT, RightNotGranted, jurisdiction
from requests_app.lifecycle.clock import counted_right
from requests_app.lifecycle.models import Link, Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState

_COURT = re.compile(r"\bcourt\b(?: \(([^)]*\d[^)]*)\))?", re.IGNORECASE)
# How long an appeal is possible is a matter of the law and our policy, not of the right: any right that our policy
# grants asks the question.
ANY_RIGHT = "access"
ANSWERED_IN_WORDS = ("complaint", "grievance")


@dataclass(frozen=True)
class Way:
    """One way on, as a sentence, with where the law says so."""

    sentence: str
    cite: str = ""

    @property
    def text(self) -> str:
        """The sentence and its source."""
        return f"{self.sentence} ({self.cite})" if self.cite else self.sentence


def regulator_of(law: Jurisdiction) -> str:
    """Who supervises us under a law, as the person reads it; empty where nobody does."""
    return "" if law.authority == "none" else _(law.authority)


def knows_appeals(subject_request: SubjectRequest) -> bool:
    """Whether the law of the request itself, and not only our policy, knows an appeal to us."""
    return subject_request.regime != DEFAULT and jurisdiction(subject_request.regime).appeal.exists


def appeal_until(subject_request: SubjectRequest) -> date | None:
    """The person's last day for an appeal to us: the law's where it sets one, else our policy's."""
    if subject_request.closed_at is None:
        return None
    law = jurisdiction(subject_request.regime)
    if law.appeal.exists and law.appeal.file_within:
        try:
            return _last_day(subject_request, Measure.APPEAL_WINDOW, law.key, subject_request.right)
        except (NoSuchDate, RightNotGranted):
            # A law that sets no day yet, or not for this right: our policy's day counts.
            return _last_day(subject_request, Measure.APPEAL_WINDOW, DEFAULT, ANY_RIGHT)
    return _last_day(subject_request, Measure.APPEAL_WINDOW, DEFAULT, ANY_RIGHT)


def complaint_until(subject_request: SubjectRequest) -> date | None:
    """The person's last day for going to the authority, where the law sets one."""
    if subject_request.closed_at is None:
        return None
    try:
        counted = counted_right(subject_request)
        return _last_day(subject_request, Measure.COMPLAINT_WINDOW, subject_request.regime, counted)
    except (NoSuchDate, RightNotGranted):
        return None


def can_be_appealed(subject_request: SubjectRequest) -> bool:
    """Whether this answer is one that an appeal can be about.

    Refusals and answers are; a request that lapsed only where the law counts not acting as a refusal. What was granted
    in full, what the person took back, what somebody else decides, and an appeal itself are not.
    """
    if subject_request.link == Link.APPEAL or subject_request.right == "appeal":
        return False
    if subject_request.state == RequestState.LAPSED:
        return knows_appeals(subject_request)
    return subject_request.state == RequestState.REFUSED or (
        subject_request.state == RequestState.COMPLETED and not is_granted_in_full(subject_request)
    )


def is_granted_in_full(subject_request: SubjectRequest) -> bool:
    """Whether the person got all they asked for. What answers a complaint in words is an opinion, whatever it says."""
    if subject_request.right in ANSWERED_IN_WORDS or subject_request.was_unfetched:
        return False
    return subject_request.outcome in ("", Outcome.GRANTED)


def ways_on(subject_request: SubjectRequest) -> list[Way]:
    """What the person can do about an answer: us first, then the authority, then the court."""
    law = jurisdiction(subject_request.regime)
    found = [_appeal(subject_request, law), _authority(subject_request, law), _court(law)]
    return [way for way in found if way is not None]


def _appeal(subject_request: SubjectRequest, law: Jurisdiction) -> Way | None:
    until = appeal_until(subject_request) if can_be_appealed(subject_request) else None
    if until is None:
        return None
    words = _(
        "You can ask us to decide again until %(day)s: open your request's page and choose “Appeal”, or answer our "
        "message. Somebody who took no part in this decision then decides."
    )
    by_law = knows_appeals(subject_request)
    return Way(words % {"day": days.day(until)}, law.appeal.cite if by_law else "")


def _authority(subject_request: SubjectRequest, law: Jurisdiction) -> Way | None:
    regulator = regulator_of(law)
    if not regulator:
        return None
    until = complaint_until(subject_request)
    if until is None:
        return Way(_("You can complain to the authority at any time: %(who)s.") % {"who": regulator})
    words = _("You can complain to the authority until %(day)s: %(who)s.")
    return Way(words % {"day": days.day(until), "who": regulator})


def _court(law: Jurisdiction) -> Way | None:
    found = _COURT.search(law.appeal.route)
    return Way(_("You can also go to court."), found.group(1) or "") if found else None


def _last_day(subject_request: SubjectRequest, measure: Measure, regime: str, right: str) -> date:
    closed_at = subject_request.closed_at or subject_request.state_since
    found = deadline(
        measure=measure,
        regime=regime,
        right=right,
        received_at=closed_at,
        place=subject_request.place or None,
    )
    # A last day that falls on a weekend may be moved earlier where the duty is ours; the person's time is never cut.
    return max(found.due, *(step.date for step in found.steps))
