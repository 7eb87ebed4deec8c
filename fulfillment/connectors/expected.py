"""How the rows of a collection should read after a change, by the map alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fulfillment.connectors.changing import ChangeOrder, Operation
from fulfillment.connectors.reads_as import reads_as
from fulfillment.connectors.records import single_values, values_inside
from fulfillment.datamaps.datamap import Collection, DataMap


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
        others = [
            name
            for name, value in self.says.items()
            if not all(reads_as(each, value) for each in values_inside(row, name))
        ]
        stand = [
            name
            for name, values in self.never.items()
            if any(reads_as(each, value) for each in _each_inside(row, name) for value in values)
        ]
        return tuple(dict.fromkeys((*others, *stand)))

    def is_right_in(self, row: Mapping[str, Any]) -> bool:
        """Whether a row in which nothing is wrong shows the change."""
        if not self.right:
            return True
        found = (
            reads_as(each, value)
            for name, values in self.right.items()
            for each in _each_inside(row, name)
            for value in values
        )
        return any(found)


def expected_by_map(order: ChangeOrder, data_map: DataMap) -> tuple[Expected, ...]:
    """What the map alone says of the rows of an order's collections afterwards."""
    held = {hold.collection for hold in order.holds if hold.key is None}
    wanted = [data_map.by_name[name] for name in order.collections if name in data_map.by_name]
    return tuple(_expected(order, each) for each in wanted if each.name not in held)


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


def _each_inside(row: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """What a field says, each element of its lists by itself; nothing said is None."""
    return tuple(single_values(values_inside(row, name))) or (None,)


def _untold(collection: Collection, why: str) -> Expected:
    return Expected(collection.name, untold=f"{why}.")
