"""What must hold before a move beyond the state itself: each answers with the sentence of the refusal, or None."""

from requests_app.encryption.blind_index import normalised
from requests_app.lifecycle.attempt import Attempt, Condition
from requests_app.lifecycle.balance import (
    a_person_looked_again,
    every_part_is_decided,
    nothing_is_to_be_weighed,
    nothing_was_granted,
    something_is_to_be_weighed,
)
from requests_app.lifecycle.eyes import APPEAL, somebody_else_decided_first, somebody_else_prepared_it
from requests_app.lifecycle.grounds import a_ground_to_restrict_holds, ground_is_of_the_law, grounds_for
from requests_app.lifecycle.models import Asker, Link, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.proven import (
    identity_is_proven,
    lesser_proof_is_there,
    more_can_be_asked,
    nothing_less_is_due,
    proof_may_be_asked,
    standing_is_proven,
)
from requests_app.lifecycle.second_person import second_person_for
from requests_app.lifecycle.states import CLOSED, RequestState
from requests_app.lifecycle.timing import (
    access_comes_first,
    day_is_to_come,
    wait_ends_in_time,
    waiting_is_over,
)

__all__ = [
    "CONDITIONS",
    "Attempt",
    "Condition",
    "access_comes_first",
    "also_demand",
    "grounds_for",
    "identity_is_proven",
    "unmet",
]


def other_request_is_open(attempt: Attempt) -> str | None:
    """A request is joined only with an open one of the same person for the same: nobody's own is hindered."""
    subject_request = attempt.subject_request
    if subject_request.link == Link.FOLLOW_UP:
        return "This request follows from another one, so it is answered for itself."
    if attempt.given is None:
        same = SubjectRequest.objects.filter(
            subject_email_index__in=subject_request.address_indexes, right=subject_request.right
        )
        others = same.exclude(state__in=CLOSED).exclude(pk=subject_request.pk)
        return None if others.exists() else "This person has no other open request for the same right."
    other = SubjectRequest.objects.filter(pk=attempt.given.get("linked_to_id")).first()
    if other is None or other.pk == subject_request.pk:
        return "Choose the request that goes on."
    return _can_answer_for(subject_request, other)


def _can_answer_for(subject_request: SubjectRequest, other: SubjectRequest) -> str | None:
    same = other.subject_email_index in subject_request.address_indexes
    if not same or other.right != subject_request.right or other.state in CLOSED:
        return "Only an open request of the same person for the same right can answer for this one."
    if other.state == RequestState.AWAITING_IDENTITY and subject_request.state != other.state:
        return "The other request is not confirmed yet; join that one with this instead."
    if other.asked_by != Asker.SELF and _asker(other) != _asker(subject_request):
        return "The other request came from somebody else for this person; join that one with this instead."
    if normalised("email", other.contact_address) != normalised("email", subject_request.contact_address):
        return "The other request is answered to another address, so this one is answered for itself."
    if subject_request.right == APPEAL and other.linked_to_id != subject_request.linked_to_id:
        return "The other appeal is about another decision."
    return None


def _asker(subject_request: SubjectRequest) -> tuple[str, str]:
    return subject_request.asked_by, normalised("email", subject_request.asker_email)


PROVEN = (identity_is_proven,)
NEW_EYES = (somebody_else_decided_first,)
CONDITIONS: dict[Move, tuple[Condition, ...]] = {
    Move.TAKE_IN: PROVEN,
    Move.CONFIRM_IDENTITY: PROVEN,
    Move.LESSEN: (lesser_proof_is_there, standing_is_proven),
    Move.ACT_AT_ONCE: (identity_is_proven, nothing_is_to_be_weighed),
    Move.APPROVE: PROVEN,
    Move.SEARCH_AGAIN: PROVEN,
    Move.FINISH_REVIEW: PROVEN,
    Move.PROPOSE_DELETION: PROVEN,
    Move.RELEASE: (identity_is_proven, somebody_else_prepared_it),
    Move.APPROVE_DELETION: (
        identity_is_proven,
        somebody_else_prepared_it,
        day_is_to_come,
        wait_ends_in_time,
    ),
    Move.BEGIN_EXECUTION: (identity_is_proven, waiting_is_over, access_comes_first),
    Move.CARRY_OUT_AGAIN: PROVEN,
    Move.WEIGH: (identity_is_proven, something_is_to_be_weighed, *NEW_EYES),
    Move.GRANT: (identity_is_proven, every_part_is_decided, a_ground_to_restrict_holds),
    Move.LET_STAND: (identity_is_proven, a_person_looked_again),
    Move.UPHOLD_APPEAL: (identity_is_proven, *NEW_EYES),
    Move.ANSWER: PROVEN,
    Move.ANNOUNCE_LIFTING: (day_is_to_come,),
    Move.LIFT: (waiting_is_over,),
    Move.ASK_MORE_PROOF: (proof_may_be_asked, more_can_be_asked),
    Move.FORWARD: NEW_EYES,
    Move.JOIN: (other_request_is_open, *NEW_EYES),
    Move.REFUSE: (ground_is_of_the_law, nothing_was_granted, *NEW_EYES),
    Move.LAPSE: (nothing_less_is_due,),
}


# What other parts of the product demand, registered when they start.
FURTHER: dict[Move, list[Condition]] = {}


def also_demand(move: Move, condition: Condition) -> None:
    """Let a move depend on what only another part of the product knows; called once, at start-up."""
    FURTHER.setdefault(move, []).append(condition)


# Asked last: only what could be decided otherwise is proposed.
SECOND_PERSON: dict[Move, Condition] = {
    move: second_person_for(move) for move in (Move.REFUSE, Move.LET_STAND, Move.GRANT, Move.ANSWER)
}


def unmet(attempt: Attempt, move: Move, *, proposing: bool = False) -> str | None:
    """The first condition that stands in the way of a move, as a sentence, or None.

    A proposal needs no second person.
    """
    asked: list[Condition] = [*CONDITIONS.get(move, ()), *FURTHER.get(move, ())]
    if move in SECOND_PERSON and not proposing:
        asked.append(SECOND_PERSON[move])
    for condition in asked:
        sentence = condition(attempt)
        if sentence is not None:
            return sentence
    return None
