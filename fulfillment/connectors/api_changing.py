"""Changing the records of an API one by one, so that no call is repeated that has worked."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

import httpx

from fulfillment.connectors.api_filling import Filling, filled_path, outgoing
from fulfillment.connectors.api_journal import Journal
from fulfillment.connectors.api_targets import Found, Search, Target
from fulfillment.connectors.api_verdict import Nobody, refuse_failure
from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    Note,
    Operation,
    Planned,
    Preflight,
    PreflightFailed,
    ReceiptLine,
    Verdict,
)
from fulfillment.connectors.errors import ConnectorError, Fatal
from fulfillment.connectors.exchange import Failed, NotThere, Outgoing, Renew
from fulfillment.connectors.http import ApiClient
from fulfillment.connectors.records import value_at
from fulfillment.datamaps.api_changes import Told, Verb
from fulfillment.datamaps.datamap import DataMap

_SAFE_TO_REPEAT = frozenset({"PUT", "DELETE"})


@dataclass(frozen=True)
class Changing:
    """One order against one API."""

    order: ChangeOrder
    data_map: DataMap
    client: ApiClient
    constants: Filling

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
        note(self._receipt(journal, (*found.targets, *found.carried)))
        journal.open(found.carried)
        self._end_what_was_begun(journal)
        for target in found.targets:
            self.client.heartbeat()
            if target.id not in journal.done_ids:
                self._change(target, journal)
        journal.complete()
        done = self._receipt(journal, ())
        return ChangeReceipt(done.lines, kept, done.token)

    def settle(self) -> Verdict:
        """Whether all of it became final. A record that was begun is asked after."""
        journal = self._journal
        if journal.is_complete:
            return Verdict.DONE
        begun = journal.begun
        if begun is not None:
            verdict = self._told(begun)
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
        verdict = self._told(begun)
        if verdict is Verdict.UNKNOWN:
            raise self._untold(begun)
        if verdict is Verdict.NOT_DONE:
            self._change(begun, journal)
        else:
            journal.end(begun)

    def _change(self, target: Target, journal: Journal) -> None:
        journal.begin(target)
        attempt, renew = 1, True
        while True:
            try:
                self._send(target, renew=renew)
                break
            except Renew:
                renew = False
            except Nobody:
                break
            except NotThere:
                if self._told(target) is not Verdict.DONE:
                    raise Fatal(
                        f"{self.client.name} has no such record of {target.collection} to change."
                    ) from None
                break
            except Failed as failure:
                verdict = self._told(target) if failure.sent else Verdict.NOT_DONE
                if verdict is Verdict.DONE:
                    break
                if verdict is Verdict.UNKNOWN:
                    raise self._untold(target) from None
                attempt += not failure.told
                self.client.wait_after(failure, attempt)
        journal.end(target)

    def _send(self, target: Target, *, renew: bool) -> None:
        verb = target.verb
        while verb is not None:
            call = self._named(outgoing(verb, target.filling, self.client.base_url), target, verb)
            reply = self.client.once(call, expects=frozenset({*verb.expects, *verb.already}), renew=renew)
            if verb.verdict is not None and reply.status in verb.expects:
                refuse_failure(reply, verb.verdict)
            verb = verb.then

    def _named(self, call: Outgoing, target: Target, verb: Verb) -> Outgoing:
        """The call under a name that is the same whenever it is made again, where the API takes one."""
        once = self.data_map.api.once_header if self.data_map.api else None
        if once is None:
            return call
        text = f"{target.id} {verb.method} {verb.path}"
        key = hmac.new(self.order.key.encode(), text.encode(), sha256).hexdigest()
        return replace(call, headers={**call.headers, once: key})

    def _told(self, target: Target) -> Verdict:
        """Ask whether a change that may have been sent became final; nobody guesses."""
        verb = target.verb
        if verb is None:
            return Verdict.UNKNOWN
        try:
            if verb.told is not None:
                return self._looked_up(verb.told, target)
            if self.order.operation is Operation.ERASE and not verb.slow and verb.then is None:
                still = any(each.id == target.id for each in self._found().targets)
                return Verdict.NOT_DONE if still else Verdict.DONE
        except ConnectorError:
            return Verdict.UNKNOWN
        once = self.data_map.api is not None and self.data_map.api.once_header is not None
        return Verdict.NOT_DONE if once or verb.method in _SAFE_TO_REPEAT else Verdict.UNKNOWN

    def _looked_up(self, told: Told, target: Target) -> Verdict:
        call = Outgoing("GET", filled_path(told.path, target.filling, self.client.base_url))
        try:
            reply = self.client.ask(call, expects=frozenset({httpx.codes.OK, *told.gone}))
        except NotThere:
            return Verdict.NOT_DONE if told.gone else Verdict.UNKNOWN
        if reply.status in told.gone:
            return Verdict.DONE
        answer = reply.json()
        holds = told.holds and all(value_at(answer, path) == value for path, value in told.holds.items())
        return Verdict.DONE if holds else Verdict.NOT_DONE

    def _untold(self, target: Target) -> Fatal:
        return Fatal(
            f"{self.client.name} broke off while {target.collection} were changed and cannot say whether one "
            "record was. Look there, and say how it stands."
        )

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
