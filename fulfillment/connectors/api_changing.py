"""Changing the records of an API one by one, so that no call is repeated that has worked."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from fulfillment.connectors.api_filling import Filling
from fulfillment.connectors.api_journal import Journal
from fulfillment.connectors.api_sending import Sending, Unasked, Untold
from fulfillment.connectors.api_targets import Found, Search, Target
from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    Note,
    Operation,
    Planned,
    Preflight,
    PreflightFailed,
    Reached,
    ReceiptLine,
    Verdict,
)
from fulfillment.connectors.errors import ConnectorError
from fulfillment.connectors.http import ApiClient
from fulfillment.datamaps.api_changes import Verb
from fulfillment.datamaps.datamap import DataMap


@dataclass(frozen=True)
class Changing:
    """One order against one API."""

    order: ChangeOrder
    data_map: DataMap
    client: ApiClient
    constants: Filling
    reached: Reached = field(default_factory=Reached)

    def preflight(self) -> Preflight:
        """What would change, what stays, and what a person has to do. Raises ConnectorError."""
        found = self._found()
        everything = (*found.targets, *found.carried)
        names = dict.fromkeys(target.collection for target in everything)
        planned = tuple(
            Planned(name, self._search.how(name), sum(each.collection == name for each in everything))
            for name in names
        )
        return Preflight(planned, tuple(found.kept.values()), tuple(found.problems), found.by_hand)

    def carry_out(self, note: Note) -> ChangeReceipt:
        """Change every target that is not changed yet. Raises PreflightFailed, and ConnectorError on the way."""
        journal = self._journal
        if journal.is_complete:
            return self._receipt(journal, ())
        found = self._found()
        if found.problems:
            raise PreflightFailed(tuple(found.problems))
        kept = tuple(found.kept.values())
        noted = self._receipt(journal, (*found.targets, *found.carried))
        note(noted)
        journal.open(found.carried)
        self._end_what_was_begun(journal)
        names = list(dict.fromkeys(target.collection for target in found.targets))
        for rows, target in enumerate(found.targets):
            self.reached.at(target.collection, names.index(target.collection) + 1, len(names))
            self.reached.rows = rows
            self.client.heartbeat()
            if target.id not in journal.done_ids:
                # Each record becomes final by itself, so each time it is asked whether the next is still wanted.
                note(noted)
                self._change(target, journal)
        journal.complete()
        done = self._receipt(journal, ())
        return ChangeReceipt(done.lines, kept, done.token)

    def so_far(self) -> ChangeReceipt:
        """What is done of it, as it was written down; nothing is asked."""
        journal = self._journal
        return replace(self._receipt(journal, ()), made=journal.done)

    def settle(self) -> Verdict:
        """Whether all of it became final. A record that was begun is asked after. Raises ConnectorError."""
        journal = self._journal
        if journal.is_complete:
            return Verdict.DONE
        begun = journal.begun
        if begun is not None:
            verdict = self._sending.told(begun)
            if verdict is not Verdict.DONE:
                return verdict
            journal.end(begun)
        if self.order.operation is not Operation.ERASE or not journal.is_open:
            return Verdict.NOT_DONE
        return Verdict.NOT_DONE if self._found().targets else self._finished(journal)

    def _finished(self, journal: Journal) -> Verdict:
        journal.complete()
        return Verdict.DONE

    def _found(self) -> Found:
        return self._search.found(self.client)

    @property
    def _search(self) -> Search:
        return Search(self.order, self.data_map, self.constants)

    @property
    def _sending(self) -> Sending:
        return Sending(self._search, self.client)

    @property
    def _journal(self) -> Journal:
        return Journal(self.client.memory, self.order.key, self._verb_of)

    def _verb_of(self, target: Target) -> Verb | None:
        """The verb of a target that was written down: the map in force says how it is asked after."""
        api = self.data_map.api
        changes = api.collections[target.collection].changes if api else None
        if changes is None:
            return None
        by_operation = {
            Operation.ERASE: changes.erase,
            Operation.RESTRICT: changes.restrict,
            Operation.LIFT: changes.lift,
            Operation.CORRECT: changes.correct,
            Operation.SUPPRESS: changes.suppress.get(target.purpose),
        }
        return by_operation[self.order.operation]

    def _end_what_was_begun(self, journal: Journal) -> None:
        """The record in flight when the last attempt ended: it may no longer be found, and yet not be done."""
        begun = journal.begun
        if begun is None:
            return
        verdict = self._sending.told(begun)
        if verdict is Verdict.UNKNOWN:
            raise self._sending.untold(begun)
        if verdict is Verdict.NOT_DONE:
            self._change(begun, journal)
        else:
            journal.end(begun)

    def _change(self, target: Target, journal: Journal) -> None:
        journal.begin(target)
        try:
            self._sending.until_done(target)
        except (Untold, Unasked):
            raise
        except ConnectorError:
            # It was not done, and what found it will find it again, unless a first of two calls has hidden it.
            if target.verb is not None and target.verb.then is None:
                journal.drop()
            raise
        journal.end(target)

    def _receipt(self, journal: Journal, planned: Iterable[Target]) -> ChangeReceipt:
        """Counts and keyed hashes of what is done, and of what is planned besides."""
        by_collection: dict[str, set[str]] = {}
        for collection, number in (*journal.done, *((each.collection, each.id) for each in planned)):
            by_collection.setdefault(collection, set()).add(number)
        lines = tuple(
            ReceiptLine(name, self._search.how(name), len(ids), self._digest(ids))
            for name, ids in by_collection.items()
        )
        return ChangeReceipt(lines, token=journal.name)

    def _digest(self, ids: Iterable[str]) -> str:
        return hmac.new(self.order.secret, "\n".join(sorted(ids)).encode(), sha256).hexdigest()
