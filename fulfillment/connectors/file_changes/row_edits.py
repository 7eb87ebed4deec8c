"""What an order makes of one row that Python holds: nothing, a row with other values, or the row as it is."""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Any

from fulfillment.connectors.changing import (
    ChangeOrder,
    Correction,
    Hold,
    How,
    Kept,
    Operation,
    not_found_on_hold,
)
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.places_inside import NoPlace, replaced
from fulfillment.connectors.records import value_at
from fulfillment.datamaps.changing import ADDRESS, Masking, Period
from fulfillment.datamaps.datamap import Collection
from fulfillment.traces.redact import redact_value

HASH_LENGTH, RANDOM_LENGTH, SHORT_HASH = 64, 32, 16


@dataclass
class RowEdits:
    """The edits of one collection; counts what changes, and why the rest stays."""

    order: ChangeOrder
    collection: Collection
    changed: int = 0
    kept: dict[str, tuple[int, date | None]] = field(default_factory=dict)
    held: list[Hold] = field(default_factory=list)
    # Set while a file is read that this order has replaced already: nothing in it changes a second time.
    only_keeps: bool = False
    _digest: Any = None
    _told: int = 0

    def __post_init__(self) -> None:
        self._digest = hmac.new(self.order.secret, digestmod=sha256)
        self._person = self.order.whom

    @property
    def how(self) -> How | None:
        """What becomes of the rows; None where the map says nothing of it for this order."""
        rules, operation = self.collection.changes, self.order.operation
        if operation is Operation.ERASE:
            return {"delete": How.DELETE, "mask": How.MASK}.get(rules.erase or "")
        return How.SET if self._constants() or self._corrections() else None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that get new values."""
        if self.how is How.MASK:
            masked = (each for each in self.collection.every_field() if each.masking)
            return tuple(each.name for each in masked if each.masking and each.masking.strategy != "keep")
        return tuple(dict.fromkeys((*self._constants(), *(each.name for each in self._corrections()))))

    def edit(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """The row as it shall be, the very same object where it stays; None where it goes."""
        if self._stays(row) or self.only_keeps:
            return row
        new = self._new(row)
        if new is not None and new == row:
            return row
        self.changed += 1
        key = [str(value_at(row, name)) for name in self.collection.primary_key]
        self._digest.update(("\0".join(key) + "\n").encode())
        return new

    def part(self) -> tuple[int, str]:
        """How many rows changed since this was asked last, with a keyed hash over their keys in order."""
        count, self._told = self.changed - self._told, self.changed
        digest, self._digest = self._digest, hmac.new(self.order.secret, digestmod=sha256)
        return count, str(digest.hexdigest()) if count else ""

    def stays(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of the person's stays as it is; it is not counted."""
        return RowEdits(self.order, self.collection)._stays(row)

    def kept_rows(self) -> list[Kept]:
        """Why rows stayed, for the receipt."""
        name = self.collection.name
        return [Kept(name, count, why, until) for why, (count, until) in self.kept.items()]

    @property
    def problems(self) -> tuple[str, ...]:
        """Once all rows were seen: what is on hold and was not among them."""
        missing = any(
            hold.must_be_found and hold.is_in_force(self.order.at.date()) and hold not in self.held
            for hold in self.order.holds
            if hold.collection == self.collection.name
        )
        return (not_found_on_hold(self.collection.label),) if missing else ()

    def _new(self, row: dict[str, Any]) -> dict[str, Any] | None:
        if self.how is How.DELETE:
            return None
        new: dict[str, Any] = dict(row)
        if self.how is How.MASK:
            # What lies inside another value first: of that, nothing may be left to lie in.
            for each in reversed(self.collection.every_field()):
                if each.masking and each.masking.strategy != "keep":
                    new = self._put(new, each.name, partial(self._masked, each.name, masking=each.masking))
        for name, value in self._constants().items():
            new = self._put(new, name, partial(_other, value))
        for correction in self._corrections():
            new = self._put(new, correction.name, partial(_righted, correction))
        return new

    def _put(self, row: dict[str, Any], name: str, new: Callable[[Any], Any]) -> dict[str, Any]:
        """The row with another value of a field, wherever it lies in it."""
        try:
            found: dict[str, Any] = replaced(row, name.split("."), new)
        except NoPlace:
            raise Fatal(
                f"{self.collection.label}: {name} lies inside another value, which does not hold in every row what "
                "the map says. Nothing was changed; a person has to look."
            ) from None
        return found

    def _masked(self, name: str, value: Any, masking: Masking) -> Any:
        if value is None or value == "":
            return value
        known = hmac.new(self.order.secret, str(value).encode(), sha256).hexdigest()
        match masking.strategy:
            case "clear":
                return None
            case "constant":
                return masking.value
            case "random":
                return secrets.token_hex(RANDOM_LENGTH // 2)
            case "keep_domain":
                written = str(value).strip()
                domain = written.partition("@")[2]
                return f"{known[:SHORT_HASH]}@{domain}" if re.match(ADDRESS, written) else known
            case "generalise_date":
                return _first_day(value, masking.unit)
            case "redact":
                return self._redacted(name, value)
            case _:
                return known

    def _redacted(self, name: str, value: Any) -> Any:
        found = redact_value(value, self._person, column=name, is_proven=True)
        if not found.is_whole:
            raise Fatal(
                f"{self.collection.label}: {name} holds something of the person in a form that cannot be rewritten. "
                "Nothing was changed; a person has to look."
            )
        return found.value

    def _constants(self) -> Mapping[str, Any]:
        rules, operation = self.collection.changes, self.order.operation
        if operation in (Operation.RESTRICT, Operation.LIFT) and rules.restrict:
            return rules.restrict.set if operation is Operation.RESTRICT else rules.restrict.lift
        if operation is Operation.SUPPRESS:
            found = (rules.suppress.get(purpose, {}) for purpose in self.order.purposes)
            return {name: value for each in found for name, value in each.items()}
        return {}

    def _corrections(self) -> list[Correction]:
        if self.order.operation is not Operation.CORRECT:
            return []
        return [each for each in self.order.corrections if each.collection == self.collection.name]

    def _stays(self, row: Mapping[str, Any]) -> bool:
        today = self.order.at.date()
        for hold in self.order.holds:
            is_here = hold.collection == self.collection.name
            if is_here and hold.is_in_force(today) and _is_held(row, hold):
                self.held += [hold] if hold.key else []
                return self._keep(hold.why, hold.until)
        retention = self.collection.retention
        if self.order.operation is Operation.ERASE and retention and retention.period:
            return self._is_in_its_period(row, retention.period, retention.rule, today)
        return False

    def _is_in_its_period(self, row: Mapping[str, Any], period: Period, rule: str, today: date) -> bool:
        day = _day(value_at(row, period.counted_from))
        if day is None:
            return self._keep(f"{rule} These carry no date to count from.".strip(), None)
        until = period.last_day(day)
        return until >= today and self._keep(rule, until)

    def _keep(self, why: str, until: date | None) -> bool:
        count, latest = self.kept.get(why, (0, None))
        self.kept[why] = count + 1, max((each for each in (until, latest) if each), default=None)
        return True


def _is_held(row: Mapping[str, Any], hold: Hold) -> bool:
    return hold.key is None or all(str(value_at(row, name)) == value for name, value in hold.key.items())


def _other(new: Any, _old: Any) -> Any:
    return new


def _righted(correction: Correction, old: Any) -> Any:
    return correction.right if str(old or "").strip() == correction.wrong.strip() else old


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _first_day(value: Any, unit: str) -> Any:
    day = _day(value)
    if day is None:
        return None
    first = day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)
    if isinstance(value, datetime):
        return value.replace(month=first.month, day=1, hour=0, minute=0, second=0, microsecond=0)
    return first if isinstance(value, date) else first.isoformat()
