"""A row that names its owner is the owner's: whom it answers, or who came last, merely stands beside.

A reply holds its author's words. Whoever took it for a row of the person it answers would hand a stranger's words
out, and delete them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from fulfillment.introspection.links import FoundLink, Part
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import plain_words, tokens


def with_bystanders(links: Iterable[FoundLink], views: Mapping[str, View]) -> tuple[FoundLink, ...]:
    """The links, those to somebody who is answered or came last told apart where the row names its owner too."""
    every = tuple(links)
    people = {name for name, view in views.items() if view.is_person or view.is_named_person}
    to_people = [each for each in every if each.part is Part.SUBJECT and each.parent in people]
    owned = {each.child for each in to_people if not _stands_beside(each)}
    beside = {each for each in to_people if each.child in owned and _stands_beside(each)}
    return tuple(replace(each, part=Part.BYSTANDER) if each in beside else each for each in every)


def _stands_beside(link: FoundLink) -> bool:
    names = (tokens(name.rpartition(".")[2]) for name in link.columns)
    return any(plain_words("columns", "bystanders").find(words) for words in names)
