"""The rights that people at a place are offered."""

from datetime import date

import pytest

from requests_app.intake.offered import rights_offered
from requests_app.jurisdictions.load import jurisdictions_for

TODAY = date(2026, 11, 3)
EVERYWHERE = {
    "access",
    "deletion",
    "correction",
    "portability",
    "objection",
    "withdraw_consent",
    "restriction",
}


def _codes(place: str | None) -> set[str]:
    return {right.code for right in rights_offered(place, TODAY)}


@pytest.mark.parametrize(
    ("place", "more"),
    [
        ("PT", {"automated_decision"}),
        ("GB", {"automated_decision", "complaint"}),
        ("IN", {"grievance"}),
        ("US-CA", {"opt_out_sale_share", "limit_sensitive"}),
        (None, {"opt_out_sale_share", "limit_sensitive"}),
        ("EG", {"opt_out_sale_share", "limit_sensitive"}),
    ],
)
def test_the_law_of_the_place_adds_to_what_the_policy_gives_everybody(
    place: str | None, more: set[str]
) -> None:
    assert _codes(place) >= EVERYWHERE
    assert more <= _codes(place)


def test_in_europe_an_opt_out_of_sale_is_not_offered_for_an_objection_does_the_same() -> None:
    assert _codes("PT").isdisjoint({"opt_out_sale_share", "limit_sensitive"})


def test_a_right_is_offered_from_the_day_on_which_its_law_gives_it() -> None:
    later = {right.code for right in rights_offered("IN", date(2027, 6, 1))}
    assert "nominate" in later
    assert "nominate" not in _codes("IN")


def test_an_appeal_is_never_offered_by_itself() -> None:
    assert all("appeal" not in _codes(place) for place in (None, "PT", "US-VA"))


@pytest.mark.parametrize("place", [None, "PT", "IN", "KR", "US-CA", "US-OR", "US-MN", "BR", "CA-QC", "ZA"])
def test_whatever_is_offered_can_be_asked_for(place: str | None) -> None:
    for right in rights_offered(place, TODAY):
        assert jurisdictions_for(place, right.code, TODAY)
