"""Give a request to a person, or to nobody."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.lifecycle.models import SubjectRequest
from requests_app.roles import Permission, permissions_of

NOBODY = "nobody"


@transaction.atomic
def assign_requests(
    *, references: Iterable[str], assignee_id: UUID | None, by: Actor, at: datetime
) -> list[SubjectRequest]:
    """Give requests to a member of staff, or free them; returns those whose owner changed.

    Raises NotPermitted, and BadInput for somebody who does not work on cases.
    """
    if Permission.ASSIGN not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow giving requests to people.")
    assignee = _worker(assignee_id) if assignee_id else None
    rows = SubjectRequest.objects.select_for_update().filter(reference__in=list(references)).order_by("id")
    changed = [row for row in rows if row.assignee_id != (assignee.pk if assignee else None)]
    for row in changed:
        # Not a move: the version stays, so that nobody's open page is refused over it.
        SubjectRequest.objects.filter(pk=row.pk).update(assignee=assignee)
        facts = {"assignee": str(assignee.pk) if assignee else NOBODY}
        record(event="request.assigned", target=row, by=by, at=at, facts=facts)
    return changed


def _worker(staff_id: UUID) -> StaffMember:
    member = StaffMember.objects.filter(pk=staff_id, is_active=True).first()
    if member is None or not (member.may(Permission.WORK_CASES) or member.may(Permission.RELEASE)):
        raise BadInput("That person does not work on cases.")
    return member
