"""Which notice goes out when a request of which right enters which state: one table, complete for every right.

A row for a right counts before one for all, and one that names where the request came from before one that does not.
"""

from dataclasses import dataclass
from enum import Enum

from requests_app.correspondence.notices import Notice
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState

S = RequestState


class Said(Enum):
    """What holds where no notice of this table goes out."""

    NOTHING = "an inward step: the person's page shows it, no mail is written"
    ELSEWHERE = "the service behind the step writes the mail, as only it knows the code, the link or the sum"


@dataclass(frozen=True)
class Row:
    """On entering `target` this is said; `source` and `right` narrow a row down."""

    target: RequestState
    said: Notice | Said
    source: RequestState | None = None
    right: str = ""


# Nobody outside waits for these: work goes on, and the next outward step tells of it.
INWARD = frozenset(
    {
        S.FULFILLING,
        S.CHECKING,
        S.PREPARING,
        S.AWAITING_RELEASE,
        S.WEIGHING,
        S.AWAITING_APPROVAL,
        S.EXECUTING,
        S.VERIFYING,
        S.CONFIRMING,
        S.LIFTING,
    }
)
OUTWARD = frozenset(RequestState) - INWARD

ROWS = (
    # A request that just arrived is asked to be confirmed, or goes on at once: that step is told.
    Row(S.RECEIVED, Said.NOTHING),
    Row(S.AWAITING_IDENTITY, Said.ELSEWHERE),
    Row(S.IN_REVIEW, Notice.RECEIVED, source=S.RECEIVED),
    Row(S.IN_REVIEW, Notice.IDENTITY_CONFIRMED, source=S.AWAITING_IDENTITY),
    Row(S.IN_REVIEW, Said.NOTHING, source=S.AWAITING_ANSWER),
    # Needs no proof, so nothing was said before it is carried out.
    Row(S.EXECUTING, Notice.RECEIVED, source=S.RECEIVED),
    Row(S.AWAITING_ANSWER, Said.ELSEWHERE),
    Row(S.WAITING_PERIOD, Said.ELSEWHERE),
    Row(S.READY, Notice.COPY_READY),
    Row(S.IN_FORCE, Notice.IN_FORCE, source=S.EXECUTING),
    Row(S.IN_FORCE, Notice.KEPT_IN_FORCE, source=S.LIFTING_ANNOUNCED),
    # Article 18(3) GDPR: told before anything is lifted.
    Row(S.LIFTING_ANNOUNCED, Notice.LIFTING_ANNOUNCED),
    Row(S.COMPLETED, Notice.ANSWERED),
    # The person has just fetched the copy: nothing is left to say.
    Row(S.COMPLETED, Said.NOTHING, source=S.READY),
    Row(S.COMPLETED, Notice.LIFTED, right="restriction"),
    Row(S.COMPLETED, Said.ELSEWHERE, right="deletion"),
    Row(S.REFUSED, Notice.REFUSED),
    Row(S.WITHDRAWN, Notice.WITHDRAWN),
    Row(S.LAPSED, Notice.LAPSED),
    Row(S.FORWARDED, Notice.FORWARDED),
    Row(S.DUPLICATE, Notice.JOINED),
)
# The lesser answer is told by whoever decides that it is given, with what it lacks.
TELL_THEMSELVES = frozenset({Move.LESSEN})
# Two moves lead from a copy that is ready to the end; only after the other one has the person just fetched it.
# Who was told that a copy is ready is told as well when it is not any more.
BY_MOVE = {Move.CLOSE_UNFETCHED: Notice.COPY_EXPIRED, Move.TAKE_BACK: Notice.COPY_TAKEN_BACK}

_BY_KEY = {(row.right, row.source, row.target): row.said for row in ROWS}


def said_on(
    right: str, *, source: RequestState | None, target: RequestState, move: Move | None = None
) -> Notice | Said:
    """What is said when a request of this right goes from one state to another."""
    if move in TELL_THEMSELVES:
        return Said.ELSEWHERE
    if move in BY_MOVE:
        return BY_MOVE[move]
    if source == target:
        return Said.NOTHING
    keys = ((right, source), (right, None), ("", source), ("", None))
    found = (_BY_KEY.get((known, came_from, target)) for known, came_from in keys)
    return next((each for each in found if each is not None), Said.NOTHING)
