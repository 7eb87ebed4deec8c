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
    AWAITING_ANSWER = "awaiting_answer", _("Waiting for the person's answer")
    FULFILLING = "fulfilling", _("Searching sources")
    CHECKING = "checking", _("Reviewing findings")
    PREPARING = "preparing", _("Preparing the answer")
    AWAITING_RELEASE = "awaiting_release", _("For approval")
    READY = "ready", _("Ready to download")
    WEIGHING = "weighing", _("Being weighed")
    AWAITING_APPROVAL = "awaiting_approval", _("For approval of the change")
    WAITING_PERIOD = "waiting_period", _("Waiting period")
    EXECUTING = "executing", _("Being carried out")
    VERIFYING = "verifying", _("Searching once more")
    CONFIRMING = "confirming", _("Checking the result")
    IN_FORCE = "in_force", _("In force")
    LIFTING_ANNOUNCED = "lifting_announced", _("Lifting announced")
    LIFTING = "lifting", _("Being lifted")
    COMPLETED = "completed", _("Completed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
    FORWARDED = "forwarded", _("Passed on to the controller")
    DUPLICATE = "duplicate", _("Answered with another request")


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
    RequestState.AWAITING_ANSWER: StateFacts(
        Turn.PERSON, True, Stage.CONFIRMED, _("Please answer our question")
    ),
    RequestState.FULFILLING: StateFacts(
        Turn.SOURCES, True, Stage.GATHERING, _("We are gathering your information")
    ),
    RequestState.CHECKING: StateFacts(Turn.US, True, Stage.CHECKING, _("We are checking what we found")),
    RequestState.PREPARING: StateFacts(Turn.US, True, Stage.CHECKING, _("We are putting your copy together")),
    RequestState.AWAITING_RELEASE: StateFacts(
        Turn.APPROVER, True, Stage.CHECKING, _("A second person is checking your copy")
    ),
    RequestState.READY: StateFacts(Turn.PERSON, False, Stage.ANSWERED, _("Your copy is ready")),
    RequestState.WEIGHING: StateFacts(Turn.US, True, Stage.CHECKING, _("We are deciding about your request")),
    RequestState.AWAITING_APPROVAL: StateFacts(
        Turn.APPROVER, True, Stage.CHECKING, _("A second person is checking what will change")
    ),
    RequestState.WAITING_PERIOD: StateFacts(Turn.PERSON, True, Stage.CHECKING, _("You can still stop this")),
    RequestState.EXECUTING: StateFacts(
        Turn.SOURCES, True, Stage.CHECKING, _("We are carrying out your request")
    ),
    RequestState.VERIFYING: StateFacts(
        Turn.SOURCES, True, Stage.CHECKING, _("We are checking that it is done")
    ),
    RequestState.CONFIRMING: StateFacts(Turn.US, True, Stage.CHECKING, _("We are checking that it is done")),
    # Answered: what was asked for holds from now on, and the legal clock has stopped.
    RequestState.IN_FORCE: StateFacts(Turn.NOBODY, False, Stage.ANSWERED, _("Your restriction is in force")),
    RequestState.LIFTING_ANNOUNCED: StateFacts(
        Turn.PERSON, False, Stage.ANSWERED, _("We plan to lift your restriction")
    ),
    RequestState.LIFTING: StateFacts(
        Turn.SOURCES, False, Stage.ANSWERED, _("Your restriction is being lifted")
    ),
    RequestState.COMPLETED: StateFacts(Turn.NOBODY, False, Stage.ANSWERED, _("Your request is answered")),
    RequestState.REFUSED: StateFacts(Turn.NOBODY, False, Stage.ANSWERED, _("We could not do what you asked")),
    RequestState.WITHDRAWN: StateFacts(Turn.NOBODY, False, Stage.ANSWERED, _("You took your request back")),
    RequestState.LAPSED: StateFacts(
        Turn.NOBODY, False, Stage.ANSWERED, _("Your request is closed, as it was never confirmed")
    ),
    RequestState.FORWARDED: StateFacts(
        Turn.NOBODY,
        False,
        Stage.ANSWERED,
        _("We passed your request on to the company that decides about it"),
    ),
    RequestState.DUPLICATE: StateFacts(
        Turn.NOBODY, False, Stage.ANSWERED, _("Your request is answered together with another one of yours")
    ),
}

CLOSED = frozenset(
    {
        RequestState.COMPLETED,
        RequestState.REFUSED,
        RequestState.WITHDRAWN,
        RequestState.LAPSED,
        RequestState.FORWARDED,
        RequestState.DUPLICATE,
    }
)
# What a right asks for is being done, or has been: nothing gets here without the proof its row demands.
ACTS_ON_DATA = frozenset(
    {
        RequestState.FULFILLING,
        RequestState.CHECKING,
        RequestState.PREPARING,
        RequestState.AWAITING_RELEASE,
        RequestState.READY,
        RequestState.WEIGHING,
        RequestState.AWAITING_APPROVAL,
        RequestState.WAITING_PERIOD,
        RequestState.EXECUTING,
        RequestState.VERIFYING,
        RequestState.CONFIRMING,
        RequestState.IN_FORCE,
        RequestState.LIFTING_ANNOUNCED,
        RequestState.LIFTING,
        RequestState.COMPLETED,
    }
)
OPEN = frozenset(RequestState) - CLOSED
CLOCK_RUNS = frozenset(state for state, facts in FACTS.items() if facts.clock_runs)


def states_on(turn: Turn) -> frozenset[RequestState]:
    """The states in which it is this party's turn."""
    return frozenset(state for state, facts in FACTS.items() if facts.turn is turn)
