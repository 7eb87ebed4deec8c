"""Take the words that identify a person out of a value; everybody else's words stay, and so does its shape."""

from dataclasses import dataclass
from typing import Any

from fulfillment.traces.judge import is_proven
from fulfillment.traces.limits import Budget, Limits
from fulfillment.traces.look import look
from fulfillment.traces.name_parts import parts_of_names
from fulfillment.traces.patterns import Match
from fulfillment.traces.person import KnownPerson
from fulfillment.traces.text import View, matches, views
from fulfillment.traces.walk import Place, Walk

REMOVED = "[removed]"


@dataclass(frozen=True)
class Redacted:
    """A value without the person.

    `taken` counts the texts within it that something was taken out of. `stuck` are the ways to what had to stay,
    because a signature would break or the packing cannot be written; `cut` names what was not read to its end. Only
    with both empty is it whole.
    """

    value: Any
    taken: int
    stuck: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the person can be left."""
        return not self.stuck and not self.cut


def redact(text: str, person: KnownPerson, *, is_proven: bool | None = None, removed: str = REMOVED) -> str:
    """The text without the person; what could not be taken out is not told, for that see `redact_value`."""
    return str(redact_value(text, person, is_proven=is_proven, removed=removed).value)


def redact_value(
    value: Any,
    person: KnownPerson,
    *,
    column: str = "",
    is_proven: bool | None = None,
    removed: str = REMOVED,
    limits: Limits | None = None,
) -> Redacted:
    """A value of a source without the person: text, bytes, or JSON as objects. Doing it again changes nothing.

    Names are taken out only where this person is meant: `is_proven` says so of the record, otherwise the value must
    hold a proof itself. Without one it stays as it is, for it is a namesake's.
    """
    proven = _proves(value, person, column, limits) if is_proven is None else is_proven
    if not proven:
        return Redacted(value, 0)
    eraser = _Eraser(person, removed)
    budget = Budget(limits or Limits())
    walk = Walk(eraser.visit, budget)
    written = walk.value(value, Place(key=column))
    stuck = tuple(" › ".join(place.way) for place in walk.stuck)
    return Redacted(written, walk.changed, stuck, tuple(budget.cut))


def _proves(value: Any, person: KnownPerson, column: str, limits: Limits | None) -> bool:
    return is_proven(look(value, person, column=column, limits=limits).hits)


class _Eraser:
    def __init__(self, person: KnownPerson, removed: str) -> None:
        self._person = person
        self._removed = removed

    def visit(self, text: str, place: Place) -> str:
        for name in sorted((view.name for view in views(text)), reverse=True):
            # Read anew each time: what was taken out before has moved the places. As it stands comes last.
            for view in views(text):
                if view.name == name:
                    text = self._without(text, view, place)
        return text

    def _without(self, text: str, view: View, place: Place) -> str:
        found = matches(view.text, self._person, label=place.key)
        found += parts_of_names(view.text, self._person)
        encoded = view.encode(self._removed)
        for start, end in reversed(_apart(found)):
            first, last = view.raw(start, end)
            text = text[:first] + encoded + text[last:]
        return text


def _apart(found: list[Match]) -> list[tuple[int, int]]:
    """The stretches, those that touch or overlap as one."""
    joined: list[tuple[int, int]] = []
    for match in sorted(found, key=lambda each: each.start):
        if joined and match.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], match.end))
        else:
            joined.append((match.start, match.end))
    return joined
