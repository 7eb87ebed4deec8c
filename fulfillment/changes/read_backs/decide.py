"""What a person decides about a look after a change: look once more, or let stand what it showed, with a reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fulfillment.changes.errors import NothingToLookAt
from fulfillment.changes.finish import finish_changes
from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.begin import begin_second_look, look_now
from fulfillment.changes.read_backs.models import ReadBackWork
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.perform import locked
from requests_app.roles import Permission, permissions_of


def look_once_more(*, row_id: UUID, by: Actor, at: datetime) -> ReadBackWork:
    """Look at the source again now, as after something was mended. Raises NotPermitted, NothingToLookAt."""
    with _decided(row_id, by) as row:
        _take_back(row, at=at)
        ReadBackWork.objects.filter(pk=row.pk, work_state=WorkState.DEAD).update(
            work_state=WorkState.CANCELLED
        )
        again = look_now(row, at=at)
        record(event="change.look_asked", target=row.change.subject_request, by=by, at=at, facts=_facts(row))
    return again


def let_stand(*, row_id: UUID, why: str, by: Actor, at: datetime) -> ReadBackWork:
    """Take what a look showed, or that nobody could look, as it is. Raises BadInput, and as above.

    The request then goes on; a later look asks only after what goes beyond this.
    """
    if not why.strip():
        raise BadInput("Say why this may stand.")
    with _decided(row_id, by) as row:
        row.stands_because, row.stands_at, row.stands_by_id = why.strip(), at, UUID(by.key)
        row.save(update_fields=["stands_because", "stands_at", "stands_by"])
        _take_back(row, at=at)
        if not row.is_later:
            begin_second_look(row.change, at=at)
        record(event="change.let_stand", target=row.change.subject_request, by=by, at=at, facts=_facts(row))
    finish_changes(subject_request_id=row.change.subject_request_id, at=at)
    return row


@contextmanager
def _decided(row_id: UUID, by: Actor) -> Iterator[ReadBackWork]:
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    with transaction.atomic():
        # The request first, as everywhere: two callers meet at its lock and not at each other's.
        locked(ReadBackWork.objects.values_list("change__subject_request_id", flat=True).get(pk=row_id))
        found = ReadBackWork.objects.select_for_update(of=("self",)).select_related(
            "change__subject_request", "change__source", "asked", "map_version"
        )
        row = found.get(pk=row_id)
        newer = ReadBackWork.objects.filter(
            change=row.change, occasion=row.occasion, number__gt=row.number
        ).exists()
        if newer or not row.is_open_question:
            raise NothingToLookAt("This look has its end already. Look at the page again.")
        yield row


def _take_back(row: ReadBackWork, *, at: datetime) -> None:
    """What was asked of a person because of the look is not wanted any more."""
    asked = ChangeTask.objects.filter(asked_by_read_back=row, state=ChangeState.OPEN)
    asked.update(state=ChangeState.CANCELLED, ended_at=at)


def _facts(row: ReadBackWork) -> dict[str, object]:
    return {"source": row.change.source.key if row.change.source else "", "kind": row.change.kind}
