"""End a change: a person has made it, or could not; the request moves on when it was the last."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.errors import ChangeAlreadyEnded, SourceIsAtWork
from fulfillment.changes.finish import finish_changes
from fulfillment.changes.in_ledger import write_erasure, write_part_of_erasure
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.changes.read_backs.begin import begin_read_back
from fulfillment.changes.receipts import keep_receipt
from fulfillment.changes.rehearsals.look import map_searched_by
from fulfillment.changes.start import PRIVACY_TEAM
from fulfillment.connectors.asking import Held
from fulfillment.owners.answer import cancel_tasks, end_task, locked_task
from fulfillment.owners.models import OwnerTask, OwnerTaskState
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor, ActorKind
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.identity.uploads import CheckedFile
from requests_app.leases.models import WorkState
from requests_app.letters.write import seal_of
from requests_app.lifecycle.perform import locked
from requests_app.roles import Permission, permissions_of

ENDINGS = frozenset({ChangeState.DONE, ChangeState.COULD_NOT})


@dataclass(frozen=True)
class Ending:
    """How a change ended, in the words of whoever made it."""

    state: ChangeState
    note: str = field(default="", repr=False)
    records_changed: int | None = None
    recipients_told: bool = False
    receipt: str = field(default="", repr=False)
    file: CheckedFile | None = field(default=None, repr=False)


def end_change(*, task_id: UUID, ending: Ending, by: Actor, at: datetime) -> ChangeTask:
    """Write down how a change ended, then move the request on when it was the last one open.

    Two steps on purpose: what a person did stays written whatever becomes of the request, and the sweep moves it on
    if this process dies between them. Raises NotPermitted, BadInput, ChangeAlreadyEnded, SourceIsAtWork,
    LedgerAway.
    """
    _refuse_unfit(ending)
    task = _end(task_id, ending, by=by, at=at)
    finish_changes(subject_request_id=task.subject_request_id, at=at)
    return task


def take_change(*, task_id: UUID, by: Actor, at: datetime) -> ChangeTask:
    """Put one's own name on an open change. Raises NotPermitted, ChangeAlreadyEnded."""
    with transaction.atomic():
        task = _open_change(task_id, by)
        task.assignee_id = UUID(by.key)
        task.save(update_fields=["assignee"])
        facts = {"source": _named(task), "kind": task.kind}
        record(event="change.taken", target=task.subject_request, by=by, at=at, facts=facts)
    return task


def may_carry_out(task: ChangeTask, by: Actor) -> bool:
    """Whether this member of staff may end a change: what has no source is for whoever works the cases.

    Somebody outside the team may where they were asked to.
    """
    if by.kind is ActorKind.OWNER:
        return OwnerTask.objects.filter(
            pk=UUID(by.key), key=task.owner_key, state=OwnerTaskState.OPEN
        ).exists()
    needed = Permission.CARRY_OUT if task.source_id else Permission.WORK_CASES
    return needed in permissions_of(by.roles)


def _end(task_id: UUID, ending: Ending, *, by: Actor, at: datetime) -> ChangeTask:
    with transaction.atomic():
        task = _open_change(task_id, by)
        task.state, task.ended_at = ending.state, at
        if by.kind is ActorKind.OWNER:
            task.hand = Hand.OWNER
        else:
            task.ended_by_id = UUID(by.key)
        task.note, task.records_changed = ending.note.strip(), ending.records_changed
        task.recipients_told, task.receipt = ending.recipients_told, ending.receipt.strip()
        task.save()
        # Whatever stood in the source's way is over: a person has done it, or could not.
        SourceChange.objects.filter(change=task, work_state=WorkState.DEAD).update(
            work_state=WorkState.CANCELLED
        )
        _end_for_the_owner(task, ending, by, at)
        if ending.file is not None:
            _keep_receipt(task, ending.file, by, at)
        facts = {"source": _named(task), "kind": task.kind, "records": ending.records_changed or 0}
        if ending.state == ChangeState.DONE:
            if task.source is not None and task.kind == ChangeKind.ERASE:
                write_erasure(
                    task,
                    map_searched_by(task.subject_request, task.source),
                    rows=ending.records_changed or 0,
                    by_hand=True,
                    at=at,
                )
            record(event="change.done", target=task.subject_request, by=by, at=at, facts=facts)
            begin_read_back(task, at=at)
        else:
            for row in SourceChange.objects.filter(change=task).select_related("map_version"):
                # Part of it may have happened; a restored backup would bring that back.
                write_part_of_erasure(row, at=at)
            record(event="change.could_not", target=task.subject_request, by=by, at=at, facts=facts)
    return task


def _end_for_the_owner(task: ChangeTask, ending: Ending, by: Actor, at: datetime) -> None:
    """Whoever was asked by mail need not be any more."""
    if by.kind is not ActorKind.OWNER:
        cancel_tasks([task.owner_key], at=at)
        return
    held = Held.FOUND if ending.state == ChangeState.DONE else Held.CANNOT
    end_task(locked_task(UUID(by.key)), held=held, note=ending.note, at=at)


def _open_change(task_id: UUID, by: Actor) -> ChangeTask:
    # The request first, as everywhere: two callers meet at its lock and not at each other's.
    locked(ChangeTask.objects.values_list("subject_request_id", flat=True).get(pk=task_id))
    found = ChangeTask.objects.select_for_update(of=("self",)).select_related("subject_request", "source")
    task = found.get(pk=task_id)
    if not may_carry_out(task, by):
        raise NotPermitted("Your role does not allow this.")
    if not task.is_open:
        raise ChangeAlreadyEnded(_why_ended(task))
    if task.hand != Hand.PERSON:
        raise SourceIsAtWork(
            "The source does this by itself. Take it over first, if it is to be done by hand."
        )
    return task


def _why_ended(task: ChangeTask) -> str:
    if task.hand == Hand.OWNER:
        return "Whoever answers for the source has ended this change. What you sent was not kept."
    if task.ended_by_id is None and task.state == ChangeState.DONE:
        return "The source has made this change by itself. What you sent was not kept."
    if task.ended_by_id is None:
        return "This change is no longer wanted: the request went another way. Nothing is to be done."
    name = StaffMember.objects.get(pk=task.ended_by_id).display_name
    return f"{name} has ended this change on {task.ended_at:%-d %B, %H:%M}. What you sent was not kept."


def _refuse_unfit(ending: Ending) -> None:
    if ending.state not in ENDINGS:
        raise BadInput("A change ends as done, or as something that could not be done.")
    if ending.state == ChangeState.DONE and ending.records_changed is None:
        raise BadInput("Say how many records were changed; nought if there were none.")
    if ending.state == ChangeState.COULD_NOT and not ending.note.strip():
        raise BadInput("Say why it could not be done: the person is told.")


def _named(task: ChangeTask) -> str:
    return task.source.key if task.source else PRIVACY_TEAM


def _keep_receipt(task: ChangeTask, file: CheckedFile, by: Actor, at: datetime) -> None:
    kept = keep_receipt(task, file, at=at)
    # The bare hash would outlive the file, and let whoever guesses what was in it try the guess; its name is
    # drawn at random, and goes with it.
    shown = {"source": _named(task), "kind": task.kind, "seal": seal_of(kept.sha256, kept.store_name)}
    record(event="change.receipt_kept", target=task.subject_request, by=by, at=at, facts=shown)
