"""The copy of a person of a hundred thousand rows stays small enough for a telephone."""

from dataclasses import replace

import pytest

from bench.figures import TINY, Bench
from bench.place import open_place
from bench.shop.people import DOMAIN, everybody

LARGEST = 3_000_000
NAME = f"big100k@{DOMAIN}"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_thousand_rows_are_a_copy_of_three_megabytes_at_most() -> None:
    large_ones = tuple(everybody(background=0, small=0, erased=0))
    with open_place() as place:
        Bench(place, replace(TINY, people=large_ones), print).prepare()
        found = place.measure("reading", *[NAME] * 2, shop="shop")
    assert found["rows"] == 100_000
    # The page, data.json, JSON lines and CSV of eleven tables; the letter has a size of its own.
    assert found["size"] <= LARGEST, f"{found['size']:,} bytes"
