"""Erase a person: `erasing ADDRESS RUNS`, each run on a fresh copy of the shop, beside the same by hand."""

import os
import sys
from functools import partial

import psycopg
from django.utils import timezone

from bench.cost import measured, peak_memory, say
from bench.databases import beside, make_database
from bench.limits import update_by_hand
from bench.shop.load import MAP, contents
from fulfillment.connectors.base import CONNECTORS, Batch
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Operation, PreflightFailed
from fulfillment.connectors.query import Identity, SubjectQuery
from fulfillment.datamaps.read import load_map

COPY = "shop_to_change"
URL = beside(os.environ["BENCH_SHOP"], COPY)
DATA_MAP = load_map(MAP.read_text(encoding="utf-8"))


class CutOff(Exception):
    """The worker ends after the change was made and before it became final."""


def main(email: str, runs: int) -> None:
    """Measure, and look whether it is all or nothing."""
    server = int(os.environ["BENCH_POSTMASTER"])
    erased, receipts = measured(
        [partial(_erase, email)] * (runs + 1), processes=[server], prepare=_fresh_copy
    )
    left = _rows_found(email)
    limit, by_hand = measured(
        [partial(update_by_hand, URL, email)] * (runs + 1), processes=[server], prepare=_fresh_copy
    )
    say(
        erased=erased,
        limit=limit,
        rows=receipts[-1].rows,
        rows_by_hand=by_hand[-1],
        rows_left=left,
        whole_when_cut_off=_is_whole_when_cut_off(email),
        not_null=_said_of_not_null(email),
        peak=peak_memory(),
    )


def _fresh_copy() -> None:
    make_database(os.environ["DATABASE_URL"], COPY, like="shop")


def _query(email: str) -> SubjectQuery:
    return SubjectQuery((Identity("email", email),), "OM-BENCH")


def _order(email: str) -> ChangeOrder:
    return ChangeOrder(
        key="bench",
        operation=Operation.ERASE,
        query=_query(email),
        collections=tuple(each.name for each in DATA_MAP.collections),
        at=timezone.now(),
        secret=b"a secret of this order",
    )


def _erase(email: str) -> ChangeReceipt:
    """Look first, as the product does, then change."""
    connector = CONNECTORS.get("postgresql").from_settings({"url": URL})
    look = connector.preflight(_order(email), DATA_MAP)
    if look.problems:
        raise PreflightFailed(look.problems)
    return connector.change(_order(email), DATA_MAP, note=lambda receipt: None)


def _rows_found(email: str) -> int:
    connector = CONNECTORS.get("postgresql").from_settings({"url": URL})
    found = connector.search(_query(email), DATA_MAP)
    return sum(len(each.lines) for each in found if isinstance(each, Batch))


def _is_whole_when_cut_off(email: str) -> bool:
    """Whether every table is as it was when the worker ends at the worst moment."""
    _fresh_copy()
    before = contents(URL)
    connector = CONNECTORS.get("postgresql").from_settings({"url": URL})

    def end(receipt: ChangeReceipt) -> None:
        raise CutOff

    try:
        connector.change(_order(email), DATA_MAP, note=end)
    except CutOff:
        return contents(URL) == before
    return False


def _said_of_not_null(email: str) -> tuple[str, ...]:
    """What the look beforehand says where a column that the map empties must not be empty."""
    _fresh_copy()
    with psycopg.connect(URL) as connection:
        connection.execute("ALTER TABLE customer ALTER name SET NOT NULL")
    connector = CONNECTORS.get("postgresql").from_settings({"url": URL})
    return connector.preflight(_order(email), DATA_MAP).problems


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
