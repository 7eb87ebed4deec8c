"""`manage.py check_map`: every problem with its line; against the live source when one is named."""

import io
import json
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from tests.fulfillment.datamaps.maps import SHOP, changed, without
from tests.sources import SHOP_MAP, connect_shop


def run(*words: str) -> tuple[str, str]:
    """What it prints, and the sentence it ends with."""
    out = io.StringIO()
    try:
        call_command("check_map", *words, stdout=out)
    except CommandError as refused:
        return out.getvalue(), str(refused)
    return out.getvalue(), ""


def test_a_good_map_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(SHOP)
    assert run(str(tmp_path / "shop.yaml")) == ("shop.yaml can be used.\n", "")


def test_of_several_datasets_in_a_file_the_one_that_is_named_is_checked(tmp_path: Path) -> None:
    both = yaml.safe_load(SHOP)
    both["dataset"].append({**both["dataset"][0], "fides_key": "other", "collections": []})
    (tmp_path / "both.yaml").write_text(yaml.safe_dump(both))
    assert run(str(tmp_path / "both.yaml"), "--dataset", "shop")[1] == ""
    refusal = run(str(tmp_path / "both.yaml"))[1]
    assert "Name one (--dataset): shop, other." in refusal


def test_warnings_are_printed_and_do_not_fail(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(without("            label: Orders"))
    out, refusal = run(str(tmp_path / "shop.yaml"))
    assert "shop.yaml:19: warning: orders has no label" in out
    assert "with 1 warnings" in out
    assert refusal == ""


def test_errors_are_printed_with_their_lines_and_fail(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(changed("policy: account", "policy: secrets"))
    out, refusal = run(str(tmp_path / "shop.yaml"))
    assert f"{tmp_path}/shop.yaml:37: error:" in out
    assert refusal.startswith("The data map shop.yaml, line 37: ")


def test_problems_can_be_read_by_a_machine(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(changed("policy: account", "policy: secrets"))
    out, _ = run(str(tmp_path / "shop.yaml"), "--json")
    assert [(each["line"], each["severity"]) for each in json.loads(out)["problems"]] == [(37, "error")]


def test_a_missing_file_is_a_sentence() -> None:
    assert run("gone.yaml") == ("", "The data map gone.yaml: there is no such file.")


@pytest.mark.django_db
def test_a_map_is_compared_with_the_live_source(tmp_path: Path) -> None:
    connect_shop()
    (tmp_path / "shop.yaml").write_text(SHOP_MAP.format(key="shop"))
    assert "The source answers." in run(str(tmp_path / "shop.yaml"), "--source", "shop")[0]
    (tmp_path / "shop.yaml").write_text(SHOP)
    assert "The map names crm.customers" in run(str(tmp_path / "shop.yaml"), "--source", "shop")[1]
    assert "No source is called" in run(str(tmp_path / "shop.yaml"), "--source", "gone")[1]
