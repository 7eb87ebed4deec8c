"""The contract of a change: what a connector is asked to change, what it finds beforehand, and what it gives as proof.

Three questions, in this order. `preflight` looks, changes nothing, and names everything that could fail. `change`
does it, all or nothing where the source can, and hands its receipt to `note` before the change becomes final, so that
an attempt that dies in between left its name. `settle` asks the source whether a noted change became final. Nobody
guesses: what the source cannot tell is unknown, and a person looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from fulfillment.connectors.errors import ConnectorError
from fulfillment.connectors.query import SubjectQuery
from fulfillment.traces.person import Identifier, KnownPerson


class Operation(StrEnum):
    """What a change does to the person's rows."""

    ERASE = "erase"
    CORRECT = "correct"
    RESTRICT = "restrict"
    LIFT = "lift"
    SUPPRESS = "suppress"


class How(StrEnum):
    """What becomes of the rows of one collection."""

    DELETE = "delete"
    MASK = "mask"
    SET = "set"
    # Words about the person are taken out of rows of others.
    REDACT = "redact"


class Verdict(StrEnum):
    """What a source says of a change that was noted: it became final, it did not, or the source cannot tell."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


# A collection, and the connector's own name for what became final there by itself: a record, or a file of records.
Made = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Correction:
    """A field, by its name in the map, that says `wrong` and shall say `right`; rows that say else are left alone."""

    collection: str
    name: str
    wrong: str = field(repr=False)
    right: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hold:
    """What must stay untouched: one row by its key, or with no key a whole collection; `until` is the last day.

    A row on hold that is not found among the person's stands in the way of the change, unless it `may_be_gone`: its
    key could be written in another way than the source compares it by, and the row would be lost.
    """

    collection: str
    why: str
    key: Mapping[str, str] | None = field(default=None, repr=False)
    until: date | None = None
    may_be_gone: bool = False

    def is_in_force(self, today: date) -> bool:
        """Whether its last day is not over."""
        return self.until is None or self.until >= today

    @property
    def must_be_found(self) -> bool:
        """Whether a change is refused where the row is not there."""
        return self.key is not None and not self.may_be_gone


def not_found_on_hold(label: str) -> str:
    """The sentence for a record on hold that is not among those of the person."""
    return (
        f"A record of “{label}” that is on hold was not found there. Lift the hold, or have it done by hand."
    )


@dataclass(frozen=True, slots=True)
class Mention:
    """A row that no way of the map leads to, in whose `columns` a person found words about the one who asks.

    Where the key is only a place in a file, `digest` tells whether it is still the row that was accepted.
    """

    table: str
    key: Mapping[str, str] = field(repr=False)
    columns: tuple[str, ...]
    digest: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ChangeOrder:
    """What is to change, and nothing beyond it.

    `key` names the order towards the source and is the same for every attempt. Only rows that the ways of the map
    lead to from `query` are meant, and of these only those of `collections`. `secret` keys the hashes that take the
    place of values. `purposes` are purposes of the policy, or the code of an opt-out right. `person` is what the person
    is known by beside what rows are found by: a name, which alone would find a namesake's, but is taken out of words
    in rows that are surely theirs. Out of the rows of `mentions` an erasure takes the same words, and leaves the rest.
    Where `only` names something, nothing but these: what `made_so_far` of the same connector has named before.
    """

    key: str
    operation: Operation
    query: SubjectQuery
    collections: tuple[str, ...]
    at: datetime
    secret: bytes = field(repr=False)
    corrections: tuple[Correction, ...] = ()
    purposes: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    person: KnownPerson = field(default=KnownPerson(()), repr=False)
    mentions: tuple[Mention, ...] = ()
    only: frozenset[Made] = field(default=frozenset(), repr=False)

    def wants(self, collection: str, name: str) -> bool:
        """Whether what a connector names so is meant."""
        return not self.only or (collection, name) in self.only

    @property
    def whom(self) -> KnownPerson:
        """Everything that is taken out where words are redacted."""
        by_query = (Identifier(each.kind, each.value) for each in self.query.identities)
        return KnownPerson.known((*self.person.identifiers, *by_query))


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows, or fields of rows, that stay: why in a sentence, and until when where that is known."""

    collection: str
    rows: int
    why: str
    until: date | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Rows of others out of which words about the person were to be taken and are not: why, in a sentence."""

    collection: str
    rows: int
    why: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """One object of a source that is replaced as a whole, and how far that is: `replaced`, `begun` or `waiting`.

    `name` has nothing of the person in it any more; `before` and `after` are keyed hashes of what it held, as hex.
    """

    name: str
    before: str
    after: str
    state: str = "replaced"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a change would do in one collection."""

    collection: str
    how: How
    rows: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preflight:
    """What a look beforehand showed.

    With any of `problems` nothing may be changed; each is a sentence that names collection and field, and no value.
    `by_hand` gives by collection why this connector cannot do it: that becomes a task for a person.
    """

    planned: tuple[Planned, ...]
    kept: tuple[Kept, ...] = ()
    problems: tuple[str, ...] = ()
    by_hand: Mapping[str, str] = field(default_factory=dict)
    not_taken: tuple[NotTaken, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows would change."""
        return sum(each.rows for each in self.planned)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What was done in one collection; `digest` is a keyed hash over the keys of the rows, in order, as hex."""

    collection: str
    how: How
    rows: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ChangeReceipt:
    """A source's proof of a change, without personal values; `token` is the source's own name for it.

    What is final of a change that has no end is named in `made`, so that the same can be ordered once more.
    `objects` are those that a source without transactions replaces one after another, with how far each is.
    """

    lines: tuple[ReceiptLine, ...]
    kept: tuple[Kept, ...] = ()
    token: str = ""
    made: tuple[Made, ...] = field(default=(), repr=False)
    not_taken: tuple[NotTaken, ...] = ()
    objects: tuple[Replaced, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows changed."""
        return sum(line.rows for line in self.lines)

    @property
    def objects_done(self) -> int:
        """How many objects are replaced for sure."""
        return sum(each.state == "replaced" for each in self.objects)


@dataclass(slots=True)
class Reached:
    """How far a change is while it is made: at which collection, the `number`-th of `total`, with how many rows done.

    Without a collection it is files that are counted: each is replaced as a whole.

    Whoever makes the change writes it, in whatever thread; whoever keeps the lease reads it.
    """

    collection: str = ""
    number: int = 0
    total: int = 0
    rows: int = 0

    def at(self, collection: str, number: int, total: int) -> None:
        """Begin with the next collection."""
        self.collection, self.number, self.total = collection, number, total


class PreflightFailed(ConnectorError):
    """The change cannot be made as the map has it; nothing was changed. `problems` says what is in the way."""

    code = "change_would_fail"

    def __init__(self, problems: tuple[str, ...]) -> None:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.problems = problems


Note = Callable[[ChangeReceipt], None]
