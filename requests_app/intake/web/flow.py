"""The order of the questions, which of them this visitor is asked, and how far they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.components.parts import Progress, Row, Step
from requests_app.intake.web.asker_forms import AgentForm, ChildForm
from requests_app.intake.web.correction_form import CorrectionForm
from requests_app.intake.web.forms import (
    AboutForm,
    DetailsForm,
    RegionForm,
    WhatForm,
    WhereForm,
    WhoForm,
)
from requests_app.intake.web.places import REGIONS
from requests_app.intake.web.questions import Answers, QuestionForm
from requests_app.intake.web.restriction_form import RestrictionForm
from requests_app.intake.web.right_forms import (
    ConsentForm,
    DecisionForm,
    DeletionForm,
    NominationForm,
    ObjectionForm,
    OwnWordsForm,
)

# A copy is delivered before anything is deleted; somebody who wants both may say otherwise.
COPIES = frozenset({"access", "portability"})
# Where a product or a period helps us look. An opt-out must take as few steps as possible (11 CCR 7026(b)).
SEARCHED = COPIES | {"deletion", "confirmation", "third_party_list"}


@dataclass(frozen=True)
class Question:
    """One page of the form. Pages with the same `step` are one entry of the thread beside them."""

    key: str
    step: Promise
    form: type[QuestionForm]
    is_asked: Callable[[Answers], bool] = lambda answers: True

    @property
    def url(self) -> str:
        """The address of the page."""
        return reverse("intake:question", args=[self.key])


def chosen_rights(answers: Answers) -> list[str]:
    """The choices made on the page of the rights; `stop_marketing` is one of them."""
    return list(answers.get("what", {}).get("rights", ()))


def _country_has_regions(answers: Answers) -> bool:
    return answers.get("where", {}).get("place") in REGIONS


def _wants(*rights: str) -> Callable[[Answers], bool]:
    return lambda answers: not set(rights).isdisjoint(chosen_rights(answers))


def _is_about(whom: str) -> Callable[[Answers], bool]:
    return lambda answers: answers.get("who", {}).get("who") == whom


def _wants_copy_and_deletion(answers: Answers) -> bool:
    return _wants(*COPIES)(answers) and _wants("deletion")(answers)


WHAT, ABOUT = _("What you would like"), _("About you")
QUESTIONS: tuple[Question, ...] = (
    Question("who", _("Who it is about"), WhoForm),
    Question("where", _("Where you live"), WhereForm),
    Question("region", _("Where you live"), RegionForm, _country_has_regions),
    Question("what", WHAT, WhatForm),
    Question("correction", WHAT, CorrectionForm, _wants("correction")),
    Question("deletion", WHAT, DeletionForm, _wants_copy_and_deletion),
    Question("objection", WHAT, ObjectionForm, _wants("objection")),
    Question("withdraw_consent", WHAT, ConsentForm, _wants("withdraw_consent")),
    Question("restriction", WHAT, RestrictionForm, _wants("restriction")),
    Question("automated_decision", WHAT, DecisionForm, _wants("automated_decision")),
    Question("complaint", WHAT, OwnWordsForm, _wants("complaint")),
    Question("grievance", WHAT, OwnWordsForm, _wants("grievance")),
    Question("nominate", WHAT, NominationForm, _wants("nominate")),
    Question("about", ABOUT, AboutForm),
    Question("agent", ABOUT, AgentForm, _is_about("agent")),
    Question("child", ABOUT, ChildForm, _is_about("child")),
    Question("details", _("Details"), DetailsForm, _wants(*SEARCHED)),
)
CHECK = _("Check and send")


@dataclass(frozen=True)
class Rail:
    """What the pages draw of the way: the thread, and the line that stands for it on small screens."""

    steps: Sequence[Step]
    number: int

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    @property
    def place(self) -> str:
        """Where the dot of the line stands: in the middle of its step."""
        return f"{(self.number - 0.5) * 100 / self.total:.0f}%"


class Flow:
    """The way of one visitor through the form, worked out from the answers so far."""

    def __init__(self, answers: Answers, *, on: date) -> None:
        self.answers, self.on = answers, on
        self.asked = [question for question in QUESTIONS if question.is_asked(answers)]

    def question(self, key: str) -> Question | None:
        """The question with this key, if this visitor is asked it."""
        return next((question for question in self.asked if question.key == key), None)

    def form(self, question: Question, data: Mapping[str, Any] | None = None) -> QuestionForm:
        """The question's form: with what was just sent, else with what was answered before."""
        if data is not None:
            return question.form(data, answers=self.answers, on=self.on)
        given = dict(self.answers.get(question.key, {}))
        return question.form(initial=given, answers=self.answers, on=self.on)

    def rows(self, *keys: str) -> list[Row]:
        """The lines of the check page for these questions, where they are asked."""
        asked = (question for key in keys if (question := self.question(key)))
        return [row for question in asked for row in self.form(question).rows(question.url)]

    @cached_property
    def answered(self) -> frozenset[str]:
        """The questions whose answer still holds; an earlier answer can make a later one void."""
        return frozenset(question.key for question in self.asked if self._holds(question))

    def _holds(self, question: Question) -> bool:
        given = self.answers.get(question.key)
        return given is not None and self.form(question, given).is_valid()

    @property
    def first_open(self) -> Question | None:
        """The first question without an answer; None when all are answered."""
        return next((question for question in self.asked if question.key not in self.answered), None)

    @property
    def next_url(self) -> str:
        """Where the visitor goes on: the first open question, else the check page."""
        return self.first_open.url if self.first_open else reverse("intake:check")

    def may_see(self, question: Question) -> bool:
        """Whether every question before this one is answered."""
        before = self.asked[: self.asked.index(question)]
        return all(each.key in self.answered for each in before)

    def back_url(self, question: Question | None) -> str:
        """The page before this one; `None` is the check page."""
        before = self.asked if question is None else self.asked[: self.asked.index(question)]
        return before[-1].url if before else reverse("intake:start")

    def rail(self, current: Question | None) -> Rail:
        """The thread beside the page of this question, or beside the check page."""
        labels = list(dict.fromkeys([*(question.step for question in self._shown), CHECK]))
        now = current.step if current else CHECK
        return Rail([self._step(label, is_now=label == now) for label in labels], labels.index(now) + 1)

    @property
    def _shown(self) -> Sequence[Question]:
        """The thread shows every step until the choice of rights says which are not needed."""
        return self.asked if "what" in self.answers else QUESTIONS

    def _step(self, label: Promise, *, is_now: bool) -> Step:
        pages = [question for question in self.asked if question.step == label]
        if is_now:
            return Step(str(label), Progress.NOW)
        if pages and all(page.key in self.answered for page in pages):
            return Step(str(label), Progress.DONE, pages[0].url)
        return Step(str(label))
