"""What a look after a change showed, judged: how many records do not read as decided, beyond those that stay."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from fulfillment.connectors.changing import ChangeReceipt, Kept, ReceiptLine
from fulfillment.connectors.reading_back import ReadBack


@dataclass(frozen=True, slots=True)
class Fact:
    """One collection: nothing of it is personal.

    `left` records do not read as decided, in `fields`. `elsewhere` records hold an old value in `old_in`. `missing`
    were changed by the source's word and are not to be seen. `later` were promised for later.
    """

    collection: str
    rows: int
    right: int
    left: int = 0
    fields: tuple[str, ...] = ()
    elsewhere: int = 0
    old_in: tuple[str, ...] = ()
    missing: int = 0
    later: int = 0
    kept: int = 0
    digest: str = ""
    untold: str = ""

    @property
    def is_as_decided(self) -> bool:
        """Whether nothing speaks against the change."""
        return not (self.left or self.elsewhere or self.missing)


Facts = tuple[Fact, ...]
_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)


def judged(found: ReadBack, receipt: ChangeReceipt | None, *, at_once: bool) -> Facts:
    """What was read beside what the source had said of its change."""
    return tuple(_judged(found, receipt, at_once))


def excused(facts: Facts, stood: Facts) -> Facts:
    """The same without what somebody has let stand before; only what goes beyond that is new."""
    known = {each.collection: each for each in stood}
    return tuple(
        replace(
            each,
            left=max(each.left - before.left, 0),
            elsewhere=max(each.elsewhere - before.elsewhere, 0),
            missing=max(each.missing - before.missing, 0),
        )
        if (before := known.get(each.collection))
        else each
        for each in facts
    )


def agreement(facts: Facts) -> bool | None:
    """Whether all reads as decided; None where nobody can tell of anything."""
    if any(not each.is_as_decided for each in facts):
        return False
    return True if any(not each.untold for each in facts) else None


def stored_facts(facts: Facts) -> Any:
    """Facts as JSON."""
    return _FACTS.dump_python(facts, mode="json")


def read_facts(held: object) -> Facts:
    """Facts as they were stored."""
    return _FACTS.validate_python(held)


def _judged(found: ReadBack, receipt: ChangeReceipt | None, at_once: bool) -> Iterator[Fact]:
    kept = _kept_rows(receipt.kept) if receipt else {}
    changed = _rows(receipt.lines) if receipt else {}
    for line in found.lines:
        stays = min(kept.get(line.collection, 0), line.wrong)
        wrong = line.wrong - stays
        is_promised = at_once and line.is_slow
        # Only right after the change: what life does to records later is no fault of it.
        is_unseen = at_once and not (line.untold or line.is_slow or line.right or line.wrong)
        yield Fact(
            line.collection,
            rows=line.rows,
            right=line.right,
            left=0 if is_promised else wrong,
            fields=line.fields if wrong else (),
            elsewhere=line.elsewhere,
            old_in=line.old_in,
            missing=changed.get(line.collection, 0) if is_unseen else 0,
            later=wrong if is_promised else 0,
            kept=stays,
            digest=line.digest,
            untold=line.untold,
        )


def _kept_rows(lines: Iterable[Kept]) -> Mapping[str, int]:
    """How many rows stay whole or in part; fields that stay for one reason stay in the same rows."""
    most: dict[tuple[str, str], int] = {}
    found: dict[str, int] = {}
    for each in lines:
        known = most.get((each.collection, each.why), 0) if each.fields else 0
        more = max(each.rows - known, 0)
        found[each.collection] = found.get(each.collection, 0) + more
        if each.fields:
            most[each.collection, each.why] = known + more
    return found


def _rows(lines: Iterable[ReceiptLine]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for each in lines:
        found[each.collection] = found.get(each.collection, 0) + each.rows
    return found
