"""What a map may say of changes, and what the linter answers."""

from datetime import date

import pytest
from pydantic import ValidationError

from fulfillment.datamaps.additions import CollectionAdditions, FieldAdditions
from fulfillment.datamaps.changing import Period
from fulfillment.datamaps.read import read_map

MAP = """
dataset:
  - fides_key: club
    name: Club
    meta:
      omne:
        collections:
          members:
            label: Members
            policy: account
            purposes: [provide_services]
            legal_basis: contract
            retention: {{rule: While it lasts}}
{rules}
    collections:
      - name: members
        fields:
          - name: id
            {key}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {{identity: email}}
          - name: banned
"""
KEY = "fides_meta: {primary_key: true}"


def _problems(rules: str, key: str = KEY) -> str:
    indented = "\n".join(" " * 12 + line for line in rules.strip().splitlines())
    found = read_map(MAP.format(rules=indented, key=key)).problems
    return "\n".join(problem.at("club") for problem in found)


def test_a_bare_word_is_a_rule_and_a_constant_needs_its_value() -> None:
    assert FieldAdditions.model_validate({"erase": "hash"}).erase.strategy == "hash"  # type: ignore[union-attr]
    spelled = FieldAdditions.model_validate({"erase": {"with": "constant", "value": None}}).erase
    assert spelled is not None
    assert spelled.value is None
    for wrong in ("constant", {"with": "hash", "value": 1}, "shred"):
        with pytest.raises(ValidationError):
            FieldAdditions.model_validate({"erase": wrong})


def test_a_restriction_lifts_what_it_sets_and_a_suppression_sets_something() -> None:
    with pytest.raises(ValidationError, match="same fields"):
        CollectionAdditions.model_validate({"restrict": {"set": {"a": True}, "lift": {"b": False}}})
    with pytest.raises(ValidationError):
        CollectionAdditions.model_validate({"suppress": {"marketing": {}}})


@pytest.mark.parametrize(
    ("length", "end_of_year", "day", "until"),
    [
        ("P10Y", True, date(2016, 3, 1), date(2026, 12, 31)),
        ("P1M", False, date(2026, 1, 31), date(2026, 2, 28)),
        ("P1Y", False, date(2024, 2, 29), date(2025, 2, 28)),
        ("P2W", False, date(2026, 12, 24), date(2027, 1, 7)),
    ],
)
def test_a_row_is_kept_until_the_last_day_of_its_period(
    length: str, end_of_year: bool, day: date, until: date
) -> None:
    period = Period(length=length, counted_from="booked_on", end_of_year=end_of_year)
    assert period.last_day(day) == until


@pytest.mark.parametrize("length", ["10Y", "P0Y", "P10", "P1Y2M", "P10Y\n", "P10H"])
def test_a_period_is_one_number_and_one_unit(length: str) -> None:
    with pytest.raises(ValidationError):
        Period(length=length, counted_from="booked_on")


def test_rules_without_fault_are_no_problem() -> None:
    rules = """
erase: mask
restrict: {set: {banned: true}, lift: {banned: false}}
suppress: {marketing: {banned: true}}
fields: {email: {erase: hash}}
"""
    assert _problems(rules) == ""


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ("erase: mask", "no field of it says how"),
        ("erase: delete\nfields: {email: {erase: hash}}", "has no effect unless"),
        ("restrict: {set: {gone: 1}, lift: {gone: 0}}", "gone, which is no field"),
        ("suppress: {marketing: {id: 1}}", "a part of its key"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_named_with_its_line(rules: str, sentence: str) -> None:
    found = _problems(rules)
    assert sentence in found
    assert found.startswith("club:")


def test_rows_without_a_key_cannot_be_changed() -> None:
    assert "names no primary key" in _problems("erase: delete", key='description: "number"')


def test_a_period_counts_from_a_field_that_is_there_and_leans_on_one_too() -> None:
    rules = """
erase: delete
retention:
  rule: Ten years
  period: {length: P10Y, counted_from: booked_on, leans_on: [people.name]}
"""
    text = MAP.replace("            retention: {{rule: While it lasts}}\n", "")
    indented = "\n".join(" " * 12 + line for line in rules.strip().splitlines())
    found = read_map(text.format(rules=indented, key=KEY)).problems
    said = "\n".join(problem.sentence for problem in found)
    assert "kept from booked_on, which is no field" in said
    assert "leans on people.name" in said
