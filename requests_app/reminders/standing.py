"""How a stored request stands, read from its row, its events, its messages and its law."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Min

from requests_app.correspondence.models import Message
from requests_app.correspondence.notices import Notice
from requests_app.deadlines.clock import ClockEvent
from requests_app.deadlines.result import Deadline, Measure
from requests_app.deadlines.terms import response_extension, terms_of
from requests_app.errors import BadInput
from requests_app.held_until import HeldUntil, holds_with_a_last_day
from requests_app.identity.models import Evidence, ProofState, Verification
from requests_app.identity.time_left import lapses_on
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.clock import (
    case_deadline,
    events_of,
    is_nowhere,
    laws_that_count,
    response_deadline,
)
from requests_app.lifecycle.keeping import last_day_of_record
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.standing_holds import looked_at_again
from requests_app.lifecycle.states import RequestState
from requests_app.open_work import oldest_open_work
from requests_app.reminders.schedule import Standing

# A code that somebody asked for on our page confirms no receipt.
CODES = (Notice.PORTAL_CODE, Notice.DOWNLOAD_CODE)


@dataclass(frozen=True)
class Known:
    """What other tables say of some requests, each asked once: letters sent, proofs, evidence, open work."""

    acknowledged: frozenset[UUID]
    proof_given_at: Mapping[UUID, datetime]
    evidence_until: Mapping[UUID, date]
    work_since: Mapping[UUID, datetime]
    held: Mapping[UUID, HeldUntil]
    hold_again_on: Mapping[UUID, date]


def known_of(request_ids: Collection[UUID], *, at: datetime) -> Known:
    """Return what other tables say of these requests."""
    given = Verification.objects.filter(subject_request__in=request_ids, state=ProofState.GIVEN)
    kept = Evidence.objects.filter(verification__subject_request__in=request_ids, deleted_at=None)
    return Known(
        acknowledged=_acknowledged(request_ids),
        proof_given_at=dict(given.order_by().values_list("subject_request").annotate(first=Min("given_at"))),
        evidence_until=dict(
            kept.order_by().values_list("verification__subject_request").annotate(first=Min("delete_on"))
        ),
        work_since=oldest_open_work(request_ids),
        held=holds_with_a_last_day(request_ids),
        hold_again_on=looked_at_again(request_ids, at=at),
    )


def _acknowledged(request_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of these requests whose person has had a letter from us.

    Any notice says that what was sent is here; the first one asks to confirm it, and names every right of its
    submission. It counts once the mail server has taken it: a letter that waits, or was refused, has told nobody
    anything.
    """
    asked = SubjectRequest.objects.filter(pk__in=request_ids).values_list("pk", "submission_id")
    submission_of = dict(asked)
    sent = Message.objects.filter(sent_at__isnull=False).exclude(notice__in=CODES)
    told = set(
        sent.filter(subject_request__submission__in=set(submission_of.values()))
        .values_list("subject_request__submission_id", flat=True)
        .distinct()
    )
    return frozenset(key for key, submission in submission_of.items() if submission in told)


def standing_of(subject_request: SubjectRequest, known: Known) -> Standing:
    """Return how a request stands against the dates of its law and our own."""
    state = RequestState(subject_request.state)
    answer = response_deadline(subject_request)
    terms = terms_of(answer.regime, right_code(answer.right), subject_request.place or None)
    runs = subject_request.state_facts.clock_runs
    to_acknowledge = runs and subject_request.pk not in known.acknowledged
    return Standing(
        state=state,
        state_since=subject_request.state_since,
        zone=terms.law.zone,
        work_days=terms.work_days,
        business_days=terms.business_days,
        received_at=subject_request.received_at,
        answer=answer if runs else None,
        acknowledgement=_acknowledgement(subject_request) if to_acknowledge else None,
        extension_until=_extension_until(subject_request, answer) if runs else None,
        lapses_on=_lapses_on(subject_request, known),
        proof_given_at=known.proof_given_at.get(subject_request.pk),
        evidence_until=known.evidence_until.get(subject_request.pk),
        work_since=known.work_since.get(subject_request.pk),
        waits_until=subject_request.waits_until,
        held=known.held.get(subject_request.pk),
        hold_again_on=known.hold_again_on.get(subject_request.pk),
        keep_until=last_day_of_record(subject_request.closed_at, terms)
        if subject_request.closed_at and not subject_request.is_purged
        else None,
    )


def _acknowledgement(subject_request: SubjectRequest) -> Deadline | None:
    """The law's day for confirming the receipt; an appeal is answered, not confirmed."""
    if subject_request.link == Link.APPEAL:
        return None
    return _of_the_law(Measure.ACKNOWLEDGEMENT, subject_request, ())


def _extension_until(subject_request: SubjectRequest, answer: Deadline) -> date | None:
    """The last day for telling that it takes longer; none where that was told or a law knows no such thing."""
    if answer.extended or subject_request.link == Link.APPEAL or not _every_law_gives_more(subject_request):
        return None
    found = _of_the_law(Measure.EXTENSION_NOTICE, subject_request, events_of(subject_request))
    return found.due if found else None


def _every_law_gives_more(subject_request: SubjectRequest) -> bool:
    """Whether an extension would move the day: each law that sets it must give one, and without a place none does."""
    if is_nowhere(subject_request):
        return False
    laws = map(jurisdiction, laws_that_count(subject_request))
    right = right_code(subject_request.right)
    return all(right in law.rights and response_extension(law, law.rights[right]) for law in laws)


def _of_the_law(
    measure: Measure, subject_request: SubjectRequest, events: tuple[ClockEvent, ...]
) -> Deadline | None:
    try:
        return case_deadline(subject_request, measure, events=events)
    except BadInput:
        return None


def _lapses_on(subject_request: SubjectRequest, known: Known) -> date | None:
    """The day on which the request closes unless it is proven; a proof that we have yet to look at stops that."""
    waits = subject_request.state == RequestState.AWAITING_IDENTITY
    return lapses_on(subject_request) if waits and subject_request.pk not in known.proof_given_at else None
