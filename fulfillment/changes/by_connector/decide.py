"""What a person decides about a change by connector: try again once it is mended, do it by hand, say which fields."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.stored import Pick, stored_picks
from fulfillment.changes.end import may_carry_out
from fulfillment.changes.errors import ChangeAlreadyEnded, SourceIsAtWork
from fulfillment.changes.models import ChangeKind, ChangeTask, Hand
from fulfillment.changes.part import add_part_of_fields
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.perform import locked


def try_again(*, change_id: UUID, by: Actor, at: datetime) -> SourceChange:
    """Let the source make the change after all. Raises NotPermitted, ChangeAlreadyEnded, SourceIsAtWork."""
    with _decided(change_id, by, at) as row:
        if row.change.kind == ChangeKind.CORRECT and not row.picks and row.noted is None:
            raise BadInput("Say first which fields of this source are meant.")
        _let_it_work(row)
        record(event="change.tried_again", target=row.change.subject_request, by=by, at=at, facts=_facts(row))
    return row


def take_over(*, change_id: UUID, by: Actor, at: datetime) -> SourceChange:
    """Take a change out of the source's hands. Raises NotPermitted, ChangeAlreadyEnded, SourceIsAtWork.

    While nobody knows whether an attempt became final, the source is asked first.
    """
    with _decided(change_id, by, at) as row:
        if row.change.hand != Hand.CONNECTOR:
            raise SourceIsAtWork("A person does this already.")
        if row.noted is not None:
            raise SourceIsAtWork(
                "An attempt broke off, and the source is being asked whether the change became final. Wait for its "
                "answer."
            )
        reason = "Somebody took it over, to do it by hand."
        SourceChange.objects.filter(pk=row.pk).update(
            work_state=WorkState.DEAD, leased_until=None, fence=F("fence") + 1, last_error=reason
        )
        row.reasons_sealed = [reason]
        row.save(update_fields=["reasons_sealed"])
        ChangeTask.objects.filter(pk=row.change_id).update(hand=Hand.PERSON)
        record(event="change.taken_over", target=row.change.subject_request, by=by, at=at, facts=_facts(row))
    return row


def pick_fields(
    *, change_id: UUID, picked: Sequence[Pick], left: Sequence[int] = (), by: Actor, at: datetime
) -> SourceChange:
    """Say which fields the accepted corrections mean; the source puts them right.

    The corrections whose numbers are `left` become a person's part. Raises as above, and BadInput.
    """
    with _decided(change_id, by, at) as row:
        if row.change.kind != ChangeKind.CORRECT or row.noted is not None:
            raise BadInput("There is nothing to pick here.")
        if not picked:
            raise BadInput("Pick at least one field, or do it by hand.")
        _refuse_unknown(row, picked)
        if left:
            add_part_of_fields(row.change, left, by=by, at=at)
        row.picks_sealed = stored_picks(tuple(picked))
        row.save(update_fields=["picks_sealed"])
        _let_it_work(row)
        facts = {**_facts(row), "count": len(picked)}
        record(event="change.fields_picked", target=row.change.subject_request, by=by, at=at, facts=facts)
    return row


@contextmanager
def _decided(change_id: UUID, by: Actor, at: datetime) -> Iterator[SourceChange]:
    with transaction.atomic():
        locked(ChangeTask.objects.values_list("subject_request_id", flat=True).get(pk=change_id))
        found = SourceChange.objects.select_for_update(of=("self",)).select_related(
            "change__subject_request", "change__source", "map_version"
        )
        row = found.get(change_id=change_id)
        if not may_carry_out(row.change, by):
            raise NotPermitted("Your role does not allow this.")
        if not row.change.is_open:
            raise ChangeAlreadyEnded("This change has ended. Nothing is to be done.")
        if row.leased_until is not None and row.leased_until > at:
            raise SourceIsAtWork("The source is making this change at this moment. Look again in a minute.")
        yield row


def _let_it_work(row: SourceChange) -> None:
    SourceChange.objects.filter(pk=row.pk).update(
        work_state=WorkState.WAITING, next_attempt_at=Now(), attempts=0, last_error="", leased_until=None
    )
    row.reasons_sealed = []
    row.save(update_fields=["reasons_sealed"])
    ChangeTask.objects.filter(pk=row.change_id).update(hand=Hand.CONNECTOR, assignee=None)


def _refuse_unknown(row: SourceChange, picked: Sequence[Pick]) -> None:
    data_map = row.map_version.data_map
    for each in picked:
        collection = data_map.by_name.get(each.collection)
        if collection is None or each.name not in collection.by_name:
            raise BadInput("Pick a field of this source's map.")


def _facts(row: SourceChange) -> dict[str, object]:
    source = row.change.source
    return {"source": source.key if source else "", "kind": row.change.kind}
