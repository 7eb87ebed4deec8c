"""What a system found of a person, as lines of JSON: counted, checked against the map, and nobody else's.

Each line is {"collection": …, "row": {…}}; the last one is {"end": {collection: count, …}}, so that nothing that was
cut passes for whole.
"""

from collections.abc import Callable, Iterator
from typing import Any

from fulfillment.connectors.base import Batch, CollectionDone, Heartbeat, Yielded, unsearched
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.query import SubjectQuery
from fulfillment.connectors.records import RecordReader
from fulfillment.connectors.rows import parse_json
from fulfillment.connectors.trail import Trail
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.traversal import Step, traverse

Lines = Callable[[], Iterator[bytes]]
AT_ONCE = 1_000


def read_findings(
    lines: Lines, query: SubjectQuery, data_map: DataMap, heartbeat: Heartbeat
) -> Iterator[Yielded]:
    """The rows of an answer, parents before what hangs on them. Raises Fatal for one that must not be used.

    `lines` gives the answer from its beginning each time it is called: it is read once a collection, and never held.
    """
    traversal = traverse(data_map, query.kinds)
    counts = _counted(lines, data_map, heartbeat)
    for name in traversal.unreachable:
        if counts.get(name):
            raise Fatal(
                f"{data_map.label} gave records of {name}, which nothing known of the person leads to."
            )
    trail = Trail(data_map, query, traversal.steps)
    for step in traversal.steps:
        heartbeat()
        yield from _collection(lines if counts.get(step.collection) else _none, data_map, trail, step)
    for name in traversal.unreachable:
        yield unsearched(name, query)


def _collection(lines: Lines, data_map: DataMap, trail: Trail, step: Step) -> Iterator[Yielded]:
    name = step.collection
    sieve, reader = trail.sieve(step), RecordReader(data_map.collection(name), data_map.label)
    part: list[bytes] = []
    for said in _parsed(lines, data_map.label):
        if said.get("collection") != name:
            continue
        row = reader.checked(said["row"])
        if step.is_entrance and not sieve.holds(row):
            continue
        if not sieve.holds(row):
            raise Fatal(f"{data_map.label} gave a record of somebody else in {name}. Nothing of it was kept.")
        trail.keep(name, row)
        line = None if step.is_entrance else reader.line(row)
        if line is not None:
            part.append(line)
        if len(part) >= AT_ONCE:
            yield Batch(name, part)
            part = []
    if part:
        yield Batch(name, part)
    if not step.is_entrance:
        yield CollectionDone(name, reader.count, unmapped=reader.unmapped)


def _counted(lines: Lines, data_map: DataMap, heartbeat: Heartbeat) -> dict[str, int]:
    """The rows by collection. Raises Fatal unless the last line says the same, and every line is one we know."""
    counts: dict[str, int] = {}
    end: Any = None
    for number, said in enumerate(_parsed(lines, data_map.label), start=1):
        if number % AT_ONCE == 0:
            heartbeat()
        if end is not None:
            raise Fatal(f"{data_map.label} goes on after the line that ends its answer.")
        if said.keys() == {"end"}:
            end = said["end"]
        elif said.keys() == {"collection", "row"} and isinstance(said["row"], dict):
            name = str(said["collection"])
            if name not in data_map.by_name:
                raise Fatal(f"{data_map.label} gave records of a collection that its map does not name.")
            counts[name] = counts.get(name, 0) + 1
        else:
            raise Fatal(f"{data_map.label} answered line {number} in a way that cannot be read.")
    told = {name: count for name, count in end.items() if count} if isinstance(end, dict) else None
    if told != counts:
        raise Fatal(
            f"{data_map.label} gave an answer that is not whole: its end does not count what it holds."
        )
    return counts


def _parsed(lines: Lines, label: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines(), start=1):
        if not line.strip():
            continue
        try:
            said = parse_json(line)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise Fatal(f"{label} answered line {number} with something that is not a JSON object.")
        yield said


def _none() -> Iterator[bytes]:
    return iter(())
