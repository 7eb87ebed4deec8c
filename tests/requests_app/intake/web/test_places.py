"""Where a person may live."""

from requests_app.intake.web.places import REGIONS, country_choices, place_name
from requests_app.jurisdictions.load import laws_of


def test_every_country_of_iso_3166_is_offered_once() -> None:
    codes = [code for code, _name in country_choices()]
    assert len(codes) == len(set(codes)) == 249


def test_the_states_and_provinces_are_complete() -> None:
    assert len(REGIONS["US"]) == 51
    assert len(REGIONS["CA"]) == 13


def test_a_region_that_has_a_law_of_its_own_finds_it() -> None:
    assert [law.key for law in laws_of("US-CA")] == ["us-ca"]
    assert "ca-qc" in [law.key for law in laws_of("CA-QC")]


def test_a_place_is_named_as_a_person_writes_it() -> None:
    assert place_name("PT") == "Portugal"
    assert place_name("US-CA") == "California, United States of America"
