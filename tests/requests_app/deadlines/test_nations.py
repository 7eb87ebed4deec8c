"""Bank holidays are those of the nation a place lies in."""

from datetime import date

import pytest

from requests_app.deadlines.holiday_lists import holiday_list
from requests_app.deadlines.nations import nation_of
from requests_app.jurisdictions.load import jurisdiction

EASTER_MONDAY, ST_ANDREW, TWELFTH = date(2026, 4, 6), date(2026, 11, 30), date(2026, 7, 13)


@pytest.mark.parametrize(
    ("place", "nation"),
    [("KEN", "ENG"), ("LND", "ENG"), ("EDH", "SCT"), ("CRF", "WLS"), ("BFS", "NIR"), ("", ""), ("UKM", "")],
)
def test_a_district_belongs_to_its_nation(place: str, nation: str) -> None:
    assert nation_of(place) == nation


@pytest.mark.parametrize(
    ("place", "closed", "open_day"),
    [
        ("GB-KEN", EASTER_MONDAY, ST_ANDREW),
        ("GB-EDH", ST_ANDREW, EASTER_MONDAY),
        ("GB-SWA", EASTER_MONDAY, TWELFTH),
        ("GB-BFS", TWELFTH, ST_ANDREW),
    ],
)
def test_a_district_keeps_the_bank_holidays_of_its_nation(place: str, closed: date, open_day: date) -> None:
    calendar = jurisdiction("uk-gdpr").last_day.holidays
    listed = holiday_list(calendar, place)
    assert listed.name_of(closed)
    assert listed.name_of(open_day) is None
