"""In plain text a person is found in every spelling that is theirs, and in none that is somebody else's."""

import pytest

from fulfillment.traces.person import KnownPerson
from fulfillment.traces.text import matches
from tests.fulfillment.traces.ann import ANN


def _kinds(text: str, person: KnownPerson = ANN, label: str = "") -> list[str]:
    return [match.identifier.kind for match in matches(text, person, label=label)]


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.org",
        "Write to ANN@Example.ORG.",
        "Ann <ann@example.org>, Bob",
        "mailto:ann@example.org?subject=x",
        "email='ann@example.org'",
        "ann@example.org/ann@example.org",
    ],
)
def test_an_address_is_found_without_regard_to_case_and_marks_around(text: str) -> None:
    assert "email" in _kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "joann@example.org",
        "jo.ann@example.org",
        "jo--ann@example.org",
        "o'ann@example.org",
        "_ann@example.org",
        "ann@example.org.au",
        "ann@example.organic",
        "ann@example.org-shop.de",
        "ann+shop@example.org",
        "ann@sub.example.org",
        "éann@example.org",
    ],
)
def test_another_address_is_not_hers(text: str) -> None:
    assert _kinds(text) == []


def test_a_look_alike_letter_is_another_mailbox() -> None:
    kim = KnownPerson.by(("email", "kim@example.org"))
    assert _kinds("\u212aim@example.org", kim) == []
    assert _kinds("KIM@example.org", kim) == ["email"]


def test_a_plus_address_is_the_same_mailbox_only_when_said_so() -> None:
    same = KnownPerson.by(("email", "ann@example.org"), plus_is_same=True)
    assert _kinds("ann+shop@example.org", same) == ["email"]
    assert _kinds("joann+shop@example.org", same) == []


def test_a_domain_is_found_in_both_of_its_spellings() -> None:
    anna = KnownPerson.by(("email", "anna@müller.example"))
    assert _kinds("anna@xn--mller-kva.example anna@Müller.example", anna) == ["email", "email"]


@pytest.mark.parametrize(
    "text",
    [
        "+49 30 901820",
        "+4930901820",
        "0049 30 901820",
        "+49 (0)30 90 18 20",
        "030 901820",
        "(030) 90-18-20",
        "Tel.030/901820.",
        "4930901820",
    ],
)
def test_a_phone_number_is_found_however_it_is_written(text: str) -> None:
    assert _kinds(text) == ["phone_number"]


@pytest.mark.parametrize(
    "text", ["030 9018201", "1030 901820", "+48 30 901820", "030 901820-55", "+49 30 901821", "x030901820"]
)
def test_another_number_is_not_hers(text: str) -> None:
    assert _kinds(text) == []


def test_a_number_known_without_its_country_is_found_with_one() -> None:
    person = KnownPerson.by(("phone", "030 901820"))
    assert _kinds("0049 30 901820 and +49 (0)30 901820", person) == ["phone", "phone"]


@pytest.mark.parametrize(
    "text", ["Ann Lee", "LEE, Ann", "ann  lee", "Ann M. Lee", "Änn Lee's order", "Ann-Lee", "Lee\nAnn"]
)
def test_a_name_is_found_in_its_forms(text: str) -> None:
    assert _kinds(text) == ["name"]


@pytest.mark.parametrize("text", ["Joann Lee", "Ann Leeds", "Ann", "Lee", "Annlee", "Ann, Bob Lee"])
def test_another_name_is_not_hers(text: str) -> None:
    assert _kinds(text) == []


@pytest.mark.parametrize("known", ["Jörg Müller", "Joerg Mueller"])
@pytest.mark.parametrize("written", ["Jörg Müller", "JO\u0308RG MUELLER", "Jorg Muller", "Mueller, Jörg"])
def test_umlauts_are_found_as_people_write_them(known: str, written: str) -> None:
    assert _kinds(written, KnownPerson.by(("name", known))) == ["name"]


def test_a_name_turned_round_without_a_comma_needs_its_capitals() -> None:
    mark = KnownPerson.by(("name", "Mark May"))
    assert _kinds("he may mark it", mark) == []
    assert _kinds("May Mark", mark) == ["name"]


def test_a_short_number_counts_only_where_it_is_said_to_be_one() -> None:
    assert _kinds("customer no. 4711, 4711 EUR, order 4711") == ["customer_number"]
    assert _kinds("Kundennr.: 4711 und KdNr 14711") == ["customer_number"]
    assert _kinds("4711", label="customer_id") == ["customer_number"]
    assert _kinds("4711", label="amount") == []


def test_the_account_the_user_name_and_the_address_of_a_house_are_found() -> None:
    assert _kinds("DE89370400440532013000") == ["iban"]
    assert _kinds("login AnnLee77 failed, annlee778 too") == ["user_name"]
    assert _kinds("LINDENSTR. 12\n10969 Berlin") == ["postal_address"]
    assert _kinds("Lindenstraße 120, 10969 Berlin") == []
