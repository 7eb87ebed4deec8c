"""A request in the words of the person it belongs to: stage, whose turn, tasks, what has happened."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.audit.selectors import history_of
from requests_app.components.parts import Progress, Step, Task, Track, track
from requests_app.deadlines import explain
from requests_app.decisions.appeal import appeals_against, no_appeal_because
from requests_app.decisions.ending import Ending, ending_of
from requests_app.decisions.ways import regulator_of
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.answered import answered_at
from requests_app.lifecycle.clock import day_of, response_deadline
from requests_app.lifecycle.known_rights import headline_of
from requests_app.lifecycle.models import AnswerScope, IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import FACTS as MOVE_FACTS
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.proof import demanded
from requests_app.lifecycle.states import RequestState
from requests_app.portal.proof.story import proof_tasks, proof_turn
from requests_app.portal.question import question_task, what_is_asked, why_it_moved
from requests_app.portal.restriction import restriction_date, restriction_turn
from requests_app.portal.story_words import ANSWERED_ON, ENDED, TURNS, hands_over, stages_of, told

HANDED_OVER = frozenset({RequestState.READY, RequestState.COMPLETED})

READ_ONLY = frozenset({RequestState.RECEIVED, RequestState.IN_REVIEW, RequestState.REFUSED})
UNANSWERED = frozenset({RequestState.WITHDRAWN, RequestState.LAPSED})


@dataclass(frozen=True)
class DateStory:
    """The one date of the page, with its label and its reason."""

    label: str
    date: date
    text: str
    why: Sequence[str] = ()


@dataclass(frozen=True)
class TurnStory:
    """Whose turn it is, as a note."""

    kind: str
    icon: str
    lead: str
    text: str


def track_of(subject_request: SubjectRequest) -> Track | None:
    """The five stages, all of them done once answered; none for what ended without an answer."""
    if subject_request.state in UNANSWERED:
        return None
    stages = stages_of(subject_request.right, needs_proof=_needs_proof(subject_request))
    if subject_request.is_closed and subject_request.state != RequestState.COMPLETED:
        # What was refused or passed on went no further than being read, as far as the person is concerned.
        stages = tuple(stage for stage in stages if stage[1] & READ_ONLY)
    here = next(index for index, stage in enumerate(stages) if subject_request.state in stage[1])
    return track(
        [str(label) for label, _states in stages], len(stages) if subject_request.is_closed else here
    )


def _needs_proof(subject_request: SubjectRequest) -> bool:
    return demanded(subject_request) > IdentityLevel.NONE


def may_download(subject_request: SubjectRequest) -> bool:
    """Whether there is, or was, something to download."""
    handed_over = subject_request.state in HANDED_OVER and not subject_request.was_unfetched
    return handed_over and hands_over(subject_request.right)


def date_of(subject_request: SubjectRequest, *, today: date) -> DateStory:
    """While we owe an answer, the day it comes by; after that, the day it came."""
    stands = restriction_date(subject_request)
    if stands is not None:
        return DateStory(*stands)
    if not subject_request.state_facts.clock_runs:
        label = ENDED.get(RequestState(subject_request.state), gettext_lazy("Closed on"))
        answered = answered_at(subject_request) if label == ANSWERED_ON else None
        return DateStory(str(label), day_of(subject_request, answered or subject_request.state_since), "")
    found = response_deadline(subject_request)
    why = [f"{step.sentence} ({step.cite})" if step.cite else step.sentence for step in found.steps]
    told = (_days_left((found.due - today).days), explain.for_person(found), why_it_moved(subject_request))
    text = " ".join(filter(None, told))
    return DateStory(_("You will have our answer by"), found.due, text, why)


def _days_left(days: int) -> str:
    if days < 0:
        return _("We are late, and are sorry. You can complain: see below.")
    if days == 0:
        return _("That is today.")
    return _("Tomorrow.") if days == 1 else _("%(days)d days from today.") % {"days": days}


def turn_of(subject_request: SubjectRequest) -> TurnStory:
    """Whose turn it is and what that means."""
    state = RequestState(subject_request.state)
    stands = restriction_turn(subject_request)
    if stands is not None:
        return TurnStory(*stands)
    if subject_request.is_closed:
        return TurnStory("", "ring-done", _("This request is closed."), _("You can always make a new one."))
    more = proof_turn(subject_request)
    if more is not None:
        return TurnStory("warn", "ring-half", *more)
    if state is RequestState.AWAITING_ANSWER:
        return TurnStory("warn", "ring-half", _("It is your turn."), what_is_asked(subject_request))
    if state in TURNS:
        lead, words = TURNS[state]
        waits = state is RequestState.AWAITING_IDENTITY
        kind, icon = ("warn", "ring-half") if waits else ("good", "ring-done")
        return TurnStory(kind, icon, str(lead), str(words) % {"day": _waits_until(subject_request)})
    day = explain.day_words(subject_request.response_due_on)
    text = _("Nothing is needed from you now. We will write by %(day)s.") % {"day": day}
    return TurnStory("good", "ring-done", _("It is our turn."), text)


def _waits_until(subject_request: SubjectRequest) -> str:
    until = subject_request.waits_until
    return explain.day_words(day_of(subject_request, until)) if until else ""


def tasks_of(subject_request: SubjectRequest) -> list[Task]:
    """What the person has done, can do, and will be able to do."""
    found = []
    if _needs_proof(subject_request) or subject_request.identity_level > IdentityLevel.NONE:
        found.append(_confirm_task(subject_request))
    asked = question_task(subject_request)
    found += [*proof_tasks(subject_request), *([asked] if asked else [])]
    if hands_over(subject_request.right) and (
        not subject_request.is_closed or subject_request.state in HANDED_OVER
    ):
        found.append(_download_task(subject_request))
    return found


def _confirm_task(subject_request: SubjectRequest) -> Task:
    label = _("Confirm your mail address")
    if subject_request.identity_level > IdentityLevel.NONE:
        event = MOVE_FACTS[Move.CONFIRM_IDENTITY].event
        days = [
            day_of(subject_request, line.at) for line in history_of(subject_request) if line.event == event
        ]
        done = _("Done on %(day)s") % {"day": explain.day_words(days[0])} if days else _("Done")
        return Task(label, Progress.DONE, done)
    if subject_request.is_closed:
        return Task(label, Progress.OFF, _("Not done"))
    return Task(label, Progress.NOW, _("Not done yet"), reverse("portal:enter"))


def _download_task(subject_request: SubjectRequest) -> Task:
    label, state = _download_label(subject_request), RequestState(subject_request.state)
    if subject_request.was_unfetched:
        return Task(label, Progress.OFF, _("Not done"))
    if state in HANDED_OVER:
        said = _("Done") if state is RequestState.COMPLETED else _("Ready")
        return Task(label, Progress.NOW, said, reverse("portal:download"))
    text = _("We will send you a message when it is ready.")
    return Task(label, Progress.OFF, _("Not ready yet"), text=text)


def _download_label(subject_request: SubjectRequest) -> str:
    is_copy = subject_request.answer_scope == AnswerScope.FULL
    return _("Download your copy") if is_copy else _("Download our answer")


def history(subject_request: SubjectRequest) -> list[Step]:
    """The outward events, newest first."""
    lines = [(line, told(subject_request.right, line.event)) for line in history_of(subject_request)]
    outward = [(line, words) for line, words in lines if words]
    return [
        Step(words, Progress.NOW if index == 0 else Progress.DONE, when=day_of(subject_request, line.at))
        for index, (line, words) in enumerate(outward)
    ]


@dataclass(frozen=True)
class Letter:
    """A message as the person reads it again."""

    at: datetime
    subject: str
    text: str


def letters(subject_request: SubjectRequest) -> list[Letter]:
    """What we wrote, oldest first; messages that only carried a code are left out."""
    kept = [each for each in subject_request.messages.order_by("written_at") if "[[" not in each.text]
    return [Letter(each.written_at, each.subject, _without_signature(each.text)) for each in kept]


def _without_signature(text: str) -> str:
    return re.split(r"\n-- ?\n", text, maxsplit=1)[0]


def authority_of(subject_request: SubjectRequest) -> str:
    """To whom the person can complain, as the law names it; empty where nobody supervises us."""
    return regulator_of(jurisdiction(subject_request.regime))


@dataclass(frozen=True)
class EndingStory:
    """How the request ended, whether an appeal can be made now, and what came of one that was."""

    ending: Ending
    is_answer: bool
    may_appeal: bool
    appeals: list[tuple[str, str]]


def ending_story(subject_request: SubjectRequest) -> EndingStory | None:
    """Our answer and the ways on from it; none while we owe one."""
    if not subject_request.is_closed and subject_request.state != RequestState.IN_FORCE:
        return None
    made = [(each.reference, str(headline_of(each))) for each in appeals_against(subject_request)]
    may_appeal = no_appeal_because(subject_request) is None
    is_answer = subject_request.state not in UNANSWERED
    return EndingStory(ending_of(subject_request), is_answer, may_appeal, made)
