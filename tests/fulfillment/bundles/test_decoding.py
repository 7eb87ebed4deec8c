"""Records out of JSON lines: nothing is another value afterwards, and no spelling of a number is lost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.bundles.columns import PackedColumns, columns_of, for_spreadsheet
from fulfillment.bundles.decoding import Numeral, decoded

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(rows=st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), min_size=1, max_size=4))
def test_whatever_json_can_say_comes_back(rows):
    assert decoded(b"\n".join(json.dumps(row).encode() for row in rows)) == rows


@pytest.mark.parametrize(
    "spelt", ["1.10", "1e5", "1E+5", "-0.0", "-0", "1e400", "0.1000000000000000055511151231257827"]
)
def test_a_number_that_python_would_spell_otherwise_keeps_its_spelling(spelt):
    (row,) = decoded(b'{"n":%s}' % spelt.encode())
    assert isinstance(row["n"], Numeral)
    assert str(row["n"]) == spelt


@pytest.mark.parametrize("spelt", ["7", "-7", "18446744073709551616", "123456789012345678901234567890"])
def test_a_whole_number_is_one_of_any_length(spelt):
    assert decoded(b'{"n":%s}' % spelt.encode()) == [{"n": int(spelt)}]


def test_what_is_no_json_but_stands_in_sources_is_read_all_the_same():
    assert decoded(b'{"a":NaN,"b":"\\ud800"}\n{"a":1.50,"b":"x"}') == [
        {"a": "NaN", "b": "\ud800"},
        {"a": "1.50", "b": "x"},
    ]


def test_one_and_yes_stay_apart_in_a_column():
    columns = columns_of([{"a": 1, "b": "x"}, {"a": True}, {"a": None, "b": "=1"}], ["a", "b"])
    assert [PackedColumns("en").of(each) for each in columns] == [["1", "Yes", "–"], ["x", "–", "=1"]]
    assert [for_spreadsheet(each) for each in columns] == [["1", "true", ""], ["x", "", "'=1"]]


def test_nested_values_keep_their_numbers_in_a_spreadsheet():
    (row,) = decoded(b'{"a":{"n":1.50,"list":[7,"1",null]}}')
    assert for_spreadsheet([row["a"]]) == ['{"n": 1.50, "list": [7, "1", null]}']
