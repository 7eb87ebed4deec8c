"""Short ways to ask a connector and to read what it yields."""

import json
from typing import Any

from fulfillment.connectors.base import Batch, CollectionDone, Connector
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map

PEOPLE = "{name: people, fields: [{name: id}, {name: email, fides_meta: {identity: email}}, %s]}"
ORDERS = "{name: orders, fields: [{name: num}, {name: email, fides_meta: {identity: email}}]}"


def tables(*collections: str, **additions: Any) -> DataMap:
    """A map of the source `s`; each collection is YAML such as `people: [{name: id}]`."""
    listed = "\n".join(f"      - {each}" for each in collections)
    omne = json.dumps({"label": "The source", **additions})
    text = f"dataset:\n  - fides_key: s\n    collections:\n{listed}\n    meta: {{omne: {omne}}}\n"
    return load_map(text)


def query(*emails: str, **others: str) -> SubjectQuery:
    """A person with these addresses, and perhaps other identities."""
    found = [Identity("email", each) for each in emails] + [
        Identity(kind, value) for kind, value in others.items()
    ]
    return SubjectQuery(tuple(found), "DSR-TEST")


def found(
    connector: Connector[Any], data_map: DataMap, *emails: str, **others: str
) -> dict[str, list[dict[str, Any]]]:
    """The rows by collection; those without rows are left out."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for each in connector.search(query(*emails, **others), data_map):
        if isinstance(each, Batch):
            rows.setdefault(each.collection, []).extend(json.loads(line) for line in each.lines)
    return rows


def ends(
    connector: Connector[Any], data_map: DataMap, *emails: str, **others: str
) -> dict[str, CollectionDone]:
    """How each collection ended."""
    yielded = connector.search(query(*emails, **others), data_map)
    return {each.collection: each for each in yielded if isinstance(each, CollectionDone)}
