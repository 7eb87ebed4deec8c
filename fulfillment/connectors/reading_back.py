"""How a change is read back: what each row should say afterwards, and a count of those that do and do not.

The rows come from an ordinary search, so that nothing rests on the word of the statement that changed them. Only
counts, names of fields and keyed hashes leave this module.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from fulfillment.connectors.changing import ChangeOrder, Operation
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.records import value_at
from fulfillment.connectors.rows import parse_json
from fulfillment.datamaps.datamap import Collection, DataMap

_TRUTHS = {
    "true": True,
    "t": True,
    "1": True,
    "yes": True,
    "false": False,
    "f": False,
    "0": False,
    "no": False,
}
_HASHES = 1 << 256


@dataclass(frozen=True, slots=True)
class Expected:
    """How the rows of one collection read after a change.

    `gone`: none is left. `says`: each row says these values. `never`: in no row does a field say one of these.
    `right`: what a field says where it was changed; other values are no concern. `is_slow`: the source has promised
    to do it later, so a look at once proves nothing. `untold` says why nobody can tell.
    """

    collection: str
    gone: bool = False
    is_slow: bool = False
    says: Mapping[str, Any] = field(default_factory=dict, repr=False)
    never: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, repr=False)
    right: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, repr=False)
    untold: str = ""

    def wrong_in(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """The fields of a row that do not read as decided; of a row that should be gone, its collection's name."""
        if self.gone:
            return (self.collection,)
        others = [name for name, value in self.says.items() if not reads_as(value_at(row, name), value)]
        stand = [
            name
            for name, values in self.never.items()
            if any(reads_as(value_at(row, name), value) for value in values)
        ]
        return tuple(dict.fromkeys((*others, *stand)))

    def is_right_in(self, row: Mapping[str, Any]) -> bool:
        """Whether a row in which nothing is wrong shows the change."""
        if not self.right:
            return True
        found = (
            reads_as(value_at(row, name), value) for name, values in self.right.items() for value in values
        )
        return any(found)


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


def expected_by_map(order: ChangeOrder, data_map: DataMap) -> tuple[Expected, ...]:
    """What the map alone says of the rows of an order's collections afterwards."""
    held = {hold.collection for hold in order.holds if hold.key is None}
    wanted = [data_map.by_name[name] for name in order.collections if name in data_map.by_name]
    return tuple(_expected(order, each) for each in wanted if each.name not in held)


def reading_query(order: ChangeOrder, data_map: DataMap) -> SubjectQuery:
    """Whom to search for: also by what a correction made of an identity, as the old one leads nowhere now."""
    found = list(order.query.identities)
    for each in order.corrections:
        collection = data_map.by_name.get(each.collection)
        known = collection.by_name.get(each.name) if collection else None
        if known is not None and known.identity:
            found.append(Identity(known.identity, each.right))
    return SubjectQuery(tuple(dict.fromkeys(found)), order.query.reference)


def reads_as(value: Any, wanted: Any) -> bool:
    """Whether a value of a source is what was wanted, however its kind of source writes it."""
    if _is_empty(value) or _is_empty(wanted):
        return _is_empty(value) and _is_empty(wanted)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return _truth(value) is _truth(wanted)
    if isinstance(value, dict | list) or isinstance(wanted, dict | list):
        return bool(value == wanted)
    mine, other = _plain(str(value)), _plain(str(wanted))
    return mine == other or _as_number(mine, other) or _as_day(mine, other)


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


def _expected(order: ChangeOrder, collection: Collection) -> Expected:
    match order.operation:
        case Operation.ERASE:
            return _erased(order, collection)
        case Operation.CORRECT:
            return corrected(order, collection)
        case Operation.RESTRICT | Operation.LIFT:
            flag = collection.changes.restrict
            if flag is None:
                return _untold(collection, "its map does not say how it reads when it is restricted")
            return marked(collection, flag.set, lifted=order.operation is Operation.LIFT, lift=flag.lift)
        case Operation.SUPPRESS:
            rules = [collection.changes.suppress.get(purpose, {}) for purpose in order.purposes]
            says = {name: value for rule in rules for name, value in rule.items()}
            if not says:
                return _untold(collection, "its map does not say how it reads when the use has stopped")
            return marked(collection, says)


def marked(
    collection: Collection, says: Mapping[str, Any], *, lifted: bool = False, lift: Mapping[str, Any] | None = None
) -> Expected:  # fmt: skip
    """A mark that stands, or one that was taken away; told only where a search returns its fields."""
    hidden = [name for name in says if not is_read(collection, name)]
    if hidden:
        return _untold(collection, f"a search does not return {', '.join(hidden)}")
    if not lifted:
        return Expected(collection.name, says=dict(says))
    # What the map sets to the same value in both cases says nothing of the mark.
    taken = {name: (value,) for name, value in says.items() if not reads_as((lift or {}).get(name), value)}
    return Expected(collection.name, never=taken)


def corrected(order: ChangeOrder, collection: Collection) -> Expected:
    """Fields that say what is right, and in no row what was wrong."""
    mine = [each for each in order.corrections if each.collection == collection.name]
    hidden = [each.name for each in mine if not is_read(collection, each.name)]
    if hidden:
        return _untold(collection, f"a search does not return {', '.join(dict.fromkeys(hidden))}")
    names = dict.fromkeys(each.name for each in mine)
    return Expected(
        collection.name,
        never={name: tuple(each.wrong for each in mine if each.name == name) for name in names},
        right={name: tuple(each.right for each in mine if each.name == name) for name in names},
    )


def _erased(order: ChangeOrder, collection: Collection) -> Expected:
    if collection.changes.erase != "mask":
        return Expected(collection.name, gone=True)
    masked = [each for each in collection.every_field() if each.masking and is_read(collection, each.name)]
    cleared = [each.name for each in masked if each.masking and each.masking.strategy == "clear"]
    others = [each.name for each in masked if each.masking and each.masking.strategy not in ("clear", "keep")]
    known = tuple(each.value for each in order.query.identities)
    if not cleared and not others:
        return _untold(collection, "nothing of what is masked can be read")
    return Expected(
        collection.name, says=dict.fromkeys(cleared), never={name: known for name in others if known}
    )


def is_read(collection: Collection, name: str) -> bool:
    """Whether a search returns a field."""
    found = collection.by_name.get(name)
    top = collection.by_name.get(name.partition(".")[0])
    return found is not None and not found.secret and top is not None and not top.secret


def _untold(collection: Collection, why: str) -> Expected:
    return Expected(collection.name, untold=f"{why}.")


def _holds(value: Any, old: OldValue, name: str, meant: frozenset[str]) -> bool:
    """Whether a value, or one inside it, is the old one as a whole; a text that only mentions it stays somebody's."""
    if isinstance(value, dict):
        return any(_holds(each, old, f"{name}.{key}", meant) for key, each in value.items())
    if isinstance(value, list):
        return any(_holds(each, old, name, meant) for each in value)
    if name in meant or value is None or isinstance(value, bool):
        return False
    return _plain(str(value)).casefold() == _plain(old.wrong).casefold() and not reads_as(value, old.right)


def _keyed(secret: bytes, row: Mapping[str, Any], key: Sequence[str], line: bytes) -> int:
    written = "\0".join(str(value_at(row, name)) for name in key).encode() if key else line
    return int.from_bytes(hmac.digest(secret, written, sha256))


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _plain(text: str) -> str:
    return " ".join(text.split())


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else _TRUTHS.get(str(value).strip().casefold())


def _as_number(mine: str, other: str) -> bool:
    try:
        return Decimal(mine) == Decimal(other)
    except InvalidOperation:
        return False


def _as_day(mine: str, other: str) -> bool:
    """A day is the same as its midnight."""
    return _day(mine) is not None and _day(mine) == _day(other)


def _day(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = datetime.combine(date.fromisoformat(text), datetime.min.time())
        except ValueError:
            return None
    return found.replace(tzinfo=None)
