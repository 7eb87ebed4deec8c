"""The receipt of an order over many files: what its log says is done, and what an attempt is about to do."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    How,
    Kept,
    Made,
    NotTaken,
    ReceiptLine,
    Replaced,
)
from fulfillment.connectors.file_changes.log import Entry, Part
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.traces.redact import redact_value


def receipt_of(
    order: ChangeOrder,
    entries: Sequence[Entry],
    *,
    counted: Iterable[Entry],
    token: str,
    edits: Mapping[str, RowEdits] | None = None,
    kept: tuple[Kept, ...] = (),
    not_taken: Iterable[tuple[str, int, str]] = (),
) -> ChangeReceipt:
    """Counts and keyed hashes of the `counted` among the objects of an order, and how far each of them is."""
    done = sorted(counted, key=lambda each: each.path)
    parts = [part for each in done for part in each.parts]
    lines = {(part.collection, part.how): _line(order, part, parts) for part in parts}
    for name, each in (edits or {}).items():
        if each.how is not None:
            lines.setdefault((name, each.how.value), ReceiptLine(name, each.how, 0))
    left = [*(found for each in done for found in each.not_taken), *not_taken]
    objects = tuple(_object(order, each) for each in entries)
    return ChangeReceipt(tuple(lines.values()), kept, token, not_taken=not_taken_lines(left), objects=objects)


def name_of(path: str) -> str:
    """A name that tells nothing: the path of a file may be somebody's address."""
    return sha256(path.encode()).hexdigest()[:24]


def made_in(done: Iterable[Entry]) -> tuple[Made, ...]:
    """The files in which the person's own rows were changed, so that the same can be ordered once more."""
    found = (
        (part.collection, name_of(each.path))
        for each in done
        for part in each.parts
        if part.how != How.REDACT
    )
    return tuple(dict.fromkeys(found))


def not_taken_lines(found: Iterable[tuple[str, int, str]]) -> tuple[NotTaken, ...]:
    """Where words stay: each reason once for a collection."""
    counts: dict[tuple[str, str], int] = {}
    for name, rows, why in found:
        counts[name, why] = counts.get((name, why), 0) + rows
    return tuple(NotTaken(name, rows, why) for (name, why), rows in counts.items())


def _line(order: ChangeOrder, like: Part, parts: Sequence[Part]) -> ReceiptLine:
    mine = [each for each in parts if (each.collection, each.how) == (like.collection, like.how)]
    digest = hmac.new(order.secret, "\n".join(each.digest for each in mine).encode(), sha256).hexdigest()
    return ReceiptLine(like.collection, How(like.how), sum(each.rows for each in mine), digest)


def _object(order: ChangeOrder, entry: Entry) -> Replaced:
    """Files may be named by the person: what names them is taken out of the name."""
    name = redact_value(entry.path, order.whom, is_proven=True).value
    return Replaced(str(name), entry.before, entry.after, entry.state)
