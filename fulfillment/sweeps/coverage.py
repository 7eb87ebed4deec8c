"""What the data map finds of a person already, so that a sweep can say of each trace whether it is covered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from fulfillment.connectors.base import Batch, Connector, Heartbeat
from fulfillment.connectors.errors import Fatal, NotConfigured, Unsupported
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.connectors.records import value_at
from fulfillment.connectors.rows import parse_json
from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.traces.person import Form, KnownPerson


class Coverage(StrEnum):
    """What the map makes of the place where a trace stands."""

    COVERED = "covered"
    NO_TABLE = "no_table"
    NO_COLUMN = "no_column"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True)
class MapCoverage:
    """The collections of a map by table, and which of their rows its ways lead to.

    `reached` holds a short digest of each key; None of a collection whose map names no key, which then goes by its
    columns alone. `broken` is why a search by the map does not work: then it finds nothing, whatever it names.
    """

    collections: Mapping[str, Collection] = field(default_factory=dict)
    reached: Mapping[str, frozenset[bytes] | None] = field(default_factory=dict, repr=False)
    broken: str = field(default="", repr=False)

    def of(self, table: str, row: Mapping[str, Any], columns: Iterable[str]) -> Coverage:
        """Whether the map covers these columns of a row."""
        collection = self.collections.get(table)
        if collection is None:
            return Coverage.NO_TABLE
        mapped = {name.partition(".")[0] for name in collection.by_name}
        if not set(columns) <= mapped:
            return Coverage.NO_COLUMN
        reached = self.reached.get(table)
        if (
            reached is not None
            and _digest(value_at(row, name) for name in collection.primary_key) not in reached
        ):
            return Coverage.NOT_REACHED
        return Coverage.COVERED


def covered_by(
    data_map: DataMap, connector: Connector[Any], person: KnownPerson, *, purpose: str, heartbeat: Heartbeat
) -> MapCoverage:
    """Search the source by its map, and keep of each row only the digest of its key.

    Raises Retryable where the source is away; a search that cannot work, as when a file of the map is damaged, is no
    reason not to go through everything else.
    """
    collections = {_table(each, data_map): each for each in data_map.collections}
    tables = {each.name: table for table, each in collections.items()}
    found: dict[str, set[bytes]] = {each.name: set() for each in data_map.collections if each.primary_key}
    try:
        for each in connector.search(_query(data_map, person, purpose), data_map, heartbeat=heartbeat):
            if isinstance(each, Batch) and each.collection in found:
                key = data_map.collection(each.collection).primary_key
                found[each.collection].update(_keys(each.lines, key))
    except Unsupported:
        # Nothing that is known of the person leads into this map: it covers nothing, so the sweep names all it finds.
        found = {name: set() for name in found}
    except (Fatal, NotConfigured) as failure:
        nothing = dict.fromkeys(collections, frozenset[bytes]())
        return MapCoverage(collections, nothing, f"A search by the map does not work: {failure}")
    reached = {tables[name]: frozenset(keys) for name, keys in found.items()}
    return MapCoverage(collections, reached)


def _query(data_map: DataMap, person: KnownPerson, purpose: str) -> SubjectQuery:
    """A map names the kinds of identities as it likes; a known one of the same form stands for it."""
    identities = [
        Identity(kind, each.value)
        for kind in data_map.identity_kinds
        for each in person.identifiers
        if each.kind == kind or (each.form is not Form.WORD and each.form is _form(kind))
    ]
    return SubjectQuery(tuple(identities), purpose)


def _form(kind: str) -> Form:
    from_kind = KnownPerson.by((kind, "x")).identifiers[0]
    return from_kind.form


def _table(collection: Collection, data_map: DataMap) -> str:
    schema, _, name = collection.name.rpartition(".")
    schema = schema or str(data_map.namespace.get("schema") or "")
    return f"{schema}.{name}" if schema and schema not in ("public", "dbo") else name


def _keys(lines: Sequence[bytes], key: tuple[str, ...]) -> Iterator[bytes]:
    for line in lines:
        row = parse_json(line)
        yield _digest(value_at(row, name) for name in key)


def _digest(values: Iterable[Any]) -> bytes:
    return blake2b("\0".join(str(value) for value in values).encode(), digest_size=12).digest()
