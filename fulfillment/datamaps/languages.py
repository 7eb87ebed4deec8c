"""A data map in the language of whoever reads it: the same map, with its labels and sentences in their words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from fulfillment.datamaps.datamap import Collection, DataField, DataMap


def words_in(data_map: DataMap, language: str) -> Mapping[str, str]:
    """What the map's words are in a language, those of `de` also for `de-at`; nothing where nobody wrote any."""
    return data_map.words.get(language) or data_map.words.get(language.partition("-")[0]) or {}


def in_language(data_map: DataMap, language: str) -> DataMap:
    """The map as its reader is told of it; a word that nobody translated stays as it is."""
    words = words_in(data_map, language)
    if not words:
        return data_map
    return replace(data_map, collections=tuple(_collection(each, words) for each in data_map.collections))


def texts_of(data_map: DataMap) -> Iterator[str]:
    """Every word of a map that a person may read."""
    for each in data_map.collections:
        yield from filter(None, (each.label, each.about, each.source))
        if each.retention:
            yield each.retention.rule
        yield from (field.label for field in each.every_field())


def _collection(collection: Collection, words: Mapping[str, str]) -> Collection:
    kept = collection.retention
    return replace(
        collection,
        label=_said(collection.label, words),
        about=_said(collection.about, words),
        source=_said(collection.source, words),
        retention=kept and kept.model_copy(update={"rule": _said(kept.rule, words)}),
        fields=tuple(_field(each, words) for each in collection.fields),
    )


def _field(field: DataField, words: Mapping[str, str]) -> DataField:
    return replace(
        field,
        label=_said(field.label, words),
        fields=tuple(_field(each, words) for each in field.fields),
    )


def _said(text: str, words: Mapping[str, str]) -> str:
    return words.get(text, text)
