"""How the records of an API read after a change: as its calls say, since only they know which field shows it."""

from dataclasses import replace

from fulfillment.connectors.changing import ChangeOrder, Operation
from fulfillment.connectors.expected import Expected, expected_by_map, marked
from fulfillment.datamaps.api_changes import EndpointChanges, Verb
from fulfillment.datamaps.datamap import DataMap

# A correction reads by the fields of the map, and what was erased is not there.
MARKS = frozenset({Operation.RESTRICT, Operation.LIFT, Operation.SUPPRESS})


def expected_of_api(order: ChangeOrder, data_map: DataMap) -> tuple[Expected, ...]:
    """What each collection of an order shows once it was carried out."""
    by_map = {each.collection: each for each in expected_by_map(order, data_map)}
    calls = {name: each.changes for name, each in (data_map.api.collections if data_map.api else {}).items()}
    return tuple(
        _expected(order, data_map, each, calls.get(name, EndpointChanges())) for name, each in by_map.items()
    )


def _expected(order: ChangeOrder, data_map: DataMap, by_map: Expected, changes: EndpointChanges) -> Expected:
    verbs = _verbs(order, changes)
    is_slow = any(verb.slow for verb in verbs)
    if order.operation in MARKS and verbs and all(verb.shown for verb in verbs):
        says = {name: value for verb in verbs for name, value in verb.shown.items()}
        return replace(marked(data_map.collection(by_map.collection), says), is_slow=is_slow)
    return replace(by_map, is_slow=is_slow)


def _verbs(order: ChangeOrder, changes: EndpointChanges) -> list[Verb]:
    if order.operation is Operation.SUPPRESS:
        return [changes.suppress[each] for each in order.purposes if each in changes.suppress]
    by_operation: dict[Operation, Verb | None] = {
        Operation.ERASE: changes.erase,
        Operation.CORRECT: changes.correct,
        Operation.RESTRICT: changes.restrict,
        Operation.LIFT: changes.lift,
    }
    one = by_operation.get(order.operation)
    return [one] if one is not None else []
