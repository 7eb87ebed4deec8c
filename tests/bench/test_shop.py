"""The shop that figures are measured on is the same in every run, row for row."""

import hashlib
from collections import Counter

import pytest

from bench.shop.load import FULL
from bench.shop.people import SMALL, big, everybody
from bench.shop.rows import as_copy_text, rows_of
from bench.shop.tables import TABLES

# Of the text of each table as it is filled: as many rows, the same bytes, as the generator other tools are measured on.
KNOWN = {
    "product": (1_000, "8b4568ea2df4852a"),
    "address": (5_650, "3002d5eb22eb80c7"),
    "customer": (1_154, "8a4b1f20d5748a74"),
    "employee": (1_154, "7c066cfdd61557cf"),
    "payment_card": (2_520, "4789c570901e84fd"),
    "orders": (26_600, "b38f39c34bac1e0c"),
    "order_item": (75_200, "4e8547d74a3834f6"),
    "login": (72_900, "bd369f4e06ddfbbf"),
    "visit": (48_600, "1ff3a605d77d4109"),
    "report": (9_950, "a61ced9978a0fcaa"),
    "service_request": (11_100, "19a6ab42105f2df8"),
}


def test_a_person_has_exactly_as_many_rows_as_said() -> None:
    assert [SMALL.rows, big(10_000).rows, big(100_000).rows] == [40, 10_000, 100_000]


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_every_table_has_the_rows_that_are_known(table: str) -> None:
    digest, count = hashlib.sha256(), 0
    for row in rows_of(table, FULL):
        digest.update(as_copy_text(row).encode())
        count += 1
    assert (count, digest.hexdigest()[:16]) == KNOWN[table]


def test_rows_are_numbered_on_from_person_to_person() -> None:
    people = list(everybody(background=3, small=2, erased=1, large=False))
    numbers = [row[0] for row in rows_of("address", people)]
    assert numbers == list(range(1, 6 * SMALL.address + 1))
    assert Counter(row[1] for row in rows_of("orders", people)) == {person.number: 4 for person in people}
