"""A proposal beside the map in force: what came, what differs, what is gone, and what is left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from fulfillment.datamaps.additions import Proposed
from fulfillment.datamaps.datamap import Collection, DataField, DataMap, Reference

# A guess must be surer to doubt what somebody wrote than to fill what nobody did.
_DOUBTS_NOTHING, _DOUBTS_A_WORD = 0.75, 0.95
ACCEPTED_FROM = 0.7


class Kind(StrEnum):
    """What happened to a column or a table, seen from the map in force."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the diff; `field` is empty where it concerns the table as a whole."""

    kind: Kind
    collection: str
    field: str = ""
    type_name: str = ""
    category: str = ""
    was: str = ""
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    # Whether it lies inside a JSON column.
    is_inside: bool = False

    @property
    def percent(self) -> int | None:
        """How sure it is, in percent."""
        return None if self.confidence is None else round(100 * self.confidence)

    @property
    def is_accepted_by_default(self) -> bool:
        """Whether a reader finds it ticked: what goes is never so, nor a doubtful word for what is a person's."""
        is_sure = (self.confidence or 0) >= ACCEPTED_FROM or not self.category.startswith("user.")
        return self.kind in (Kind.ADDED, Kind.CHANGED) and is_sure

    @property
    def takes_category(self) -> bool:
        """Whether a category can be given with it."""
        return self.kind in (Kind.ADDED, Kind.CHANGED) and bool(self.field)


@dataclass(frozen=True)
class TableChanges:
    """The changes of one table."""

    name: str
    is_new: bool
    is_gone: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """All of them, and how many columns are the same."""

    tables: tuple[TableChanges, ...]
    left_out: tuple[Change, ...]
    same: int

    @cached_property
    def every(self) -> tuple[Change, ...]:
        """Each change once, in the order of the pages."""
        return (*(each for table in self.tables for each in table.changes), *self.left_out)

    def count(self, kind: Kind) -> int:
        """How many there are of a kind."""
        return sum(each.kind is kind for each in self.every)


def compare(proposal: DataMap, in_force: DataMap) -> Comparison:
    """The differences between what a look proposes and the map in force."""
    tables = [each for each in _tables(proposal, in_force) if each.changes]
    known = in_force.by_name.keys() | in_force.unmapped.keys()
    left = [
        Change(Kind.LEFT_OUT, name, reasons=(reason,))
        for name, reason in proposal.unmapped.items()
        if name not in known
    ]
    columns = sum(len(each.fields) for each in in_force.collections)
    touched = sum(
        each.kind is not Kind.ADDED and not each.is_inside for table in tables for each in table.changes
    )
    return Comparison(tuple(tables), tuple(left), max(columns - touched, 0))


def _tables(proposal: DataMap, in_force: DataMap) -> Iterator[TableChanges]:
    for collection in proposal.collections:
        held = in_force.by_name.get(collection.name)
        if held is not None:
            yield TableChanges(collection.name, False, False, tuple(_columns(collection, held, in_force)))
        elif collection.name not in in_force.unmapped:
            added = tuple(_added(collection.name, each, top) for top, each in _lines_of(collection))
            yield TableChanges(collection.name, True, False, added)
    for held in in_force.collections:
        if held.name not in proposal.by_name and held.name not in proposal.unmapped:
            gone = Change(Kind.GONE, held.name, reasons=("The table is not there any more.",))
            yield TableChanges(held.name, False, True, (gone,))


def _columns(found: Collection, held: Collection, in_force: DataMap) -> Iterator[Change]:
    live = {each.name for each in found.fields}
    for top, field in _lines_of(found):
        unmapped = {f"{found.name}.{name}" for name in (top, field.name)} & in_force.unmapped.keys()
        if field.name in held.by_name:
            yield from _changed(found.name, field, held.by_name[field.name], top)
        elif not unmapped:
            yield _added(found.name, field, top)
    # What a sample does not show inside a JSON column may stand in other rows: only whole columns are ever gone.
    for field in held.fields:
        if field.name not in live:
            was = ", ".join(field.categories)
            reasons = ("The column is not there any more.",)
            yield Change(Kind.GONE, found.name, field.name, field.type_name or "", was=was, reasons=reasons)


def _lines_of(found: Collection) -> Iterator[tuple[str, DataField]]:
    """Each column, and each value inside a JSON column, with the name of its column."""
    for top in found.fields:
        yield top.name, top
        waiting = list(reversed(top.fields))
        while waiting:
            field = waiting.pop()
            waiting.extend(reversed(field.fields))
            if not field.fields:
                yield top.name, field


def _added(collection: str, field: DataField, top: str) -> Change:
    guess = _own_category(field)
    sure = [each.confidence for each in field.proposed if not each.kept_out]
    return Change(
        Kind.ADDED,
        collection,
        field.name,
        field.type_name or "",
        category=guess.value if guess else "",
        # Nothing was guessed: the column is taken into the map as one that holds nothing of a person.
        confidence=max(sure) if sure else ACCEPTED_FROM,
        reasons=tuple(each.why for each in field.proposed),
        marks=tuple(_marks(field)),
        is_inside=field.name != top,
    )


def _changed(collection: str, field: DataField, held: DataField, top: str) -> Iterator[Change]:
    guess = _own_category(field)
    differs = guess is not None and not held.secret and _doubts(guess, held)
    found_secret = field.secret and not held.secret
    other_type = bool(held.type_name and field.type_name and held.type_name != field.type_name)
    if not (differs or found_secret or other_type):
        return
    reasons = [each.why for each in field.proposed if each.what in ("category", "secret")]
    if other_type:
        reasons.insert(0, f"The type was {held.type_name}.")
    sure = [each.confidence for each in field.proposed if each.what in ("category", "secret")]
    yield Change(
        Kind.CHANGED,
        collection,
        field.name,
        field.type_name or "",
        category=guess.value if guess and differs else ", ".join(held.categories),
        was=", ".join(held.categories),
        confidence=max(sure, default=ACCEPTED_FROM),
        reasons=tuple(reasons),
        marks=("secret",) if found_secret else (),
        is_inside=field.name != top,
    )


def _own_category(field: DataField) -> Proposed | None:
    """The category guessed for this very column, not what its table is about."""
    found = [each for each in field.proposed if each.what == "category" and not each.kept_out]
    return found[0] if found and found[0].confidence >= 0.5 else None


def _doubts(guess: Proposed, held: DataField) -> bool:
    if not guess.value.startswith("user."):
        return False
    written = [each for each in held.categories if not each.startswith("system")]
    if not written:
        return guess.confidence >= _DOUBTS_NOTHING
    related = any(each.startswith(guess.value) or guess.value.startswith(each) for each in written)
    return not related and guess.confidence >= _DOUBTS_A_WORD


def _marks(field: DataField) -> Iterator[str]:
    """What else it is: a key, a secret, by what a person is found, where it points."""
    if field.primary_key:
        yield "key"
    if field.secret:
        yield "secret"
    if field.identity:
        yield f"identity: {field.identity}"
    ways: dict[str, set[object]] = {}
    for each in field.references:
        ways.setdefault(f"to {each.target}{_beside(each)}", set()).add(each.direction)
    yield from (f"{way}, there and back" if len(found) > 1 else way for way, found in ways.items())


def _beside(reference: Reference) -> str:
    """What must stand beside a reference for it to hold."""
    return "".join(f" where {name} is {' or '.join(values)}" for name, values in reference.when)
