"""Which references lead from a part to its whole, and which only from a row to something that it picks or uses.

An order line is part of its order. A conversation is no part of its last message, and a meeting is no part of the room
that somebody owns: whoever took them for it would hand out everybody's conversations and meetings.
"""

from collections.abc import Mapping, Sequence

from fulfillment.introspection.links import FoundLink, Part
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import tokens, word_set

Links = Mapping[str, Sequence[FoundLink]]


def leads_to_whole(link: FoundLink, links: Links, views: Mapping[str, View]) -> bool:
    """Whether the child of a link is a part of its parent, as far as names and the need for a value say."""
    return not (_picks(link) or _is_pointed_back(link, links, views) or _is_only_used(link, links, views))


def _picks(link: FoundLink) -> bool:
    return any(not word_set("picks").isdisjoint(tokens(name)) for name in link.columns)


def _is_pointed_back(link: FoundLink, links: Links, views: Mapping[str, View]) -> bool:
    """Two tables that refer to each other: the part is the one that cannot be without the other."""
    back = [each for each in links.get(link.parent, ()) if each.parent == link.child]
    return _may_be_empty(link, views) and any(not _may_be_empty(each, views) for each in back)


def _is_only_used(link: FoundLink, links: Links, views: Mapping[str, View]) -> bool:
    """A reference that may be empty, of a row that must say of what else it is part or who made it."""
    others = (each for each in links.get(link.child, ()) if each.parent != link.parent)
    return _may_be_empty(link, views) and any(
        not _may_be_empty(each, views) and _says_more(each, links, views) for each in others
    )


def _says_more(link: FoundLink, links: Links, views: Mapping[str, View]) -> bool:
    """A list that refers to nothing, such as kinds of payment, says nothing of whose a row is."""
    if link.part is Part.ACTOR:
        return True
    return not views[link.parent].is_machinery and bool(links.get(link.parent))


def _may_be_empty(link: FoundLink, views: Mapping[str, View]) -> bool:
    columns = views[link.child].table.by_name
    return any(name not in columns or columns[name].nullable for name in link.columns)
