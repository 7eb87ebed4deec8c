"""What records that stay rest on, for connectors that cannot leave single fields of single records alone."""

from collections.abc import Iterable

from fulfillment.datamaps.datamap import DataMap

LEANS = "records that stay may rest on it, and only a person can tell which of it has to stay with them"


def leaned_on(data_map: DataMap, staying: Iterable[str]) -> frozenset[str]:
    """The collections with fields that rows of these collections rest on, and what those rest on in their turn."""
    found: set[str] = set()
    waiting = list(staying)
    while waiting:
        keeper = data_map.collection(waiting.pop())
        for name in keeper.retention.leans_on if keeper.retention else ():
            owner = data_map.find_field(name)
            if owner is not None and owner[0].name not in (*found, keeper.name):
                found.add(owner[0].name)
                waiting.append(owner[0].name)
    return frozenset(found)
