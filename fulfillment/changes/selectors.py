"""Questions about changes."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeState, ChangeTask, Hand
from requests_app.accounts.models import StaffMember
from requests_app.lifecycle.models import SubjectRequest
from requests_app.roles import Permission


def changes_of(subject_request: SubjectRequest) -> QuerySet[ChangeTask]:
    """Everything that was asked for a request, oldest first."""
    asked = ChangeTask.objects.filter(subject_request=subject_request)
    return asked.select_related(
        "source", "assignee", "ended_by", "subject_request", "receipt_file", "by_connector__map_version"
    )


def open_changes(subject_request: SubjectRequest) -> QuerySet[ChangeTask]:
    """What is still to be done for a request."""
    return changes_of(subject_request).filter(state=ChangeState.OPEN)


def changes_for(member: StaffMember) -> QuerySet[ChangeTask]:
    """What this person may carry out and nobody else has taken, the earliest legal date first.

    Whoever does not work the cases sees the tasks of sources only.
    """
    free = Q(assignee=None) | Q(assignee=member)
    if not member.may(Permission.WORK_CASES):
        free &= Q(source__isnull=False)
    found = ChangeTask.objects.filter(free, state=ChangeState.OPEN, hand=Hand.PERSON)
    found = found.select_related("source", "assignee", "subject_request")
    return found.order_by("subject_request__response_due_on", "created_at", "id")


def changes_waiting_for(member: StaffMember) -> int:
    """How many that are."""
    return changes_for(member).count()


def changes_open_since(request_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when the oldest change that is still to be done waits, of those of these requests that have one."""
    found = ChangeTask.objects.filter(subject_request__in=request_ids, state=ChangeState.OPEN)
    return dict(found.order_by().values_list("subject_request").annotate(since=Min("created_at")))


def work_of(tasks: Iterable[ChangeTask]) -> list[UUID]:
    """The work of the sources' own hands among these."""
    waiting = SourceChange.objects.filter(change__in=list(tasks), work_state="waiting")
    return list(waiting.values_list("pk", flat=True))
