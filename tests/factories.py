"""Requests in every state, reached by the real moves, and a small cast to make them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.contrib.auth.models import Group

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.intake.submit import SubjectDetails, submit_request
from requests_app.lifecycle.models import Channel, IdentityLevel, SubjectRequest
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
    *, email: str = "ada@example.org", name: str = "Ada Åström", place: str | None = "PT", at: datetime = NOON
) -> SubjectRequest:
    """Ada sends the web form: a request that waits for her confirmation."""
    return submit_request(
        channel=Channel.WEB,
        right="access",
        subject=SubjectDetails(name=name, email=email),
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
    """A request that has walked to a state of the access machine; sources must be connected from FULFILLING on."""
    subject_request = ada_asks(**details)  # type: ignore[arg-type]
    for step in _WAY_TO[state]:
        subject_request = step(subject_request)
    return subject_request


Step = Callable[[SubjectRequest], SubjectRequest]


def _confirm(subject_request: SubjectRequest) -> SubjectRequest:
    who = Actor.subject(subject_request.reference)
    return _move(subject_request, Move.CONFIRM_IDENTITY, who, level=IdentityLevel.CHANNEL)


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
    return _move(subject_request, Move.DELIVER, SYSTEM)


def _refuse(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.REFUSE, Actor.staff(rosa()), reason="Not about this person.")


def _withdraw(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.WITHDRAW, Actor.subject(subject_request.reference))


def _lapse(subject_request: SubjectRequest) -> SubjectRequest:
    return _move(subject_request, Move.LAPSE, SYSTEM)


_TO_RELEASE = [_confirm, _approve, _finish_search, _finish_review, _bundle]
_WAY_TO: dict[S, list[Step]] = {
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
