"""Conditions on who: nobody approves what they prepared, nobody decides an appeal against themselves.

Asked of the audit log, not of the request's own columns, which hold only the last who did a thing: whoever finished a
review that was sent back and finished again by another has prepared it all the same.
"""

from requests_app.audit.events import preparing
from requests_app.audit.selectors import staff_who_did
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move

APPEAL = "appeal"
# A request that lapses for it was decided by whoever found the proof wanting.
REJECTED_A_PROOF = "proof.rejected"
PREPARES = (Move.APPROVE, Move.SEARCH_AGAIN, Move.FINISH_REVIEW, Move.PROPOSE_DELETION)


def somebody_else_prepared_it(attempt: Attempt) -> str | None:
    """Four eyes: whoever had a hand in the search, the findings or the review does not release and does not approve."""
    prepared_by = who_prepared(attempt.subject_request)
    if attempt.by.staff_id in prepared_by:
        return "You prepared this request, so another person releases it."
    if len(prepared_by) == 0:
        return "Nobody has prepared this request yet."
    return None


def who_prepared(subject_request: SubjectRequest) -> frozenset[str]:
    """Return the keys of the staff who prepared this request."""
    return staff_who_did({FACTS[move].event for move in PREPARES} | preparing(), target=subject_request)


def somebody_else_decided_first(attempt: Attempt) -> str | None:
    """An appeal is decided, for or against, by a person who took no part in what it is about."""
    if attempt.subject_request.right != APPEAL:
        return None
    first = attempt.subject_request.linked_to
    if first is None:
        return "This appeal points to no request."
    moves = {each.event for each in FACTS.values()}
    took_part = staff_who_did(moves | preparing() | {REJECTED_A_PROOF}, target=first)
    if attempt.by.staff_id in took_part:
        return "You took part in the first decision, so another person decides the appeal."
    return None
