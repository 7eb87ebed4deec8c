"""The states of a request: whose turn it is in each, whether the clock runs, and the words for the person."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    """Where a request stands, in the words of the staff."""

    RECEIVED = "received", _("Received")
    AWAITING_IDENTITY = "awaiting_identity", _("Waiting for the person to confirm")
    IN_REVIEW = "in_review", _("In review")
    FULFILLING = "fulfilling", _("Searching sources")
    CHECKING = "checking", _("Reviewing findings")
    PREPARING = "preparing", _("Preparing the answer")
    AWAITING_RELEASE = "awaiting_release", _("For approval")
    READY = "ready", _("Ready to download")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")


class Turn(models.TextChoices):
    """Whose turn it is."""

    US = "us", _("Us")
    PERSON = "person", _("The person")
    SOURCES = "sources", _("Sources")
    APPROVER = "approver", _("Approver")
    NOBODY = "nobody", _("Nobody")


class Stage(models.IntegerChoices):
    """The five stages of the person's track."""

    RECEIVED = 0, _("Received")
    CONFIRMED = 1, _("Confirmed")
    GATHERING = 2, _("Gathering")
    CHECKING = 3, _("Checking")
    ANSWERED = 4, _("Answered")


@dataclass(frozen=True)
class StateFacts:
    """What holds while a request is in a state. `clock_runs` is whether our time to answer is still counting."""

    turn: Turn
    clock_runs: bool
    stage: Stage
    headline: Promise


FACTS: dict[RequestState, StateFacts] = {
    RequestState.RECEIVED: StateFacts(Turn.US, True, Stage.RECEIVED, _("We have your request")),
    RequestState.AWAITING_IDENTITY: StateFacts(
        Turn.PERSON, True, Stage.RECEIVED, _("Please confirm that it is you")
    ),
    RequestState.IN_REVIEW: StateFacts(Turn.US, True, Stage.CONFIRMED, _("We are reading your request")),
    RequestState.FULFILLING: StateFacts(
        Turn.SOURCES, True, Stage.GATHERING, _("We are gathering your information")
    ),
    RequestState.CHECKING: StateFacts(Turn.US, True, Stage.CHECKING, _("We are checking what we found")),
    RequestState.PREPARING: StateFacts(Turn.US, True, Stage.CHECKING, _("We are putting your copy together")),
    RequestState.AWAITING_RELEASE: StateFacts(
        Turn.APPROVER, True, Stage.CHECKING, _("A second person is checking your copy")
    ),
    RequestState.READY: StateFacts(Turn.PERSON, False, Stage.ANSWERED, _("Your copy is ready")),
    RequestState.COMPLETED: StateFacts(Turn.NOBODY, False, Stage.ANSWERED, _("Your request is answered")),
    RequestState.REFUSED: StateFacts(Turn.NOBODY, False, Stage.ANSWERED, _("We could not do what you asked")),
    RequestState.WITHDRAWN: StateFacts(Turn.NOBODY, False, Stage.ANSWERED, _("You took your request back")),
    RequestState.LAPSED: StateFacts(
        Turn.NOBODY, False, Stage.ANSWERED, _("Your request is closed, as it was never confirmed")
    ),
}

CLOSED = frozenset(
    {RequestState.COMPLETED, RequestState.REFUSED, RequestState.WITHDRAWN, RequestState.LAPSED}
)
OPEN = frozenset(RequestState) - CLOSED
CLOCK_RUNS = frozenset(state for state, facts in FACTS.items() if facts.clock_runs)


def states_on(turn: Turn) -> frozenset[RequestState]:
    """The states in which it is this party's turn."""
    return frozenset(state for state, facts in FACTS.items() if facts.turn is turn)
