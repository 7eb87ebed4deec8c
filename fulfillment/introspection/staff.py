"""A row that names a customer and who served them is the customer's: who served them merely worked on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fulfillment.introspection.links import FoundLink, Part
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import plain_words

# What is written of employees' own work may name a customer as well.
_OF_THEIR_WORK = "enterprise"


def served_by(links: Iterable[FoundLink], views: Mapping[str, View]) -> tuple[FoundLink, ...]:
    """The links, those to staff told apart as saying who worked on the row of somebody else."""
    every = tuple(links)
    staff = {name for name, view in views.items() if _ends_in_staff(view)}
    people = {name for name, view in views.items() if view.is_person or view.is_named_person} - staff
    named: dict[str, set[str]] = defaultdict(set)
    for link in every:
        if link.part is Part.SUBJECT:
            named[link.child].add(link.parent)
    of_others = {
        child
        for child, parents in named.items()
        if views[child].policy != _OF_THEIR_WORK and (child in people or people & parents)
    }
    return tuple(
        replace(each, part=Part.ACTOR)
        if each.part is Part.SUBJECT and each.parent in staff and each.child in of_others
        else each
        for each in every
    )


def _ends_in_staff(view: View) -> bool:
    found = plain_words("tables", "staff").find(view.core)
    return bool(found) and found[-1].end == len(view.core)
