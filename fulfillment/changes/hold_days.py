"""The last day of a hold on changes: moved by staff while it stands, and when it is over the hold ends by itself."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from fulfillment.changes.errors import NothingIsHeld
from fulfillment.changes.finish import SYSTEM
from fulfillment.changes.holding import go_on, hold_of, refuse_unfit
from fulfillment.changes.models import ChangeHold
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.held_until import HeldUntil
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.standing_holds import Lasting, agreed
from requests_app.reminders.plans import look_soon

# A day is over in the east before it is over in Greenwich: by so much, candidates are looked at early.
EARLY = timedelta(hours=14)


def move_last_day(
    *,
    subject_request_id: UUID,
    until: date | None,
    look_again_on: date | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Let the hold that stands last longer or shorter, or till it is lifted; there is no moment without it.

    Without a last day somebody looks at it again on a day, at the latest when the policy says so.

    Raises NotPermitted, NothingIsHeld, BadInput.
    """
    refuse_unfit(by)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        hold = hold_of(subject_request)
        if hold is None:
            raise NothingIsHeld("The changes of this request are not held back any more.")
        lasts = agreed(subject_request, Lasting(until, look_again_on), at=at)
        if lasts == Lasting(hold.until, hold.look_again_on):
            return
        hold.until, hold.look_again_on = lasts.until, lasts.look_again_on
        hold.save(update_fields=["until", "look_again_on"])
        if until is None:
            record(event="change.hold_day_open", target=subject_request, by=by, at=at)
        else:
            facts = {"until": until.isoformat()}
            record(event="change.hold_day_moved", target=subject_request, by=by, at=at, facts=facts)
        look_soon(subject_request_id=subject_request_id, at=at)


def prolong_hold(*, hold_id: UUID, lasting: Lasting, by: Actor, at: datetime) -> None:
    """The same for one hold, unless it is over already. Raises NotPermitted, BadInput."""
    for asked in ChangeHold.objects.filter(pk=hold_id, lifted_at=None).values_list("subject_request"):
        move_last_day(
            subject_request_id=asked[0],
            until=lasting.until,
            look_again_on=lasting.look_again_on,
            by=by,
            at=at,
        )


def holds_that_may_be_over(*, at: datetime) -> list[UUID]:
    """Requests whose hold has, or may soon have, outlived its last day."""
    standing = ChangeHold.objects.filter(lifted_at=None, until__lt=(at + EARLY).date())
    return list(standing.order_by("until").values_list("subject_request", flat=True)[:200])


def end_hold(*, subject_request_id: UUID, at: datetime) -> bool:
    """End a hold whose last day is over where its request's law counts. Returns whether this call did it."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        hold = hold_of(subject_request)
        if hold is None or hold.until is None or day_of(subject_request, at) <= hold.until:
            return False
        hold.lifted_at = at
        hold.save(update_fields=["lifted_at"])
        go_on(hold, at=at)
        record(event="change.hold_ended", target=subject_request, by=SYSTEM, at=at)
    return True


def hold_days(request_ids: Collection[UUID]) -> dict[UUID, HeldUntil]:
    """The last day of each request's latest hold, and whether it has ended by itself; none of what somebody lifted."""
    latest: dict[UUID, ChangeHold] = {}
    for hold in ChangeHold.objects.filter(subject_request__in=request_ids).order_by("set_at"):
        latest[hold.subject_request_id] = hold
    return {
        key: HeldUntil(hold.until, has_ended=hold.lifted_at is not None)
        for key, hold in latest.items()
        if hold.until is not None and hold.lifted_by_id is None
    }
