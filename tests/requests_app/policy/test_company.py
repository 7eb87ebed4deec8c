"""The company's facts, as the policy states them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from requests_app.policy import company
from requests_app.policy.company import COMPANY, read_company

FACTS = Path(company.__file__).with_name("omnesoft.yaml")
CATEGORIES = {
    "account", "profile", "content", "purchases", "support", "surveys", "usage", "device", "location", "logs",
    "cookies", "partners", "social", "providers", "enterprise",
}  # fmt: skip


def test_every_category_of_the_policy_is_there_under_its_source() -> None:
    assert {category.key for category in COMPANY.categories} == CATEGORIES
    counts = {group.key: len(categories) for group, categories in COMPANY.categories_by_group()}
    assert counts == {"given": 6, "collected": 5, "third_parties": 4}


def test_a_fact_is_found_by_its_key() -> None:
    assert COMPANY.category("logs").label == "Logs"
    assert "legal_obligation" in COMPANY.purpose("legal").bases
    assert COMPANY.recipient("payments").label
    with pytest.raises(KeyError):
        COMPANY.basis("whim")


def test_the_phone_number_can_be_dialled() -> None:
    assert COMPANY.contact.phone_link == "tel:+14102056811"


def test_a_mistyped_key_stops_the_reading(tmp_path: Path) -> None:
    broken = tmp_path / "company.yaml"
    broken.write_text(FACTS.read_text("utf-8").replace("retention:", "retenton:"), "utf-8")
    with pytest.raises(ValidationError, match="retenton"):
        read_company(broken)


def test_a_category_under_an_unknown_source_stops_the_reading(tmp_path: Path) -> None:
    broken = tmp_path / "company.yaml"
    broken.write_text(FACTS.read_text("utf-8").replace("group: collected", "group: elsewhere"), "utf-8")
    with pytest.raises(ValueError, match="usage, device"):
        read_company(broken)
