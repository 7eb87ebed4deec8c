"""Erase again what a restored backup brought back: every confirmed erasure, asked of its source once more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.order import order_of, order_secret
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, Hand
from fulfillment.connectors.changing import ChangeReceipt, PreflightFailed
from fulfillment.connectors.errors import ConnectorError
from fulfillment.sources.connection import open_connector
from requests_app.audit.actors import Actor
from requests_app.audit.record import record


@dataclass(frozen=True)
class Replayed:
    """One erasure: how many rows were there again, and what became of them.

    `trouble` says why it could not be repeated; `by_hand` that a person made it, so that a person repeats it.
    """

    reference: str
    source: str
    erased_at: datetime
    found: int = 0
    erased: int = 0
    by_hand: bool = False
    trouble: str = ""


def replay_erasures(*, since: datetime | None, dry_run: bool, by: Actor, at: datetime) -> Iterator[Replayed]:
    """Go through the erasures that were confirmed since a moment, oldest first; whatever is gone still is left alone.

    Safe to repeat and to break off: what was erased again is not there the next time.
    """
    done = ChangeTask.objects.filter(
        kind=ChangeKind.ERASE, state=ChangeState.DONE, source__isnull=False, ended_at__isnull=False
    )
    if since is not None:
        done = done.filter(ended_at__gte=since)
    found = done.select_related("source", "subject_request", "by_connector__map_version").order_by("ended_at")
    for task in found.iterator(chunk_size=200):
        if task.hand == Hand.CONNECTOR:
            yield _again(task, task.by_connector, dry_run=dry_run, by=by, at=at)
        else:
            yield replace(_named(task), by_hand=True)


def _again(task: ChangeTask, row: SourceChange, *, dry_run: bool, by: Actor, at: datetime) -> Replayed:
    source = task.source
    assert source is not None  # noqa: S101 - only changes in sources are asked for
    # An order of its own: the first one was carried out, and a source may remember that.
    key = f"{row.order_key}-again-{at:%Y%m%dT%H%M%S}"
    order = replace(order_of(row), key=key, secret=order_secret(row.order_key))
    data_map = row.map_version.data_map
    try:
        connector = open_connector(source)
        preflight = connector.preflight(order, data_map)
        if preflight.problems:
            raise PreflightFailed(preflight.problems)
        if dry_run or not preflight.rows:
            return replace(_named(task), found=preflight.rows)
        receipt = connector.change(order, data_map, note=_nothing_to_note)
    except ConnectorError as failure:
        return replace(_named(task), trouble=str(failure))
    facts = {"source": source.key, "kind": task.kind, "records": receipt.rows}
    record(event="change.replayed", target=task.subject_request, by=by, at=at, facts=facts)
    return replace(_named(task), found=preflight.rows, erased=receipt.rows)


def _nothing_to_note(receipt: ChangeReceipt) -> None:
    """Whether it became final is seen by looking again: what is still there is erased the next time."""


def _named(task: ChangeTask) -> Replayed:
    source, ended_at = task.source, task.ended_at
    assert source is not None  # noqa: S101 - asked for above
    assert ended_at is not None  # noqa: S101 - asked for above
    return Replayed(task.subject_request.reference, source.label, ended_at)
