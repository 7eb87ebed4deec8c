"""Conditions on when: what was announced for a day does not happen before it, and a copy comes before the deletion."""

from datetime import datetime

from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import CLOSED, RequestState


def waiting_is_over(attempt: Attempt) -> str | None:
    """What was announced for a day does not happen before it."""
    until = attempt.subject_request.waits_until
    if until is None:
        return "No day has been announced yet."
    if attempt.at is not None and attempt.at < until:
        day = day_of(attempt.subject_request, until)
        return f"This was announced for {day:%-d %B %Y}, and does not happen before."
    return None


def day_is_to_come(attempt: Attempt) -> str | None:
    """What is announced lies ahead: the person is told before, never afterwards (Article 18(3) GDPR)."""
    until = _announced(attempt)
    if until is not None and attempt.at is not None and until < attempt.at:
        return "The day that is announced has passed already."
    return None


def wait_ends_in_time(attempt: Attempt) -> str | None:
    """A waiting period never moves the legal date: it ends by then, or at once where the date has passed."""
    until = _announced(attempt)
    if until is None or attempt.at is None:
        return None
    subject_request = attempt.subject_request
    due = subject_request.response_due_on
    if day_of(subject_request, until) > max(due, day_of(subject_request, attempt.at)):
        return f"The waiting period would end after the legal date, {due:%-d %B %Y}. Choose an earlier day."
    return None


def _announced(attempt: Attempt) -> datetime | None:
    until = (attempt.given or {}).get("waits_until")
    return until if isinstance(until, datetime) else None


def access_comes_first(attempt: Attempt) -> str | None:
    """Access is delivered before deletion begins, unless the person asked otherwise.

    A copy that lies ready and is not fetched holds the deletion up to its legal date, and not beyond: the person has
    been told of the copy, and no law moves the date for it.
    """
    subject_request = attempt.subject_request
    if subject_request.particulars.get("deletion_may_go_first"):
        return None
    siblings = SubjectRequest.objects.filter(
        submission_id=subject_request.submission_id, right__in=("access", "portability")
    ).exclude(state__in=CLOSED)
    if attempt.at is not None and day_of(subject_request, attempt.at) >= subject_request.response_due_on:
        siblings = siblings.exclude(state=RequestState.READY)
    waiting = siblings.exclude(pk=subject_request.pk).first()
    if waiting is None:
        return None
    return (
        f"The person also asked for a copy ({waiting.reference}); it is delivered before anything is deleted."
    )
