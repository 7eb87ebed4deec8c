"""Equal identifiers have equal indexes; different ones, kinds and keys do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.encryption.blind_index import blind_index, normalised

ADDRESSES = st.emails()


@given(address=ADDRESSES)
def test_case_and_surrounding_space_do_not_matter(address):
    assert blind_index("email", f"  {address.upper()}\n") == blind_index("email", address.upper().lower())


@given(one=ADDRESSES, other=ADDRESSES)
def test_different_addresses_have_different_indexes(one, other):
    same = normalised("email", one) == normalised("email", other)
    assert (blind_index("email", one) == blind_index("email", other)) is same


@pytest.mark.parametrize(
    "other", ["joann@omne.example", "ann+shop@omne.example", "a.nn@omne.example", "ａnn@omne.example"]
)
def test_a_look_alike_is_somebody_else(other):
    assert blind_index("email", "ann@omne.example") != blind_index("email", other)


def test_two_spellings_of_one_accent_are_one_address():
    assert blind_index("email", "zoe\u0301@omne.example") == blind_index("email", "ZO\u00c9@omne.example")


def test_the_kind_is_part_of_the_index():
    assert blind_index("email", "123") != blind_index("phone", "123")


def test_phone_numbers_are_compared_by_their_digits():
    spellings = ["+351 912 555 014", "00351-912-555-014", "+351 (912) 555014", "+٣٥١ 912 555 014"]
    assert len({blind_index("phone", spelling) for spelling in spellings}) == 1
    assert blind_index("phone", "912 555 014") != blind_index("phone", spellings[0])


def test_another_key_gives_another_index(settings):
    settings.BLIND_INDEX_KEY = b"1" * 32
    first = blind_index("email", "ann@omne.example")
    settings.BLIND_INDEX_KEY = b"2" * 32
    assert blind_index("email", "ann@omne.example") != first
    assert len(first) == 64
    assert "ann" not in first
