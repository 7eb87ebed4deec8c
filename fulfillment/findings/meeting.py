"""Identities met on the way: what the person's own records say they are known by elsewhere.

Only records that bear an accepted identity themselves are read for it, never what those lead to and never what others
wrote. A key to which another source's map refers is the same person's by that map; anything else a person looks at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fulfillment.connectors.base import Batch, CollectionDone
from fulfillment.connectors.records import value_at
from fulfillment.connectors.rows import parse_json
from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.identities.add import NewIdentity
from fulfillment.identities.errors import UnfitIdentity
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.rules import bears_another_name, checked_identity, is_shared_mailbox, plain_value
from fulfillment.identities.states import Doubt, Found
from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import sources_besides
from requests_app.lifecycle.models import SubjectRequest

# Somebody with more records of their own kind in one place is no single person, and a person looks anyway.
MOST_RECORDS = 50


@dataclass(frozen=True)
class _Place:
    """A field worth reading: the kind of identity it holds, and whether another map refers to it as a key."""

    name: str
    kind: str
    is_key: bool


class Meeting:
    """Reads what one source gives along the way, and remembers of it only identities."""

    def __init__(
        self,
        subject_request: SubjectRequest,
        source: DataSource,
        data_map: DataMap,
        accepted: Iterable[KnownIdentity],
    ) -> None:
        self._request = subject_request
        self._source = source
        self._map = data_map
        self._known = {
            (each.kind, plain_value(each.kind, each.value)): each for each in accepted if not each.is_shared
        }
        self._places = _places(source, data_map)
        self._own: dict[str, list[Mapping[str, Any]]] = {name: [] for name in self._places}

    def take(self, found: Batch | CollectionDone) -> None:
        """Look at a batch; only of collections that hold identities."""
        if not isinstance(found, Batch) or found.collection not in self._own:
            return
        mine = self._own[found.collection]
        for line in found.lines:
            if len(mine) > MOST_RECORDS:
                return
            row = parse_json(line)
            if self._borne(row, self._map.collection(found.collection)):
                mine.append(row)

    def identities(self) -> tuple[NewIdentity, ...]:
        """What was met, each with what speaks against it."""
        return tuple(new for name, rows in self._own.items() for new in self._met(name, rows))

    def _met(self, name: str, rows: list[Mapping[str, Any]]) -> Iterator[NewIdentity]:
        collection = self._map.collection(name)
        for row in rows:
            for place in self._places[name]:
                value = _plain_at(row, place.name)
                new = self._new(collection, row, place, value, is_alone=len(rows) == 1) if value else None
                if new is not None:
                    yield new

    def _new(
        self, collection: Collection, row: Mapping[str, Any], place: _Place, value: str, *, is_alone: bool
    ) -> NewIdentity | None:
        try:
            kind, value = checked_identity(place.kind, value)
        except UnfitIdentity:
            return None
        if (kind, plain_value(kind, value)) in self._known:
            return None
        found = Found.REFERENCE if place.is_key else Found.RECORD
        where = (self._source.key, collection.name, place.name)
        return NewIdentity(kind, value, found, where, self._doubt(collection, row, place, is_alone=is_alone))

    def _doubt(
        self, collection: Collection, row: Mapping[str, Any], place: _Place, *, is_alone: bool
    ) -> Doubt:
        if not place.is_key:
            return Doubt.SELF_SAID
        if not is_alone:
            return Doubt.SEVERAL
        if bears_another_name(_name_in(row, collection), self._request.subject_name):
            return Doubt.OTHER_NAME
        borne = self._borne(row, collection)
        if any(each.kind == "email" and is_shared_mailbox(each.value) for each in borne):
            return Doubt.SHARED_MAILBOX
        return Doubt.NONE

    def _borne(self, row: Mapping[str, Any], collection: Collection) -> list[KnownIdentity]:
        """The accepted identities that a record bears itself."""
        found = []
        for each in collection.every_field():
            kind, value = str(each.identity or ""), _plain_at(row, each.name) if each.identity else ""
            known = self._known.get((kind, plain_value(kind, value))) if value else None
            if known is not None:
                found.append(known)
        return found


def _places(source: DataSource, data_map: DataMap) -> dict[str, list[_Place]]:
    """By collection, the fields that hold identities or that identities of other sources refer to."""
    places: dict[str, list[_Place]] = {}
    for collection in data_map.collections:
        if any(each.identity for each in collection.every_field()):
            places[collection.name] = [
                _Place(each.name, each.identity, is_key=False)
                for each in collection.every_field()
                if each.identity and not each.secret
            ]
    for other in sources_besides(source) if places else ():
        for target, kind in _references_into(data_map, other.map_in_force.data_map):
            found = data_map.find_field(target)
            if found is not None and found[0].name in places:
                is_key = found[0].primary_key == (found[1].name,)
                places[found[0].name].append(_Place(found[1].name, kind, is_key=is_key))
    return places


def _references_into(data_map: DataMap, other: DataMap) -> Iterator[tuple[str, str]]:
    """The fields of a map that another one's identities come from, each with the kind of that identity."""
    for collection in other.collections:
        for each in collection.every_field():
            for reference in each.references if each.identity else ():
                if reference.dataset == data_map.key and reference.direction != "to":
                    yield reference.target, str(each.identity)


def _plain_at(row: Mapping[str, Any], name: str) -> str:
    """A single value; what stands in a list beside others is not said of the one whom the record is about."""
    value = value_at(row, name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _name_in(row: Mapping[str, Any], collection: Collection) -> str:
    """What a record says its person is called, all parts together."""
    parts = (
        value_at(row, each.name)
        for each in collection.every_field()
        if any(name.startswith("user.name") for name in each.categories)
    )
    return " ".join(str(part) for part in parts if isinstance(part, str) and part.strip())
