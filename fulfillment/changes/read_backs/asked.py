"""What a look after a change asks of the source: the order as it was made, and the values that may stand nowhere."""

from dataclasses import dataclass, field

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.order import order_for, order_of
from fulfillment.changes.hands import OPERATION_OF
from fulfillment.changes.models import ChangeKind, ChangeTask
from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Operation
from fulfillment.connectors.reading_back import OldValue
from fulfillment.datamaps.datamap import DataMap
from fulfillment.sources.models import DataSource


@dataclass(frozen=True)
class Asked:
    """An order to read back, and what a correction took away; `receipt` is the source's own word, where it gave one."""

    order: ChangeOrder
    old_values: tuple[OldValue, ...] = field(default=(), repr=False)
    concerned: tuple[str, ...] = ()
    receipt: ChangeReceipt | None = None


def asked_of(change: ChangeTask) -> Asked:
    """What a change, made by its source or by a person, is to be looked for."""
    first = first_of(change)
    said = first.instructions
    row: SourceChange | None = getattr(first, "by_connector", None)
    order = order_of(row) if row else order_for(
        str(first.pk),
        OPERATION_OF[ChangeKind(first.kind)],
        subject_request=first.subject_request,
        said=said,
        at=first.created_at,
    )  # fmt: skip
    if order.operation is not Operation.CORRECT:
        return Asked(order, receipt=_receipt(change, row))
    # What was picked; corrections that nobody found a field for became a person's part, which is read back by itself.
    corrected = (row.picks if row else ()) or said.fields
    old = tuple(dict.fromkeys(OldValue(each.wrong, each.right) for each in corrected if each.wrong.strip()))
    concerned = tuple(each.name for each in said.collections)
    return Asked(order, old, concerned, _receipt(change, row))


def first_of(change: ChangeTask) -> ChangeTask:
    """The change that a task mends, where a look after it had asked for that."""
    while (look := getattr(change, "asked_by_read_back", None)) is not None:
        change = look.change
    return change


def can_be_told(asked: Asked, source: DataSource, data_map: DataMap) -> bool:
    """Whether a look could show anything: the map, or the calls it describes, say how rows read afterwards."""
    # Where a person answers for a source there is nothing that could be searched by itself.
    if source.kind not in CONNECTORS or CONNECTORS.get(source.kind).asks_a_person:
        return False
    if asked.old_values and asked.concerned:
        return True
    expected = CONNECTORS.get(source.kind).expected(asked.order, data_map)
    return any(not each.untold for each in expected)


def _receipt(change: ChangeTask, row: SourceChange | None) -> ChangeReceipt | None:
    return row.receipt if row and row.change_id == change.pk else None
