"""What an order means in an API: the records that would change, with the call for each, and what stays."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from fulfillment.connectors.api_filling import Filling, owner_of
from fulfillment.connectors.api_reading import walk
from fulfillment.connectors.changing import ChangeOrder, Hold, How, Kept, Operation, not_found_on_hold
from fulfillment.connectors.http import ApiClient
from fulfillment.connectors.leaning import LEANS, leaned_on
from fulfillment.connectors.records import RecordReader, value_at
from fulfillment.datamaps.api_changes import Correcting, EndpointChanges, Verb
from fulfillment.datamaps.datamap import Collection, DataMap

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """One record, or one field of it, and the call that changes it; without a verb it goes with another."""

    collection: str
    verb: Verb | None
    filling: Filling = field(repr=False)
    purpose: str = ""

    @property
    def id(self) -> str:
        """A name of it that is the same at every attempt and tells nothing of the record."""
        text = json.dumps([self.collection, self.purpose, sorted(self.filling.items())])
        return sha256(text.encode()).hexdigest()[:24]


@dataclass
class Found:
    """What a look at the source gave."""

    targets: list[Target] = field(default_factory=list)
    carried: list[Target] = field(default_factory=list)
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    problems: dict[str, None] = field(default_factory=dict)
    by_hand: dict[str, str] = field(default_factory=dict)
    held: list[Hold] = field(default_factory=list)
    # Collections of which something stays, whatever for.
    staying: set[str] = field(default_factory=set)

    def keep(self, collection: str, why: str, hold: Hold | None = None) -> None:
        """Count one more row that stays."""
        self.staying.add(collection)
        rows = self.kept[collection, why].rows if (collection, why) in self.kept else 0
        self.kept[collection, why] = Kept(collection, rows + 1, why, hold.until if hold else None)


HOW = {"delete": How.DELETE, "mask": How.MASK}


@dataclass(frozen=True)
class Search:
    """Looks for the targets of an order."""

    order: ChangeOrder
    data_map: DataMap
    constants: Filling

    def found(self, client: ApiClient) -> Found:
        """All targets, children before parents when they go. Raises ConnectorError."""
        found = Found()
        for reading in walk(self.data_map, self.order.query, self.constants):
            collection = reading.collection
            reader = RecordReader(collection, self.data_map.label)
            for filling, rows in reading.pages(client, reader):
                for row in rows:
                    if reader.line(row) is not None:
                        self._judge(found, collection, row, {**self.constants, **filling})
        found.targets = [each for each in found.targets if self.order.wants(each.collection, each.id)]
        if self.order.operation is Operation.ERASE:
            found.targets.reverse()
            self._leave_what_others_rest_on(found)
            self._refuse_what_would_go_along(found)
        self._refuse_what_is_missing(found)
        return found

    def how(self, collection: str) -> How:
        """What becomes of the rows of a collection."""
        erase = self.data_map.collection(collection).changes.erase
        return HOW.get(erase or "", How.SET) if self.order.operation is Operation.ERASE else How.SET

    def _judge(self, found: Found, collection: Collection, row: Row, filling: Filling) -> None:
        name = collection.name
        changes = self._changes(name)
        asked = name in self.order.collections
        hold = self._hold(name, row)
        erasing = self.order.operation is Operation.ERASE
        if erasing and changes.goes_with is not None:
            if hold is not None or not asked or collection.changes.erase == "keep":
                found.problems[
                    f"Erasing {changes.goes_with} would take {name} along, of which something must stay."
                ] = None
            found.carried.append(Target(name, None, self._own(collection, row, filling)))
        elif not asked:
            found.staying.add(name)
        elif hold is not None:
            found.keep(name, hold.why, hold)
            found.held += [hold] if hold.key else []
        elif erasing and collection.changes.erase == "keep":
            found.keep(name, collection.retention.rule if collection.retention else "The map keeps it.")
        else:
            self._aim(found, collection, row, filling)

    def _aim(self, found: Found, collection: Collection, row: Row, filling: Filling) -> None:
        name = collection.name
        if cannot := self._cannot(collection):
            found.by_hand[name] = cannot
            found.staying.add(name)
        verbs = [] if self._is_unsaid(collection) else list(self._verbs(collection, row))
        for verb, more, purpose in verbs:
            filled = {**filling, **more}
            missing = self._fill(verb, collection, row, filled)
            if missing:
                found.problems[f"{name} has a record without {missing}, which its change is made by."] = None
            else:
                found.targets.append(
                    Target(name, verb, {each: filled[each] for each in _blanks(verb)}, purpose)
                )

    def _is_unsaid(self, collection: Collection) -> bool:
        """Whether the map leaves open what becomes of these rows; then no call is made, whatever there is."""
        return self.order.operation is Operation.ERASE and collection.changes.erase is None

    def _cannot(self, collection: Collection) -> str:
        """Why a person has to change some or all of a collection; nothing when the map names calls for it all."""
        changes, operation = self._changes(collection.name), self.order.operation
        if operation is Operation.CORRECT:
            able = changes.correct.fields if changes.correct else ()
            asked = (each.name for each in self.order.corrections if each.collection == collection.name)
            missing = ", ".join(dict.fromkeys(name for name in asked if name not in able))
        elif operation is Operation.SUPPRESS:
            missing = ", ".join(each for each in self.order.purposes if each not in changes.suppress)
        else:
            unsaid = _single_verb(changes, operation) is None or self._is_unsaid(collection)
            return (
                f"The map of {self.data_map.label} names no call to {operation} {collection.name}"
                if unsaid
                else ""
            )
        what = f"{operation} {collection.name} ({missing})"
        return f"The map of {self.data_map.label} names no call to {what}" if missing else ""

    def _verbs(self, collection: Collection, row: Row) -> Iterator[tuple[Verb, Filling, str]]:
        changes = self._changes(collection.name)
        if self.order.operation is Operation.CORRECT:
            yield from self._corrections(changes.correct, collection.name, row)
        elif self.order.operation is Operation.SUPPRESS:
            for each in self.order.purposes:
                if each in changes.suppress:
                    yield changes.suppress[each], {}, each
        else:
            one = _single_verb(changes, self.order.operation)
            if one is not None:
                yield one, {}, ""

    def _corrections(
        self, verb: Correcting | None, collection: str, row: Row
    ) -> Iterator[tuple[Verb, Filling, str]]:
        for each in self.order.corrections:
            fits = verb is not None and each.collection == collection and each.name in verb.fields
            if fits and verb is not None and str(value_at(row, each.name)) == each.wrong:
                yield verb, {"change.field": each.name.rpartition(".")[2], "change.right": each.right}, ""

    def _fill(self, verb: Verb, collection: Collection, row: Row, filled: dict[str, str]) -> str:
        """Take the row's own values for the call's blanks; the name of one that the row lacks, or nothing."""
        for blank in _blanks(verb):
            if owner_of(blank, self.data_map) == collection.name:
                value = value_at(row, blank.removeprefix(f"{collection.name}."))
                if value is None:
                    return blank
                filled[blank] = str(value)
            elif blank not in filled:
                return blank
        return ""

    def _own(self, collection: Collection, row: Row, filling: Filling) -> Filling:
        """What tells one record that goes along from another."""
        key = collection.primary_key or tuple(each.name for each in collection.returned_fields)
        return {**filling, **{f"{collection.name}.{name}": str(value_at(row, name)) for name in key}}

    def _hold(self, collection: str, row: Row) -> Hold | None:
        for hold in self.order.holds:
            if (
                hold.is_in_force(self.order.at.date())
                and hold.collection == collection
                and (
                    hold.key is None
                    or all(str(value_at(row, name)) == value for name, value in hold.key.items())
                )
            ):
                return hold
        return None

    def _leave_what_others_rest_on(self, found: Found) -> None:
        """An API has no call that leaves a field standing for a record which needs it: a person has to look."""
        rested_on = leaned_on(self.data_map, found.staying)
        for each in found.targets:
            if each.collection in rested_on:
                found.by_hand[each.collection] = LEANS
        found.targets = [each for each in found.targets if each.collection not in rested_on]

    def _refuse_what_is_missing(self, found: Found) -> None:
        """A record on hold that is not there may be one whose key is written in another way."""
        for hold in self.order.holds:
            is_meant = hold.must_be_found and hold.is_in_force(self.order.at.date())
            if is_meant and hold not in found.held and hold.collection in self.order.collections:
                label = self.data_map.collection(hold.collection).label
                found.problems[not_found_on_hold(label)] = None

    def _refuse_what_would_go_along(self, found: Found) -> None:
        """Records that go with others are counted only where those others do go."""
        gone = {target.collection for target in found.targets}
        found.carried = [each for each in found.carried if self._changes(each.collection).goes_with in gone]
        if not found.targets:
            found.problems.clear()

    def _changes(self, collection: str) -> EndpointChanges:
        api = self.data_map.api
        return api.collections[collection].changes if api else EndpointChanges()


def _blanks(verb: Verb) -> tuple[str, ...]:
    """What the calls, and the look that asks after them, want filled in."""
    asked = verb.told.blanks if verb.told else ()
    return tuple(dict.fromkeys((*verb.blanks, *asked, *(_blanks(verb.then) if verb.then else ()))))


def _single_verb(changes: EndpointChanges, operation: Operation) -> Verb | None:
    verbs = {
        Operation.ERASE: changes.erase,
        Operation.RESTRICT: changes.restrict,
        Operation.LIFT: changes.lift,
    }
    return verbs.get(operation)
