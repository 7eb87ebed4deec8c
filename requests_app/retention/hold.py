"""Keep the record of one request beyond its day, as for a dispute in court, and let it go again."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, DomainError, NotPermitted
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.standing_holds import (
    NOTHING_SAID,
    HoldFamily,
    Lasting,
    StandingHold,
    agreed,
    lasting_of,
    still_lasts,
)
from requests_app.reminders.plans import look_soon
from requests_app.retention.models import PurgeHold
from requests_app.roles import Permission, permissions_of

SYSTEM = Actor.system("retention")
FAMILY = "record"


class RecordHeldAlready(DomainError):
    """One hold is enough."""

    code = "record_held_already"


class RecordPurged(DomainError):
    """There is nothing left to hold."""

    code = "record_purged"


def hold_record(
    *, subject_request_id: UUID, why: str, lasting: Lasting = NOTHING_SAID, by: Actor, at: datetime
) -> PurgeHold:
    """Keep everything of a request to the end of the last day, or until somebody lifts the hold.

    Raises NotPermitted, BadInput, RecordPurged, RecordHeldAlready, UnknownReference.
    """
    _refuse_unfit(by)
    if not why.strip():
        raise BadInput("Say why the record has to be kept.")
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if subject_request.is_purged:
            raise RecordPurged("This request was purged already. Nothing of it can be kept.")
        for before in PurgeHold.objects.filter(subject_request=subject_request, lifted_at=None):
            if not _end_if_over(before, subject_request, at=at):
                raise RecordHeldAlready("The record of this request is held already.")
        lasts = agreed(subject_request, lasting, at=at)
        hold = PurgeHold.objects.create(
            subject_request=subject_request,
            why=why.strip(),
            until=lasts.until,
            look_again_on=lasts.look_again_on,
            set_at=at,
            set_by_id=UUID(by.key),
        )
        record(event="request.purge_held", target=subject_request, by=by, at=at)
        look_soon(subject_request_id=subject_request_id, at=at)
    return hold


def prolong_record_hold(*, hold_id: UUID, lasting: Lasting, by: Actor, at: datetime) -> None:
    """Let a hold stand for longer or shorter; somebody has looked at it. Raises NotPermitted, BadInput."""
    _refuse_unfit(by)
    with transaction.atomic():
        for hold in _standing_row(hold_id):
            lasts = agreed(hold.subject_request, lasting, at=at)
            hold.until, hold.look_again_on = lasts.until, lasts.look_again_on
            hold.save(update_fields=["until", "look_again_on"])
            record(event="request.purge_hold_looked_at", target=hold.subject_request, by=by, at=at)
            look_soon(subject_request_id=hold.subject_request_id, at=at)


def lift_record_hold(*, hold_id: UUID, by: Actor, at: datetime) -> None:
    """Let the record go on its day. Raises NotPermitted; nothing happens where the hold is over."""
    _refuse_unfit(by)
    with transaction.atomic():
        for hold in _standing_row(hold_id):
            hold.lifted_at, hold.lifted_by_id = at, UUID(by.key)
            hold.save(update_fields=["lifted_at", "lifted_by"])
            record(event="request.purge_hold_lifted", target=hold.subject_request, by=by, at=at)


def end_record_holds(*, at: datetime) -> int:
    """End every hold whose last day is over where the law of its request counts. Returns how many."""
    ended = 0
    with transaction.atomic():
        standing = PurgeHold.objects.select_for_update(of=("self",), skip_locked=True)
        over = standing.filter(lifted_at=None, until__lte=at.date()).select_related("subject_request")
        for hold in over:
            ended += _end_if_over(hold, hold.subject_request, at=at)
    return ended


def _end_if_over(hold: PurgeHold, subject_request: SubjectRequest, *, at: datetime) -> bool:
    if hold.until is None or day_of(subject_request, at) <= hold.until:
        return False
    hold.lifted_at = at
    hold.save(update_fields=["lifted_at"])
    record(event="request.purge_hold_ended", target=subject_request, by=SYSTEM, at=at)
    return True


def _standing_row(hold_id: UUID) -> list[PurgeHold]:
    found = PurgeHold.objects.select_for_update(of=("self",)).filter(pk=hold_id, lifted_at=None)
    return list(found.select_related("subject_request"))


def _standing(requests: Collection[UUID] | None, at: datetime) -> Iterator[StandingHold]:
    found = PurgeHold.objects.filter(lifted_at=None).select_related("set_by")
    for hold in found if requests is None else found.filter(subject_request__in=requests):
        if still_lasts(hold.until, at=at):
            yield StandingHold(
                family=FAMILY,
                key=hold.pk,
                request_id=hold.subject_request_id,
                what=_("The whole record"),
                why=hold.why,
                set_at=hold.set_at,
                set_by=hold.set_by.display_name,
                lasting=lasting_of(until=hold.until, look_again_on=hold.look_again_on, set_at=hold.set_at),
            )


def _refuse_unfit(by: Actor) -> None:
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")


HOLDS = HoldFamily(FAMILY, _standing, lift_record_hold, prolong_record_hold)
