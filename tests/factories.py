"""Requests in every state, reached by the real moves, and a small cast to make them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.contrib.auth.models import Group

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.deadlines.events import Topic
from requests_app.decisions.ask import Asking, ask_person
from requests_app.identity.prove import accept_proof
from requests_app.intake.submit import (
    ONESELF,
    AskedBy,
    SubjectDetails,
    Wanted,
    submit_request,
    submit_requests,
)
from requests_app.lifecycle.models import Channel, IdentityLevel, Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
SYSTEM = Actor.system("tests")


def staff(name: str, *roles: Role) -> StaffMember:
    """A member of staff with these roles."""
    member = StaffMember.objects.create(email=f"{uuid4().hex[:8]}@omne.example", display_name=name)
    member.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in roles])
    return StaffMember.objects.get(pk=member.pk)


def rosa() -> StaffMember:
    """Rosa works the cases."""
    return staff("Rosa Reviewer", Role.CASE_WORKER)


def piet() -> StaffMember:
    """Piet approves what others prepared."""
    return staff("Piet Approver", Role.APPROVER)


def ada_asks(
    *,
    right: str = "access",
    email: str = "ada@example.org",
    name: str = "Ada Åström",
    place: str | None = "PT",
    at: datetime = NOON,
) -> SubjectRequest:
    """Ada sends the web form: a request that waits for her confirmation, or needs none."""
    return submit_request(
        channel=Channel.WEB,
        right=right,
        subject=SubjectDetails(name=name, email=email),
        place=place,
        language="en",
        received_at=at,
        by=Actor.subject("web"),
    )


def ada_asks_for(
    *rights: str | Wanted,
    place: str | None = "PT",
    at: datetime = NOON,
    asker: AskedBy = ONESELF,
    email: str = "ada@example.org",
) -> list[SubjectRequest]:
    """Ada sends the web form with several wishes at once."""
    return submit_requests(
        channel=Channel.WEB,
        wanted=[each if isinstance(each, Wanted) else Wanted(each) for each in rights],
        subject=SubjectDetails(name="Ada Åström", email=email, asker=asker),
        place=place,
        language="en",
        received_at=at,
        by=Actor.subject("web"),
    )


def _move(subject_request: SubjectRequest, move: Move, by: Actor, **given: object) -> SubjectRequest:
    reason = str(given.pop("reason", ""))
    at = subject_request.state_since + timedelta(hours=1)
    return perform(
        subject_request_id=subject_request.pk, move=move, by=by, at=at, reason=reason, given=given or None
    )


def a_request_in(state: S, **details: object) -> SubjectRequest:
    """A request that has walked to a state; sources must be connected from FULFILLING on.

    Its right is access, or for states that access does not have, one that does (`right_with`).
    """
    subject_request = ada_asks(**{"right": right_with(state), **details})  # type: ignore[arg-type]
    for step in _WAY_TO[state]:
        subject_request = step(subject_request)
    return subject_request


Step = Callable[[SubjectRequest], SubjectRequest]


def _confirm(subject_request: SubjectRequest) -> SubjectRequest:
    who = Actor.subject(subject_request.reference)
    at = subject_request.state_since + timedelta(hours=1)
    return accept_proof(subject_request_id=subject_request.pk, level=IdentityLevel.CHANNEL, by=who, at=at)


def _approve(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.APPROVE, Actor.staff(rosa()))


def _finish_search(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.FINISH_SEARCH, SYSTEM)


def _finish_review(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.FINISH_REVIEW, Actor.staff(rosa()))


def _bundle(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.BUNDLE_BUILT, SYSTEM)


def _release(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.RELEASE, Actor.staff(piet()))


def _deliver(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.DELIVER, SYSTEM, outcome=Outcome.GRANTED)


def right_with(state: S) -> str:
    """A right whose machine has this state."""
    return _RIGHT_WITH.get(state, "access")


def _by_rosa(move: Move, **given: object) -> Step:
    return lambda asked: _move(asked, move, Actor.staff(rosa()), **({"reason": "Because."} | given))


def _by_piet(move: Move, **given: object) -> Step:
    return lambda asked: _move(asked, move, Actor.staff(piet()), **given)


def _by_system(move: Move, **given: object) -> Step:
    return lambda asked: _move(asked, move, SYSTEM, **given)


def _ask(subject_request: SubjectRequest) -> SubjectRequest:
    asking = Asking(Topic.CLARIFICATION, "Which of your two accounts do you mean?")
    at = subject_request.state_since + timedelta(hours=1)
    return ask_person(subject_request_id=subject_request.pk, asking=asking, by=Actor.staff(rosa()), at=at)


def _join(subject_request: SubjectRequest) -> SubjectRequest:
    other = ada_asks(email=subject_request.subject_email)
    return _by_rosa(Move.JOIN, linked_to_id=other.pk)(subject_request)


def _refuse(subject_request: SubjectRequest) -> SubjectRequest:
    words = {"reason": "Not about this person.", "code": "no_data_held"}
    return _move(subject_request, Move.REFUSE, Actor.staff(rosa()), **words)


def _withdraw(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.WITHDRAW, Actor.subject(subject_request.reference))


def _lapse(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.LAPSE, SYSTEM)


_TO_RELEASE = [_confirm, _approve, _finish_search, _finish_review, _bundle]
_DONE = {"outcome": Outcome.GRANTED}
_SOON = NOON + timedelta(hours=1)
_TO_APPROVAL = [_confirm, _approve, _finish_search, _by_rosa(Move.PROPOSE_DELETION)]
_TO_ERASING = [
    *_TO_APPROVAL,
    _by_piet(Move.APPROVE_DELETION, waits_until=_SOON),
    _by_system(Move.BEGIN_EXECUTION),
]
_TO_FORCE = [_confirm, _by_rosa(Move.GRANT), _by_system(Move.FINISH_EXECUTION, **_DONE)]
_TO_LIFTING = [*_TO_FORCE, _by_rosa(Move.ANNOUNCE_LIFTING, waits_until=_SOON)]
_RIGHT_WITH = {
    S.WEIGHING: "correction",
    S.EXECUTING: "restriction",
    S.IN_FORCE: "restriction",
    S.LIFTING_ANNOUNCED: "restriction",
    S.LIFTING: "restriction",
    S.AWAITING_APPROVAL: "deletion",
    S.WAITING_PERIOD: "deletion",
    S.VERIFYING: "deletion",
    S.CONFIRMING: "deletion",
}
_WAY_TO: dict[S, list[Step]] = {
    S.AWAITING_ANSWER: [_confirm, _ask],
    S.WEIGHING: [_confirm, _by_rosa(Move.WEIGH)],
    S.EXECUTING: _TO_FORCE[:2],
    S.IN_FORCE: _TO_FORCE,
    S.LIFTING_ANNOUNCED: _TO_LIFTING,
    S.LIFTING: [*_TO_LIFTING, _by_rosa(Move.LIFT)],
    S.AWAITING_APPROVAL: _TO_APPROVAL,
    S.WAITING_PERIOD: _TO_ERASING[:-1],
    S.VERIFYING: [*_TO_ERASING, _by_system(Move.FINISH_EXECUTION)],
    S.CONFIRMING: [
        *_TO_ERASING,
        _by_system(Move.FINISH_EXECUTION),
        _by_system(Move.FINISH_VERIFICATION),
    ],
    S.FORWARDED: [_confirm, _by_rosa(Move.FORWARD)],
    S.DUPLICATE: [_join],
    S.AWAITING_IDENTITY: [],
    S.IN_REVIEW: [_confirm],
    S.FULFILLING: _TO_RELEASE[:2],
    S.CHECKING: _TO_RELEASE[:3],
    S.PREPARING: _TO_RELEASE[:4],
    S.AWAITING_RELEASE: _TO_RELEASE,
    S.READY: [*_TO_RELEASE, _release],
    S.COMPLETED: [*_TO_RELEASE, _release, _deliver],
    S.REFUSED: [_confirm, _refuse],
    S.WITHDRAWN: [_withdraw],
    S.LAPSED: [_lapse],
}
