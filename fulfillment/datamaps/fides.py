"""The only place that knows fideslang: its taxonomy, its validation of a Dataset, its keys."""

from collections.abc import Iterator, Mapping
from typing import Any

from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from fideslang.models import (
    CollectionMeta,
    Dataset,
    DatasetCollection,
    DatasetField,
    DatasetMetadata,
    FidesDatasetReference,
    FidesMeta,
)
from pydantic import BaseModel, ValidationError

Path = tuple[str | int, ...]

DATA_CATEGORIES = frozenset(str(each.fides_key) for each in DEFAULT_TAXONOMY.data_category)
_SPELLINGS = {"fidesops_meta"}


def violations(dataset: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """What fideslang refuses in a Dataset: where, and why."""
    try:
        Dataset.model_validate(dict(dataset))
    except ValidationError as refused:
        for error in refused.errors(include_url=False, include_context=False, include_input=False):
            # YAML reads a bare no, on or 12 as something else than a name.
            hint = "; a word such as no or on needs quotes" if error["type"] == "string_type" else ""
            yield error["loc"], error["msg"].removeprefix("Value error, ").removesuffix(".") + hint


def unknown_keys(dataset: Mapping[str, Any]) -> Iterator[Path]:
    """Keys that fideslang would drop in silence: usually a slip of the pen."""
    yield from _unknown(dataset, Dataset, ())
    yield from _unknown(dataset.get("fides_meta"), DatasetMetadata, ("fides_meta",))
    for number, collection in enumerate(_items(dataset, "collections")):
        place: Path = ("collections", number)
        yield from _unknown(collection, DatasetCollection, place)
        yield from _unknown(collection.get("fides_meta"), CollectionMeta, (*place, "fides_meta"))
        yield from _unknown_in_fields(collection, place)


def spelling_of_meta(field: Mapping[str, Any]) -> str:
    """Under which key a field has its metadata: the one of today, or the one Fides had before and still reads."""
    return "fides_meta" if field.get("fides_meta") or "fidesops_meta" not in field else "fidesops_meta"


def _unknown_in_fields(parent: Mapping[str, Any], place: Path) -> Iterator[Path]:
    for number, field in enumerate(_items(parent, "fields")):
        below: Path = (*place, "fields", number)
        yield from _unknown(field, DatasetField, below)
        spelling = spelling_of_meta(field)
        meta = field.get(spelling)
        yield from _unknown(meta, FidesMeta, (*below, spelling))
        for position, reference in enumerate(_items(meta, "references")):
            place_of_it: Path = (*below, spelling, "references", position)
            yield from _unknown(reference, FidesDatasetReference, place_of_it)
        yield from _unknown_in_fields(field, below)


def _unknown(value: Any, model: type[BaseModel], place: Path) -> Iterator[Path]:
    if isinstance(value, Mapping):
        known = model.model_fields.keys() | _SPELLINGS
        yield from ((*place, str(key)) for key in value if key not in known)


def _items(value: Any, key: str) -> list[Mapping[str, Any]]:
    """The mappings listed under a key; nothing where the document has another shape."""
    listed = value.get(key) if isinstance(value, Mapping) else None
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
