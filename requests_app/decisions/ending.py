"""How a request ended, as the person reads it: what came of it, on which ground of the law, in whose words."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from requests_app.correspondence.answers import UNANSWERED, answer_words
from requests_app.decisions.forward import passed_on_to
from requests_app.decisions.models import PassedOn
from requests_app.decisions.parts import Part, told_parts
from requests_app.decisions.ways import (
    ANSWERED_IN_WORDS,
    Way,
    appeal_until,
    can_be_appealed,
    regulator_of,
    ways_on,
)
from requests_app.jurisdictions.facts import Refusal
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.conditions import grounds_for
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState

# A move into one of these keeps the words that staff wrote for the person.
WORDED = frozenset(
    {RequestState.REFUSED, RequestState.COMPLETED, RequestState.FORWARDED, RequestState.DUPLICATE}
)


@dataclass(frozen=True)
class Ending:
    """What the person reads once a request is answered. `ground` is the law's reason for a refusal, in words."""

    answer: str
    ground: str
    cite: str
    law: str
    words: str
    is_contested_here: bool
    ways: tuple[Way, ...]
    regulator: str
    appeal_until: date | None
    parts: tuple[Part, ...]
    passed_to: PassedOn | None
    joined_with: SubjectRequest | None


def ending_of(subject_request: SubjectRequest) -> Ending:
    """Return how a request ended, or what would be said of it now."""
    law = jurisdiction(subject_request.regime)
    state = RequestState(subject_request.state)
    ground = ground_of(subject_request) if state is RequestState.REFUSED else None
    says_what_came = state in (RequestState.COMPLETED, RequestState.IN_FORCE, *UNANSWERED)
    words = subject_request.reason if state in WORDED and subject_request.decided_by_id else ""
    is_granted = state is RequestState.COMPLETED and subject_request.outcome in ("", Outcome.GRANTED)
    # Whom we found to be right in words may still think that the words are not enough.
    granted = is_granted and subject_request.right not in ANSWERED_IN_WORDS
    return Ending(
        answer=answer_words(subject_request) if says_what_came else "",
        ground=_(ground.words) if ground and ground.words else "",
        cite=ground.cite if ground else "",
        law=_(law.name),
        words=words,
        is_contested_here=not granted and state in WORDED,
        ways=tuple(ways_on(subject_request)),
        regulator=regulator_of(law),
        appeal_until=appeal_until(subject_request) if can_be_appealed(subject_request) else None,
        parts=tuple(told_parts(subject_request)),
        passed_to=passed_on_to(subject_request) if state is RequestState.FORWARDED else None,
        joined_with=subject_request.linked_to if state is RequestState.DUPLICATE else None,
    )


def ground_of(subject_request: SubjectRequest) -> Refusal | None:
    """Return the law's ground that a refusal named; one that the law has since lost is read from the whole list."""
    code = subject_request.reason_code
    known = [*grounds_for(subject_request), *jurisdiction(subject_request.regime).refusals]
    return next((each for each in known if each.code == code), None)
