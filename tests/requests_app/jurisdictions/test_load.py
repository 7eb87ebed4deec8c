"""Reading law files: what is refused, by file and key, and which laws protect whom."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.load import (
    LAWS,
    LawFileInvalid,
    RightNotGranted,
    UnknownPlace,
    UnknownRegime,
    UnknownRight,
    jurisdiction,
    jurisdictions_for,
    laws_of,
    read_law,
    regimes,
)
from requests_app.jurisdictions.vocabulary import RightCode

AUTUMN = date(2026, 9, 3)


def changed(tmp_path: Path, change: object, *, name: str = "eu-gdpr.yaml") -> Path:
    """A copy of the European law with one thing changed."""
    content = yaml.safe_load((LAWS / "eu-gdpr.yaml").read_text())
    change(content)
    path = tmp_path / name
    path.write_text(yaml.safe_dump(content))
    return path


def test_a_law_is_read_once() -> None:
    assert jurisdiction("eu-gdpr") is jurisdiction("eu-gdpr")


@pytest.mark.parametrize("key", ["", "EU-GDPR", "../laws/eu-gdpr", "eu-gdpr.yaml"])
def test_a_law_that_is_not_there_is_refused(key: str) -> None:
    with pytest.raises(UnknownRegime, match="There is no law"):
        jurisdiction(key)


BROKEN = [
    (lambda law: law.update(colour="red"), "colour"),
    (lambda law: law.pop("response"), "response"),
    (lambda law: law["response"].update(number="soon"), r"response\.0\.number"),
    (lambda law: law["response"].update(number=0), r"response\.0\.number"),
    (lambda law: law["response"].update(unit="weeks"), r"response\.0\.unit"),
    (lambda law: law["response"].update(check="verified"), r"response\.0\.check.*which page"),
    (lambda law: law["response"].update(check="probably"), r"response\.0\.check"),
    (lambda law: law.update(time_zone="Europe/Atlantis"), "time_zone.*Atlantis"),
    (lambda law: law["rights"].update(flight={"exists": False}), "rights.flight"),
    (lambda law: law["rights"]["access"].pop("cite"), r"rights\.access.*cite"),
    (lambda law: law["rights"]["access"].pop("period"), r"rights\.access.*period"),
    (lambda law: law["rights"]["limit_sensitive"].update(period="standard"), r"rights\.limit_sensitive"),
    (lambda law: law["clock"]["fee"].update(effect="start_after_fee_window"), r"clock\.fee.*window_days"),
    (lambda law: law["extension"].pop("number"), r"extension.*number"),
    (lambda law: law["last_day"].update(rule="sometimes"), r"last_day\.rule"),
    (lambda law: law["last_day"].update(weekend=["sat", "someday"]), r"last_day\.weekend\.1"),
    (lambda law: law["refusals"].append({"code": "mood", "cite": "Art. 99"}), r"refusals\.16.*words"),
]


@pytest.mark.parametrize(("change", "where"), BROKEN)
def test_a_fault_is_named_by_file_and_key(tmp_path: Path, change: object, where: str) -> None:
    with pytest.raises(LawFileInvalid, match=rf"eu-gdpr\.yaml: .*{where}"):
        read_law(changed(tmp_path, change))


def test_a_file_is_named_after_its_law(tmp_path: Path) -> None:
    with pytest.raises(LawFileInvalid, match=r"xx\.yaml: key"):
        read_law(changed(tmp_path, lambda law: law, name="xx.yaml"))


@pytest.mark.parametrize(
    ("text", "fault"), [("a: [", "is not YAML"), ("- a", "no mapping"), ("", "no mapping")]
)
def test_what_is_no_law_at_all_is_said_so(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "eu-gdpr.yaml"
    path.write_text(text)
    with pytest.raises(LawFileInvalid, match=f"eu-gdpr.yaml: .*{fault}"):
        read_law(path)


APPLICABLE = [
    ("DE-BE", "access", AUTUMN, ["eu-gdpr"]),
    ("NO", "access", AUTUMN, ["eu-gdpr"]),
    ("GB-SCT", "access", AUTUMN, ["uk-gdpr"]),
    ("US-CA", "deletion", AUTUMN, ["us-ca"]),
    ("CA-ON", "access", AUTUMN, ["ca-pipeda"]),
    # In Quebec the province's law and the federal one may both apply.
    ("CA-QC", "access", AUTUMN, ["ca-qc", "ca-pipeda"]),
    ("CA-QC", "portability", AUTUMN, ["ca-qc"]),
    # A state without a law, a country without a law, nobody knows where: our own policy.
    ("US-GA", "access", AUTUMN, ["default"]),
    ("AR", "access", AUTUMN, ["default"]),
    (None, "access", AUTUMN, ["default"]),
    # The law there does not grant it, or not yet; our policy does.
    ("US-IA", "correction", AUTUMN, ["default"]),
    ("US-IN", "access", date(2025, 12, 31), ["default"]),
    ("US-IN", "access", date(2026, 1, 1), ["us-in"]),
    ("US-UT", "correction", date(2026, 6, 30), ["default"]),
    ("US-UT", "correction", date(2026, 7, 1), ["us-ut"]),
    ("IN", "deletion", date(2027, 5, 12), ["default"]),
    ("IN", "deletion", date(2027, 5, 13), ["in"]),
]


@pytest.mark.parametrize(("place", "right", "on", "expected"), APPLICABLE)
def test_the_law_follows_from_place_right_and_day(
    place: str | None, right: str, on: date, expected: list[str]
) -> None:
    assert [law.key for law in jurisdictions_for(place, right, on)] == expected


def test_a_right_nobody_grants_is_refused() -> None:
    with pytest.raises(RightNotGranted, match="automated_decision"):
        jurisdictions_for("US-GA", "automated_decision", AUTUMN)


def test_unknown_places_and_rights_are_refused() -> None:
    with pytest.raises(UnknownPlace):
        jurisdictions_for("Germany", "access", AUTUMN)
    with pytest.raises(UnknownRight):
        jurisdictions_for("DE", "fly", AUTUMN)


def test_every_law_but_our_policy_protects_somebody() -> None:
    for key in regimes():
        territories = jurisdiction(key).territories
        assert bool(territories) is (key != "default"), key
        assert all(jurisdiction(key) in laws_of(territory) for territory in territories)


def test_a_refusal_has_the_words_of_its_code_and_may_be_offered_for_some_rights_only() -> None:
    europe, virginia = jurisdiction("eu-gdpr"), jurisdiction("us-va")
    assert "portability_basis" in {each.code for each in europe.refusals_for(RightCode.PORTABILITY)}
    assert "portability_basis" not in {each.code for each in europe.refusals_for(RightCode.ACCESS)}
    assert "suspected_fraud_opt_out" not in {
        each.code for each in virginia.refusals_for(RightCode.OPT_OUT_SALE_SHARE)
    }


def test_the_period_in_force_on_the_day_is_used() -> None:
    india = jurisdiction("in")
    assert india.response_on(date(2027, 5, 12)).number == 1
    assert india.response_on(date(2027, 5, 13)).number == 90


def test_a_law_cannot_be_changed_once_read() -> None:
    law: Jurisdiction = jurisdiction("eu-gdpr")
    with pytest.raises(ValueError, match="frozen"):
        law.name = "mine"
