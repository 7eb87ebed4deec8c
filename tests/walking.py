"""The way to a state: the shortest one over the arrows of a right's machine, walked by the real moves."""

import inspect
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group

from requests_app import signals
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor, ActorKind
from requests_app.deadlines.events import Topic
from requests_app.decisions.ask import Asking, ask_person
from requests_app.identity.prove import accept_proof
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.conditions import grounds_for, identity_is_proven
from requests_app.lifecycle.grounds import restriction_grounds_of
from requests_app.lifecycle.known_rights import RIGHTS, as_machine, machine_of
from requests_app.lifecycle.machine import Arrow, arrows
from requests_app.lifecycle.models import Asker, IdentityLevel, Outcome, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.particulars import Correction, FieldToCorrect, Objection
from requests_app.lifecycle.perform import Opening, open_request, perform
from requests_app.lifecycle.proof import demanded, lesser_answer
from requests_app.lifecycle.states import CLOSED, RequestState
from requests_app.lifecycle.weighed import THE_DECISION, Verdict, Weighed
from requests_app.roles import Permission, Role

SYSTEM = Actor.system("tests")
REASONS = {Move.REFUSE: "Not about this person."}
# Their machines are put together from the same parts as another's; the slow run walks them as well.
LIKE_ANOTHER = frozenset(
    {"confirmation", "third_party_list", "portability", "complaint", "nominate", "limit_sensitive"}
)
for_every_right = pytest.mark.parametrize(
    "code",
    [pytest.param(code, marks=[pytest.mark.slow] * (code in LIKE_ANOTHER)) for code in sorted(RIGHTS)],
)
SIDEWAYS = frozenset({Move.ADD_PROOF, Move.LESSEN})


def staff(name: str, *roles: Role) -> StaffMember:
    """A member of staff with these roles."""
    member = StaffMember.objects.create(email=f"{uuid4().hex[:8]}@omne.example", display_name=name)
    member.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in roles])
    return StaffMember.objects.get(pk=member.pk)


@contextmanager
def the_machine_alone() -> Iterator[None]:
    """Nobody hears of a move: for walks over the machine itself, without what follows from them."""
    kept = signals.state_changed.receivers
    signals.state_changed.receivers = []
    signals.state_changed.sender_receivers_cache.clear()
    try:
        yield
    finally:
        signals.state_changed.receivers = kept
        signals.state_changed.sender_receivers_cache.clear()


def walk_to(state: RequestState, subject_request: SubjectRequest) -> SubjectRequest:
    """Walk on from where a request stands; what follows by itself may take it further in between."""
    asked = as_machine(subject_request)
    for _step in range(20):
        if asked.state == state:
            return asked
        asked = make(next_on_the_way(asked, state), asked)
    raise AssertionError(f"{asked.right} does not come to {state}: it stays in {asked.state}")


def next_on_the_way(asked: SubjectRequest, state: RequestState) -> Move:
    """The first move of the shortest way that is open to this request."""
    leaving: dict[RequestState, list[Arrow]] = {}
    for arrow in arrows(machine_of(asked)):
        if arrow.move not in SIDEWAYS and not _is_closed(arrow, asked):
            leaving.setdefault(arrow.source, []).append(arrow)
    waiting = deque([(RequestState(asked.state), ())])
    seen = {RequestState(asked.state)}
    while waiting:
        here, way = waiting.popleft()
        if here == state:
            return way[0]
        for arrow in leaving.get(here, ()):
            if arrow.target not in seen:
                seen.add(arrow.target)
                waiting.append((arrow.target, (*way, arrow.move)))
    raise AssertionError(f"no way leads from {asked.state} to {state} for {asked.right}")


def _is_closed(arrow: Arrow, asked: SubjectRequest) -> bool:
    """Whether a road is not for this request: unproven past the door, or an objection on the other one's road."""
    if arrow.source is RequestState.RECEIVED and arrow.move is not Move.ASK_IDENTITY:
        return identity_is_proven(Attempt(asked, SYSTEM)) is not None and arrow.move is not Move.WITHDRAW
    if asked.right != "objection":
        return False
    # Direct marketing is never weighed, and any other objection always.
    return arrow.move is (Move.WEIGH if Objection.of(asked).is_to_marketing_only else Move.ACT_AT_ONCE)


def make(move: Move, asked: SubjectRequest) -> SubjectRequest:
    """Make a move as it is really made: by whom it belongs to, with what it takes, an hour after the one before."""
    at = asked.state_since + timedelta(hours=1)
    if move is Move.CONFIRM_IDENTITY:
        return prove(asked, at=at)
    if move is Move.ASK_PERSON:
        asking = Asking(Topic.CLARIFICATION, "Which of your two accounts do you mean?")
        by = whose(move, asked)
        return ask_person(subject_request_id=asked.pk, asking=asking, by=by, at=at)
    prepare_for(move, asked)
    return perform(
        subject_request_id=asked.pk,
        move=move,
        by=whose(move, asked),
        at=at,
        reason=REASONS.get(move, "Because.") if FACTS[move].needs_reason else "",
        given=what_it_takes(move, asked, at=at),
    )


def prove(asked: SubjectRequest, *, at: datetime) -> SubjectRequest:
    """Give every proof that is missing."""
    level = max(demanded(asked), IdentityLevel.CHANNEL)
    by = Actor.subject(asked.reference)
    standing = asked.asked_by != Asker.SELF
    fresh = accept_proof(subject_request_id=asked.pk, level=level, by=by, at=at, standing=standing)
    return as_machine(fresh)


def prepare_for(move: Move, asked: SubjectRequest) -> SubjectRequest:
    """Do what a move asks for beforehand: the proof given, every part decided."""
    if move is Move.CONFIRM_IDENTITY:
        at = asked.state_since
        given = {**what_it_takes(Move.ADD_PROOF, asked, at=at), "standing_at": at}
        by = Actor.subject(asked.reference)
        return perform(subject_request_id=asked.pk, move=Move.ADD_PROOF, by=by, at=at, given=given)
    if move in (Move.GRANT, Move.LET_STAND):
        decide_every_part(asked, for_person=move is Move.GRANT)
    return asked


def decide_every_part(asked: SubjectRequest, *, for_person: bool = True) -> None:
    """What a request consists of is decided, as staff do before they grant it or let a decision stand."""
    if asked.right == "correction":
        named = Correction.of(asked).fields or (FieldToCorrect(field="email", right="ada@example.com"),)
        fields = [each.model_copy(update={"decision": "accept"}) for each in named]
        asked.particulars = Correction(fields=tuple(fields)).stored()
    elif asked.right == "objection":
        asked.particulars = Objection(purposes=Objection.of(asked).purposes or ("research",)).stored()
    asked.save(update_fields=["particulars"])
    items = Objection.of(asked).purposes if asked.right == "objection" else ()
    for item in [THE_DECISION] if asked.right == "automated_decision" else items:
        Weighed.objects.update_or_create(
            subject_request=asked,
            item=item,
            defaults={
                "verdict": Verdict.FOR_PERSON if for_person else Verdict.FOR_US,
                "weighed_by": staff("Rosa Reviewer", Role.CASE_WORKER),
                "weighed_at": asked.state_since,
            },
        )


def whose(move: Move, asked: SubjectRequest) -> Actor:
    """Who makes a move: the system, a fresh case worker or approver, the person."""
    facts = FACTS[move]
    if ActorKind.SYSTEM in facts.kinds and move is not Move.TAKE_ANSWER:
        return SYSTEM
    if ActorKind.STAFF not in facts.kinds:
        return Actor.subject(asked.reference)
    if facts.permission == Permission.RELEASE:
        return Actor.staff(staff("Piet Approver", Role.APPROVER))
    return Actor.staff(staff("Rosa Reviewer", Role.CASE_WORKER))


def what_it_takes(move: Move, asked: SubjectRequest, *, at: datetime) -> Mapping[str, object]:
    """Fit arguments for a move, such as a ground of the law of the case for a refusal."""
    takes = inspect.signature(getattr(machine_of(asked), move.value, lambda self: None)).parameters
    needed = [name for name, each in takes.items() if each.default is inspect.Parameter.empty]
    return {name: _fit(name, asked, at) for name in needed if name not in ("self", "staff_id")}


def _fit(name: str, asked: SubjectRequest, at: datetime) -> object:
    if name == "linked_to_id":
        return twin_of(asked).pk
    if name == "code":
        codes = [each.code for each in grounds_for(asked)]
        return "no_data_held" if "no_data_held" in codes else codes[0]
    if name == "ground":
        return restriction_grounds_of(asked)[0].code
    lesser = lesser_answer(asked)
    return {
        "outcome": Outcome.GRANTED,
        "level": max(demanded(asked), IdentityLevel.CHANNEL),
        "waits_until": at + timedelta(hours=1),
        "scope": lesser.scope if lesser and lesser.scope else asked.answer_scope,
    }[name]


def twin_of(asked: SubjectRequest) -> SubjectRequest:
    """Another open request of the same person for the same, as far as this one."""
    with the_machine_alone():
        other = opened_like(asked)
        other = perform(subject_request_id=other.pk, move=Move.ASK_IDENTITY, by=SYSTEM, at=asked.state_since)
        if asked.state != RequestState.AWAITING_IDENTITY:
            other = prove(other, at=asked.state_since)
    assert other.state not in CLOSED
    return other


def opened_like(asked: SubjectRequest, level: IdentityLevel = IdentityLevel.NONE) -> SubjectRequest:
    """A new request like this one; with a level, as one that follows from a request proven at it."""
    opening = Opening(
        submission=asked.submission,
        right=asked.right,
        regime=asked.regime,
        place=asked.place,
        language="en",
        name=asked.subject_name,
        email=asked.subject_email,
        particulars=asked.particulars,
        asked_by=Asker(asked.asked_by),
        asker_name=asked.asker_name,
        asker_email=asked.asker_email,
        linked_to=asked.linked_to,
        link=asked.link,
        identity_level=level,
    )
    return open_request(opening, by=SYSTEM, at=asked.state_since)
