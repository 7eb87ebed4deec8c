"""How a change is read back: a count of the rows that read as decided and of those that do not.

The rows come from an ordinary search, so that nothing rests on the word of the statement that changed them. Only
counts, names of fields and keyed hashes leave this module.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from fulfillment.connectors.changing import ChangeOrder
from fulfillment.connectors.expected import Expected
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.reads_as import plain, reads_as
from fulfillment.connectors.records import value_at
from fulfillment.connectors.rows import parse_json
from fulfillment.datamaps.datamap import DataMap

_HASHES = 1 << 256


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What was read in one collection: counts, names of fields, and a keyed hash over the keys of its rows.

    `wrong` rows do not read as decided, in `fields`; `elsewhere` rows hold an old value in `old_in`, a field that the
    change did not mean. `untold` says why nothing can be told.
    """

    collection: str
    rows: int = 0
    right: int = 0
    wrong: int = 0
    fields: tuple[str, ...] = ()
    elsewhere: int = 0
    old_in: tuple[str, ...] = ()
    digest: str = ""
    is_slow: bool = False
    untold: str = ""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What an independent look at a source showed, collection by collection."""

    lines: tuple[ReadLine, ...]

    def line(self, collection: str) -> ReadLine | None:
        """Of one collection."""
        return next((each for each in self.lines if each.collection == collection), None)


@dataclass(frozen=True, slots=True)
class OldValue:
    """A value that a correction took away; it is looked for in every collection that is `concerned`."""

    wrong: str = field(repr=False)
    right: str = field(repr=False)


def reading_query(order: ChangeOrder, data_map: DataMap) -> SubjectQuery:
    """Whom to search for: also by what a correction made of an identity, as the old one leads nowhere now."""
    found = list(order.query.identities)
    for each in order.corrections:
        collection = data_map.by_name.get(each.collection)
        known = collection.by_name.get(each.name) if collection else None
        if known is not None and known.identity:
            found.append(Identity(known.identity, each.right))
    return SubjectQuery(tuple(dict.fromkeys(found)), order.query.reference)


class Reading:
    """Rows read back, one batch after another; flat in memory however many there are."""

    def __init__(
        self,
        order: ChangeOrder,
        expected: Sequence[Expected],
        data_map: DataMap,
        old_values: Iterable[OldValue] = (),
        concerned: Iterable[str] = (),
    ) -> None:
        self._secret = order.secret
        self._map = data_map
        self._expected = {each.collection: each for each in expected}
        self._old = [each for each in old_values if each.wrong.strip()]
        self._concerned = frozenset(concerned) if self._old else frozenset()
        names = dict.fromkeys((*self._expected, *(name for name in concerned if self._old)))
        self._tallies = {name: _Tally(self._expected.get(name)) for name in names}

    def take(self, collection: str, lines: Iterable[bytes]) -> None:
        """Look at rows of a collection, as a search gives them."""
        tally = self._tallies.get(collection)
        if tally is None:
            return
        key = self._map.collection(collection).primary_key
        for line in lines:
            row = parse_json(line)
            tally.take(row, _keyed(self._secret, row, key, line))
            if collection in self._concerned:
                tally.take_old(row, list(self._old_in(row, tally.meant)))

    def unread(self, collection: str, why: str) -> None:
        """Nothing could be looked for in a collection."""
        if collection in self._tallies and not self._tallies[collection].untold:
            self._tallies[collection].untold = why

    def result(self) -> ReadBack:
        """All of it, once the search is over."""
        return ReadBack(tuple(tally.line(name) for name, tally in self._tallies.items()))

    def _old_in(self, row: Mapping[str, Any], meant: frozenset[str]) -> Iterator[str]:
        for name, value in row.items():
            if any(_holds(value, each, name, meant) for each in self._old):
                yield name


@dataclass
class _Tally:
    """The counts of one collection as they grow."""

    expected: Expected | None
    rows: int = 0
    right: int = 0
    wrong: int = 0
    elsewhere: int = 0
    untold: str = ""
    fields: dict[str, None] = field(default_factory=dict)
    old_in: dict[str, None] = field(default_factory=dict)
    hashes: int = 0

    def __post_init__(self) -> None:
        self.untold = self.expected.untold if self.expected else ""

    @property
    def meant(self) -> frozenset[str]:
        """The fields that the change itself concerns."""
        return frozenset(self.expected.never) if self.expected else frozenset()

    def take(self, row: Mapping[str, Any], keyed: int) -> None:
        """Count a row."""
        self.rows += 1
        # Added up, so that the order in which a source gives its rows makes no difference.
        self.hashes = (self.hashes + keyed) % _HASHES
        if self.expected is None or self.untold:
            return
        wrong = self.expected.wrong_in(row)
        self.wrong += bool(wrong)
        self.fields.update(dict.fromkeys(wrong))
        self.right += not wrong and self.expected.is_right_in(row)

    def take_old(self, row: Mapping[str, Any], names: Sequence[str]) -> None:
        """Count a row that holds an old value where nothing was to change."""
        self.elsewhere += bool(names)
        self.old_in.update(dict.fromkeys(names))

    def line(self, name: str) -> ReadLine:
        """The counts as a value."""
        digest = f"{self.hashes:064x}" if self.rows else ""
        fields = () if self.expected and self.expected.gone else tuple(self.fields)
        return ReadLine(
            name,
            rows=self.rows,
            right=self.right,
            wrong=self.wrong,
            fields=fields,
            elsewhere=self.elsewhere,
            old_in=tuple(self.old_in),
            digest=digest,
            is_slow=bool(self.expected and self.expected.is_slow),
            untold=self.untold,
        )


def _holds(value: Any, old: OldValue, name: str, meant: frozenset[str]) -> bool:
    """Whether a value, or one inside it, is the old one as a whole; a text that only mentions it stays somebody's."""
    if isinstance(value, dict):
        return any(_holds(each, old, f"{name}.{key}", meant) for key, each in value.items())
    if isinstance(value, list):
        return any(_holds(each, old, name, meant) for each in value)
    if name in meant or value is None or isinstance(value, bool):
        return False
    return plain(str(value)).casefold() == plain(old.wrong).casefold() and not reads_as(value, old.right)


def _keyed(secret: bytes, row: Mapping[str, Any], key: Sequence[str], line: bytes) -> int:
    written = "\0".join(str(value_at(row, name)) for name in key).encode() if key else line
    return int.from_bytes(hmac.digest(secret, written, sha256))
