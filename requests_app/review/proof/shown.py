"""What the Identity tab and the page of a proof are drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.identity.ask import may_mark
from requests_app.identity.base import METHODS, Proves, method
from requests_app.identity.lapse import may_be_lessened
from requests_app.identity.models import ProofState, Verification
from requests_app.identity.time_left import lapses_on
from requests_app.identity.ways import missing, ways_for
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.proof import demanded, row_for, table
from requests_app.lifecycle.selectors import moves_available_to
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Permission

KINDS = {ProofState.GIVEN: "warn", ProofState.ACCEPTED: "good", ProofState.REJECTED: "bad"}


@dataclass(frozen=True)
class ProofLine:
    """One proof in the list."""

    id: str
    label: str | Promise
    state: str
    kind: str
    when: datetime
    gives: str
    evidence: str
    is_open: bool


@dataclass(frozen=True)
class Demand:
    """What the table wants of this request, and why."""

    needed: IdentityLevel
    level: IdentityLevel
    is_met: bool
    standing: str
    why: str
    cite: str
    lesser: str


def demand_of(subject_request: SubjectRequest) -> Demand:
    """Return what is demanded, by which row, and what is there."""
    row, law = (
        row_for(subject_request.right, subject_request.regime),
        jurisdiction(subject_request.regime),
    )
    own = subject_request.right in table().laws.get(subject_request.regime, {})
    whose = law.short_name.removeprefix("the ") if own else _("The company's own row")
    what = _("sensitive data") if subject_request.is_sensitive else _("usual data")
    why = _("%(whose)s, %(what)s") % {"whose": whose, "what": what}
    if subject_request.doubt_level > (row.sensitive if subject_request.is_sensitive else row.usual):
        why = _("%(why)s; raised by a reasoned doubt") % {"why": why}
    wanted = missing(subject_request)
    return Demand(
        needed=demanded(subject_request),
        level=IdentityLevel(subject_request.identity_level),
        is_met=not wanted,
        standing=_standing(subject_request, is_missing=wanted.standing),
        why=why,
        cite=row.cite,
        lesser=_lesser(subject_request),
    )


def _standing(subject_request: SubjectRequest, *, is_missing: bool) -> str:
    if is_missing:
        return _("Not shown yet")
    return _("Accepted") if subject_request.standing_proven_at else ""


def _lesser(subject_request: SubjectRequest) -> str:
    lesser = row_for(subject_request.right, subject_request.regime).lesser
    if lesser is None:
        return ""
    if lesser.scope is not None:
        return _("%(scope)s, from “%(level)s” on") % {
            "scope": lesser.scope.label,
            "level": lesser.level.label,
        }
    return _("The opt-out from sale and sharing is offered when this lapses")


def proof_lines(subject_request: SubjectRequest) -> list[ProofLine]:
    """Return every proof that was asked or given, newest first."""
    found = subject_request.verifications.prefetch_related("evidence")
    return [_line(each) for each in reversed(found)]


def _line(verification: Verification) -> ProofLine:
    state = ProofState(verification.state)
    known = verification.method in METHODS
    gives = IdentityLevel(verification.level)
    return ProofLine(
        id=str(verification.pk),
        label=method(verification.method).label if known else verification.method,
        state=state.label,
        kind=KINDS.get(state, ""),
        when=verification.decided_at or verification.given_at or verification.asked_at,
        gives=gives.label if gives and state is not ProofState.REJECTED else "",
        evidence=_evidence(verification),
        is_open=state is ProofState.GIVEN,
    )


def _evidence(verification: Verification) -> str:
    pieces = list(verification.evidence.all())
    if not pieces:
        return _("None kept")
    deleted = [each.deleted_at for each in pieces if each.deleted_at is not None]
    if len(deleted) == len(pieces):
        return _("Deleted on %(day)s") % {"day": _day(timezone.localdate(max(deleted)))}
    return _("Sealed; deleted on %(day)s at the latest") % {"day": _day(pieces[-1].delete_on)}


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


@dataclass(frozen=True)
class Acts:
    """What this member of staff can do about the proof of a case now."""

    may_work: bool
    mark_sensitive: bool
    choose_points: bool
    note_paper: str
    ask_more: bool
    lessen: bool


def acts_on(subject_request: SubjectRequest, member: StaffMember) -> Acts:
    """Return what can be done here; nothing for roles that do not work cases."""
    may = member.may(Permission.WORK_CASES)
    waits = subject_request.state == RequestState.AWAITING_IDENTITY
    by = Actor.staff(member)
    available = {each.move for each in moves_available_to(subject_request, by) if each.allowed}
    return Acts(
        may_work=may,
        mark_sensitive=may and may_mark(subject_request, is_sensitive=not subject_request.is_sensitive),
        choose_points=may and any(each.method.key == "data_match" for each in ways_for(subject_request)),
        note_paper=_paper(subject_request) if may and waits and missing(subject_request).standing else "",
        ask_more=Move.ASK_MORE_PROOF in available,
        lessen=may and may_be_lessened(subject_request, by=by),
    )


def _paper(subject_request: SubjectRequest) -> str:
    found = (each for each in METHODS if each.proves is Proves.STANDING and each.is_for(subject_request))
    return next((each.key for each in found), "")


def sensitive_effect(subject_request: SubjectRequest) -> str:
    """Say what marking the data the other way would do."""
    row = row_for(subject_request.right, subject_request.regime)
    after = row.usual if subject_request.is_sensitive else row.sensitive
    return _("The table then demands “%(level)s”.") % {"level": after.label}


def lapse_day(subject_request: SubjectRequest) -> date | None:
    """Return the day on which the request lapses, while it waits."""
    return lapses_on(subject_request) if subject_request.state == RequestState.AWAITING_IDENTITY else None


Answers = Sequence[tuple[str | Promise, str]]


def answers_in_words(verification: Verification, answers: Mapping[str, object]) -> Answers:
    """Return what the person answered, with the questions."""
    return method(verification.method).answers_in_words(answers)
