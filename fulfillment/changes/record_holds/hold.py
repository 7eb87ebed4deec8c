"""Hold single records back from a deletion that has not begun, look at a hold again, and lift it.

While the dry run is in review a lifted hold lets the deletion have the record. Once the request is closed it only lets
our own record of the request go on its day: what a source kept stays there until somebody deletes it.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fulfillment.changes.errors import DeletionHasBegun, RecordHeldAlready
from fulfillment.changes.holding import refuse_unfit
from fulfillment.changes.record_holds.models import RecordHold
from fulfillment.changes.rehearsals.look import begin_looks
from fulfillment.connectors.records import value_at
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import MappedFinding, findings_of
from fulfillment.findings.store import page_of
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.standing_holds import Lasting, agreed
from requests_app.lifecycle.states import RequestState
from requests_app.reminders.plans import look_soon

LOOKED_AT_IN = frozenset({RequestState.CHECKING, RequestState.AWAITING_APPROVAL})
# Leaving more alone needs nobody's second look; what was approved is not widened.
MAY_BE_SET = LOOKED_AT_IN | {RequestState.WAITING_PERIOD}


def hold_records(
    *,
    subject_request_id: UUID,
    finding_id: UUID,
    numbers: Iterable[int],
    why: str,
    until: date | None,
    look_again_on: date | None = None,
    by: Actor,
    at: datetime,
) -> list[RecordHold]:
    """Let a deletion leave the records of these numbers alone, till the end of `until` where it is known.

    Where it is not, somebody looks at the holds again on a day, at the latest when the policy says so.

    Raises NotPermitted, DeletionHasBegun, BadInput, RecordHeldAlready, FindingsLost.
    """
    refuse_unfit(by)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if subject_request.state not in MAY_BE_SET:
            raise DeletionHasBegun(
                "The deletion has begun or is over. Hold back the changes of the whole request instead."
            )
        if not why.strip():
            raise BadInput("Say why these records must stay.")
        lasts = agreed(subject_request, Lasting(until, look_again_on), at=at)
        mapped = _mapped(subject_request, finding_id)
        wanted = [_key(mapped, number) for number in sorted(set(numbers))]
        if not wanted:
            raise BadInput("Choose the records that are to stay.")
        held = [_hold(subject_request, mapped, key, why=why, lasts=lasts, by=by, at=at) for key in wanted]
        facts = _facts(mapped.finding.task.source.key, mapped.finding.collection, len(held))
        record(event="record.held", target=subject_request, by=by, at=at, facts=facts)
        look_soon(subject_request_id=subject_request_id, at=at)
        _look_again(subject_request)
    return held


def lift_record_hold(*, hold_id: UUID, by: Actor, at: datetime) -> None:
    """Let a deletion have the record after all, while it is in review; or end a hold of a request that is closed.

    Raises NotPermitted, DeletionHasBegun.
    """
    refuse_unfit(by)
    with transaction.atomic():
        subject_request = locked(
            RecordHold.objects.values_list("subject_request_id", flat=True).get(pk=hold_id)
        )
        hold = RecordHold.objects.select_related("source").get(pk=hold_id)
        if hold.lifted_at is not None:
            return
        if subject_request.state != RequestState.CHECKING and not subject_request.is_closed:
            raise DeletionHasBegun("What stays was decided. Send the request back to review to change it.")
        hold.lifted_at, hold.lifted_by_id = at, UUID(by.key)
        hold.save(update_fields=["lifted_at", "lifted_by"])
        facts = _facts(hold.source.key, hold.collection, 1)
        record(event="record.hold_lifted", target=subject_request, by=by, at=at, facts=facts)
        _look_again(subject_request)


def prolong_record_hold(*, hold_id: UUID, lasting: Lasting, by: Actor, at: datetime) -> None:
    """Let a hold stand for longer or shorter; somebody has looked at it.

    What sources were told while they delete is not changed under their hands: before, or once the request is closed.
    Raises NotPermitted, BadInput, DeletionHasBegun; nothing happens where the hold is over.
    """
    refuse_unfit(by)
    with transaction.atomic():
        key = RecordHold.objects.values_list("subject_request_id", flat=True).get(pk=hold_id)
        subject_request = locked(key)
        hold = RecordHold.objects.select_related("source").get(pk=hold_id)
        if hold.lifted_at is not None:
            return
        lasts = agreed(subject_request, lasting, at=at)
        if subject_request.state not in MAY_BE_SET and not subject_request.is_closed:
            raise DeletionHasBegun("The deletion is under way. Look at the hold again once it is over.")
        hold.until, hold.look_again_on = lasts.until, lasts.look_again_on
        hold.save(update_fields=["until", "look_again_on"])
        facts = _facts(hold.source.key, hold.collection, 1)
        record(event="record.hold_looked_at", target=subject_request, by=by, at=at, facts=facts)
        look_soon(subject_request_id=key, at=at)
        _look_again(subject_request)


def _mapped(subject_request: SubjectRequest, finding_id: UUID) -> MappedFinding:
    every = (each for part in findings_of(subject_request) for each in part.findings)
    found = next((each for each in every if each.finding.pk == finding_id), None)
    if found is None:
        raise BadInput("These records were searched anew meanwhile. Open the dry run again.")
    if not found.collection.primary_key:
        raise BadInput("The data map names no key for these records. Keep the whole collection instead.")
    return found


def _key(mapped: MappedFinding, number: int) -> dict[str, str]:
    """What names a record in its source; every part must be there, else another record could be meant."""
    page, place = divmod(number - 1, Finding.PAGE_ROWS)
    lines = page_of(mapped.finding, page=page + 1)
    row: Mapping[str, object] = json.loads(lines[place]) if 0 <= place < len(lines) else {}
    values = {name: value_at(row, name) for name in mapped.collection.primary_key}
    if any(value is None for value in values.values()):
        raise BadInput(f"Record {number} does not say its key. Keep the whole collection instead.")
    return {name: str(value) for name, value in values.items()}


def _hold(
    subject_request: SubjectRequest,
    mapped: MappedFinding,
    key: dict[str, str],
    *,
    why: str,
    lasts: Lasting,
    by: Actor,
    at: datetime,
) -> RecordHold:
    place = {"source": mapped.finding.task.source, "collection": mapped.finding.collection}
    standing = RecordHold.objects.filter(subject_request=subject_request, lifted_at=None, **place)
    if any(each.key == key for each in standing):
        raise RecordHeldAlready("One of these records is on hold already. Lift that hold first.")
    return RecordHold.objects.create(
        subject_request=subject_request,
        **place,
        key=key,
        why=why.strip(),
        until=lasts.until,
        look_again_on=lasts.look_again_on,
        set_at=at,
        set_by_id=UUID(by.key),
    )


def _facts(source: str, collection: str, records: int) -> dict[str, str | int]:
    return {"source": source, "collection": collection, "records": records}


def _look_again(subject_request: SubjectRequest) -> None:
    """What each source would do is looked at anew; the rows wait for a worker."""
    if subject_request.state in LOOKED_AT_IN:
        begin_looks(subject_request=subject_request)
