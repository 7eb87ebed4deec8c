"""Rows are read back as they were, and no spreadsheet of any country finds a formula in them."""

import csv
import io
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fulfillment.bundles.columns import for_spreadsheet
from fulfillment.bundles.csv_rows import csv_rows
from fulfillment.bundles.decoding import Numeral

CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.text(st.sampled_from("a,\"\r\n\0 'é\u2028\x85"), max_size=6),
    st.text(st.characters(exclude_characters=";\t|\u061b"), max_size=8),
    st.just(Numeral("0.10")),
)
POISON = st.text(st.sampled_from("a;,\"\r\n\t|\u061b '=+-@＝\u00a01"), max_size=8)


def tables(cells: st.SearchStrategy[Any]) -> st.SearchStrategy[list[list[Any]]]:
    return st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1)
    )


def columns_of(rows: list[list[Any]]) -> list[list[Any]]:
    return list(map(list, zip(*rows, strict=True)))


def read(sheet: str, separator: str = ",") -> list[list[str]]:
    """As a spreadsheet does: a mark of quotation counts where a cell begins, and nowhere else."""
    return list(csv.reader(io.StringIO(sheet, newline=""), delimiter=separator))


def begins_a_formula(cell: str) -> bool:
    return cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@given(tables(CELLS).filter(lambda rows: not str(rows[0][0]).startswith("-")))
def test_rows_are_those_of_the_writer_of_the_standard_library(rows: list[list[Any]]) -> None:
    page = io.StringIO(newline="")
    csv.writer(page).writerows(rows)
    written = csv_rows(columns_of(rows))
    assert read(written) == read(page.getvalue())
    if not any(line.startswith(("-", "+")) for line in page.getvalue().split("\r\n")):
        assert written == page.getvalue()


@given(tables(st.text(max_size=8) | POISON))
def test_any_text_is_read_back_as_it_was_written(rows: list[list[str]]) -> None:
    assert read(csv_rows(columns_of(rows))) == rows


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "\u061b"])
@given(rows=tables(POISON))
@example(rows=[["1", "a;=cmd()"], ["2", "hello\n=cmd()"], ["3", 'x;"=cmd()'], ["4", "y;\u00a0＝cmd()"]])
def test_whatever_a_spreadsheet_splits_by_no_cell_begins_a_formula(
    separator: str, rows: list[list[str]]
) -> None:
    sheet = csv_rows([for_spreadsheet(column) for column in columns_of(rows)])
    assert [cell for row in read(sheet, separator) for cell in row if begins_a_formula(cell)] == []


@given(tables(st.text(st.sampled_from("ab;,\"\r\n\t|1 '="), max_size=8)))
def test_a_text_without_a_formula_stays_as_it_is(rows: list[list[str]]) -> None:
    expected = [
        [cell if "=" not in cell and cell[:1] not in ("\t", "\r", "\n") else None for cell in row]
        for row in rows
    ]
    found = read(csv_rows([for_spreadsheet(column) for column in columns_of(rows)]))
    assert [
        [cell if wanted is not None else None for cell, wanted in zip(row, wants, strict=True)]
        for row, wants in zip(found, expected, strict=True)
    ] == expected


def test_many_texts_are_made_harmless_as_each_alone_is() -> None:
    texts = ["plain", "a\0b;=1", "x;=1", None, "=1", "\ty", " - item", "1;2"]
    alone = [for_spreadsheet([text])[0] or "" for text in texts]
    assert for_spreadsheet(texts) == alone
    assert alone == ["plain", "a\0b;'=1", "x;'=1", "", "'=1", "'\ty", "' - item", "1;2"]


def test_a_negative_number_and_the_text_after_it_are_no_formula_where_a_comma_is_a_decimal_point() -> None:
    # "-12,5+cmd|..." would be minus twelve and a half and what is added to it.
    rows = [[-12, "5+cmd|' /C calc'!A0", "x"], [Numeral("-1.5"), 7, "y"], [3, None, "z"]]
    assert csv_rows(columns_of(rows)) == "-12,\"5+cmd|' /C calc'!A0\",x\r\n-1.5,7,y\r\n3,,z\r\n"
    rows = [[-12, "5+A1"], [4, "6"]]
    assert csv_rows(columns_of(rows)) == '-12,"5+A1"\r\n4,"6"\r\n'


def test_what_holds_the_separator_of_others_is_in_quotes() -> None:
    assert csv_rows([["a;b", "c\td", "e|f", "plain"]]) == '"a;b"\r\n"c\td"\r\n"e|f"\r\nplain\r\n'


def test_a_line_of_one_empty_cell_is_still_a_line() -> None:
    assert read(csv_rows([["a", None, "", "b"]])) == [["a"], [""], [""], ["b"]]
