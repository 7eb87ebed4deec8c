"""Look for a person in a value: every hit with the way to it and a few words around, nothing cut unsaid."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fulfillment.traces.limits import Budget, Limits
from fulfillment.traces.patterns import Match
from fulfillment.traces.person import Identifier, KnownPerson
from fulfillment.traces.text import matches, views
from fulfillment.traces.walk import Place, Walk

AROUND = 80


@dataclass(frozen=True, slots=True)
class Hit:
    """The person in a value.

    `column` is the field of the record, `way` leads on from there (`base64`, `json $.user.email`), `is_whole` says
    that the text holds nothing else than what the person is known by. `words` are those it was found in.
    """

    identifier: Identifier
    column: str
    way: tuple[str, ...] = ()
    decoders: tuple[str, ...] = ()
    is_whole: bool = False
    words: str = field(default="", repr=False)
    key: str = ""


@dataclass(frozen=True)
class Look:
    """Everything found in a value; `cut` names what was not read to its end."""

    hits: tuple[Hit, ...]
    cut: tuple[str, ...] = ()


def look(value: Any, person: KnownPerson, *, column: str = "", limits: Limits | None = None) -> Look:
    """Look for the person in one value; `column` is the name it goes by in its record."""
    hits: list[Hit] = []
    budget = Budget(limits or Limits())

    def visit(text: str, place: Place) -> str:
        hits.extend(_in_text(text, place, person, column))
        return text

    Walk(visit, budget).value(value, Place(key=column))
    return Look(tuple(hits), tuple(budget.cut))


def look_at_record(
    record: Iterable[tuple[str, Any]], person: KnownPerson, *, limits: Limits | None = None
) -> Look:
    """Look for the person in all the fields of a record."""
    looks = [look(value, person, column=column, limits=limits) for column, value in record]
    cut = dict.fromkeys(name for each in looks for name in each.cut)
    return Look(tuple(hit for each in looks for hit in each.hits), tuple(cut))


def _in_text(text: str, place: Place, person: KnownPerson, column: str) -> Iterable[Hit]:
    seen: set[tuple[Identifier, int]] = set()
    for view in views(text):
        found = matches(view.text, person, label=place.key)
        is_whole = bool(found) and _is_all(view.text, found)
        for match in found:
            start = view.raw(match.start, match.end)[0]
            if (match.identifier, start) in seen:
                continue
            seen.add((match.identifier, start))
            yield Hit(
                match.identifier,
                column,
                place.way,
                (*place.decoders, view.name) if view.name else place.decoders,
                is_whole,
                _around(view.text, match),
                place.key,
            )


def _is_all(text: str, found: list[Match]) -> bool:
    """Whether nothing but marks is left beside what was found, as in `Ann Lee <ann@example.org>`."""
    last = 0
    for match in found:
        if any(letter.isalnum() for letter in text[last : match.start]):
            return False
        last = max(last, match.end)
    return not any(letter.isalnum() for letter in text[last:])


def _around(text: str, match: Match) -> str:
    """The words around, cut between words."""
    start, end = max(0, match.start - AROUND), min(len(text), match.end + AROUND)
    head = text[start : match.start] if start == 0 else text[start : match.start].partition(" ")[2]
    tail = text[match.end : end] if end == len(text) else text[match.end : end].rpartition(" ")[0]
    return (
        f"{'…' if start else ''}{head}{text[match.start : match.end]}{tail}{'…' if end < len(text) else ''}"
    )
