"""What an attempt writes down: its look, its note, its end; each under the lease and, where it counts, the request."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.stored import (
    Suggestions,
    receipt_in_words,
    stored,
    stored_suggestions,
)
from fulfillment.changes.holding import hold_of
from fulfillment.changes.in_ledger import write_erasure
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.changes.part import add_part
from fulfillment.changes.read_backs.begin import begin_read_back
from fulfillment.connectors.changing import ChangeReceipt, Preflight, Reached
from fulfillment.sources.check import note_success
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.leases.lease import Lease, LeaseLost
from requests_app.leases.models import WorkState
from requests_app.lifecycle.perform import locked

SYSTEM = Actor.system("fulfillment")
HELD_FOR = timedelta(minutes=10)
HELD = "Somebody holds the changes of this request back."


class Stopped(Exception):
    """The change is not wanted any more, or not `for_now`; what was not sent yet is not sent."""

    def __init__(self, reason: str, *, for_now: bool) -> None:
        super().__init__(reason)
        self.for_now = for_now


def refuse_stopped(row: SourceChange) -> None:
    """Ask before each step whether the next one is wanted. Raises Stopped."""
    change = ChangeTask.objects.get(pk=row.change_id)
    if not change.is_open or change.hand != Hand.CONNECTOR:
        raise Stopped("This change is no longer wanted.", for_now=False)
    if hold_of(row.change.subject_request) is not None:
        raise Stopped(HELD, for_now=True)


def keep_look(row: SourceChange, lease: Lease, preflight: Preflight, *, at: datetime) -> bool:
    """Keep what the look beforehand showed; what the source cannot do becomes a person's part.

    Returns whether anything remains for the source itself.
    """
    kept = {each.name for each in row.change.instructions.keep if each.key is None}
    by_hand = {name: why for name, why in preflight.by_hand.items() if name not in kept}
    if row.change.kind == ChangeKind.CORRECT:
        # Fields were picked in some collections only; the others are no concern of this order.
        by_hand = {}
    said = row.change.instructions
    remains = bool(said.words) or any(each.name not in by_hand for each in said.collections)
    with _held(row, lease):
        row.preflight_sealed, row.looked_at = stored(preflight), at
        row.save(update_fields=["preflight_sealed", "looked_at"])
        if by_hand and remains and not preflight.problems:
            add_part(row.change, by_hand, by=SYSTEM, at=at)
            row.change.refresh_from_db(fields=["instructions_sealed"])
    return remains


def keep_suggestions(row: SourceChange, lease: Lease, found: Suggestions) -> None:
    """Keep where the person's rows hold what is to be corrected."""
    with lease.settled():
        row.suggestions_sealed = stored_suggestions(found)
        row.save(update_fields=["suggestions_sealed"])


def keep_note(row: SourceChange, lease: Lease, receipt: ChangeReceipt, *, at: datetime) -> None:
    """Write the receipt down before the change becomes final. Raises Stopped and LeaseLost: then it must not.

    The request is locked first: whoever stops the change meanwhile comes before this, or sees the note.
    """
    with _held(row, lease):
        refuse_stopped(row)
        row.noted_sealed, row.noted_at = stored(receipt), at
        row.save(update_fields=["noted_sealed", "noted_at"])


def forget_note(row: SourceChange, lease: Lease) -> None:
    """The source says that nothing became final."""
    with lease.settled():
        row.noted_sealed, row.noted_at = {}, None
        row.save(update_fields=["noted_sealed", "noted_at"])


def finish(row: SourceChange, lease: Lease, receipt: ChangeReceipt, *, at: datetime) -> SourceChange:
    """The source has confirmed: its receipt is kept and the change is done, also where it was stopped too late."""
    with _held(row, lease):
        row.receipt_sealed, row.confirmed_at, row.reasons_sealed = stored(receipt), at, []
        row.save(update_fields=["receipt_sealed", "confirmed_at", "reasons_sealed"])
        lease.done()
        change = (
            ChangeTask.objects.select_for_update(of=("self",))
            .select_related("source", "subject_request", "by_connector__map_version")
            .get(pk=row.change_id)
        )
        change.state, change.hand, change.ended_at = ChangeState.DONE, Hand.CONNECTOR, at
        change.records_changed, change.receipt = receipt.rows, receipt_in_words(receipt)
        change.save(update_fields=["state", "hand", "ended_at", "records_changed", "receipt"])
        source = row.change.source
        assert source is not None  # noqa: S101 - a row is written for changes in sources only
        note_success(source, at=at)
        write_erasure(change, row.map_version, rows=receipt.rows, at=at)
        facts = {"source": source.key, "kind": change.kind, "records": receipt.rows}
        record(event="change.done", target=row.change.subject_request, by=SYSTEM, at=at, facts=facts)
        begin_read_back(change, at=at)
    return row


def keep_made(row: SourceChange, lease: Lease, made: ChangeReceipt) -> None:
    """Keep what is final already of a change that goes on later, or not at all: it is gone, whatever comes."""
    if not made.rows and not made.objects:
        return
    with suppress(LeaseLost), lease.settled():
        row.made_sealed = stored(made)
        row.save(update_fields=["made_sealed"])


def begin_at(lease: Lease) -> None:
    """An attempt begins: whatever an earlier one had reached is not known to stand. Raises LeaseLost."""
    lease.write(working_since=Now(), reached_collection="", reached_number=0, reached_total=0, reached_rows=0)


def keep_reached(lease: Lease, reached: Reached) -> None:
    """Show how far the source is. Raises LeaseLost."""
    if reached.number:
        lease.write(
            reached_collection=reached.collection[:200],
            reached_number=reached.number,
            reached_total=reached.total,
            reached_rows=reached.rows,
        )


def again(lease: Lease, reason: str, *, after: timedelta) -> None:
    """Put the next attempt off for a reason that is none of the source's."""
    with suppress(LeaseLost), lease.settled():
        lease.again(after=after, error=reason)


def hand_over(row: SourceChange, lease: Lease, reasons: tuple[str, ...], *, at: datetime) -> None:
    """Ask a person, with the reasons in sentences."""
    with suppress(LeaseLost), _held(row, lease):
        row.reasons_sealed = list(reasons)
        row.save(update_fields=["reasons_sealed"])
        lease.give_up(error=_sentence(reasons[0]))
        still_open = ChangeTask.objects.filter(pk=row.change_id, state=ChangeState.OPEN)
        if still_open.update(hand=Hand.PERSON):
            source = row.change.source
            facts = {"source": source.key if source else "", "kind": row.change.kind}
            record(
                event="change.handed_over", target=row.change.subject_request, by=SYSTEM, at=at, facts=facts
            )


def stop(row: SourceChange, lease: Lease, *, at: datetime) -> None:
    """Nothing was sent and nothing will be."""
    with suppress(LeaseLost), lease.settled():
        lease.give_up(error="The change is no longer wanted.")
        SourceChange.objects.filter(pk=row.pk).update(work_state=WorkState.CANCELLED)


@contextmanager
def _held(row: SourceChange, lease: Lease) -> Iterator[None]:
    """The request first, as everywhere, then the row: two writers meet at the request's lock."""
    with transaction.atomic():
        locked(row.change.subject_request_id)
        with lease.settled():
            yield


def _sentence(reason: str) -> str:
    return reason if reason.endswith(".") else f"{reason}."
