"""Tell those who had the data of what was carried out (Article 19 GDPR), once it was seen to be so.

Whoever is told of an erasure erases: a change that a look has not shown yet, or that it showed not to be there, is told
to nobody. Of a deletion that look is the second search, judged by whoever completes the request.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.compare import Result, compare
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.changes.read_backs.selectors import never_shown, unsettled_looks
from fulfillment.datamaps.datamap import DataMap
from fulfillment.recipients.models import RecipientLetter
from fulfillment.recipients.notify import CarriedOut, Corrected, write_notices
from fulfillment.recipients.places import Place
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import CLOSED

# Those of Articles 16, 17(1) and 18; a use that stopped is told where the law wants it told: the sale of data.
TOLD = frozenset(ChangeKind) - {ChangeKind.SUPPRESS}
STOPS_DISCLOSURE = frozenset({"opt_out_sale_share"})


def tell_recipients(*, subject_request_id: UUID, at: datetime) -> list[RecipientLetter]:
    """Write what the recipients of a request are to be told now. Returns the letters; safe to call at any time."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        made = list(_untold().filter(subject_request=subject_request).select_related("source"))
        letters: list[RecipientLetter] = []
        still_there = _still_there(subject_request) if made else frozenset()
        for kind in dict.fromkeys(task.kind for task in made):
            tasks = [task for task in made if task.kind == kind]
            if kind in TOLD or subject_request.right in STOPS_DISCLOSURE:
                done = CarriedOut(
                    subject_request=subject_request,
                    kind=kind,
                    attempt=max(task.attempt for task in tasks),
                    places=_all_places(tasks, still_there),
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
    """What was made, and seen, and belongs to no change of a kind that is still being made or looked at somewhere."""
    beside = ChangeTask.objects.filter(
        subject_request=OuterRef("subject_request"), kind=OuterRef("kind"), state=ChangeState.OPEN
    )
    looks = unsettled_looks().filter(
        change__subject_request=OuterRef("subject_request"), change__kind=OuterRef("kind")
    )
    seen = ~Q(kind=ChangeKind.ERASE) | Q(subject_request__state__in=CLOSED)
    made = ChangeTask.objects.filter(seen, state=ChangeState.DONE, recipients_seen_at=None)
    return made.filter(~Exists(beside), ~Exists(looks))


def _still_there(subject_request: SubjectRequest) -> frozenset[tuple[UUID, str]]:
    """By source and collection, where a deletion took nothing away: the second search found all of it."""
    comparison = compare(subject_request)
    lines = comparison.lines if comparison else ()
    return frozenset(
        (each.source.pk, each.name) for each in lines if each.result is Result.LEFT and not each.gone
    )


def _all_places(tasks: Iterable[ChangeTask], still_there: frozenset[tuple[UUID, str]]) -> list[Place]:
    """Each place once, also where a person mended there what the source had left."""
    found = {}
    for task in tasks:
        for place in _places(task):
            if (task.source_id, place.collection.name) not in still_there:
                found[place.key] = place
    return list(found.values())


def _places(task: ChangeTask) -> Iterator[Place]:
    if task.source is None or not task.records_changed:
        return
    data_map = _map_of(task)
    names = _changed(task) - never_shown(task)
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
