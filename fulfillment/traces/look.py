"""Look for a person in a value: every hit with the way to it and a few words around, nothing cut unsaid."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fulfillment.traces.excerpt import words_about
from fulfillment.traces.limits import Budget, Limits
from fulfillment.traces.patterns import Match
from fulfillment.traces.person import Identifier, KnownPerson
from fulfillment.traces.text import matches, views
from fulfillment.traces.walk import Place, Walk


@dataclass(frozen=True, slots=True)
class Hit:
    """The person in a value.

    `column` is the field of the record, `way` leads on from there (`base64`, `json $.user.email`), `is_whole` says
    that the text holds nothing else than what the person is known by. `words` are the sentence it was found in.
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
                words_about(view.text, match, found),
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
