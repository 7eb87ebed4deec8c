"""Questions about looks after changes."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.models import Occasion, ReadBackWork
from requests_app.leases.lease import free_work
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest


def looks_of(subject_request: SubjectRequest) -> list[ReadBackWork]:
    """The newest look of each change and occasion, oldest first; what is no longer wanted is not among them."""
    rows = ReadBackWork.objects.filter(change__subject_request=subject_request)
    rows = rows.exclude(work_state=WorkState.CANCELLED).select_related(
        "change__source", "asked", "map_version", "stands_by"
    )
    newest = {(row.change_id, row.occasion): row for row in rows.order_by("number")}
    return sorted(newest.values(), key=lambda row: (row.created_at, row.number))


def looks_due(change_id: UUID) -> list[UUID]:
    """The looks after a change that a worker may take now."""
    return list(ReadBackWork.objects.filter(free_work(), change_id=change_id).values_list("pk", flat=True))


def open_questions(subject_request: SubjectRequest) -> list[ReadBackWork]:
    """Looks that a person has to see to."""
    return [row for row in looks_of(subject_request) if row.is_open_question]


def looks_open_since(request_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when the oldest look waits that holds a request up or wants a person, of those of these requests."""
    found = _wanting().filter(change__subject_request__in=request_ids)
    return dict(
        found.order_by().values_list("change__subject_request").annotate(since=Min("created_at")).distinct()
    )


def unsettled_looks() -> QuerySet[ReadBackWork]:
    """Looks right after a change of which nobody knows yet what they show; nothing is called done before."""
    return ReadBackWork.objects.filter(
        occasion=Occasion.AT_ONCE,
        work_state__in=(WorkState.WAITING, WorkState.DEAD),
        stands_at__isnull=True,
    )


def never_shown(change: ChangeTask) -> frozenset[str]:
    """The collections in which nothing reads as a change decided, by the last look after it and what mended it."""
    rows = ReadBackWork.objects.filter(change=change, occasion=Occasion.AT_ONCE, work_state=WorkState.DONE)
    row = rows.select_related("asked").order_by("number").last()
    if row is None or row.agrees is not False or row.stands_at is not None:
        return frozenset()
    if row.asked is not None and row.asked.state == ChangeState.DONE:
        return never_shown(row.asked)
    return frozenset(each.collection for each in row.found if not each.is_as_decided and not each.right)


def _wanting() -> QuerySet[ReadBackWork]:
    held_up = Q(work_state=WorkState.WAITING, occasion=Occasion.AT_ONCE)
    given_up = Q(work_state=WorkState.DEAD)
    unseen = Q(agrees=False, asked__state=ChangeState.OPEN)
    return ReadBackWork.objects.filter(held_up | given_up | unseen, stands_at__isnull=True)
