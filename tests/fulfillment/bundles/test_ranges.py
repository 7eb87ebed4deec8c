"""Range headers are read as the standard says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.bundles.errors import RangeNotSatisfiable
from fulfillment.bundles.ranges import ByteRange, read_range


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-", 0, 99),
        ("bytes=10-19", 10, 19),
        ("bytes=90-500", 90, 99),
        ("bytes=-5", 95, 99),
        ("bytes=-500", 0, 99),
        ("bytes=99-99", 99, 99),
        ("", 0, 99),
        ("bytes=-", 0, 99),
        ("bytes=5-3", 0, 99),
        ("lines=1-2", 0, 99),
        ("bytes=0-1,5-6", 0, 99),
        ("bytes=٣-٤", 0, 99),
    ],
)
def test_a_range_is_served_or_the_whole_file(header, first, last):
    assert read_range(header, size=100) == ByteRange(first, last, 100)


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(header):
    with pytest.raises(RangeNotSatisfiable):
        read_range(header, size=100)


@given(header=st.text(), size=st.integers(1, 10**12))
def test_nothing_that_is_sent_breaks_it(header, size):
    try:
        found = read_range(header, size=size)
    except RangeNotSatisfiable:
        return
    assert 0 <= found.first <= found.last < size
