"""Whether a member of staff makes a decision or proposes it, and what was proposed already."""

from collections.abc import Mapping

from requests_app.audit.actors import Actor
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.conditions import SECOND_PERSON
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.second_person import proposals


def must_be_proposed(
    subject_request: SubjectRequest, move: Move, *, by: Actor, given: Mapping[str, object] | None = None
) -> bool:
    """Whether the policy lets this person only propose the decision."""
    condition = SECOND_PERSON.get(move)
    return condition is not None and condition(Attempt(subject_request, by, None, given)) is not None


def as_proposed(subject_request: SubjectRequest, move: Move) -> dict[str, str]:
    """Return what the newest proposal fills the form with, for whoever agrees or changes it."""
    found = proposals(subject_request, move)
    return {**found[-1].given, "reason": found[-1].words} if found else {}
