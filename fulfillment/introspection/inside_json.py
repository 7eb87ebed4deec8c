"""What stands inside JSON columns: paths that most of the values share, each with the values found there."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from fulfillment.introspection.samples import Samples
from fulfillment.introspection.schema import Family, Table
from fulfillment.introspection.words import column_categories, graded_words, tokens, word_set

# A key is part of a form only when many values have it: one of a few may be somebody's name.
_LEAST_VALUES = 5
_LEAST_SHARE = 0.2
_DEEPEST = 3
_MOST_PATHS = 40
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")

Paths = Mapping[str, Sequence[str]]


def paths_of(table: Table, samples: Samples) -> Paths:
    """The values at the paths of a table's JSON columns, by column and path with dots.

    A key is itself part of a sampled value: only one that the word lists know, and that is common, is ever named.
    """
    found: dict[str, list[str]] = {}
    for column in table.columns:
        if column.family is not Family.JSON or column.is_array:
            continue
        objects = [
            each for each in map(_parsed, samples.of(table.name, column.name)) if isinstance(each, dict)
        ]
        enough = max(_LEAST_VALUES, _LEAST_SHARE * len(objects))
        held: dict[str, list[str]] = defaultdict(list)
        for each in objects:
            for path, value in _leaves(each, ""):
                held[path].append(value)
        common = {path: values for path, values in held.items() if len(values) >= enough}
        # Very many different keys are data and no form.
        if len(held) <= 10 * _MOST_PATHS:
            found.update({f"{column.name}.{path}": values for path, values in common.items()})
    return dict(list(found.items())[:_MOST_PATHS])


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None


def _leaves(value: Mapping[str, Any], prefix: str, depth: int = 1) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if not _KEY.fullmatch(key):
            continue
        if isinstance(inner, dict) and depth < _DEEPEST and _is_known(key, inside=True):
            yield from _leaves(inner, f"{prefix}{key}.", depth + 1)
        elif isinstance(inner, str | int) and not isinstance(inner, bool) and _is_known(key):
            yield prefix + key, str(inner)


@lru_cache(maxsize=16_384)
def _is_known(key: str, *, inside: bool = False) -> bool:
    """Whether the word lists know this key, and it is therefore a word of the form and not of a person."""
    words = tokens(key)
    if column_categories().find(words) or graded_words("columns", "secrets").find(words):
        return True
    people = graded_words("tables", "people").find(words)
    known = {*word_set("keys"), *word_set("neutral"), *word_set("turns")}
    return bool(people) or (inside and all(word in known for word in words)) or words in (("id",), ("uuid",))
