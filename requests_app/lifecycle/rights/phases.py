"""Stretches of road that several rights share: a right's machine is made of them and of its own moves."""

from typing import TYPE_CHECKING

from django_fsm import transition

from requests_app.lifecycle.models import AnswerScope
from requests_app.lifecycle.states import RequestState as S

if TYPE_CHECKING:
    # To a type checker a phase is the request itself; to Django it is a plain class beside the model.
    from requests_app.lifecycle.models import SubjectRequest as _Phase
else:
    _Phase = object


class Searches(_Phase):
    """The sources are searched, and what they gave is looked at."""

    @transition(field="state", source=S.IN_REVIEW, target=S.FULFILLING)
    def approve(self, staff_id: str) -> None:
        """A case worker has read the plan and lets the sources be searched."""
        self.approved_by_id = staff_id

    @transition(field="state", source=S.FULFILLING, target=S.CHECKING)
    def finish_search(self) -> None:
        """Every source has given its answer."""

    @transition(field="state", source=S.CHECKING, target=S.FULFILLING)
    def search_again(self, staff_id: str) -> None:
        """The findings are replaced by those of a new run."""
        self.approved_by_id = staff_id


class HandsOver(Searches):
    """What was found becomes a copy that a second person releases."""

    @transition(field="state", source=S.CHECKING, target=S.PREPARING)
    def finish_review(self, staff_id: str) -> None:
        """What goes into the copy is decided."""
        self.reviewed_by_id = staff_id

    @transition(field="state", source=S.PREPARING, target=S.AWAITING_RELEASE)
    def bundle_built(self) -> None:
        """The copy is complete and stored."""

    @transition(field="state", source=[S.PREPARING, S.AWAITING_RELEASE], target=S.CHECKING)
    def send_back(self) -> None:
        """The approver, or the preparer, wants the review reopened; also the way out of a copy that cannot be built."""

    @transition(field="state", source=S.AWAITING_RELEASE, target=S.READY)
    def release(self, staff_id: str) -> None:
        """A second person lets the copy go."""
        self.released_by_id = staff_id

    @transition(field="state", source=S.READY, target=S.COMPLETED)
    def deliver(self, outcome: str) -> None:
        """The person has fetched the copy."""
        self.outcome = outcome

    @transition(field="state", source=S.READY, target=S.CHECKING)
    def take_back(self) -> None:
        """Something is wrong with a copy that was released: it ends, and another one is made."""

    @transition(field="state", source=S.READY, target=S.COMPLETED)
    def close_unfetched(self, outcome: str) -> None:
        """We answered and said so, but the copy was not fetched before its last day; it is erased by now."""
        self.outcome, self.was_unfetched = outcome, True


class MayBeLessened(_Phase):
    """Where the full proof never comes, some law gives a narrower answer for less."""

    @transition(field="state", source=S.AWAITING_IDENTITY, target=S.IN_REVIEW)
    def lessen(self, scope: str) -> None:
        """The proof is not enough for everything, but for the lesser answer the law gives instead."""
        self.answer_scope = AnswerScope(scope)


class Weighs(_Phase):
    """Staff weigh the request before they decide."""

    @transition(field="state", source=S.IN_REVIEW, target=S.WEIGHING)
    def weigh(self, staff_id: str) -> None:
        """Somebody begins to weigh; what is disputed is restricted meanwhile."""
        self.reviewed_by_id = staff_id

    @transition(field="state", source=S.WEIGHING, target=S.EXECUTING)
    def grant(self, staff_id: str) -> None:
        """The decision is for the person, in whole or in part."""
        self.decided_by_id = staff_id


class ActsAtOnce(_Phase):
    """Nothing is weighed: what the person says is done."""

    @transition(field="state", source=[S.RECEIVED, S.IN_REVIEW], target=S.EXECUTING)
    def act_at_once(self) -> None:
        """The law leaves nothing to decide."""

    @transition(field="state", source=S.IN_REVIEW, target=S.EXECUTING)
    def grant(self, staff_id: str) -> None:
        """Staff begin by hand where the machine did not."""
        self.decided_by_id = staff_id


class CarriesOut(_Phase):
    """Every source has done its part, by its connector or by a person, and the request is answered."""

    @transition(field="state", source=S.EXECUTING, target=S.COMPLETED)
    def finish_execution(self, outcome: str) -> None:
        """No task is open any more."""
        self.outcome = outcome


class Answers(_Phase):
    """Staff look into it and answer; no source is asked to do anything."""

    @transition(field="state", source=S.IN_REVIEW, target=S.COMPLETED)
    def answer(self, staff_id: str, outcome: str) -> None:
        """The answer is written."""
        self.decided_by_id, self.outcome = staff_id, outcome
