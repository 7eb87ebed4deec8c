"""A change by order: looked at first, sent once, and settled by what the system said, or says when it is asked."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fulfillment.connectors.changing import (
    ChangeOrder,
    ChangeReceipt,
    How,
    Note,
    Operation,
    Planned,
    Preflight,
    PreflightFailed,
    ReceiptLine,
    Verdict,
)
from fulfillment.connectors.errors import ConnectorError, Fatal, NotYet
from fulfillment.connectors.exchange import Failed
from fulfillment.connectors.order_names import webhook_look_slot, webhook_name
from fulfillment.connectors.webhook_orders import ACCEPTED, DONE, FAILED, Desk, later
from fulfillment.connectors.webhook_receipts import look_from, receipt_from
from fulfillment.datamaps.datamap import Collection, DataMap

UNSAID = "its map does not say how this is done there"


@dataclass(frozen=True)
class Changing:
    """One order against one system."""

    order: ChangeOrder
    data_map: DataMap
    desk: Desk

    @property
    def name(self) -> str:
        """The order's name towards the system: the same for every attempt, unlike every other order's."""
        return webhook_name(self.order.key)

    def preflight(self) -> Preflight:
        """What the system says it would do; what the map does not declare is for a person. Raises ConnectorError."""
        by_hand = {name: UNSAID for name in self._collections if not self._is_declared(name)}
        if len(by_hand) == len(self._collections):
            return Preflight((), by_hand=by_hand)
        said = self._looked()
        found = look_from(said, self.data_map)
        with self.desk.client.memory.slot(self._look_slot) as held:
            held["seen"] = said
        return Preflight(found.planned, found.kept, found.problems, {**by_hand, **found.by_hand})

    def carry_out(self, note: Note) -> ChangeReceipt:
        """Send the order, once. Raises NotYet where the system will call back, and ConnectorError."""
        held = self.desk.kept(self.name)
        if held.get("state") == DONE:
            return self.receipt(ChangeReceipt(()))
        seen = self.desk.client.memory.recall(self._look_slot).get("seen")
        # The look that let this attempt go on; who changes without one looks now.
        look = look_from(seen, self.data_map) if seen is not None else self.preflight()
        if look.problems:
            raise PreflightFailed(look.problems)
        with self.desk.client.memory.slot(self._look_slot) as kept:
            kept.clear()
        note(_expected(look.planned, look))
        try:
            reply = self.desk.send(self.name, self.order.operation.value, self._body())
        except Failed as failure:
            raise later(failure) from None
        if reply is None:
            raise self.desk.wait(self.name)
        self._keep(reply.json())
        return self.receipt(ChangeReceipt(()))

    def settle(self) -> Verdict:
        """What became of an order that was sent. Raises NotYet while the system works on it."""
        held: Mapping[str, Any] = self.desk.kept(self.name)
        if not held:
            return Verdict.NOT_DONE
        if held["state"] not in (DONE, FAILED):
            if held["state"] == ACCEPTED and not self.desk.is_silent(self.name):
                return self._waited()
            held = self._asked(held)
        if held["state"] == DONE:
            return Verdict.DONE
        if held["state"] == FAILED:
            self.desk.forget(self.name)
            return Verdict.NOT_DONE
        return Verdict.UNKNOWN

    def receipt(self, noted: ChangeReceipt) -> ChangeReceipt:
        """What the system said it did; what was expected where it said nothing more."""
        said = self.desk.kept(self.name).get("receipt")
        return receipt_from(said, self.data_map) if said is not None else noted

    def _asked(self, held: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask by the order's name before anything is repeated; who cannot tell leaves it unknown."""
        try:
            said = self.desk.status(self.name)
        except Failed as failure:
            raise later(failure) from None
        except ConnectorError:
            if held["state"] == ACCEPTED:
                self._waited()
            return {"state": "unknown"}
        if said["state"] == "working":
            self.desk.note(self.name, state=ACCEPTED)
            self._waited()
            return {"state": "unknown"}
        if said["state"] == "not_known":
            # It never arrived, so nothing was done.
            return {"state": FAILED}
        if said["state"] in (DONE, FAILED):
            self._keep(said)
        return self.desk.kept(self.name)

    def _waited(self) -> Verdict:
        """Let the worker go. Past the deadline nobody knows what became of it."""
        try:
            refusal: NotYet = self.desk.wait(self.name)
        except Fatal:
            return Verdict.UNKNOWN
        raise refusal

    def _keep(self, said: Any) -> None:
        self.desk.note(self.name, **kept_of(said, self.data_map))

    def _looked(self) -> Any:
        """The system's look, fresh for every attempt; an answer that came by callback is used once."""
        with self.desk.client.memory.slot(self._look_slot) as held:
            look = held.setdefault("order", uuid4().hex)
        kept = self.desk.kept(look)
        if kept.get("state") == FAILED:
            self.desk.forget(look)
            raise Fatal(f"{self.data_map.label} says that it cannot tell what the change would do.")
        if "look" not in kept:
            if kept.get("state") == ACCEPTED and not self.desk.is_silent(look):
                raise self.desk.wait(look)
            try:
                reply = self.desk.send(look, "look", self._body())
            except Failed as failure:
                raise later(failure) from None
            if reply is None:
                raise self.desk.wait(look)
            said = reply.json()
        else:
            said = kept["look"]
        with self.desk.client.memory.slot(self._look_slot) as held:
            held.clear()
        self.desk.forget(look)
        return said

    @property
    def _look_slot(self) -> str:
        return webhook_look_slot(self.name)

    @property
    def _collections(self) -> tuple[str, ...]:
        return self.order.collections

    def _is_declared(self, name: str) -> bool:
        changes = self.data_map.collection(name).changes
        return {
            Operation.ERASE: changes.erase is not None,
            Operation.RESTRICT: changes.restrict is not None,
            Operation.LIFT: changes.restrict is not None,
            Operation.SUPPRESS: not set(changes.suppress).isdisjoint(self.order.purposes),
            Operation.CORRECT: True,
        }[self.order.operation]

    def _body(self) -> dict[str, Any]:
        order = self.order
        return {
            "operation": order.operation.value,
            "identities": [{"kind": each.kind, "value": each.value} for each in order.query.identities],
            "collections": {
                name: _how(self.data_map.collection(name), order)
                for name in self._collections
                if self._is_declared(name)
            },
            "corrections": [
                {"collection": each.collection, "field": each.name, "wrong": each.wrong, "right": each.right}
                for each in order.corrections
            ],
            "purposes": list(order.purposes) if order.operation is Operation.SUPPRESS else [],
            "keep": [
                {
                    "collection": each.collection,
                    "why": each.why,
                    "key": dict(each.key) if each.key else None,
                    "until": each.until.isoformat() if each.until else None,
                }
                for each in order.holds
            ],
        }


def kept_of(said: Any, data_map: DataMap) -> dict[str, Any]:
    """What an answer about a change leaves in the memory: {"state": …} and its receipt. Raises Fatal.

    The same for an answer at once, a callback and a status, so that the order in which they come is of no matter.
    """
    state = said.get("state") if isinstance(said, dict) else None
    if state == DONE:
        receipt_from(said.get("receipt"), data_map)
        return {"state": DONE, "receipt": said["receipt"]}
    if state == FAILED:
        return {"state": FAILED}
    if state == "working":
        return {"state": ACCEPTED, "asked": time.time()}
    raise Fatal(f"{data_map.label} answered a change in a way that cannot be read.")


def _how(collection: Collection, order: ChangeOrder) -> dict[str, Any]:
    """What the map says is to be done in a collection."""
    changes = collection.changes
    if order.operation is Operation.ERASE:
        masks = {each.name: each.masking.strategy for each in collection.every_field() if each.masking}
        said = {"how": changes.erase, "fields": masks if changes.erase == "mask" else {}}
        leans_on = collection.retention.leans_on if collection.retention else ()
        return {**said, "leans_on": list(leans_on)} if leans_on else said
    if order.operation in (Operation.RESTRICT, Operation.LIFT) and changes.restrict is not None:
        is_set = order.operation is Operation.RESTRICT
        return {"how": "set", "fields": changes.restrict.set if is_set else changes.restrict.lift}
    if order.operation is Operation.SUPPRESS:
        fields = {
            name: value
            for purpose in order.purposes
            for name, value in changes.suppress.get(purpose, {}).items()
        }
        return {"how": "set", "fields": fields}
    return {"how": "set", "fields": {}}


def _expected(planned: tuple[Planned, ...], look: Preflight) -> ChangeReceipt:
    """The receipt as it would be if the system did what it said."""
    return ChangeReceipt(
        tuple(ReceiptLine(each.collection, How(each.how), each.rows) for each in planned), look.kept
    )
