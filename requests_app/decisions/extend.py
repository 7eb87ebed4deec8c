"""Take the longer term that a law gives, and tell the person in time."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.deadlines.clock import Deadline
from requests_app.deadlines.events import ClockEvent, EventType, local_day
from requests_app.deadlines.explain import capital, day_words
from requests_app.decisions.allowed import (
    count_version,
    require_case_worker,
    require_reason,
)
from requests_app.decisions.errors import (
    ExtensionTooLate,
    ExtensionUsed,
    NewDateMissing,
    NoExtension,
    NothingToExtend,
)
from requests_app.errors import DomainError
from requests_app.jurisdictions.load import jurisdiction
from requests_app.jurisdictions.periods import Extension
from requests_app.jurisdictions.vocabulary import ExtensionKind
from requests_app.lifecycle.clock import events_of, is_nowhere, note_event, response_deadline
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.perform import locked, require_unchanged


@dataclass(frozen=True)
class ExtensionOffer:
    """What the law offers now: told by when, until when at most, and in its words. `until` is None where we name it."""

    told_by: date
    until: date | None
    law: Extension


def extend_deadline(
    *,
    subject_request_id: UUID,
    reason: str,
    by: Actor,
    at: datetime,
    until: date | None = None,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Move the date as the law allows and tell the person why; `until` only where the notice itself names the day.

    A notice that comes too late changes nothing in law, so it is refused and not recorded as an extension.
    Raises RoleMayNotDecide, ReasonMissing, CaseChangedMeanwhile, NothingToExtend, NoExtension, ExtensionUsed,
    ExtensionTooLate, NewDateMissing.
    """
    require_case_worker(by)
    words = require_reason(reason)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        require_unchanged(subject_request, expected_version)
        before = response_deadline(subject_request)
        require_extendable(subject_request, before, at=at)
        _require_new_date(subject_request, before, until=until, at=at)
        count_version(subject_request)
        note_event(subject_request, kind=EventType.EXTENDED, at=at, until=until, reason=words)
        facts = {"before": before.due.isoformat(), "after": subject_request.response_due_on.isoformat()}
        record(event="request.extended", target=subject_request, by=by, at=at, facts=facts)
        return locked(subject_request_id)


def extension_offer(subject_request: SubjectRequest, *, at: datetime) -> ExtensionOffer:
    """Return what the law offers now. Raises what stands in the way, as `extend_deadline` does."""
    before = response_deadline(subject_request)
    require_extendable(subject_request, before, at=at)
    law = _extension_of(subject_request, before)
    if law.kind is ExtensionKind.NAMED_DATE:
        return ExtensionOffer(before.due, None, law)
    return ExtensionOffer(before.due, _told_at(subject_request, at).due, law)


def require_extendable(subject_request: SubjectRequest, before: Deadline, *, at: datetime) -> None:
    """Refuse where no extension is possible at a moment, saying what stands in the way."""
    law = jurisdiction(before.regime)
    if not subject_request.state_facts.clock_runs:
        raise NothingToExtend("This request is answered, so there is no date to move.")
    if is_nowhere(subject_request):
        raise NoExtension(
            "Nobody knows where the person lives, so no law gives more time. Record first which law answers."
        )
    if before.extended:
        raise ExtensionUsed(f"The extension was used before; {law.short_name} gives it once.")
    if before.period is None or _extension_of(subject_request, before).kind is ExtensionKind.NONE:
        raise NoExtension(f"{capital(law.short_name)} gives no extension for this.")
    if local_day(at, law.zone) > before.due:
        raise ExtensionTooLate(
            f"The last day for telling the person was {day_words(before.due)}. A later notice changes nothing: "
            "the answer is late, and this is not recorded as an extension."
        )
    probe = _told_at(subject_request, at, until=date.max.replace(year=2199))
    if not probe.extended:
        other = jurisdiction(probe.regime).short_name
        raise NoExtension(f"{capital(other)} applies here too and gives no extension, so the day stays.")


def _require_new_date(
    subject_request: SubjectRequest, before: Deadline, *, until: date | None, at: datetime
) -> None:
    named = _extension_of(subject_request, before).kind is ExtensionKind.NAMED_DATE
    if not named and until is not None:
        raise NewDateMissing("The law itself says how much longer; the notice names no day of its own.")
    if named and (until is None or until <= before.due):
        raise NewDateMissing(f"Name the new last day, later than {day_words(before.due)}.")
    if until is not None and until.year >= before.due.year + 3:
        raise NewDateMissing("Name a day within the next two years.")


def _told_at(subject_request: SubjectRequest, at: datetime, *, until: date | None = None) -> Deadline:
    notice = ClockEvent(type=EventType.EXTENDED, at=at, until=until)
    return response_deadline(subject_request, events=(*events_of(subject_request), notice))


def _extension_of(subject_request: SubjectRequest, before: Deadline) -> Extension:
    """The law's words on more time; an appeal has its own, which stands with its term."""
    law = jurisdiction(before.regime)
    period = before.period
    if subject_request.link != Link.APPEAL or period is None:
        return law.extension
    if period.extension is None:
        return Extension(kind=ExtensionKind.NONE)
    return Extension(
        kind=ExtensionKind.FIXED, number=period.extension, unit=period.unit, times=1, cite=period.cite
    )


def why_not_extended(subject_request: SubjectRequest, *, at: datetime) -> str:
    """Return the sentence that stands in the way of an extension, or nothing."""
    try:
        extension_offer(subject_request, at=at)
    except DomainError as refused:
        return refused.sentence
    return ""
