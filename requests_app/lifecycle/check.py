"""Whether a move may be made, and if not, why: asked before every move, and by the pages that offer it."""

from dataclasses import replace

from requests_app.audit.actors import ActorKind
from requests_app.lifecycle.arguments import read_arguments
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.conditions import unmet
from requests_app.lifecycle.errors import MoveNotAllowed, MoveNotPermitted, ReasonMissing, WrongArgument
from requests_app.lifecycle.known_rights import machine_of
from requests_app.lifecycle.machine import sources_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.permissions import not_permitted
from requests_app.lifecycle.states import RequestState


def checked(attempt: Attempt, move: Move, *, reason: str, proposing: bool = False) -> dict[str, object]:
    """Refuse a move that may not be made, or proposed, in the order in which the refusals tell most.

    Returns what the move takes.
    """
    sentence = not_permitted(move, attempt.by) or somebody_elses(attempt)
    if sentence:
        raise MoveNotPermitted(sentence)
    _refuse(leads_from_elsewhere(attempt.subject_request, move))
    try:
        arguments = read_arguments(machine_of(attempt.subject_request), move, attempt.given or {})
    except WrongArgument:
        _refuse(unmet(replace(attempt, given=None), move, proposing=proposing))
        raise
    _refuse(unmet(replace(attempt, given=arguments), move, proposing=proposing))
    if FACTS[move].needs_reason and not reason.strip():
        raise ReasonMissing("Say why, in a sentence.")
    return arguments


def somebody_elses(attempt: Attempt) -> str | None:
    """A person moves the request that they are known by, and no other."""
    by, reference = attempt.by, attempt.subject_request.reference
    return (
        "This request is somebody else's." if by.kind is ActorKind.SUBJECT and by.key != reference else None
    )


def _refuse(sentence: str | None) -> None:
    if sentence:
        raise MoveNotAllowed(sentence)


def refusal(attempt: Attempt, move: Move) -> str | None:
    """Why the request itself does not allow the move now, as a sentence, or None."""
    return leads_from_elsewhere(attempt.subject_request, move) or unmet(attempt, move)


def leads_from_elsewhere(subject_request: SubjectRequest, move: Move) -> str | None:
    """Where the move is possible, as a sentence, when it does not leave the present state."""
    sources = sources_of(machine_of(subject_request), move)
    if subject_request.state in sources:
        return None
    if not sources:
        return f"“{move.label}” is no step of a request of this kind."
    now = RequestState(subject_request.state).label
    when = " or ".join(f"“{state.label}”" for state in sources)
    return f"“{move.label}” is possible in {when}. This request is in “{now}”."
