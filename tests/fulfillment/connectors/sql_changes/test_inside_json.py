"""Fields that lie inside a JSON value of a database are changed there, and never passed over."""

from typing import Any

import pytest
import yaml

from fulfillment.connectors.changing import Correction, Operation, PreflightFailed
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from tests.fulfillment.connectors.sql_changes.shop import Shop, order, shop_yaml


def map_inside(column: str, *fields: dict[str, Any], **rules: Any) -> DataMap:
    """The shop's map with these fields inside a column of its people, of whom the rules alone are said."""
    written = yaml.safe_load(shop_yaml())
    (dataset,) = written["dataset"]
    people = next(each for each in dataset["collections"] if each["name"] == "people")
    outside = next(each for each in people["fields"] if each["name"] == column)
    del outside["data_categories"]
    outside |= {"fides_meta": {"data_type": "object"}, "fields": list(fields)}
    dataset["meta"]["omne"]["collections"]["people"] = {
        "erase": "mask" if "fields" in rules else "keep",
        **rules,
    }
    return load_map(yaml.safe_dump(written))


def inner(name: str, *fields: dict[str, Any], data_type: str = "") -> dict[str, Any]:
    """A field as a map writes it."""
    if fields:
        return {"name": name, "fides_meta": {"data_type": data_type or "object"}, "fields": list(fields)}
    return {"name": name, "data_categories": ["user"]} | (
        {"fides_meta": {"data_type": data_type}} if data_type else {}
    )


WANTED = {
    "mask": (order(collections=("people",)), {"fields": {"phone.by": {"erase": "clear"}}}),
    "correction": (
        order(
            Operation.CORRECT,
            corrections=(Correction("people", "phone.by", "a", "b"),),
            collections=("people",),
        ),
        {},
    ),
    "restriction": (
        order(Operation.RESTRICT, collections=("people",)),
        {"restrict": {"set": {"phone.by": "x"}, "lift": {"phone.by": "y"}}},
    ),
    "suppression": (
        order(Operation.SUPPRESS, purposes=("marketing",), collections=("people",)),
        {"suppress": {"marketing": {"phone.by": False}}},
    ),
}


@pytest.mark.parametrize("wanted", WANTED)
def test_a_field_that_is_nowhere_to_be_written_is_named_before_anything_changes(
    any_shop: Shop, wanted: str
) -> None:
    asked, rules = WANTED[wanted]
    before = any_shop.everything()
    data_map = map_inside("phone", inner("by"), **rules)
    found = any_shop.connector.preflight(asked, data_map)
    assert any("people.phone.by lies inside" in each for each in found.problems), found.problems
    with pytest.raises(PreflightFailed):
        any_shop.change(asked, data_map)
    assert any_shop.everything() == before
