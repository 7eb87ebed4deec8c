"""What every page of a case is drawn with: who, what, by when, and which tabs there are."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from requests_app.accounts.permissions import staff_member
from requests_app.components.parts import ClockBar, Tab
from requests_app.decisions.models import GuardianObjection
from requests_app.lifecycle.clock import day_of, response_deadline
from requests_app.lifecycle.errors import UnknownReference
from requests_app.lifecycle.known_rights import as_machine, right
from requests_app.lifecycle.models import Asker, SubjectRequest
from requests_app.lifecycle.references import read_reference
from requests_app.lifecycle.states import CLOSED, RequestState
from requests_app.review.clockbar import clock_bar
from requests_app.review.due import Due, due_of
from requests_app.review.masking import masked_address, masked_name
from requests_app.review.navigation import tabs_of
from requests_app.review.reveal import is_revealed
from requests_app.review.words import country_name, regime_name, turn_icon
from requests_app.roles import Permission

STATE_KINDS = {
    RequestState.FULFILLING: "info",
    RequestState.AWAITING_RELEASE: "warn",
    RequestState.READY: "good",
    RequestState.COMPLETED: "good",
    RequestState.REFUSED: "bad",
}


@dataclass(frozen=True)
class CaseHead:
    """The top of every page of a case. Name and address are masked unless this session had them shown."""

    subject_request: SubjectRequest
    name: str
    address: str
    is_revealed: bool
    may_reveal: bool
    right: str
    country: str
    law: str
    state: str
    state_kind: str
    turn: str
    turn_icon: str
    due: Due
    clock: ClockBar
    explanation: tuple[str, ...]
    tabs: list[Tab]

    @property
    def reference(self) -> str:
        """The reference, which names the case."""
        return self.subject_request.reference

    @property
    def is_closed(self) -> bool:
        """Whether nothing more happens."""
        return self.subject_request.state in CLOSED


class CaseIsPurged(Http404):
    """Nothing of the case is left to look at or to work on; its overview says so."""


def case_or_404(reference: str) -> SubjectRequest:
    """Return the request behind a reference in an address, or answer that there is none (any more)."""
    subject_request = _found(reference)
    if subject_request.is_purged:
        raise CaseIsPurged("This request was purged. Its history stands on its overview.")
    return subject_request


def purged_or_404(reference: str) -> SubjectRequest:
    """Return the figure that is left of a purged request, or answer that there is none."""
    subject_request = _found(reference)
    if not subject_request.is_purged:
        raise Http404("This request was not purged.")
    return subject_request


def _found(reference: str) -> SubjectRequest:
    try:
        found = SubjectRequest.objects.select_related(
            "assignee", "submission", "approved_by", "reviewed_by"
        ).filter(reference=read_reference(reference))
    except UnknownReference as unknown:
        raise Http404(unknown.sentence) from unknown
    for subject_request in found:
        return as_machine(subject_request)
    raise Http404("There is no request with this reference.")


def case_head(request: HttpRequest, subject_request: SubjectRequest, *, tab: str) -> CaseHead:
    """Return the top of a page of a case for the person who looks at it."""
    member, now = staff_member(request), timezone.now()
    shown = is_revealed(subject_request, session=request.session, at=now)
    deadline = response_deadline(subject_request)
    state = RequestState(subject_request.state)
    return CaseHead(
        subject_request=subject_request,
        name=subject_request.subject_name if shown else masked_name(subject_request.subject_name),
        address=subject_request.subject_email if shown else masked_address(subject_request.subject_email),
        is_revealed=shown,
        may_reveal=member.may(Permission.REVEAL_PERSON),
        right=str(right(subject_request.right).short_label),
        country=country_name(subject_request.place),
        law=regime_name(subject_request.regime),
        state=str(state.label),
        state_kind=STATE_KINDS.get(state, ""),
        turn=str(subject_request.state_facts.turn.label),
        turn_icon=turn_icon(subject_request),
        due=due_of(subject_request, today=day_of(subject_request, now)),
        clock=clock_bar(subject_request, deadline, now=now),
        explanation=tuple(step.sentence for step in deadline.steps),
        tabs=list(tabs_of(subject_request, member, tab)),
    )


def case_context(
    request: HttpRequest, subject_request: SubjectRequest, *, tab: str, **more: Any
) -> dict[str, Any]:
    """Return the context of a page of a case: its head, and what the page adds."""
    return {
        "case": case_head(request, subject_request, tab=tab),
        "subject_request": subject_request,
        "objections": _objections(subject_request),
        **more,
    }


def _objections(subject_request: SubjectRequest) -> list[GuardianObjection]:
    """What a young person said against the request; only a guardian's can have any."""
    is_guardians = subject_request.asked_by == Asker.GUARDIAN
    return list(subject_request.guardian_objections.all()) if is_guardians else []
