"""A map in the language of its reader: labels, retention and origins in their words, all else as it was."""

import pytest

from fulfillment.datamaps.errors import MapRefused
from fulfillment.datamaps.export import export_map
from fulfillment.datamaps.languages import in_language, texts_of
from fulfillment.datamaps.read import load_map, read_map
from tests.fulfillment.datamaps.maps import SHOP

GERMAN = {"Customers": "Kunden", "Who you are.": "Wer Sie sind.", "10 years": "10 Jahre", "you": "Sie"}
GERMAN |= {"Password": "Kennwort", "Street": "Straße", "Orders": "Bestellungen"}


def translated(language: str = "de", **words: str) -> str:
    lines = "".join(f"            {text}: {said}\n" for text, said in (GERMAN | words).items())
    return SHOP + f"        words:\n          {language}:\n{lines}"


def test_labels_retention_and_origin_are_in_the_words_of_the_reader() -> None:
    customers = in_language(load_map(translated()), "de").collection("crm.customers")
    assert (customers.label, customers.about, customers.source) == ("Kunden", "Wer Sie sind.", "Sie")
    assert customers.retention is not None
    assert (customers.retention.rule, customers.retention.keep) == ("10 Jahre", True)
    assert customers.by_name["address.street"].label == "Straße"
    assert [each.label for each in customers.secret_fields] == ["Kennwort"]


def test_a_word_that_nobody_translated_stays_and_so_do_names() -> None:
    customers = in_language(load_map(translated()), "de").collection("crm.customers")
    assert (customers.name, customers.by_name["email"].label) == ("crm.customers", "Email")


def test_words_of_a_language_are_those_of_its_countries_too() -> None:
    assert in_language(load_map(translated()), "de-at").collection("orders").label == "Bestellungen"
    assert in_language(load_map(translated()), "nl") == load_map(translated())


def test_what_lacks_and_what_is_nobodys_is_said_with_its_line() -> None:
    text = translated(Elsewhere="Anderswo")
    problems = {each.sentence: each.line for each in read_map(text).problems}
    lacking = "de lacks 4 words of this map: “Id”, “Email”, “Address”, …"
    nobodys = "de translates “Elsewhere”, which nothing in this map says."
    lines = text.splitlines()
    assert lines[problems[lacking] - 1].strip() == "de:"
    assert lines[problems[nobodys] - 1].strip() == "Elsewhere: Anderswo"


def test_a_map_that_is_said_in_full_has_no_warning() -> None:
    every = {text: "x" for text in texts_of(load_map(SHOP)) if text not in GERMAN}
    assert not [each for each in read_map(translated(**every)).problems if "words" in each.sentence]


def test_what_is_no_language_is_refused() -> None:
    with pytest.raises(MapRefused, match="words"):
        load_map(translated("German"))


def test_words_come_back_when_the_map_is_written_out() -> None:
    assert load_map(export_map(load_map(translated()))).words == {"de": GERMAN}
