"""Write down that a source is to be looked at: right after a change, and once more when some days have gone by."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Max
from django.db.models.functions import Now

from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.changes.read_backs.asked import asked_of, can_be_told, first_of
from fulfillment.changes.read_backs.models import Occasion, ReadBackWork
from fulfillment.changes.rehearsals.look import map_searched_by
from fulfillment.sources.models import DataMapVersion
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest

AT_ONCE = timedelta(0)


def begin_read_back(change: ChangeTask, *, at: datetime) -> ReadBackWork | None:
    """Have a change that is done read back at once; in the transaction that ended it.

    None where nobody could tell, and of an erasure: there the second search of its request looks.
    """
    if change.kind == ChangeKind.ERASE and first_of(change) == change:
        return None
    return _begin(change, Occasion.AT_ONCE, after=AT_ONCE, at=at)


def begin_second_look(change: ChangeTask, *, at: datetime) -> ReadBackWork | None:
    """Have a source looked at once more when some days have gone by; None where nobody could tell."""
    return _begin(change, Occasion.LATER, after=timedelta(days=settings.READ_BACK_DAYS), at=at)


def begin_second_looks_of_erasure(subject_request: SubjectRequest, *, at: datetime) -> list[ReadBackWork]:
    """A deletion is over: each source that took part is looked at once more, later."""
    done = ChangeTask.objects.filter(
        subject_request=subject_request, kind=ChangeKind.ERASE, state=ChangeState.DONE, source__isnull=False
    )
    begun = (begin_second_look(each, at=at) for each in done.select_related("source", "subject_request"))
    return [each for each in begun if each is not None]


def look_now(row: ReadBackWork, *, at: datetime) -> ReadBackWork:
    """Another look on the same occasion, due at once."""
    return _written(row.change, Occasion(row.occasion), row.map_version, after=AT_ONCE, at=at)


def cancel_looks(*, subject_request: SubjectRequest, kinds: Collection[ChangeKind]) -> None:
    """What a later decision took back need not be seen to stand any more."""
    waiting = ReadBackWork.objects.filter(
        change__subject_request=subject_request, change__kind__in=kinds, work_state=WorkState.WAITING
    )
    waiting.update(work_state=WorkState.CANCELLED, leased_until=None, fence=F("fence") + 1)


def _begin(change: ChangeTask, occasion: Occasion, *, after: timedelta, at: datetime) -> ReadBackWork | None:
    source = change.source
    if source is None or change.instructions.unsearched:
        return None
    version = _map_of(change)
    if not can_be_told(asked_of(change), source, version.data_map):
        return None
    return _written(change, occasion, version, after=after, at=at)


def _written(
    change: ChangeTask, occasion: Occasion, version: DataMapVersion, *, after: timedelta, at: datetime
) -> ReadBackWork:
    last = ReadBackWork.objects.filter(change=change).aggregate(last=Max("number"))["last"] or 0
    return ReadBackWork.objects.create(
        change=change,
        number=last + 1,
        occasion=occasion,
        map_version=version,
        created_at=at,
        # By the database's clock, as whoever takes it goes by that.
        next_attempt_at=Now() + after,
    )


def _map_of(change: ChangeTask) -> DataMapVersion:
    """The map by which the change was made."""
    first, source = first_of(change), change.source
    row = getattr(first, "by_connector", None)
    if row is not None and (first.hand == Hand.CONNECTOR or row.picks):
        found: DataMapVersion = row.map_version
        return found
    assert source is not None  # noqa: S101 - only changes in sources are looked at
    if first.kind == ChangeKind.ERASE:
        return map_searched_by(first.subject_request, source)
    return source.map_in_force
