"""Part a change: what its source cannot do becomes a task of its own, for a person, with the reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Max

from fulfillment.changes.instructions import Instructions, ToChange
from fulfillment.changes.models import ChangeTask, Hand
from requests_app.audit.actors import Actor
from requests_app.audit.record import record


def add_part(change: ChangeTask, by_hand: Mapping[str, str], *, by: Actor, at: datetime) -> ChangeTask:
    """Take these collections out of a change and ask a person for them; in the caller's transaction."""
    said = change.instructions
    theirs = tuple(
        ToChange(name=each.name, label=each.label, rows=each.rows, why=f"{by_hand[each.name]}.")
        for each in said.collections
        if each.name in by_hand
    )
    rest = tuple(each for each in said.collections if each.name not in by_hand)
    _keep(change, said.model_copy(update={"collections": rest}))
    return _asked(change, said.model_copy(update={"collections": theirs}), by=by, at=at)


def add_part_of_fields(change: ChangeTask, numbers: Sequence[int], *, by: Actor, at: datetime) -> ChangeTask:
    """Ask a person for the corrections of these numbers; in the caller's transaction.

    They stay in the change as well: the numbers of the others, by which fields are picked, do not move.
    """
    said = change.instructions
    theirs = tuple(each for number, each in enumerate(said.fields) if number in numbers)
    return _asked(change, said.model_copy(update={"fields": theirs}), by=by, at=at)


def add_part_to_mend(
    change: ChangeTask, collections: Sequence[ToChange], *, by: Actor, at: datetime
) -> ChangeTask:
    """Ask a person for what a look showed not to read as decided; the change itself stays as it was."""
    said = change.instructions.model_copy(update={"collections": tuple(collections)})
    return _asked(change, said, by=by, at=at)


def _asked(change: ChangeTask, instructions: Instructions, *, by: Actor, at: datetime) -> ChangeTask:
    part = ChangeTask.objects.create(
        subject_request=change.subject_request,
        source=change.source,
        kind=change.kind,
        attempt=change.attempt,
        part=_next_part(change),
        hand=Hand.PERSON,
        instructions_sealed=instructions.model_dump(mode="json"),
        created_at=at,
    )
    facts = {"source": change.source.key if change.source else "", "kind": change.kind}
    record(event="change.parted", target=change.subject_request, by=by, at=at, facts=facts)
    return part


def _keep(change: ChangeTask, instructions: Instructions) -> None:
    change.instructions_sealed = instructions.model_dump(mode="json")
    change.save(update_fields=["instructions_sealed"])


def _next_part(change: ChangeTask) -> int:
    beside = ChangeTask.objects.filter(
        subject_request=change.subject_request, source=change.source, kind=change.kind, attempt=change.attempt
    )
    return int(beside.aggregate(last=Max("part"))["last"] or 0) + 1
