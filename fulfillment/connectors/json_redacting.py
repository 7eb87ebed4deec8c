"""The person taken out of JSON that others wrote: every other value, number and name of it as it was spelled."""

from collections.abc import Iterator, Sequence

from fulfillment.connectors.json_places import (
    Node,
    name_at,
    replaced_in_text,
    respelled,
    spliced,
    taken_apart,
)
from fulfillment.traces.person import KnownPerson
from fulfillment.traces.redact import Redacted, redact_value


def redacted_json(text: str, person: KnownPerson, *, column: str) -> Redacted:
    """A JSON text without the person. Raises ValueError for what is no JSON."""
    before = taken_apart(text)
    found = redact_value(text, person, column=column, is_proven=True)
    if not found.taken:
        return found
    if before.names is None and not before.is_list and text[before.start] != '"':
        # A number that was somebody's has no words left standing.
        return Redacted("null", found.taken, found.stuck, found.cut)
    try:
        after = taken_apart(found.value)
    except ValueError:
        return Redacted(text, 0, (*found.stuck, column), found.cut)
    apart = spliced(found.value, list(_told_apart(before, text, after, found.value)))
    return Redacted(apart, found.taken, found.stuck, found.cut)


def redacted_inside(
    text: str, paths: Sequence[Sequence[str]], person: KnownPerson, *, column: str
) -> Redacted:
    """The same at some paths only; an empty one means all of it. Raises NoPlace, and ValueError as above."""
    parts: list[Redacted] = []

    def new(piece: str) -> str:
        parts.append(redacted_json(piece, person, column=column))
        return str(parts[-1].value)

    for path in [()] if any(not each for each in paths) else paths:
        text = replaced_in_text(text, path, new)
    return Redacted(
        text,
        sum(each.taken for each in parts),
        tuple(way for each in parts for way in each.stuck),
        tuple(cut for each in parts for cut in each.cut),
    )


def _told_apart(before: Node, old: str, after: Node, new: str) -> Iterator[tuple[int, int, str]]:
    """New names where two of one object have become the same: a reader would take only one of their values."""
    waiting = [(before, after)]
    while waiting:
        was, now = waiting.pop()
        waiting += zip(was.inside, now.inside, strict=False)
        if was.names is None or now.names is None:
            continue
        names = [name_at(new, span) for span in now.names]
        taken = {name for name, span in zip(names, was.names, strict=True) if name == name_at(old, span)}
        for name, span, earlier in zip(names, now.names, was.names, strict=True):
            free = name
            while name != name_at(old, earlier) and free in taken:
                free += "'"
            taken.add(free)
            if free != name:
                yield *span, respelled(new[span[0] : span[1]], name, free)
