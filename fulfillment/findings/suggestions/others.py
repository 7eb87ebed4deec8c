"""What in one record identifies somebody else: in its texts, in what lies inside it, and in fields for identities."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fulfillment.datamaps.datamap import Collection, DataField
from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.release.edits import Edit
from fulfillment.findings.release.places import NAME, Leaf, Place, leaves_of
from fulfillment.findings.suggestions.caseless import caseless_names
from fulfillment.findings.suggestions.found import Found, Why
from fulfillment.findings.suggestions.names import names_in
from fulfillment.findings.suggestions.own import Own
from fulfillment.findings.suggestions.people import People
from fulfillment.findings.suggestions.texts import identifiers_in, names_beside
from fulfillment.traces.person import Form, Identifier

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?\Z")
_KIND_OF = {Form.EMAIL: Kind.EMAIL, Form.PHONE: Kind.PHONE, Form.IBAN: Kind.IBAN}
SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a record that may be somebody else's; without an end, the whole value."""

    place: Place
    kind: str
    why: str
    start: int | None = None
    end: int | None = None


class Others:
    """Looks through records of one collection for everybody but the person."""

    def __init__(self, own: Own, collection: Collection, region: str, people: People | None = None) -> None:
        self._own, self._region, self._people = own, region, people or People()
        self._fields = collection.by_name
        self._identities = {each.name for each in collection.every_field() if each.identity}

    def edits(self, record: dict[str, Any]) -> Iterable[Edit]:
        """The spots as edits without a reason, for a rule."""
        return (Edit(each.place, each.kind, "", each.start, each.end) for each in self.spots(record))

    def spots(self, record: dict[str, Any]) -> list[Spot]:
        """What identifies other people, each place once."""
        leaves = list(leaves_of(record))
        is_own = self._is_own(leaves)
        found: dict[tuple[Place, int | None], Spot] = {}
        for leaf in leaves:
            for spot in self._in_leaf(leaf, is_own=is_own):
                found.setdefault((spot.place, spot.start), spot)
        beside = {place[:-1] for place, _start in found if len(place) > 1}
        for leaf in leaves if beside else ():
            if len(leaf.place) > 1 and leaf.place[:-1] in beside and self._is_name_inside(leaf):
                found.setdefault((leaf.place, None), Spot(leaf.place, Kind.NAME, Why.SIGNED))
        return list(found.values())

    @property
    def names_people(self) -> bool:
        """Whether the collection has fields that say who somebody is."""
        return any(_says_who(each) for each in self._fields.values())

    def named(self, record: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Whom else a record names in fields for it: full names, and numbers long enough to mean one person."""
        leaves = list(leaves_of(record))
        is_own = self._is_own(leaves)
        for leaf in leaves:
            mapped = self._fields.get(leaf.path) if leaf.place[-1] != NAME else None
            if mapped is None or leaf.value in (None, "") or (is_own and len(leaf.place) == 1):
                continue
            whole, value = self._whole(leaf, mapped), str(leaf.value)
            if whole is None or whole.kind not in (Kind.NAME, Kind.IDENTITY):
                continue
            if whole.kind == Kind.NAME or not Identifier(str(mapped.identity), value).needs_label:
                yield whole.kind, value

    def _is_own(self, leaves: Iterable[Leaf]) -> bool:
        """Whether the record is the person's own, by an identity of theirs that it bears outside of any list."""
        return any(
            len(leaf.place) == 1
            and leaf.path in self._identities
            and leaf.value is not None
            and self._own.bears(str(self._fields[leaf.path].identity), str(leaf.value))
            for leaf in leaves
        )

    def _in_leaf(self, leaf: Leaf, *, is_own: bool) -> Iterator[Spot]:
        mapped = self._fields.get(leaf.path) if leaf.place[-1] != NAME else None
        # What the person's own record says of them at its top is theirs.
        is_theirs = is_own and len(leaf.place) == 1
        if mapped is not None and leaf.value not in (None, ""):
            if is_theirs and _says_who(mapped):
                return
            whole = self._whole(leaf, mapped)
            if whole is not None:
                yield whole
                return
        if isinstance(leaf.value, str) and len(leaf.value) >= SHORTEST and not _MOMENT.match(leaf.value):
            yield from self._in_text(leaf)

    def _whole(self, leaf: Leaf, mapped: DataField) -> Spot | None:
        """A field for identities or names that holds somebody else's."""
        value = str(leaf.value)
        if mapped.identity:
            form = Identifier(mapped.identity, value).form
            is_known = form in _KIND_OF or bool(self._own.others.get(mapped.identity))
            if not is_known or self._own.bears(mapped.identity, value):
                return None
            if form is Form.EMAIL and self._own.has(Found(Kind.EMAIL, "", 0, len(value)), value):
                return None
            return Spot(leaf.place, _KIND_OF.get(form, Kind.IDENTITY), Why.MAPPED)
        is_name = any(each == "user.name" or each.startswith("user.name.") for each in mapped.categories)
        if is_name and isinstance(leaf.value, str) and not self._own.is_own_name(value):
            # A single word may be a company, a role or a part of any name.
            return Spot(leaf.place, Kind.NAME, Why.SIGNED) if len(value.split()) > 1 else None
        return None

    def _in_text(self, leaf: Leaf) -> Iterator[Spot]:
        text = str(leaf.value)
        taken: list[Found] = []
        for each in self._said_in(text):
            if each.kind == Kind.NAME and self._own.is_own_name(text[each.start : each.end]):
                continue
            beneath = [one for one in taken if each.start < one.end and one.start < each.end]
            if all(_is_part(one, each) for one in beneath):
                taken = [one for one in taken if one not in beneath] + [each]
        for each in taken:
            yield Spot(leaf.place, each.kind, each.why, each.start, each.end)

    def _said_in(self, text: str) -> Iterator[Found]:
        """What of somebody else stands in a text, the best evidence first."""
        strangers = [each for each in identifiers_in(text, self._region) if not self._own.has(each, text)]
        yield from strangers
        for each in strangers:
            yield from names_beside(text, each.start, each.end)
        if not self._people.is_nobody:
            yield from self._people.named_in(text)
        yield from names_in(text)
        yield from caseless_names(text)

    def _is_name_inside(self, leaf: Leaf) -> bool:
        last = leaf.path.rpartition(".")[2].lower()
        is_text = isinstance(leaf.value, str) and leaf.place[-1] != NAME and len(leaf.value) > 1
        return is_text and "name" in last and not self._own.is_own_name(leaf.value)


def _is_part(one: Found, whole: Found) -> bool:
    """Whether a name is a part of another one: a given name that is known leaves no family name uncovered."""
    is_inside = whole.start <= one.start and one.end <= whole.end
    return one.kind == whole.kind == Kind.NAME and is_inside and one.end - one.start < whole.end - whole.start


def _says_who(mapped: DataField) -> bool:
    return bool(mapped.identity) or any(
        each.startswith(("user.name", "user.contact")) for each in mapped.categories
    )
