"""A restriction in the person's words: since when it holds, on which day it may end, and that they can answer."""

from datetime import date

from django.utils.translation import gettext as _

from requests_app.audit.selectors import history_of
from requests_app.deadlines import explain
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.states import RequestState


def restriction_turn(subject_request: SubjectRequest) -> tuple[str, str, str, str] | None:
    """Kind, icon, lead and text of the note while a restriction stands."""
    state = RequestState(subject_request.state)
    if state is RequestState.IN_FORCE and subject_request.outcome == Outcome.PARTLY:
        text = _(
            "What is restricted we keep and do not use. Below you read what we could not restrict, and why."
        )
        return "good", "ring-done", _("Your restriction is in force in part."), text
    if state is RequestState.IN_FORCE:
        text = _("We keep the information and do not use it. We tell you before this ends.")
        return "good", "ring-done", _("Your restriction is in force."), text
    lifting = lifted_on(subject_request)
    if state is RequestState.LIFTING_ANNOUNCED and lifting:
        day = {"day": explain.day_words(lifting)}
        text = _("Nothing changes before %(day)s. If you do not agree, tell us why before that day.") % day
        return "warn", "ring-half", _("It is your turn, if you do not agree."), text
    return None


def restriction_date(subject_request: SubjectRequest) -> tuple[str, date, str] | None:
    """Label, day and text of the one date of the page while a restriction stands."""
    since = in_force_since(subject_request)
    state, lifting = RequestState(subject_request.state), lifted_on(subject_request)
    if state is RequestState.IN_FORCE and since:
        return _("In force since"), since, _("It stays so until we tell you otherwise.")
    if state is RequestState.LIFTING_ANNOUNCED and lifting and since:
        day = explain.day_words(since)
        return _("May end from"), lifting, _("It has been in force since %(day)s.") % {"day": day}
    return None


def in_force_since(subject_request: SubjectRequest) -> date | None:
    """The day on which every source had flagged its records; a lifting that was called off does not change it."""
    event = FACTS[Move.FINISH_EXECUTION].event
    days = [day_of(subject_request, line.at) for line in history_of(subject_request) if line.event == event]
    return min(days, default=None)


def lifted_on(subject_request: SubjectRequest) -> date | None:
    """The announced day, in the time zone of the law."""
    until = subject_request.waits_until
    return day_of(subject_request, until) if until else None
