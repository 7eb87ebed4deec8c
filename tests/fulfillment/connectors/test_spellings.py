"""One identity in all its spellings, and never another one."""

import pytest

from fulfillment.connectors.spellings import digits_of, folded, forms, is_caseless, spellings


def test_letters_of_ascii_are_compared_in_lower_case() -> None:
    assert spellings("Ann@CLUB.example") == ("ann@club.example",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mi\u212ae@x.org", "mike@x.org"),
        ("\u0130lke@x.org", "ilke@x.org"),
        ("\u0131lke@x.org", "ilke@x.org"),
        ("stra\u00dfe@x.org", "strasse@x.org"),
        ("\u017fam@x.org", "sam@x.org"),
        ("jos\u00e9@x.org", "jose@x.org"),
        ("\uff41nn@x.org", "ann@x.org"),
        ("\u0430nn@x.org", "ann@x.org"),
    ],
    ids=["Kelvin", "dotted I", "dotless i", "sharp s", "long s", "accent", "full width", "Cyrillic a"],
)
def test_letters_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert set(spellings(one)).isdisjoint(spellings(other))


def test_a_letter_of_another_script_has_its_own_two_cases() -> None:
    assert {"j\u00f6rg@x.org", "j\u00d6rg@x.org"} <= set(spellings("J\u00d6RG@x.org"))


def test_an_accent_may_stand_composed_or_apart() -> None:
    assert forms("jos\u00e9") == ("jos\u00e9", "jose\u0301")
    assert "jose\u0301@x.org" in spellings("Jos\u00e9@X.org")


def test_a_long_word_of_another_script_is_looked_for_in_few_spellings() -> None:
    word = "\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8"
    assert spellings(word) == (word, word.upper())


@pytest.mark.parametrize(
    ("kind", "value", "caseless"),
    [
        ("email", "Ann@x.org", True),
        ("customer", "cus_NffrFeUfNV2Hib", False),
        ("customer", "6F9619FF-8B86-D011-B42D-00C04FC964FF", True),
    ],
)
def test_only_what_means_the_same_in_any_case_is_caseless(kind: str, value: str, caseless: bool) -> None:
    assert is_caseless(kind, value) is caseless


def test_a_phone_number_is_its_digits_of_any_spelling() -> None:
    assert digits_of("+41 (44) 555-01.02") == digits_of("0041445550102") == "41445550102"
    assert digits_of("\u0664\u0661") == ""


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("email", " Ann@X.org ", "ann@x.org", True),
        ("email", "J\u00d6RG@x.org", "jo\u0308rg@x.org", True),
        ("email", "mi\u212ae@x.org", "mike@x.org", False),
        ("email", "\u0130lke@x.org", "ilke@x.org", False),
        ("email", "stra\u00dfe@x.org", "STRASSE@x.org", False),
        ("customer", "cus_A1", "CUS_a1", False),
        ("customer", " cus_A1 ", "cus_A1", True),
        ("customer", "Jos\u00e9", "Jose\u0301", True),
        ("customer", "6F9619FF-8B86-D011-B42D-00C04FC964FF", "6f9619ff-8b86-d011-b42d-00c04fc964ff", True),
        ("phone_number", "+41 44 555", "004144555", True),
        ("phone_number", "+41 44 555", "044555", False),
    ],
)
def test_what_is_read_through_is_compared_as_a_database_compares_it(
    kind: str, one: str, other: str, *, same: bool
) -> None:
    found = spellings if is_caseless(kind, one) else forms
    if kind != "phone_number":
        assert same == (not set(found(one.strip(" "))).isdisjoint(found(other.strip(" "))))
    assert (folded(kind, one) == folded(kind, other)) is same


def test_a_phone_of_a_few_digits_is_nobodys() -> None:
    assert folded("phone_number", "12-34") == ""
