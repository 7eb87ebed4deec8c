"""A request in the words of the person it belongs to: stage, whose turn, tasks, what has happened."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.audit.selectors import history_of
from requests_app.components.parts import Progress, Step, Task, Track, track
from requests_app.deadlines import explain
from requests_app.decisions.appeal import appeals_against, no_appeal_because
from requests_app.decisions.ending import Ending, ending_of
from requests_app.decisions.ways import regulator_of
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.known_rights import headline_of
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import FACTS as MOVE_FACTS
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState, Stage, Turn
from requests_app.portal.proof.story import proof_tasks, proof_turn
from requests_app.portal.question import question_task, what_is_asked, why_it_moved
from requests_app.portal.restriction import restriction_date, restriction_turn

# What the person sees of the audit log: outward steps only, in their words.
TOLD: dict[str, Promise] = {
    "request.received": gettext_lazy("Your request reached us"),
    MOVE_FACTS[Move.CONFIRM_IDENTITY].event: gettext_lazy("You confirmed your mail address"),
    MOVE_FACTS[Move.APPROVE].event: gettext_lazy("We began to search for your information"),
    MOVE_FACTS[Move.FINISH_SEARCH].event: gettext_lazy("We began to check what we found"),
    MOVE_FACTS[Move.RELEASE].event: gettext_lazy("Your copy became ready"),
    MOVE_FACTS[Move.DELIVER].event: gettext_lazy("You downloaded your copy"),
    MOVE_FACTS[Move.REFUSE].event: gettext_lazy("We gave our answer"),
    MOVE_FACTS[Move.WITHDRAW].event: gettext_lazy("You took your request back"),
    MOVE_FACTS[Move.LAPSE].event: gettext_lazy("Your request was closed"),
}
HANDED_OVER = frozenset({RequestState.READY, RequestState.COMPLETED})

ENDED: dict[RequestState, Promise] = {
    RequestState.READY: gettext_lazy("Answered on"),
    RequestState.REFUSED: gettext_lazy("Answered on"),
    RequestState.COMPLETED: gettext_lazy("Downloaded on"),
}
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
    stage = subject_request.state_facts.stage
    return track([str(each.label) for each in Stage], len(Stage) if subject_request.is_closed else stage)


def date_of(subject_request: SubjectRequest, *, today: date) -> DateStory:
    """While we owe an answer, the day it comes by; after that, the day it came."""
    stands = restriction_date(subject_request)
    if stands is not None:
        return DateStory(*stands)
    if not subject_request.state_facts.clock_runs:
        label = ENDED.get(RequestState(subject_request.state), gettext_lazy("Closed on"))
        return DateStory(str(label), subject_request.state_since.date(), "")
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
    state, turn = RequestState(subject_request.state), subject_request.state_facts.turn
    stands = restriction_turn(subject_request)
    if stands is not None:
        return TurnStory(*stands)
    if turn is Turn.NOBODY:
        return TurnStory("", "ring-done", _("This request is closed."), _("You can always make a new one."))
    more = proof_turn(subject_request)
    if more is not None:
        return TurnStory("warn", "ring-half", *more)
    if state is RequestState.AWAITING_IDENTITY:
        text = _("Confirm that the request is yours, so that we can begin. The code is in our message.")
        return TurnStory("warn", "ring-half", _("It is your turn."), text)
    if state is RequestState.AWAITING_ANSWER:
        return TurnStory("warn", "ring-half", _("It is your turn."), what_is_asked(subject_request))
    if turn is Turn.PERSON:
        return TurnStory("good", "ring-done", _("It is your turn."), _("Your copy waits for you."))
    day = explain.day_words(subject_request.response_due_on)
    text = _("Nothing is needed from you now. We will write by %(day)s.") % {"day": day}
    return TurnStory("good", "ring-done", _("It is our turn."), text)


def tasks_of(subject_request: SubjectRequest) -> list[Task]:
    """What the person has done, can do, and will be able to do."""
    asked = question_task(subject_request)
    between = [*proof_tasks(subject_request), *([asked] if asked else [])]
    return [_confirm_task(subject_request), *between, _download_task(subject_request)]


def _confirm_task(subject_request: SubjectRequest) -> Task:
    label = _("Confirm your mail address")
    if subject_request.identity_level > IdentityLevel.NONE:
        event = MOVE_FACTS[Move.CONFIRM_IDENTITY].event
        days = [line.at.date() for line in history_of(subject_request) if line.event == event]
        done = _("Done on %(day)s") % {"day": explain.day_words(days[0])} if days else _("Done")
        return Task(label, Progress.DONE, done)
    if subject_request.is_closed:
        return Task(label, Progress.OFF, _("Not done"))
    return Task(label, Progress.NOW, _("Not done yet"), reverse("portal:enter"))


def _download_task(subject_request: SubjectRequest) -> Task:
    label, state = _("Download your copy"), RequestState(subject_request.state)
    if state in HANDED_OVER:
        said = _("Done") if state is RequestState.COMPLETED else _("Ready")
        return Task(label, Progress.NOW, said, reverse("portal:download"))
    if subject_request.is_closed:
        return Task(label, Progress.OFF, _("There is no copy"))
    text = _("We will send you a message when it is ready.")
    return Task(label, Progress.OFF, _("Not ready yet"), text=text)


def history(subject_request: SubjectRequest) -> list[Step]:
    """The outward events, newest first."""
    lines = [line for line in history_of(subject_request) if line.event in TOLD]
    return [
        Step(str(TOLD[line.event]), Progress.NOW if index == 0 else Progress.DONE, when=line.at.date())
        for index, line in enumerate(lines)
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
    may_appeal: bool
    appeals: list[tuple[str, str]]


def ending_story(subject_request: SubjectRequest) -> EndingStory | None:
    """Our answer and the ways on from it; none while we owe one."""
    if not subject_request.is_closed and subject_request.state != RequestState.IN_FORCE:
        return None
    made = [(each.reference, str(headline_of(each))) for each in appeals_against(subject_request)]
    may_appeal = no_appeal_because(subject_request) is None
    return EndingStory(ending_of(subject_request), may_appeal, made)
