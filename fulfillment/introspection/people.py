"""Which tables hold something of a person, and by which references a search gets there without a stranger's rows.

A search starts where a person's own address stands, goes from people to what refers to them, and from a row to its
parts. It never goes through who worked on a row, nor from a shared list back to everybody else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fulfillment.introspection.links import FoundLink, How, Part
from fulfillment.introspection.tables import View
from fulfillment.introspection.wholes import leads_to_whole
from fulfillment.introspection.words import graded_words, same_noun

FROM, TO, BOTH = "from", "to", "both"
# Where so many tables note who made a row, it is the habit of a framework and says nothing of whom it is about.
_HABIT = 0.3
_LEAST = 0.5


@dataclass(frozen=True)
class Addresses:
    """The tables that hold mail addresses, and those of them in which they are the owner's of the row."""

    held: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()


@dataclass
class Walk:
    """What is reached: each table with how, each followed link with its direction, and why others are not."""

    reached: dict[str, str] = field(default_factory=dict)
    followed: dict[FoundLink, str] = field(default_factory=dict)
    # Reached as something a person's row points at: nothing leads on from there.
    ends: set[str] = field(default_factory=set)


def walk(
    views: Mapping[str, View],
    links: Iterable[FoundLink],
    seeds: Iterable[str],
    personal: Mapping[str, int],
    addresses: Addresses,
) -> Walk:
    """Walk from the tables with an identity; `personal` says how many columns of people's data each table has."""
    return _Walker(views, list(links), set(seeds), personal, addresses).walk()


class _Walker:
    def __init__(
        self,
        views: Mapping[str, View],
        links: list[FoundLink],
        seeds: set[str],
        personal: Mapping[str, int],
        addresses: Addresses,
    ) -> None:
        self._views = views
        self._personal = personal
        self._seeds = seeds
        self._addresses = addresses
        usable = [each for each in links if each.confidence >= _LEAST]
        usable = [each for each in usable if not views[each.child].table.kind.is_copy]
        self._typed = [each for each in usable if each.how is How.TYPED]
        usable = [each for each in usable if each.how is not How.TYPED]
        self._by_child: dict[str, list[FoundLink]] = defaultdict(list)
        for link in usable:
            if link.part is not Part.TREE:
                self._by_child[link.child].append(link)
        self._acting = {
            name for name, links in self._by_child.items() if any(each.part is Part.ACTOR for each in links)
        }
        self._noting_who_is_a_habit = len(self._acting) > max(3, _HABIT * len(views))
        self._people = {name for name, view in views.items() if view.is_person or view.is_named_person}
        self._kinds: list[FoundLink] = []
        self._found = Walk(dict.fromkeys(sorted(seeds), "holds an identity"))

    def walk(self) -> Walk:
        self._people_without_address()
        self._what_they_are_a_kind_of()
        while self._to_people() or self._to_parts() or self._to_typed() or self._to_what_is_pointed_at():
            pass
        self._by_whom_alone()
        return self._found

    def _owners(self, name: str) -> list[FoundLink]:
        return [
            each for each in self._by_child[name] if each.parent in self._people and each.part is Part.SUBJECT
        ]

    def _follow(self, link: FoundLink, direction: str, why: str) -> bool:
        """Follow a link; whether that reached a table that was not reached before."""
        new = link.child if direction == FROM else link.parent
        self._found.followed.setdefault(link, direction)
        is_new = new not in self._found.reached
        self._found.reached.setdefault(new, why)
        return is_new

    def _people_without_address(self) -> None:
        """A table of people whose address stands in another one: user_emails leads to users."""
        for name in sorted(self._seeds):
            known = self._addresses.held if name in self._addresses.held else self._seeds
            for link in self._owners(name):
                if link.parent not in known and self._is_of_one(name, link):
                    # One of their addresses leads to the person, and the person to the others.
                    is_many = self._is_detail(name, link) and not self._is_one_each(name, link)
                    self._follow(link, BOTH if is_many else TO, f"{name} points at it")

    def _is_one_each(self, name: str, link: FoundLink) -> bool:
        return any(self._views[name].table.is_unique(column) for column in link.columns)

    def _is_detail(self, name: str, link: FoundLink) -> bool:
        core, parent = self._views[name].core, self._views[link.parent].core
        people = graded_words("tables", "people").find(core)
        others = [each for each in people if each.entry.sure and each.end == len(core)]
        if len(core) <= len(parent):
            return False
        begins = core[: len(parent)][:-1] == parent[:-1] and same_noun(core[len(parent) - 1], parent[-1])
        return begins and not others

    def _is_of_one(self, name: str, link: FoundLink) -> bool:
        """Whether a row says something of the very person it names; user_contacts are others that the user knows."""
        own = name in self._addresses.own
        return own or self._is_detail(name, link) or self._is_one_each(name, link)

    def _what_they_are_a_kind_of(self) -> None:
        """A table whose key is a person's key too, as a party's is: what refers to it refers to the person."""
        for name in sorted(self._people):
            for link in self._by_child[name]:
                own, parent = self._views[name].table, self._views[link.parent].table
                same = (link.columns, link.targets) == (own.primary_key, parent.primary_key)
                if link.how is How.DECLARED and same and len(link.columns) == 1:
                    self._people.add(link.parent)
                    self._kinds.append(link)

    def _to_people(self) -> bool:
        """What refers to a person who is reached."""
        grew = False
        for link in self._kinds:
            if link.child in self._found.reached and link.parent not in self._found.reached:
                grew |= self._follow(link, TO, f"{link.child} is a kind of it")
        for name in self._by_child:
            for link in self._owners(name):
                is_known = link.parent in self._found.reached and link.parent not in self._found.ends
                if is_known and self._found.followed.get(link) not in (TO, BOTH):
                    grew |= self._follow(link, FROM, f"refers to {link.parent}")
        return grew

    def _to_parts(self) -> bool:
        """The parts of a row, where they do not say themselves whose they are."""
        grew = False
        for name, links in self._by_child.items():
            if self._owners(name) or (
                name in self._seeds and self._views[name].policy in ("content", "support")
            ):
                continue
            for link in links:
                is_part = link.parent not in self._people and link.part is Part.SUBJECT
                is_part = is_part and leads_to_whole(link, self._by_child, self._views)
                reached = link.parent in self._found.reached and link.parent not in self._found.ends
                if is_part and reached and not self._views[link.parent].is_machinery:
                    grew |= self._follow(link, FROM, f"is part of {link.parent}")
        return grew

    def _to_typed(self) -> bool:
        """What is fixed by type and id to a person; to something of theirs only where nobody else wrote it.

        A note on my account is about me; one on my order that names its author is the author's.
        """
        grew = False
        for link in self._typed:
            reached = link.parent in self._found.reached and link.parent not in self._found.ends
            says_whose = any(
                each.parent in self._people and not (each.part is Part.ACTOR and self._noting_who_is_a_habit)
                for each in self._by_child[link.child]
            )
            free = link.parent in self._people or not (says_whose or link.child in self._seeds)
            if reached and free and not self._views[link.parent].is_machinery and link.parent != link.child:
                grew |= self._follow(link, FROM, f"is fixed to {link.parent} by its type and id")
        return grew

    def _to_what_is_pointed_at(self) -> bool:
        """An address, an account, a card that a person's row points at and that says nothing of whose it is."""
        grew = False
        for name in list(self._found.reached):
            for link in self._by_child[name] if name not in self._found.ends else ():
                parent = self._views[link.parent]
                holds = parent.is_address or self._personal.get(link.parent, 0) >= 2
                free = link.parent not in self._people and not self._owners(link.parent)
                if holds and free and link.parent not in self._found.reached and not parent.is_machinery:
                    grew |= self._follow(link, TO, f"{name} points at it")
                    self._found.ends.add(link.parent)
                elif link.parent in self._found.ends:
                    self._found.followed.setdefault(link, TO)
        return grew

    def _by_whom_alone(self) -> None:
        """Tables that say nothing but who made a row: it may be theirs, unless every table says it."""
        if self._noting_who_is_a_habit:
            return
        for name in sorted(self._acting - self._found.reached.keys()):
            makers = [each for each in self._by_child[name] if each.part is Part.ACTOR]
            made = [each for each in makers if "creat" in each.columns[0].lower()]
            for link in made if not self._views[name].is_machinery else ():
                if link.parent in self._found.reached:
                    self._follow(link, FROM, f"says nothing but who of {link.parent} made it")
        while self._to_parts():
            pass
