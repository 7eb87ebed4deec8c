"""Hold back what a request still changes: work that was not sent yet stops, what is done stays recorded.

A deletion that is held does not begin, is not carried out again and is not completed: completing it forgets what the
search found, and tells those who had the data to erase theirs. A hold with a last day ends by itself once that day is
over where the request's law counts.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import formats

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.errors import ChangesHeldAlready
from fulfillment.changes.models import ChangeHold, ChangeState, ChangeTask
from fulfillment.owners.pause import resume_reminders
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.conditions import Attempt
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.standing_holds import Lasting, agreed
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.plans import look_soon
from requests_app.roles import Permission, permissions_of

# What a hold stops besides the sources' own work, and where a deletion may be held though no change is open.
STOPS = (Move.BEGIN_EXECUTION, Move.CARRY_OUT_AGAIN, Move.COMPLETE)
MAY_BE_HELD = frozenset(
    {
        RequestState.WAITING_PERIOD,
        RequestState.EXECUTING,
        RequestState.VERIFYING,
        RequestState.CONFIRMING,
    }
)


def hold_of(subject_request: SubjectRequest) -> ChangeHold | None:
    """The hold that stands, if one does."""
    held = ChangeHold.objects.filter(subject_request=subject_request, lifted_at=None)
    return held.select_related("set_by").first()


def nothing_is_held(attempt: Attempt) -> str | None:
    """The sentence with which a move is refused while a hold stands, or None."""
    hold = hold_of(attempt.subject_request)
    if hold is None:
        return None
    if hold.until is None:
        return "The changes of this request are held back. Lift the hold first."
    return f"The changes of this request are held back until {day_in_words(hold.until)}. Lift the hold first."


def day_in_words(day: date) -> str:
    """A day as the pages write it."""
    return formats.date_format(day, "j F Y")


def hold_changes(
    *,
    subject_request_id: UUID,
    why: str,
    until: date | None = None,
    look_again_on: date | None = None,
    by: Actor,
    at: datetime,
) -> ChangeHold:
    """Let nothing more be changed for a request, till the end of `until` where it is known.

    Where it is not, somebody looks at the hold again on a day, at the latest when the policy says so.

    Raises NotPermitted, BadInput, ChangesHeldAlready.
    """
    refuse_unfit(by)
    if not why.strip():
        raise BadInput("Say why nothing more is to be changed.")
    with transaction.atomic():
        # Under the lock that every attempt takes before it lets a change become final.
        subject_request = locked(subject_request_id)
        if hold_of(subject_request) is not None:
            raise ChangesHeldAlready("The changes of this request are held back already.")
        lasts = agreed(subject_request, Lasting(until, look_again_on), at=at)
        hold = ChangeHold.objects.create(
            subject_request=subject_request,
            why=why.strip(),
            until=lasts.until,
            look_again_on=lasts.look_again_on,
            set_at=at,
            set_by_id=UUID(by.key),
        )
        if until is None:
            record(event="change.held", target=subject_request, by=by, at=at)
        else:
            facts = {"until": until.isoformat()}
            record(event="change.held_until", target=subject_request, by=by, at=at, facts=facts)
        look_soon(subject_request_id=subject_request_id, at=at)
    return hold


def lift_hold(*, subject_request_id: UUID, by: Actor, at: datetime) -> None:
    """Let the changes go on. Raises NotPermitted; nothing happens where nothing is held."""
    refuse_unfit(by)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        hold = hold_of(subject_request)
        if hold is None:
            return
        hold.lifted_at, hold.lifted_by_id = at, UUID(by.key)
        hold.save(update_fields=["lifted_at", "lifted_by"])
        go_on(hold, at=at)
        record(event="change.hold_lifted", target=subject_request, by=by, at=at)


def lift_hold_by_key(*, hold_id: UUID, by: Actor, at: datetime) -> None:
    """The same for one hold, unless it is over already."""
    for asked in ChangeHold.objects.filter(pk=hold_id, lifted_at=None).values_list("subject_request"):
        lift_hold(subject_request_id=asked[0], by=by, at=at)


def go_on(hold: ChangeHold, *, at: datetime) -> None:
    """What waited for the end of a hold is due now; in the caller's transaction, under the request's lock."""
    asked = hold.subject_request_id
    waiting = SourceChange.objects.filter(change__subject_request=asked, work_state=WorkState.WAITING)
    waiting.update(next_attempt_at=Now())
    still_open = ChangeTask.objects.filter(subject_request=asked, state=ChangeState.OPEN)
    resume_reminders(keys=[task.owner_key for task in still_open], paused_at=hold.set_at, at=at)
    look_soon(subject_request_id=asked, at=at)


def refuse_unfit(by: Actor) -> None:
    """Raises NotPermitted for whoever works no cases."""
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
