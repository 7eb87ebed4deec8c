"""What an order has done in a source without transactions: written down before and after each call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from fulfillment.connectors.api_targets import Target
from fulfillment.connectors.memory import Kept, SourceMemory
from fulfillment.connectors.order_names import journal_name
from fulfillment.datamaps.api_changes import Verb


@dataclass(frozen=True)
class Journal:
    """The journal of one order, in the source's memory; it outlives the worker and holds one record in flight."""

    memory: SourceMemory
    key: str
    verb_of: Callable[[Target], Verb | None]

    @property
    def name(self) -> str:
        """Under which name it is kept; also the source's own name for the change."""
        return journal_name(self.key)

    @property
    def is_open(self) -> bool:
        """Whether any attempt has begun."""
        return bool(self._kept)

    @property
    def is_complete(self) -> bool:
        """Whether everything was done."""
        return bool(self._kept.get("complete"))

    @property
    def done(self) -> tuple[tuple[str, str], ...]:
        """Pairs of collection and target that are done; those that went along once all of it is."""
        held = self._kept
        along = held.get("along", []) if held.get("complete") else []
        return tuple((collection, number) for collection, number in (*held.get("done", ()), *along))

    @property
    def done_ids(self) -> frozenset[str]:
        """The targets that are done."""
        return frozenset(number for _, number in self.done)

    @property
    def begun(self) -> Target | None:
        """The target whose call may have been sent without an answer."""
        held = self._kept.get("begun")
        if held is None:
            return None
        target = Target(held["collection"], None, held["filling"], held["purpose"])
        return replace(target, verb=self.verb_of(target))

    def open(self, carried: Iterable[Target]) -> None:
        """Begin; what goes along with other records is counted while it can be."""
        with self.memory.slot(self.name) as held:
            along = [*held.get("along", []), *([each.collection, each.id] for each in carried)]
            held["along"] = [list(each) for each in dict.fromkeys(tuple(each) for each in along)]
            held.setdefault("done", [])

    def begin(self, target: Target) -> None:
        """A call is about to be sent."""
        with self.memory.slot(self.name) as held:
            held["begun"] = {
                "collection": target.collection,
                "filling": dict(target.filling),
                "purpose": target.purpose,
            }

    def end(self, target: Target) -> None:
        """It worked."""
        with self.memory.slot(self.name) as held:
            held.pop("begun", None)
            held["done"] = [*held.get("done", []), [target.collection, target.id]]

    def drop(self) -> None:
        """It is known not to have been done."""
        with self.memory.slot(self.name) as held:
            held.pop("begun", None)

    def complete(self) -> None:
        """Everything is done."""
        with self.memory.slot(self.name) as held:
            held["complete"] = True

    @property
    def _kept(self) -> Kept:
        return self.memory.recall(self.name)
