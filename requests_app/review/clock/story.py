"""The clock's log, its other clocks, and what can still move its date, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.deadlines.effects import QuestionEffect
from requests_app.deadlines.events import EventType, Topic
from requests_app.decisions.ask import effect_on
from requests_app.decisions.extend import ExtensionOffer, extension_offer
from requests_app.decisions.models import MovedDate
from requests_app.errors import DomainError
from requests_app.lifecycle.clock import is_nowhere
from requests_app.lifecycle.known_rights import headline_of, right
from requests_app.lifecycle.models import SubjectRequest

EVENTS: dict[str, Promise] = {
    EventType.IDENTITY_REQUESTED: gettext_lazy("Proof of identity was asked for"),
    EventType.IDENTITY_CONFIRMED: gettext_lazy("The proof of identity arrived"),
    EventType.CLARIFICATION_REQUESTED: gettext_lazy("The person was asked a question"),
    EventType.CLARIFICATION_RECEIVED: gettext_lazy("The person answered the question"),
    EventType.CLARIFICATION_DROPPED: gettext_lazy("We went on without an answer"),
    EventType.FEE_REQUESTED: gettext_lazy("A fee was asked for"),
    EventType.FEE_PAID: gettext_lazy("The fee was paid"),
    EventType.FEE_DROPPED: gettext_lazy("We went on without the fee"),
    EventType.EXTENDED: gettext_lazy("The person was told that it takes longer"),
}
CAUSES: dict[str, Promise] = {**EVENTS, "regime_chosen": gettext_lazy("Another law answers than it seemed")}
TOPICS: dict[Topic, Promise] = {
    Topic.IDENTITY: gettext_lazy("Proof of identity"),
    Topic.CLARIFICATION: gettext_lazy("A question about the request"),
    Topic.FEE: gettext_lazy("A fee"),
}


@dataclass(frozen=True)
class LoggedEvent:
    """One thing the clock counts."""

    at: datetime
    words: str
    until: date | None


@dataclass(frozen=True)
class Move:
    """One move of the date, with its cause in words."""

    moved: MovedDate
    words: str


@dataclass(frozen=True)
class Possible:
    """Whether more time can be taken: the offer, or the sentence that stands in the way."""

    offer: ExtensionOffer | None
    refusal: str


@dataclass(frozen=True)
class OtherClock:
    """Another request of the same submission."""

    reference: str
    url: str
    label: str
    due: date
    headline: str


def log_of(subject_request: SubjectRequest) -> list[LoggedEvent]:
    """Return what the clock counts, oldest first, with the questions it was not stopped for."""
    heard = [
        LoggedEvent(each.at, str(EVENTS.get(each.type, each.type)), each.until)
        for each in subject_request.clock_events.all()
    ]
    unheard = [
        LoggedEvent(each.asked_at, _("A question was asked; nobody stopped the clock for it"), None)
        for each in subject_request.questions.filter(is_counted=False)
    ]
    return sorted(heard + unheard, key=lambda each: each.at)


def moves_of(subject_request: SubjectRequest) -> list[Move]:
    """Return how the date moved so far, oldest first."""
    return [Move(each, str(CAUSES.get(each.cause, each.cause))) for each in subject_request.moved_dates.all()]


def possible_extension(subject_request: SubjectRequest, *, at: datetime) -> Possible:
    """Return whether the law still gives more time."""
    try:
        return Possible(extension_offer(subject_request, at=at), "")
    except DomainError as refused:
        return Possible(None, refused.sentence)


def effects_of(subject_request: SubjectRequest) -> list[tuple[str, QuestionEffect]]:
    """Return what each question would do to this clock."""
    return [(str(label), effect_on(subject_request, topic)) for topic, label in TOPICS.items()]


def other_clocks(subject_request: SubjectRequest) -> Sequence[OtherClock]:
    """Return the other requests of the same submission with their dates."""
    siblings = subject_request.submission.subject_requests.exclude(pk=subject_request.pk)
    return [
        OtherClock(
            each.reference,
            reverse("review:clock", args=[each.reference]),
            str(right(each.right).short_label),
            each.response_due_on,
            str(headline_of(each)),
        )
        for each in siblings.order_by("response_due_on", "reference")
    ]


def law_is_known_by(subject_request: SubjectRequest) -> str:
    """Say how we know which law answers."""
    if subject_request.regime_is_chosen:
        return _("Chosen by staff, with a reason on record.")
    if is_nowhere(subject_request):
        return _("The person would not say where they live: the earliest day of every law is kept.")
    return _("It follows from where the person lives and what they ask for.")
