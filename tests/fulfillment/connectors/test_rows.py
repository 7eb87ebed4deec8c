"""Rows as lines: nothing is lost, and a line is always one line of valid JSON."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.rows import json_line, parse_json

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=4))
def test_what_json_can_say_comes_back_equal(row: dict[str, object]) -> None:
    line = json_line(row)
    assert b"\n" not in line
    assert json.loads(line) == row


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("12345678901234567890.10"), "12345678901234567890.10"),
        (datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC), "2026-11-22T12:00:00.000005+00:00"),
        (date(2020, 2, 29), "2020-02-29"),
        (time(1, 2, 3), "01:02:03"),
        (timedelta(days=1, microseconds=1), "PT86400.000001S"),
        (b"\x00\xff", {"$base64": "AP8="}),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (float("inf"), "Infinity"),
        ([float("-inf"), float("nan")], ["-Infinity", "NaN"]),
        ("\ud800 half a pair", "\ud800 half a pair"),
    ],
)
def test_what_json_has_no_word_for_is_written_without_loss(value: object, written: object) -> None:
    assert json.loads(json_line({"v": value})) == {"v": written}


def test_a_value_nobody_can_write_is_refused_by_its_type() -> None:
    with pytest.raises(Fatal, match="type complex"):
        json_line({"v": 1j})


def test_numbers_that_a_float_cannot_hold_keep_their_digits() -> None:
    found = parse_json(b'{"a": 0.1, "b": 12345678901234567890.123, "c": 1.10, "d": 9007199254740993}')
    assert found == {"a": 0.1, "b": "12345678901234567890.123", "c": 1.1, "d": 9007199254740993}


@pytest.mark.parametrize("content", [b"NaN", b"[Infinity]", b"{", b"\xff", b"", b"1 2"])
def test_what_is_not_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_json(content)
