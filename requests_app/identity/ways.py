"""What is missing before a request goes on, and the ways in which the person can show it."""

from dataclasses import dataclass

from requests_app.identity.base import Given, Method, Proves, methods
from requests_app.identity.models import ProofState, Verification
from requests_app.identity.proof_errors import ProofNotOffered
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest
from requests_app.lifecycle.proof import demanded, lesser_answer
from requests_app.lifecycle.states import RequestState

# A stranger who guesses gets no endless tries.
TRIES = 3


@dataclass(frozen=True)
class Missing:
    """What the row of the table still wants: a level, and the standing of whoever asks for somebody."""

    level: IdentityLevel | None
    standing: bool

    def __bool__(self) -> bool:
        return self.level is not None or self.standing


@dataclass(frozen=True)
class Way:
    """One way to prove; `only_lesser` when it is enough for the lesser answer alone."""

    method: Method
    only_lesser: bool


def missing(subject_request: SubjectRequest) -> Missing:
    """What is not proven yet."""
    needed = demanded(subject_request)
    standing = subject_request.asked_by != Asker.SELF and subject_request.standing_proven_at is None
    return Missing(needed if subject_request.identity_level < needed else None, standing)


def waits_for_more(subject_request: SubjectRequest) -> bool:
    """Whether the address is confirmed and something else is still to be shown."""
    return bool(
        subject_request.state == RequestState.AWAITING_IDENTITY
        and subject_request.identity_level > IdentityLevel.NONE
        and missing(subject_request)
    )


def ways_for(subject_request: SubjectRequest) -> list[Way]:
    """The ways that this request offers now, the least intrusive first."""
    if not waits_for_more(subject_request):
        return []
    wanted = missing(subject_request)
    found = []
    for each in methods():
        if each.given is Given.BY_CODE or not each.is_ready() or not each.is_for(subject_request):
            continue
        if each.proves is Proves.STANDING and wanted.standing:
            found.append(Way(each, only_lesser=False))
        elif wanted.level is not None:
            reach = each.reach(asked_of(subject_request, each))
            if reach >= wanted.level or reach >= _enough_for_less(subject_request):
                found.append(Way(each, only_lesser=reach < wanted.level))
    return found


def way(subject_request: SubjectRequest, key: str) -> Way:
    """The way with this key, if the request offers it. Raises ProofNotOffered."""
    for each in ways_for(subject_request):
        if each.method.key == key:
            return each
    raise ProofNotOffered


def asked_of(subject_request: SubjectRequest, method: Method) -> dict[str, object]:
    """What staff chose to ask by this method for this request; empty where nobody chose."""
    chosen = subject_request.verifications.filter(method=method.key, state=ProofState.ASKED).last()
    return dict(chosen.asked) if chosen else {}


def given_by(subject_request: SubjectRequest) -> list[Verification]:
    """The proofs that wait for us to look at them, oldest first."""
    return list(subject_request.verifications.filter(state=ProofState.GIVEN))


def is_used_up(subject_request: SubjectRequest, method: Method) -> bool:
    """Whether this way was tried too often in vain."""
    rejected = subject_request.verifications.filter(method=method.key, state=ProofState.REJECTED)
    return bool(rejected.count() >= TRIES)


def _enough_for_less(subject_request: SubjectRequest) -> IdentityLevel:
    """The level of the lesser answer, where it is not there yet; out of reach where there is none."""
    lesser = lesser_answer(subject_request)
    if lesser is None or lesser.scope is None or subject_request.identity_level >= lesser.level:
        return IdentityLevel(IdentityLevel.HIGH)
    return lesser.level
