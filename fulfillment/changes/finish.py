"""Move a request on when no change is open that it waits for: fan-in by counting rows, never by a message."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask
from fulfillment.changes.read_backs.selectors import unsettled_looks
from fulfillment.changes.telling import requests_to_tell, tell_recipients
from requests_app.audit.actors import Actor
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import Correction, Objection, particulars_of
from requests_app.lifecycle.perform import locked, perform
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import RequestState
from requests_app.lifecycle.weighed import purposes_that_stop

SYSTEM = Actor.system("fulfillment")
KIND_OF: dict[Operation, ChangeKind] = {
    Operation.ERASE: ChangeKind.ERASE,
    Operation.CORRECT: ChangeKind.CORRECT,
    Operation.RESTRICT: ChangeKind.RESTRICT,
    Operation.SUPPRESS: ChangeKind.SUPPRESS,
    # People have decided anew: the new decision replaces the old one.
    Operation.DECIDE: ChangeKind.CORRECT,
}
# What a request waits for before it leaves a state.
WAITS_FOR: dict[RequestState, tuple[ChangeKind, ...]] = {
    RequestState.EXECUTING: tuple(dict.fromkeys(KIND_OF.values())),
    RequestState.LIFTING: (ChangeKind.LIFT_RESTRICTION,),
}


def finish_changes(*, subject_request_id: UUID, at: datetime) -> bool:
    """Move the request on when every change has its end. Returns whether this call did it; safe to call at any time."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        tell_recipients(subject_request_id=subject_request_id, at=at)
        kinds = WAITS_FOR.get(RequestState(subject_request.state))
        if kinds is None:
            return False
        tasks = list(ChangeTask.objects.filter(subject_request=subject_request, kind__in=kinds))
        if not tasks or any(task.is_open for task in tasks) or unsettled_looks().filter(change__in=tasks):
            return False
        move, given = _way_on(subject_request, tasks)
        perform(subject_request_id=subject_request.pk, move=move, by=SYSTEM, at=at, given=given)
    return True


def requests_to_finish() -> list[UUID]:
    """Requests whose changes all have an end, but which nobody has moved on: left behind by a killed process.

    And those of which something was carried out without a move, and nobody has told the recipients.
    """
    waiting = Q()
    for state, kinds in WAITS_FOR.items():
        asked = ChangeTask.objects.filter(subject_request=OuterRef("pk"), kind__in=kinds)
        looks = unsettled_looks().filter(change__subject_request=OuterRef("pk"), change__kind__in=kinds)
        still_open = Exists(asked.filter(state=ChangeState.OPEN))
        waiting |= Q(Q(state=state), Exists(asked), ~still_open, ~Exists(looks))
    left = SubjectRequest.objects.filter(waiting).values_list("pk", flat=True)[:200]
    return list(dict.fromkeys([*left, *requests_to_tell()]))


def _way_on(subject_request: SubjectRequest, tasks: list[ChangeTask]) -> tuple[Move, dict[str, object]]:
    if subject_request.state == RequestState.LIFTING:
        return Move.FINISH_LIFTING, {}
    if right(subject_request.right).operation is Operation.ERASE:
        # How a deletion ends is seen only after the second search.
        return Move.FINISH_EXECUTION, {}
    return Move.FINISH_EXECUTION, {"outcome": _outcome(subject_request, tasks)}


def _outcome(subject_request: SubjectRequest, tasks: list[ChangeTask]) -> Outcome:
    last = {
        (task.source_id, task.kind): task.attempt for task in sorted(tasks, key=lambda task: task.attempt)
    }
    # Every part of the last attempt counts: what one could not do the others have not done either.
    ended = [task for task in tasks if task.attempt == last[task.source_id, task.kind]]
    if any(task.state == ChangeState.COULD_NOT for task in ended):
        return Outcome.PARTLY
    said = particulars_of(subject_request)
    if isinstance(said, Correction) and any(each.decision == "reject" for each in said.fields):
        return Outcome.PARTLY
    if isinstance(said, Objection) and len(purposes_that_stop(subject_request)) < len(said.purposes):
        return Outcome.PARTLY
    return Outcome.GRANTED
