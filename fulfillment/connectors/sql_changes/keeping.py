"""Which of the person's rows stay, and why: a legal period, a hold, others who use them, what leans on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    Text,
    and_,
    cast,
    column,
    exists,
    false,
    func,
    or_,
    select,
    table,
    true,
)

from fulfillment.connectors.changing import ChangeOrder, Hold, Kept, not_found_on_hold
from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_changes.own_rows import OwnRows, overlap
from fulfillment.datamaps.changing import Period
from fulfillment.datamaps.datamap import DataMap, When

_LONGEST_DAYS = 366 * 400


@dataclass(frozen=True)
class _Reference:
    """Fields of one collection that refer to fields of another, both as columns, where `when` holds of the one."""

    referring: str
    referred: str
    pairs: tuple[tuple[str, str], ...]
    when: When = ()

    def holds(self, referring: Any, referred: Any) -> list[ColumnElement[bool]]:
        """What joins a row of the one to a row of the other, each given by its columns."""
        # Beside a type an id is often kept as text, whatever it is where it comes from.
        sides = [
            (cast(referring[mine], Text), cast(referred[other], Text))
            if self.when
            else (referring[mine], referred[other])
            for mine, other in self.pairs
        ]
        beside = [cast(referring[name], Text).in_(values) for name, values in self.when]
        return [*(mine == other for mine, other in sides), *beside]


class Keeping:
    """Takes out of the found rows what must stay; in this order, as each later step sees what the former kept."""

    def __init__(
        self,
        connection: Connection,
        data_map: DataMap,
        found: Mapping[str, OwnRows],
        order: ChangeOrder,
        dialect: ChangeDialect,
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._order = order
        self._map = data_map
        self._found = found
        self._references = tuple(_references(data_map))
        self._missing: dict[str, None] = {}

    def keep_by_rule(self) -> None:
        """Rows of collections that stay, and rows whose legal period is not over on the day of the order.

        A row without the date to count from is kept, and said so.
        """
        for own in self._ordered():
            retention = own.collection.retention
            rule = retention.rule if retention else ""
            if own.collection.changes.erase == "keep":
                self._note(own, own.keep(self._connection, true()), rule)
            elif retention and retention.period:
                self._keep_period(own, retention.period, rule)

    def keep_holds(self) -> None:
        """Rows and whole collections on which somebody has put a hold."""
        for hold in self._order.holds:
            own = self._found.get(hold.collection)
            if own is not None and hold.is_in_force(self._order.at.date()):
                held = own.keep(self._connection, _held(own, hold, own.going))
                self._note(own, held, hold.why, hold.until)
                if hold.must_be_found and not held and not self._stays(own, hold):
                    self._missing[not_found_on_hold(own.collection.label)] = None

    @property
    def problems(self) -> tuple[str, ...]:
        """What was to be kept and is not there, as sentences; then nothing may change."""
        return tuple(self._missing)

    def _stays(self, own: OwnRows, hold: Hold) -> bool:
        """Whether a row on hold stays for another reason already."""
        return bool(_count(self._connection, own.staying, _held(own, hold, own.staying)))

    def keep_shared(self) -> None:
        """Rows found only through others, such as an address, to which somebody else's rows refer as well."""
        for own in self._ordered():
            if own.is_seeded:
                continue
            for reference in self._references:
                if reference.referred == own.collection.name and reference.referring in self._found:
                    count = own.keep(self._connection, self._used_by_others(own, reference))
                    label = self._map.by_name[reference.referring].label
                    self._note(own, count, f"Records of other people in “{label}” use them too.")

    def keep_leaned_on(self) -> None:
        """What a row that stays needs to mean anything: a field where rows are masked, else the whole row.

        Whole rows first, and again as long as some are found: they may rest on others in their turn.
        """
        leaning = [(keeper, name) for keeper in self._found.values() for name in _leans_on(keeper)]
        while sum(self._keep_leaned_on(keeper, name, whole=True) for keeper, name in leaning):
            pass
        for keeper, name in leaning:
            self._keep_leaned_on(keeper, name, whole=False)

    def _ordered(self) -> list[OwnRows]:
        return [self._found[name] for name in self._order.collections if name in self._found]

    def _note(self, own: OwnRows, count: int, why: str, until: date | None = None) -> None:
        if count:
            own.kept.append(Kept(own.collection.name, count, why, until))

    def _keep_period(self, own: OwnRows, period: Period, rule: str) -> None:
        day = self._dialect.day(own.going.c[period.counted_from])
        undated = own.keep(self._connection, day.is_(None))
        self._note(own, undated, f"{rule} These carry no date to count from.".strip())
        first = _first_day_kept(period, self._order.at.date())
        count = own.keep(self._connection, day >= self._dialect.constant_day(first))
        if count:
            newest = select(func.max(self._dialect.day(own.staying.c[period.counted_from])))
            until = period.last_day(_as_date(self._connection.execute(newest).scalar_one()))
            self._note(own, count, rule, until)

    def _used_by_others(self, own: OwnRows, reference: _Reference) -> ColumnElement[bool]:
        theirs = self._found[reference.referring]
        live = table(
            theirs.target.name,
            *(column(name) for name in theirs.target.shape.columns),
            schema=theirs.target.schema,
        ).alias("others")
        refers = and_(*reference.holds(live.c, own.going.c))
        # Where rows have no key, such as those that only join two tables, all they refer with tells whose they are.
        told_by = theirs.key or tuple(each.name for each in theirs.going.columns)
        is_own = or_(*(_same_key(live, each, told_by) for each in (theirs.going, theirs.staying)))
        return exists().where(refers, ~is_own)

    def _keep_leaned_on(self, keeper: OwnRows, name: str, *, whole: bool) -> int:
        """Keep what rows of `keeper` need of one field, where whole rows stay or where single fields do."""
        found = self._map.find_field(name)
        own = self._found.get(found[0].name) if found else None
        if found is None or own is None or own.collection.name not in self._order.collections:
            return 0
        is_masked, wanted = own.collection.changes.erase == "mask", found[1].name
        if is_masked is whole:
            return 0
        leans = or_(false(), *self._leans(keeper, own))
        why = f"The records of “{keeper.collection.label}” that stay rest on it."
        until = _until(keeper)
        if whole:
            count = own.keep(self._connection, leans)
            self._note(own, count, why, until)
            return count
        count = _count(self._connection, own.going, leans)
        own.leaned_on.setdefault(wanted, []).append(leans)
        if count:
            own.kept.append(Kept(own.collection.name, count, why, until, fields=_staying_with(own, wanted)))
        return count

    def _stay(self, keeper: OwnRows) -> list[TableClause]:
        """Where the rows of a collection stand that this order leaves: what is to change nowhere stays as a whole."""
        is_left = keeper.collection.name not in self._order.collections or not keeper.collection.changes.erase
        return [keeper.staying, keeper.going] if is_left else [keeper.staying]

    def _leans(self, keeper: OwnRows, own: OwnRows) -> Iterator[ColumnElement[bool]]:
        """The rows of `own` that a kept row of `keeper` refers to, or that refer to one."""
        for reference in self._references:
            ends = (reference.referring, reference.referred)
            for rows in self._stay(keeper):
                if ends == (keeper.collection.name, own.collection.name):
                    yield exists().where(*reference.holds(rows.c, own.going.c))
                elif ends == (own.collection.name, keeper.collection.name):
                    yield exists().where(*reference.holds(own.going.c, rows.c))


def _references(data_map: DataMap) -> Iterator[_Reference]:
    """Every reference between two collections of the map; fields that refer together make one."""
    for collection in data_map.collections:
        pairs: dict[str, list[tuple[str, str]]] = {}
        for own in collection.every_field():
            for reference in own.references:
                found = data_map.find_field(reference.target) if reference.dataset == data_map.key else None
                if found is None or "." in own.name or "." in found[1].name:
                    continue
                if reference.when:
                    yield _Reference(
                        collection.name, found[0].name, ((own.name, found[1].name),), reference.when
                    )
                else:
                    pairs.setdefault(found[0].name, []).append((own.name, found[1].name))
        for other, every in pairs.items():
            together = [each for group in collection.together for each in every if each[0] in group]
            if together:
                yield _Reference(collection.name, other, tuple(together))
            yield from (_Reference(collection.name, other, (each,)) for each in every if each not in together)


def _leans_on(keeper: OwnRows) -> tuple[str, ...]:
    return keeper.collection.retention.leans_on if keeper.collection.retention else ()


def _staying_with(own: OwnRows, name: str) -> tuple[str, ...]:
    """A field, and those around it or in it that would have been masked: they stay as it does."""
    masked = (each.name for each in own.collection.every_field() if each.masking)
    return tuple(dict.fromkeys((name, *(each for each in masked if overlap(each, name)))))


def _until(keeper: OwnRows) -> date | None:
    """The last day on which any of the rows that stay must be there; None where one has no such day."""
    days = [each.until for each in keeper.kept]
    return max((day for day in days if day), default=None) if all(days) else None


def _held(own: OwnRows, hold: Hold, rows: TableClause) -> ColumnElement[bool]:
    if hold.key is None:
        return true()
    parts = [cast(rows.c[name], Text) == value for name, value in hold.key.items() if name in own.key]
    return and_(*parts) if len(parts) == len(own.key) else false()


def _same_key(live: Any, keys: TableClause, key: tuple[str, ...]) -> ColumnElement[bool]:
    return exists().where(*(keys.c[name] == live.c[name] for name in key))


def _count(connection: Connection, rows: TableClause, condition: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(rows).where(condition)).scalar_one())


def _first_day_kept(period: Period, today: date) -> date:
    """The earliest day whose period is not over today: what is of that day or later is kept."""
    low, high = today - timedelta(days=_LONGEST_DAYS), today
    while low < high:
        middle = low + (high - low) // 2
        if period.last_day(middle) >= today:
            high = middle
        else:
            low = middle + timedelta(days=1)
    return low


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
