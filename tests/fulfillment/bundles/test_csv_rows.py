"""Rows are written as Python's own CSV writer writes them, and read back as they were."""

import csv
import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.bundles.csv_rows import csv_rows
from fulfillment.bundles.decoding import Numeral

CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.text(st.sampled_from("a,\"\r\n\0 'é;\u2028\x85"), max_size=6),
    st.text(max_size=8),
    st.just(Numeral("0.10")),
)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width))))
def test_rows_are_those_of_the_writer_of_the_standard_library(rows: list[list[Any]]) -> None:
    page = io.StringIO(newline="")
    csv.writer(page).writerows(rows)
    assert csv_rows(list(zip(*rows, strict=True))) == page.getvalue()


def test_a_line_of_one_empty_cell_is_still_a_line() -> None:
    assert list(csv.reader(io.StringIO(csv_rows([["a", None, "", "b"]]), newline=""))) == [
        ["a"],
        [""],
        [""],
        ["b"],
    ]
