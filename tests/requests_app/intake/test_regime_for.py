"""Which law answers: for every place, every right, and the night in which a law begins."""

from datetime import UTC, date, datetime, timedelta

import pytest

from requests_app.deadlines.clock import deadline, deadline_nowhere
from requests_app.deadlines.result import Rule
from requests_app.intake.submit import regime_for
from requests_app.intake.web.places import REGIONS
from requests_app.jurisdictions.load import DEFAULT, RightNotGranted, jurisdiction, laws_of, regimes
from requests_app.jurisdictions.vocabulary import RightCode
from requests_app.lifecycle.clock import response_deadline
from tests.factories import ada_asks

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
PLACES = sorted({place for key in regimes() for place in jurisdiction(key).territories})
PARTS = sorted(part for parts in REGIONS.values() for part in parts)


@pytest.mark.parametrize("place", sorted({*PLACES, *PARTS, "DE-BE", "GB-SCT", "AR", "US"}))
def test_the_law_with_the_earliest_day_answers_for_every_right(place: str) -> None:
    for right in RightCode:
        granting = [law.key for law in laws_of(place) if law.grants(right, NOON)]
        if not granting and not jurisdiction(DEFAULT).grants(right, NOON):
            with pytest.raises(RightNotGranted):
                regime_for(place, right, NOON)
            continue
        due = {
            key: deadline(measure="response", regime=key, right=right, received_at=NOON, place=place).due
            for key in granting or [DEFAULT]
        }
        assert due[regime_for(place, right, NOON)] == min(due.values())


@pytest.mark.parametrize("state", REGIONS["US"])
def test_a_state_has_its_own_law_or_our_policy(state: str) -> None:
    key = state.lower()
    assert regime_for(state, "access", NOON) == (key if key in regimes() else DEFAULT)


@pytest.mark.parametrize("province", REGIONS["CA"])
def test_a_province_has_the_federal_law_and_quebec_the_earlier_of_two(province: str) -> None:
    # Both give Quebec thirty days; where they tie, the narrower law answers.
    assert regime_for(province, "access", NOON) == ("ca-qc" if province == "CA-QC" else "ca-pipeda")


def test_a_law_begins_at_its_own_midnight() -> None:
    # Indiana's law begins on 1 January 2026; at half past eleven the evening before, London has that day already.
    evening = datetime.fromisoformat("2025-12-31T23:30:00-05:00")
    assert regime_for("US-IN", "access", evening) == DEFAULT
    assert regime_for("US-IN", "access", evening + timedelta(hours=1)) == "us-in"


def test_a_rule_of_2027_is_not_used_before_its_day() -> None:
    last, first = datetime(2026, 12, 31, 20, tzinfo=UTC), datetime(2027, 1, 1, 20, tzinfo=UTC)
    with pytest.raises(RightNotGranted):
        regime_for("US-CA", "automated_decision", last)
    assert regime_for("US-CA", "automated_decision", first) == "us-ca"
    # India's ninety days begin on 13 May 2027; until then it is the one month of the rules of 2011.
    before, after = datetime(2027, 5, 12, 6, tzinfo=UTC), datetime(2027, 5, 13, 6, tzinfo=UTC)
    asked = {"measure": "response", "regime": "in", "right": "access"}
    assert deadline(**asked, received_at=before).due == date(2027, 6, 12)
    assert deadline(**asked, received_at=after).due == date(2027, 8, 11)


@pytest.mark.parametrize("right", [code for code in RightCode if jurisdiction(DEFAULT).grants(code, NOON)])
def test_who_would_not_say_where_gets_the_earliest_day_of_any_law(right: RightCode) -> None:
    assert regime_for(None, right, NOON) == DEFAULT
    found = deadline_nowhere(measure="response", right=right, received_at=NOON)
    granting = [key for key in regimes() if jurisdiction(key).grants(right, NOON)]
    dues = [deadline(measure="response", regime=key, right=right, received_at=NOON).due for key in granting]
    assert found.due == min(dues)
    assert found.is_nowhere
    step = found.steps[-1]
    assert (step.rule, f"Of the {len(granting)} that grant this right" in step.sentence) == (
        Rule.EARLIEST,
        True,
    )


@pytest.mark.django_db
def test_a_stored_request_without_a_place_computes_it_from_its_row() -> None:
    asked = ada_asks(place=None)
    assert (asked.regime, asked.place, asked.regime_is_chosen) == (DEFAULT, "", False)
    assert response_deadline(asked).due == asked.response_due_on == date(2026, 11, 13)
    somewhere = ada_asks(place="US-GA")
    assert somewhere.response_due_on == date(2026, 12, 3)
