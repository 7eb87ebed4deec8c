"""What an order has replaced in a store without transactions: written down before each object, beyond any worker.

The list of all objects is written once, before the first is touched; how far it is, before each. An attempt that was
killed leaves at most one object of which nobody knows, and that one tells by its own content.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from fulfillment.connectors.memory import SourceMemory
from fulfillment.connectors.order_names import reached_name, replacements_name

DONE, BEGUN, WAITING, UNSURE = "replaced", "begun", "waiting", "unsure"


@dataclass(frozen=True)
class Part:
    """What was done in one object of one collection."""

    collection: str
    how: str
    rows: int
    digest: str


@dataclass(frozen=True)
class Entry:
    """One object: keyed hashes of what it held and is to hold, what that does, and the digests of words taken out."""

    path: str = field(repr=False)
    before: str
    after: str
    parts: tuple[Part, ...]
    words: tuple[str, ...] = field(default=(), repr=False)
    # Words that stay in it: collection, count, why.
    not_taken: tuple[tuple[str, int, str], ...] = ()
    state: str = WAITING


@dataclass(frozen=True)
class ReplacementLog:
    """The log of one order, in the source's memory."""

    memory: SourceMemory
    key: str

    @property
    def name(self) -> str:
        """Under which name it is kept; also the source's own name for the change."""
        return replacements_name(self.key)

    @property
    def is_open(self) -> bool:
        """Whether any attempt has begun to replace."""
        return bool(self._held)

    @property
    def is_complete(self) -> bool:
        """Whether everything was done."""
        return bool(self._held.get("complete"))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All objects of the order: those of earlier attempts that were replaced, then those of the last one."""
        held, at = self._held, self._at
        planned = (
            _entry(
                each,
                DONE if number < at["count"] else BEGUN if number == at["count"] and at["begun"] else WAITING,
            )
            for number, each in enumerate(held.get("planned", ()))
        )
        return (*(_entry(each, each.get("state", DONE)) for each in held.get("done", ())), *planned)

    @property
    def done(self) -> tuple[Entry, ...]:
        """Those that are replaced."""
        return tuple(each for each in self.entries if each.state == DONE)

    def plan(self, entries: Iterable[Entry]) -> None:
        """Write down what an attempt is about to replace; what the last one had done stays."""
        kept = [each for each in self.entries if each.state in (DONE, UNSURE)]
        with self.memory.slot(self.name) as held:
            held["plan"] = held.get("plan", 0) + 1
            held["done"] = [_stored(each) for each in kept]
            held["planned"] = [_stored(each) for each in entries]
            held["complete"] = False

    def stands(self, count: int, *, begun: bool) -> None:
        """So many of the plan are replaced; `begun` says that the next one may be."""
        plan = self._held.get("plan", 0)
        with self.memory.slot(reached_name(self.key)) as held:
            held.update({"plan": plan, "count": count, "begun": begun})

    def settle(self, hash_of: Callable[[str], str]) -> None:
        """Ask the object in flight when the last attempt ended how it stands."""
        begun = next((each for each in self.entries if each.state == BEGUN), None)
        if begun is None:
            return
        now, count = hash_of(begun.path), self._at["count"]
        if now in (begun.after, begun.before):
            self.stands(count + (now == begun.after), begun=False)
            return
        # Somebody has written to it: whether before or after us, nobody can tell. It is gone through once more.
        with self.memory.slot(self.name) as held:
            held["done"] = [*held["done"], *held["planned"][:count], _stored(begun) | {"state": UNSURE}]
            held["planned"] = held["planned"][count + 1 :]
            held["plan"] += 1

    def complete(self) -> None:
        """Everything is done; what was planned and is not needed any more is dropped."""
        kept = [each for each in self.entries if each.state in (DONE, UNSURE)]
        with self.memory.slot(self.name) as held:
            held["plan"] = held.get("plan", 0) + 1
            held["done"], held["planned"], held["complete"] = [_stored(each) for each in kept], [], True

    @property
    def _held(self) -> dict[str, Any]:
        return self.memory.recall(self.name)

    @property
    def _at(self) -> dict[str, Any]:
        at = self.memory.recall(reached_name(self.key))
        return at if at.get("plan") == self._held.get("plan") else {"count": 0, "begun": False}


def _stored(entry: Entry) -> dict[str, Any]:
    return asdict(entry) | {"state": UNSURE if entry.state == UNSURE else DONE}


def _entry(held: dict[str, Any], state: str) -> Entry:
    parts: Sequence[dict[str, Any]] = held["parts"]
    return Entry(
        held["path"],
        held["before"],
        held["after"],
        tuple(Part(**each) for each in parts),
        tuple(held["words"]),
        tuple((name, rows, why) for name, rows, why in held["not_taken"]),
        state,
    )
