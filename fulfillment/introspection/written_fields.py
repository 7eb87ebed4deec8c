"""The fields of a Dataset as they are written: found by their paths, put in beside those that are there."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

Written = dict[str, Any]


def way_to(fields: list[Written], path: str) -> list[Written]:
    """The fields that lead to a path, the last of them the one that is meant; empty where there is none.

    Names may hold dots themselves, as columns may.
    """
    for field in fields:
        name = field["name"]
        if name == path:
            return [field]
        if path.startswith(f"{name}.") and (
            below := way_to(field.get("fields") or [], path[len(name) + 1 :])
        ):
            return [field, *below]
    return []


def put_in(held: list[Written], proposed: list[Written], path: str, category: str) -> None:
    """Put one proposed field in, with what leads to it where that is missing, and without what stands beside it.

    A field inside JSON needs the column around it, whatever was decided on the column as a whole.
    """
    at = held
    way = way_to(proposed, path)
    for field in way:
        is_meant = field is way[-1]
        there = next((each for each in at if each["name"] == field["name"]), None)
        if there is None:
            there = _bare(field, is_meant=is_meant)
            at.append(there)
        if is_meant:
            inner = there.get("fields")
            there.update(categorised(_bare(field, is_meant=True), category))
            if inner:
                there["fields"] = inner
        if not is_meant:
            kind = (field.get("fides_meta") or {}).get("data_type", "object")
            there.setdefault("fides_meta", {})["data_type"] = kind
            at = there.setdefault("fields", [])


def _bare(field: Written, *, is_meant: bool) -> Written:
    """A field without those inside it; of one that only leads on, no more than its name."""
    if not is_meant:
        return {"name": field["name"]}
    bare = {key: deepcopy(value) for key, value in field.items() if key != "fields"}
    if field.get("fields"):
        bare.get("fides_meta", {}).pop("data_type", None)
        if not bare.get("fides_meta"):
            bare.pop("fides_meta", None)
    return bare


def categorised(field: Written, category: str) -> Written:
    """The field with these categories, separated by commas, in the place of its own; empty for none."""
    changed = {key: value for key, value in field.items() if key != "data_categories"}
    named = [each.strip() for each in category.split(",") if each.strip()]
    return {**changed, "data_categories": named} if named else changed


def every_one(fields: Iterable[Written]) -> Iterable[Written]:
    """All of them, those inside others too."""
    for field in fields:
        yield field
        yield from every_one(field.get("fields") or ())


def names_of(fields: Iterable[Written], prefix: str = "") -> Iterable[str]:
    """The paths of all of them."""
    for field in fields:
        yield prefix + field["name"]
        yield from names_of(field.get("fields") or (), f"{prefix}{field['name']}.")
