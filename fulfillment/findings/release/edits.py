"""Changes of one record: values dropped, values and words replaced by a mark; the rest stays as it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fulfillment.findings.release.places import NAME, Place

# Says in words of the person what was covered, by its kind.
Mark = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: of the characters from `start` to `end`, or of the whole value, which may be dropped instead.

    `shows_rest` says that nobody is to be kept from what is not covered, be it of a number.
    """

    place: Place
    kind: str
    reason_code: str
    start: int | None = None
    end: int | None = None
    is_dropped: bool = False
    shows_rest: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the whole value is meant."""
        return self.end is None

    def meets(self, other: "Edit") -> bool:
        """Whether both mean some of the same characters."""
        if self.is_whole or other.is_whole:
            shorter = min(len(self.place), len(other.place))
            return self.place[:shorter] == other.place[:shorter]
        if self.place != other.place:
            return False
        return (self.start or 0) < (other.end or 0) and (other.start or 0) < (self.end or 0)


def edited(record: dict[str, Any], edits: Iterable[Edit], mark: Mark) -> tuple[dict[str, Any], list[Edit]]:
    """The record without what the edits take out, and those of them that took something out."""
    by_place: dict[Place, list[Edit]] = {}
    for edit in edits:
        by_place.setdefault(edit.place, []).append(edit)
    work = _Work(by_place, mark)
    return work.members(record, ()), work.done


class _Work:
    def __init__(self, by_place: dict[Place, list[Edit]], mark: Mark) -> None:
        self._by_place, self._mark = by_place, mark
        # Places on the way to an edit: whatever lies elsewhere is passed on untouched.
        self._ways = {place[:depth] for place in by_place for depth in range(len(place) + 1)}
        self.done: list[Edit] = []

    def members(self, value: dict[str, Any], place: Place) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for number, (name, each) in enumerate(value.items()):
            here = (*place, number)
            if here not in self._ways:
                kept[name] = each
                continue
            if self._is_dropped(here):
                continue
            kept[self._name(name, here, kept)] = self._value(each, here)
        return kept

    def _value(self, value: Any, place: Place) -> Any:
        here = self._by_place.get(place, [])
        whole = next((each for each in here if each.is_whole), None)
        if whole is not None:
            self.done.append(whole)
            return self._mark(whole.kind)
        if isinstance(value, dict):
            return self.members(value, place)
        if isinstance(value, list):
            return [
                self._value(each, (*place, number)) if (*place, number) in self._ways else each
                for number, each in enumerate(value)
                if not self._is_dropped((*place, number))
            ]
        return self._without(value, here) if here else value

    def _name(self, name: str, place: Place, taken: dict[str, Any]) -> str:
        here = self._by_place.get((*place, NAME), [])
        if not here:
            return name
        whole = next((each for each in here if each.is_whole), None)
        if whole is not None:
            self.done.append(whole)
        plain = self._mark(whole.kind) if whole is not None else str(self._without(name, here))
        found, number = plain, 2
        while found in taken:
            found, number = f"{plain} {number}", number + 1
        return found

    def _is_dropped(self, place: Place) -> bool:
        dropped = next((each for each in self._by_place.get(place, ()) if each.is_dropped), None)
        if dropped is not None:
            self.done.append(dropped)
        return dropped is not None

    def _without(self, value: Any, edits: list[Edit]) -> Any:
        """Words in a text; a number in which some digits are meant is covered whole, unless its end may be seen."""
        if isinstance(value, int) and all(each.shows_rest for each in edits):
            value = str(value)
        if not isinstance(value, str):
            self.done.append(edits[0])
            return self._mark(edits[0].kind)
        for edit in reversed(_apart(edits, len(value))):
            self.done.append(edit)
            value = f"{value[: edit.start]}{self._mark(edit.kind)}{value[edit.end :]}"
        return value


def _apart(edits: list[Edit], length: int) -> list[Edit]:
    """The stretches in their order, those that touch one another as one; none reaches beyond the text."""
    joined: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start or 0, each.end or 0)):
        start, end = min(edit.start or 0, length), min(edit.end or 0, length)
        if joined and start < (joined[-1].end or 0):
            last = joined.pop()
            end = max(last.end or 0, end)
            joined.append(Edit(last.place, last.kind, last.reason_code, last.start, end))
        elif start < end:
            joined.append(Edit(edit.place, edit.kind, edit.reason_code, start, end))
    return joined
