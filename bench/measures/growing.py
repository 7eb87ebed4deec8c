"""Find the same small person in a larger and larger shop: `growing ADDRESS RUNS`, on the shop of BENCH_SHOP."""

import os
import sys
from functools import partial

from bench.cost import measured, say
from bench.limits import copy_to_nowhere
from bench.shop.load import MAP
from fulfillment.connectors.base import CONNECTORS, Batch
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.read import load_map

DATA_MAP = load_map(MAP.read_text(encoding="utf-8"))


def main(email: str, runs: int) -> None:
    """Measure the search of the source alone."""
    server = int(os.environ["BENCH_POSTMASTER"])
    search, rows = measured([partial(_search, email)] * (runs + 1), processes=[server])
    by_hand = partial(copy_to_nowhere, os.environ["BENCH_SHOP"], email)
    limit, _rows = measured([by_hand] * (runs + 1), processes=[server])
    say(search=search, limit=limit, rows=rows[-1])


def _search(email: str) -> int:
    connector = CONNECTORS.get("postgresql").from_settings({"url": os.environ["BENCH_SHOP"]})
    query = SubjectQuery((Identity("email", email),), "OM-BENCH")
    found = connector.search(query, DATA_MAP)
    return sum(len(each.lines) for each in found if isinstance(each, Batch))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
