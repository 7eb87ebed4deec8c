"""Records as the review shows them: value by value, with what is covered, masked, or suggested."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fulfillment.datamaps.datamap import Collection
from fulfillment.findings.release.edits import Edit
from fulfillment.findings.release.places import NAME, Leaf, as_text, leaves_of, read_record
from fulfillment.findings.release.plan import Plan

NOTHING = "–"
COVERED, SUGGESTED = "covered", "suggested"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of a value that wait for an answer, `start` to `end` or the whole value: of what kind, and why."""

    key: UUID
    place: str
    start: int | None
    end: int | None
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """The same with its words, for the one who answers."""

    key: UUID
    kind: str
    why: str
    label: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a value's text, and what is with it."""

    text: str = field(repr=False)
    state: str = ""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One single value; `place` names it in decisions."""

    label: str
    place: str
    pieces: tuple[Piece, ...]
    is_masked: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record, and why it stays out when it does."""

    number: int
    values: tuple[ShownValue, ...]
    withheld_for: str = ""
    is_kept: bool = False
    suggestions: tuple[ShownSuggestion, ...] = ()

    @property
    def is_touched(self) -> bool:
        """Whether something in it is covered, or waits for an answer."""
        return any(piece.state for value in self.values for piece in value.pieces)


@dataclass(frozen=True)
class Look:
    """How records are looked at: by which map, under which decisions, with which values shown."""

    collection: Collection
    plan: Plan
    masked: frozenset[str] = frozenset()
    revealed: frozenset[int] = frozenset()
    suggested: Mapping[int, Sequence[Stretch]] = field(default_factory=dict)

    def at(self, number: int, line: bytes) -> ShownRecord:
        """One record."""
        record = read_record(line)
        reason = self.plan.withheld.get(number, "") or self.plan.reason_to_withhold(number, record)
        edits = [] if reason else self.plan.edits(number, record)
        stretches = self.suggested.get(number, ())
        values = tuple(
            self._value(leaf, edits, stretches, is_shown=number in self.revealed)
            for leaf in leaves_of(record)
            if leaf.place[-1] != NAME or _is_touched(leaf, edits, stretches)
        )
        offered = () if reason else tuple(_offered(values, stretches))
        return ShownRecord(number, values, reason, number in self.plan.kept, offered)

    def _value(
        self, leaf: Leaf, edits: Sequence[Edit], stretches: Sequence[Stretch], *, is_shown: bool
    ) -> ShownValue:
        is_masked = not is_shown and any(
            leaf.path == each or leaf.path.startswith(f"{each}.") for each in self.masked
        )
        text, place = in_words(leaf.value), as_text(leaf.place)
        covered = [_span(each, text) for each in edits if _covers(each, leaf)]
        waiting = [
            (each.start or 0, len(text) if each.end is None else each.end)
            for each in stretches
            if each.place == place
        ]
        has_value = leaf.value is not None and leaf.value != ""
        pieces = (Piece("•" * 8),) if is_masked and has_value else _pieces(text, covered, waiting)
        label = self._label(leaf)
        return ShownValue(
            label, place, pieces, is_masked and has_value, isinstance(leaf.value, str) and has_value
        )

    def _label(self, leaf: Leaf) -> str:
        """The label of the map, and where inside of it the value lies."""
        way, names = leaf.path.split("."), self.collection.by_name
        for cut in range(len(way), 0, -1):
            found = names.get(".".join(way[:cut]))
            if found is not None:
                inner = [found.label, *way[cut:]]
                break
        else:
            inner = way
        numbers = [str(number + 1) for number in leaf.place[1:] if number != NAME]
        place = f" ({'.'.join(numbers)})" if numbers else ""
        name = f" {_('name')}" if leaf.place[-1] == NAME else ""
        return " › ".join(inner) + place + name


def in_words(value: Any) -> str:
    """A single value as text; that of a text is the text, so that places in it are places in the value."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _offered(values: Sequence[ShownValue], stretches: Sequence[Stretch]) -> Iterator[ShownSuggestion]:
    """What waits for an answer, with its words unless they are masked or covered already."""
    by_place = {each.place: each for each in values}
    for each in stretches:
        value = by_place.get(each.place)
        if value is None:
            continue
        text = "".join(piece.text for piece in value.pieces)
        words = (
            text if value.is_masked else text[each.start or 0 : len(text) if each.end is None else each.end]
        )
        yield ShownSuggestion(each.key, each.kind, each.why, value.label, words)


def _covers(edit: Edit, leaf: Leaf) -> bool:
    if edit.place == leaf.place:
        return True
    return edit.is_whole and edit.place == leaf.place[: len(edit.place)]


def _is_touched(leaf: Leaf, edits: Sequence[Edit], stretches: Sequence[Stretch]) -> bool:
    place = as_text(leaf.place)
    return any(_covers(each, leaf) for each in edits) or any(each.place == place for each in stretches)


def _span(edit: Edit, text: str) -> tuple[int, int]:
    return (0, len(text)) if edit.is_whole else (edit.start or 0, edit.end or 0)


def _pieces(
    text: str, covered: Sequence[tuple[int, int]], waiting: Sequence[tuple[int, int]]
) -> tuple[Piece, ...]:
    cuts = sorted({0, len(text), *(min(at, len(text)) for span in (*covered, *waiting) for at in span)})
    pieces = []
    for start, end in pairwise(cuts):
        is_covered = any(first <= start and end <= last for first, last in covered)
        is_waiting = any(first <= start and end <= last for first, last in waiting)
        pieces.append(Piece(text[start:end], COVERED if is_covered else SUGGESTED if is_waiting else ""))
    return tuple(pieces)
