"""How an index lets a search in: the person's rows are narrowed down by it, and then compared in full.

A narrowing never leaves a row out that the full comparison would take. Where no index allows one, the whole
table is read, and `check` says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, or_

if TYPE_CHECKING:
    from fulfillment.connectors.sql_statement import Target
    from fulfillment.datamaps.traversal import Step


class Entry(StrEnum):
    """What an index of a column is sorted by."""

    # The values as they are: equal values are found, and values of another table joined.
    VALUE = "value"
    # The values, with a blank before every other mark that is seen.
    BLANKS_FIRST = "blanks first"
    # The same, and the letters of ASCII stand together in both cases.
    CASELESS = "caseless"
    # lower(column), a blank before every other mark.
    LOWER = "lower"
    # lower(trim(column)): the very thing that is looked for.
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Sides:
    """A column as indexes may hold it: itself, as it is sorted by the index, and as lower(trim(…))."""

    column: ColumnElement[Any]
    as_sorted: ColumnElement[Any]
    folded: ColumnElement[Any]


def narrowed(
    sides: Sides, entries: frozenset[Entry], spelling: str, *, exactly: bool
) -> ColumnElement[bool] | None:
    """A condition that an index can answer, true of every text that is this spelling; None without one."""
    if Entry.FOLDED in entries:
        return sides.folded == func.lower(spelling)
    if not spelling.isascii():
        return None
    if exactly:
        known = Entry.BLANKS_FIRST in entries
        return _between_blanks(sides.as_sorted, spelling) if known else None
    if Entry.LOWER in entries:
        return _between_blanks(func.lower(sides.column), spelling)
    if Entry.CASELESS in entries:
        return _between_blanks(sides.as_sorted, spelling)
    return None


def _between_blanks(sorted_by: ColumnElement[Any], spelling: str) -> ColumnElement[bool]:
    """The spelling with any number of blanks behind it; and whatever begins with a blank.

    "!" is the mark that follows the blank.
    """
    trailing = and_(sorted_by >= spelling, sorted_by < spelling + "!")
    return or_(trailing, and_(sorted_by > " ", sorted_by < "!"))


def missing_indexes(steps: Sequence["Step"], targets: Mapping[str, "Target"]) -> tuple[str, ...]:
    """A sentence for each column that a search enters by and no index leads into."""
    found: dict[str, None] = {}
    for step in steps:
        target = targets[step.collection]
        for seed in step.seeds:
            if not _entries(target, seed.field) & _of_identity(target, seed.field, seed.kind):
                found[_sentence(target, seed.field, seed.kind)] = None
        for link in step.links:
            own = tuple(name for _, name in link.pairs)
            kind = "email" if any(target.collection.by_name[name].is_email for name in own) else ""
            usable = {Entry.FOLDED} if kind else {Entry.VALUE}
            if not any(_entries(target, name) & usable for name in own):
                found[_sentence(target, own[0], kind)] = None
    return tuple(found)


def _entries(target: "Target", name: str) -> frozenset[Entry]:
    shape = target.shape.columns.get(name)
    return frozenset() if shape is None else shape.entries


def _of_identity(target: "Target", name: str, kind: str) -> set[Entry]:
    """What lets a search by this kind of identity in."""
    if kind == "email":
        return {Entry.FOLDED, Entry.LOWER, Entry.CASELESS}
    shape = target.shape.columns.get(name)
    if shape is None or shape.family != "text":
        return {Entry.VALUE}
    return set() if kind == "phone_number" else {Entry.BLANKS_FIRST, Entry.FOLDED}


def _sentence(target: "Target", name: str, kind: str) -> str:
    place = f"{target.collection.name}.{name}"
    slow = f"No index leads to {place}: each search reads the whole of {target.collection.name}."
    if kind == "phone_number":
        return f"{slow} Its numbers are compared by their digits."
    wanted = f"lower(trim({name}))" if kind == "email" else name
    return f"{slow} One on {wanted} would."
