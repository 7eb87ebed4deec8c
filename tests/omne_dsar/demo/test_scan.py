"""The plain scan."""

import pytest

from omne_dsar.demo.company import cast
from omne_dsar.demo.scan import Found, count_person, scan_person
from omne_dsar.demo.scan.following import Address, Follows, same_address, walk
from tests.company import SmallCompany


def scan(company: SmallCompany, email: str) -> Found:
    return scan_person(
        email,
        erp_url=company.reader_url,
        desk_file=company.desk_file,
        events_folder=company.events_folder,
    )


def test_the_star_has_rows_in_all_three_sources(company: SmallCompany) -> None:
    found = scan(company, cast.STAR.email)

    assert min(len(collections) for collections in found.values()) >= 4
    assert len(found) == 3
    assert len(found["omne_erp"]["accounts"]) == 2
    assert 200 < sum(len(rows) for part in found.values() for rows in part.values()) < 900


def test_letter_case_and_blanks_make_no_difference_to_the_scan(company: SmallCompany) -> None:
    assert scan(company, f" {cast.STAR.email.upper()} ") == scan(company, cast.STAR.email)


@pytest.mark.parametrize("member", [cast.ANN, cast.UNDERSCORE, cast.NAMESAKE, cast.STAR_WITH_PLUS])
def test_nobody_gets_the_account_of_somebody_with_a_similar_address(
    company: SmallCompany, member: cast.Member
) -> None:
    found = scan(company, member.email)

    assert {row["email"].strip().casefold() for row in found["omne_erp"]["accounts"]} == {member.email}


def test_an_address_shared_with_a_housemate_is_found_without_the_housemate(company: SmallCompany) -> None:
    found = scan(company, cast.HOUSEMATE.email)["omne_erp"]

    assert cast.STAR.family in " ".join(row["recipient"] for row in found["addresses"])
    assert all("emma" in row["email"].lower() for row in found["accounts"])


def test_a_mailbox_that_is_shared_brings_everybody_who_shares_it(company: SmallCompany) -> None:
    found = scan(company, cast.OFFICE.email)["omne_erp"]

    assert len(found["employees"]) == cast.SHARED_MAILBOX_USERS


def test_nothing_is_known_about_the_unknown(company: SmallCompany) -> None:
    counts = count_person(
        cast.UNKNOWN_EMAIL,
        erp_url=company.reader_url,
        desk_file=company.desk_file,
        events_folder=company.events_folder,
    )

    assert counts == {"omne_erp": {}, "omne_desk": {}, "product_events": {}}


def test_a_row_that_two_ways_lead_to_is_found_once() -> None:
    rows = {
        "people": [{"id": 1, "mail": "a@b.example"}],
        "letters": [{"by": 1, "to": 1, "mail": "A@b.example "}],
    }
    ways = {
        "people": (Address("mail"),),
        "letters": (Address("mail"), Follows("by", "people", "id"), Follows("to", "people", "id")),
    }

    assert {name: len(found) for name, found in walk(ways, rows.__getitem__, "a@b.example").items()} == {
        "people": 1,
        "letters": 1,
    }


def test_rows_without_a_value_hang_on_nothing() -> None:
    rows = {"people": [{"id": None, "mail": "a@b.example"}], "letters": [{"by": None}]}
    ways = {"people": (Address("mail"),), "letters": (Follows("by", "people", "id"),)}

    assert list(walk(ways, rows.__getitem__, "a@b.example")) == ["people"]


def test_only_the_very_address_is_the_same() -> None:
    assert same_address(" Ann@Juniper.example", "ann@juniper.example")
    assert not same_address("joann@juniper.example", "ann@juniper.example")
    assert not same_address("ann+x@juniper.example", "ann@juniper.example")
    assert not same_address(None, "ann@juniper.example")
