"""Restrict on a ground of the law, and announce the end of a restriction before it comes (Art. 18(3) GDPR)."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.decisions.errors import LiftingTooSoon
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import Restriction, checked_particulars
from requests_app.lifecycle.perform import locked, perform
from requests_app.policy.company import COMPANY


def grant_restriction(
    *,
    subject_request_id: UUID,
    ground: str,
    what: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> SubjectRequest:
    """Have the data restricted on the ground that staff found to hold. Raises what the move raises."""
    with transaction.atomic():
        # Written before the move, so that whoever hears of it reads what is to be restricted.
        subject_request = locked(subject_request_id)
        said = Restriction.of(subject_request)
        found = {"ground": said.ground, "what": what.strip() or said.what}
        subject_request.particulars = checked_particulars("restriction", found)
        subject_request.save(update_fields=["particulars"])
        facts = {"ground": ground}
        record(event="restriction.ground_found", target=subject_request, by=by, at=at, facts=facts)
        return perform(
            subject_request_id=subject_request_id,
            move=Move.GRANT,
            by=by,
            at=at,
            reason=reason,
            expected_version=expected_version,
            given={"ground": ground},
        )


def earliest_lifting(subject_request: SubjectRequest, *, at: datetime) -> date:
    """Return the first day on which a lifting announced now may take place, in the time zone of the law."""
    today = at.astimezone(jurisdiction(subject_request.regime).zone).date()
    return today + timedelta(days=COMPANY.lifting_notice_days)


def announce_lifting(
    *,
    subject_request: SubjectRequest,
    on: date,
    reason: str,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> SubjectRequest:
    """Tell the person why the restriction ends, and on which day. Raises LiftingTooSoon and those of a move."""
    earliest = earliest_lifting(subject_request, at=at)
    if on < earliest:
        raise LiftingTooSoon(f"Choose {earliest:%-d %B %Y} or later, so that the person has time to object.")
    zone = jurisdiction(subject_request.regime).zone
    return perform(
        subject_request_id=subject_request.pk,
        move=Move.ANNOUNCE_LIFTING,
        by=by,
        at=at,
        reason=reason,
        expected_version=expected_version,
        given={"waits_until": datetime.combine(on, time(), tzinfo=zone)},
    )
