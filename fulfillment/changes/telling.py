"""Tell those who had the data of what was carried out (Article 19 GDPR), once all of it has an end."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.datamaps.datamap import DataMap
from fulfillment.recipients.models import RecipientLetter
from fulfillment.recipients.notify import CarriedOut, Corrected, write_notices
from fulfillment.recipients.places import Place
from requests_app.lifecycle.perform import locked

# Those of Articles 16, 17(1) and 18; a use that stopped is told where the law wants it told: the sale of data.
TOLD = frozenset(ChangeKind) - {ChangeKind.SUPPRESS}
STOPS_DISCLOSURE = frozenset({"opt_out_sale_share"})


def tell_recipients(*, subject_request_id: UUID, at: datetime) -> list[RecipientLetter]:
    """Write what the recipients of a request are to be told now. Returns the letters; safe to call at any time."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        made = list(_untold().filter(subject_request=subject_request).select_related("source"))
        letters: list[RecipientLetter] = []
        for kind in dict.fromkeys(task.kind for task in made):
            tasks = [task for task in made if task.kind == kind]
            if kind in TOLD or subject_request.right in STOPS_DISCLOSURE:
                done = CarriedOut(
                    subject_request=subject_request,
                    kind=kind,
                    attempt=max(task.attempt for task in tasks),
                    places=[place for task in tasks for place in _places(task)],
                    corrected=[each for task in tasks for each in _corrected(task)],
                    told=_told_by_hand(tasks),
                )
                letters += write_notices(done, at=at)
        ChangeTask.objects.filter(pk__in=[task.pk for task in made]).update(recipients_seen_at=at)
    return letters


def requests_to_tell() -> list[UUID]:
    """Requests of which something was carried out that nobody has looked at for recipients."""
    return list(_untold().order_by().values_list("subject_request_id", flat=True).distinct()[:200])


def _untold() -> QuerySet[ChangeTask]:
    """What was made and belongs to no change of a kind that is still being made somewhere."""
    beside = ChangeTask.objects.filter(
        subject_request=OuterRef("subject_request"), kind=OuterRef("kind"), state=ChangeState.OPEN
    )
    return ChangeTask.objects.filter(~Exists(beside), state=ChangeState.DONE, recipients_seen_at=None)


def _places(task: ChangeTask) -> Iterator[Place]:
    if task.source is None or not task.records_changed:
        return
    data_map = _map_of(task)
    names = _changed(task)
    for collection in data_map.collections:
        if collection.recipients and (collection.name in names or task.instructions.unsearched):
            yield Place(task.source.key, task.source.label, collection)


def _changed(task: ChangeTask) -> set[str]:
    """The collections in which something changed: by the source's receipt, else those that somebody went through."""
    row = _work(task)
    if row is not None and row.receipt is not None:
        return {line.collection for line in row.receipt.lines if line.rows}
    return {each.name for each in task.instructions.collections}


def _corrected(task: ChangeTask) -> Iterator[Corrected]:
    row = _work(task)
    if row is None or row.receipt is None or task.source is None or task.kind != ChangeKind.CORRECT:
        return
    for pick in row.picks:
        field = row.map_version.data_map.collection(pick.collection).by_name.get(pick.name)
        label = field.label if field else pick.name
        yield Corrected(f"{task.source.key}/{pick.collection}", label, pick.right)


def _told_by_hand(tasks: Iterable[ChangeTask]) -> dict[str, date]:
    """What somebody ticked while they carried a change out."""
    return {
        key: task.ended_at.date()
        for task in tasks
        if task.recipients_told and task.ended_at is not None
        for key in task.instructions.recipients
    }


def _work(task: ChangeTask) -> SourceChange | None:
    if task.hand != Hand.CONNECTOR:
        return None
    return SourceChange.objects.select_related("map_version").filter(change=task).first()


def _map_of(task: ChangeTask) -> DataMap:
    row = _work(task)
    assert task.source is not None  # noqa: S101 - asked for changes in sources only
    return row.map_version.data_map if row is not None else task.source.map_in_force.data_map
