"""Requests in every state, reached by the real moves, and a small cast to make them."""

from datetime import UTC, datetime, timedelta

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.intake.submit import (
    ONESELF,
    AskedBy,
    SubjectDetails,
    Wanted,
    submit_request,
    submit_requests,
)
from requests_app.lifecycle.models import Asker, Channel, IdentityLevel, Link, SubjectRequest, Submission
from requests_app.lifecycle.perform import Opening, open_request
from requests_app.lifecycle.proof import row_for
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.walking import SYSTEM, staff, the_machine_alone, walk_to

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


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


def ada_appeals(**details: object) -> SubjectRequest:
    """Ada appeals against a refusal, by the pages of that request."""
    first = a_request_in(S.REFUSED, **{"right": "access", **details})
    return appeal_against(first)


def appeal_against(first: SubjectRequest) -> SubjectRequest:
    """The appeal against a request that was refused; the person is asked to confirm anew."""
    at = first.state_since + timedelta(hours=1)
    submission = Submission.objects.create(channel=Channel.WEB, received_at=at, language="en")
    opening = Opening(
        submission=submission,
        right="appeal",
        regime=first.regime,
        place=first.place,
        language="en",
        name=first.subject_name,
        email=first.subject_email,
        linked_to=first,
        link=Link.APPEAL,
    )
    return open_request(opening, by=Actor.subject(first.reference), at=at)


def ada_asks_by(asker: AskedBy, **details: object) -> SubjectRequest:
    """Somebody asks for Ada."""
    right = str(details.pop("right", "access"))
    wanted = Wanted(right, details.pop("particulars", {}))  # type: ignore[arg-type]
    return ada_asks_for(wanted, asker=asker, **details)[0]  # type: ignore[arg-type]


def a_request_in(state: S, **details: object) -> SubjectRequest:
    """A request that has walked to a state by the real moves; sources must be connected from FULFILLING on.

    Its right is access, or for states that access does not have, one that does (`right_with`). An opt-out, which
    goes its way at once, comes by an agent where it has to rest. With `particulars` of an objection to marketing it
    acts at once, with others it is weighed.
    """
    right = str(details.pop("right", "") or right_with(state))
    if state == S.RECEIVED or (right in _NEVER_RESTS and state in _ON_OUR_DESK):
        with the_machine_alone():
            return walk_to(state, _arrival(right, state, **details))
    return walk_to(state, _arrival(right, state, **details))


def right_with(state: S) -> str:
    """A right whose machine has this state."""
    return _RIGHT_WITH.get(state, "access")


__all__ = ["SYSTEM", "staff"]  # of the same cast

AGENT = AskedBy(Asker.AGENT, name="Agnes Agent", email="agnes@agents.example")
AT_ONCE = (S.RECEIVED, S.EXECUTING, S.COMPLETED, S.REFUSED)
# Where Portugal's law knows no such right: a place, and a day, that does.
_WHERE_GRANTED: dict[str, dict[str, object]] = {
    "automated_decision": {"place": "PT"},
    "confirmation": {"place": "BR"},
    "third_party_list": {"place": "US-OR"},
    "complaint": {"place": "GB"},
    "grievance": {"place": "IN"},
    "nominate": {"place": "IN", "at": datetime(2027, 12, 1, 12, 0, tzinfo=UTC)},
    "opt_out_sale_share": {"place": "US-CA"},
    "limit_sensitive": {"place": "US-CA"},
}
# These act as soon as they reach our desk.
_NEVER_RESTS = ("withdraw_consent", "opt_out_sale_share", "limit_sensitive")
_ON_OUR_DESK = (S.IN_REVIEW, S.AWAITING_ANSWER, S.REFUSED, S.FORWARDED)
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


def place_and_day(right: str) -> dict[str, object]:
    """Where, and when, a right is granted that Portugal's law does not know."""
    return _WHERE_GRANTED.get(right, {})


def _arrival(right: str, state: S, **details: object) -> SubjectRequest:
    if right == "appeal":
        return ada_appeals(**details)
    details = {**place_and_day(right), **details}
    by_agent = row_for(right, "").usual is IdentityLevel.NONE and state not in AT_ONCE
    if by_agent or "particulars" in details:
        asker = details.pop("asker", AGENT if by_agent else ONESELF)
        return ada_asks_by(asker, right=right, **details)  # type: ignore[arg-type]
    return ada_asks(right=right, **details)  # type: ignore[arg-type]
