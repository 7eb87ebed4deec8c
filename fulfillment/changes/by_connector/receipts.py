"""What the sources' own receipts say of a deletion: which rows were kept and why, and which stay without a person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeKind
from fulfillment.connectors.changing import How
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class Receipted:
    """One collection of one source: rows that stay whole, and rows that stay with their values masked."""

    kept: int = 0
    masked: int = 0
    why: str = ""
    until: date | None = None


def receipted(subject_request: SubjectRequest) -> dict[tuple[UUID, str], Receipted]:
    """By source and collection, of the last confirmed erasure of each source."""
    rows = SourceChange.objects.filter(
        change__subject_request=subject_request,
        change__kind=ChangeKind.ERASE,
        confirmed_at__isnull=False,
        change__source__isnull=False,
    )
    found: dict[tuple[UUID, str], Receipted] = {}
    for row in rows.select_related("change").order_by("change__attempt"):
        if row.change.source_id is not None:
            found.update(_by_collection(row, row.change.source_id))
    return found


def made_without_end(subject_request: SubjectRequest) -> dict[tuple[UUID, str], int]:
    """By source and collection, how many records a source erased before its change stopped half way for good."""
    rows = SourceChange.objects.filter(
        change__subject_request=subject_request, change__kind=ChangeKind.ERASE, change__source__isnull=False
    )
    found: dict[tuple[UUID, str], int] = {}
    for row in rows.select_related("change"):
        made, source_id = row.made, row.change.source_id
        if made is None or source_id is None:
            continue
        for line in made.lines:
            found[source_id, line.collection] = found.get((source_id, line.collection), 0) + line.rows
    return found


def _by_collection(row: SourceChange, source_id: UUID) -> dict[tuple[UUID, str], Receipted]:
    receipt = row.receipt
    if receipt is None:
        return {}
    masked = {each.collection: each.rows for each in receipt.lines if each.how is How.MASK}
    # What is kept of a row's fields only does not keep the row from being masked.
    kept = [each for each in receipt.kept if not each.fields or each.collection not in masked]
    names = {*masked, *(each.collection for each in kept)}
    return {
        (source_id, name): Receipted(
            kept=sum(each.rows for each in kept if each.collection == name),
            masked=masked.get(name, 0),
            why=" ".join(dict.fromkeys(each.why for each in kept if each.collection == name)),
            until=max((each.until for each in kept if each.collection == name and each.until), default=None),
        )
        for name in names
    }
