"""What is a fit identity, when two spellings are one, and what speaks against taking it by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.identities.errors import UnfitIdentity
from fulfillment.identities.rules import (
    bears_another_name,
    checked_identity,
    index_of,
    is_shared_mailbox,
    plain_value,
)

WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüßå", min_size=2, max_size=8)
NAMES = st.lists(WORD, min_size=1, max_size=4, unique=True)


@pytest.mark.parametrize("kind", ["name", "full_name", "street", "postal_address"])
def test_nobody_is_searched_by_what_many_people_have(kind: str) -> None:
    with pytest.raises(UnfitIdentity, match="belong to many people"):
        checked_identity(kind, "Ada Åström")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "ada"),
        ("email", "ada@example.org, bob@example.com"),
        ("phone_number", "110"),
        ("customer_number", ""),
        ("customer_number", "47\n11"),
        ("customer_number", "4" * 255),
        ("Customer Number", "4711"),
        ("x'; drop table", "4711"),
    ],
)
def test_what_cannot_be_an_identity_is_refused_without_repeating_it(kind: str, value: str) -> None:
    with pytest.raises(UnfitIdentity) as refused:
        checked_identity(kind, value)
    assert not value or value not in refused.value.sentence


def test_addresses_are_one_in_any_case_and_numbers_of_customers_are_not() -> None:
    assert index_of("email", "Ada@Example.org ") == index_of("email", "ada@example.org")
    assert index_of("customer_number", "A1") != index_of("customer_number", "a1")
    assert index_of("phone_number", "+49 30/901820") == index_of("phone_number", "0049 30 901820")
    assert index_of("email", "ann@example.org") != index_of("email", "joann@example.org")
    assert index_of("email", "a") != index_of("customer_number", "a")


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_two_values_share_an_index_only_when_sources_take_them_for_one(one: str, other: str) -> None:
    same = plain_value("customer_number", one) == plain_value("customer_number", other)
    assert (index_of("customer_number", one) == index_of("customer_number", other)) is same


@pytest.mark.parametrize("box", ["info@x.org", "Office@x.org", "familie@x.org", "support+eu@x.org"])
def test_a_mailbox_that_several_read_is_known_by_its_name(box: str) -> None:
    assert is_shared_mailbox(box)
    assert not is_shared_mailbox(f"ada.{box}")


@given(NAMES, st.randoms())
def test_a_name_is_the_same_in_any_order_and_in_part(words: list[str], chance: object) -> None:
    shuffled = sorted(words, key=lambda word: hash((id(chance), word)))
    assert not bears_another_name(" ".join(shuffled), " ".join(words).upper())
    assert not bears_another_name(words[0], " ".join(words))
    assert not bears_another_name("", " ".join(words))


@given(NAMES, WORD, WORD)
def test_people_of_one_household_share_a_surname_and_are_two(
    surname: list[str], one: str, other: str
) -> None:
    if {one, other} & {*surname} or "ß" in one + other + "".join(surname):
        return
    # Given names that differ in their marks alone (aa, aä) may be one person's.
    if not bears_another_name(one, other):
        return
    assert bears_another_name(" ".join([one, *surname]), " ".join([other, *surname]))


def test_a_name_with_and_without_its_marks_is_one() -> None:
    assert not bears_another_name("ADA ASTROM", "Ada Åström")
    assert bears_another_name("Bob Åström", "Ada Åström")
