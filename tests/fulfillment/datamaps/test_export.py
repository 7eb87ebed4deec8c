"""A map goes out as it came in."""

from pathlib import Path

import pytest
import yaml

from fulfillment.datamaps.export import export_map
from fulfillment.datamaps.read import load_map
from tests.fulfillment.datamaps.maps import SHOP

TEXTS = {"shop": SHOP} | {path.stem: path.read_text() for path in Path("omne_dsar/demo/maps").glob("*.yaml")}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_an_exported_map_is_equal_once_parsed(name: str) -> None:
    exported = export_map(load_map(TEXTS[name]))
    assert yaml.safe_load(exported) == yaml.safe_load(TEXTS[name])
    assert load_map(exported) == load_map(TEXTS[name])


def test_keys_that_are_not_ours_survive() -> None:
    assert "owner_team: sales" in export_map(load_map(SHOP))
