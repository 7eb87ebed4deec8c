"""What must hold before a move beyond the state itself: each answers with the sentence of the refusal, or None."""

from collections.abc import Callable

from requests_app.audit.actors import Actor
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move

Condition = Callable[[SubjectRequest, Actor], str | None]


def identity_is_proven(subject_request: SubjectRequest, by: Actor) -> str | None:
    """Nothing is searched or released before the proof that the right needs."""
    needed = right(subject_request.right).proof
    if subject_request.identity_level >= needed:
        return None
    return f"The person has not proven who they are yet: this right needs “{IdentityLevel(needed).label}”."


def somebody_else_prepared_it(subject_request: SubjectRequest, by: Actor) -> str | None:
    """Four eyes: whoever approved the search or finished the review does not release."""
    prepared_by = {
        str(key) for key in (subject_request.approved_by_id, subject_request.reviewed_by_id) if key
    }
    if by.staff_id in prepared_by:
        return "You prepared this request, so another person releases it."
    if len(prepared_by) == 0:
        return "Nobody has prepared this request yet."
    return None


CONDITIONS: dict[Move, tuple[Condition, ...]] = {
    Move.APPROVE: (identity_is_proven,),
    Move.SEARCH_AGAIN: (identity_is_proven,),
    Move.FINISH_REVIEW: (identity_is_proven,),
    Move.RELEASE: (identity_is_proven, somebody_else_prepared_it),
}


def unmet(subject_request: SubjectRequest, move: Move, by: Actor) -> str | None:
    """The first condition that stands in the way of a move, as a sentence, or None."""
    for condition in CONDITIONS.get(move, ()):
        sentence = condition(subject_request, by)
        if sentence is not None:
            return sentence
    return None
