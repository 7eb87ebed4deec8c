"""What a copy holds, in numbers: by collection, how many records go out and what was left out, by the law's reason."""

from typing import Any

from fulfillment.bundles.contents import BundleInput, CollectionContent


def shape_of(contents: BundleInput) -> list[dict[str, Any]]:
    """One entry per collection that holds something; keys of the map and numbers only, for the row of the copy."""
    return [_entry(each) for each in contents.collections if each.row_count > 0]


def _entry(collection: CollectionContent) -> dict[str, Any]:
    left = [
        {
            "what": part.what,
            "field": part.field,
            "kind": part.kind,
            "count": part.count,
            "reason": part.withheld.code,
        }
        for part in collection.left_out
    ]
    if collection.withheld is not None and not left:
        whole = {"what": "records", "field": "", "kind": "", "count": collection.row_count}
        left = [whole | {"reason": collection.withheld.code}]
    return {
        "source": collection.source_key,
        "collection": collection.key,
        "records": collection.row_count if collection.is_exported else 0,
        "left": left,
    }
