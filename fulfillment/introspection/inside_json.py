"""What stands inside JSON columns: paths that most of the values share, each with the values found there."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from fulfillment.introspection.samples import Samples
from fulfillment.introspection.schema import Column, Family, Table
from fulfillment.introspection.words import column_categories, given_names, graded_words, tokens, word_set

# A key is part of a form only when many values have it: one of a few may be somebody's name.
_LEAST_VALUES = 5
_LEAST_SHARE = 0.2
# A key that no word list knows is named only where it stands in so many values that it cannot be one person's.
_UNKNOWN_VALUES = 20
_UNKNOWN_SHARE = 0.5
_DEEPEST = 3
_MOST_PATHS = 40
_MOST_LEAVES = 200
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
OBJECT, OBJECTS, STRINGS = "object", "object[]", "string[]"

Paths = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Inside:
    """The values at the paths of a table's JSON columns, by column and path with dots.

    `kinds` says of each path on the way whether an object stands there, or a list and of what. What `may_refer` stands
    in no list and under keys that the word lists know.
    """

    values: Paths = field(default_factory=dict, repr=False)
    kinds: Mapping[str, str] = field(default_factory=dict)
    may_refer: Paths = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A value that holds no others: its path, and the kinds of what stands on the way there."""

    path: str
    value: str
    kinds: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> list[str]:
        """The keys on the way, without the column."""
        return self.path.split(".")


def paths_of(table: Table, samples: Samples) -> Inside:
    """What stands at the paths of a table's JSON columns.

    A key is itself part of a sampled value: only one that is common, and that the word lists know or nearly every
    value has, is ever named.
    """
    values: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    may_refer: dict[str, list[str]] = {}
    for column in table.columns:
        if column.family is not Family.JSON or column.is_array:
            continue
        held, ways = _held(column, samples.of(table.name, column.name))
        for path in sorted(held, key=lambda each: not _is_form(each, column)):
            if len(values) >= _MOST_PATHS:
                break
            place = f"{column.name}.{path}" if path else column.name
            values[place] = held[path]
            on_the_way = {f"{column.name}.{name}" if name else column.name: kind for name, kind in ways[path]}
            kinds.update(on_the_way)
            if path and _is_form(path, column) and not any(kind != OBJECT for kind in on_the_way.values()):
                may_refer[place] = held[path]
    return Inside(values, kinds, may_refer)


def _held(
    column: Column, sampled: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, tuple[tuple[str, str], ...]]]:
    """The values of each path that is common enough to be named, and the kinds on the way there."""
    read = [each for each in map(_parsed, sampled) if isinstance(each, dict | list)]
    found: dict[str, list[str]] = defaultdict(list)
    count: dict[str, int] = defaultdict(int)
    ways: dict[str, tuple[tuple[str, str], ...]] = {}
    for each in read:
        leaves = list(islice(_leaves(each, "", ()), _MOST_LEAVES))
        for path in {leaf.path for leaf in leaves}:
            count[path] += 1
        for leaf in leaves:
            found[leaf.path].append(leaf.value)
            ways[leaf.path] = leaf.kinds
    # Very many different keys are data and no form.
    if len(found) > 10 * _MOST_PATHS:
        return {}, {}
    common = {
        path: values for path, values in found.items() if _is_common(path, column, count[path], len(read))
    }
    return common, ways


def _is_common(path: str, column: Column, count: int, of: int) -> bool:
    if _is_form(path, column):
        return count >= max(_LEAST_VALUES, _LEAST_SHARE * of)
    if any(set(tokens(key)) & given_names() for key in path.split(".")):
        return False
    return count >= max(_UNKNOWN_VALUES, _UNKNOWN_SHARE * of)


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None


def _leaves(value: Any, prefix: str, kinds: tuple[tuple[str, str], ...], depth: int = 1) -> Iterator[_Leaf]:
    """What stands below a value; lists are gone through, and their elements share a path."""
    place = prefix.removesuffix(".")
    if isinstance(value, dict):
        within = kinds if kinds and kinds[-1] == (place, OBJECTS) else (*kinds, (place, OBJECT))
        for key, inner in value.items() if depth <= _DEEPEST else ():
            if _KEY.fullmatch(key):
                yield from _leaves(inner, f"{prefix}{key}.", within, depth + 1)
    elif isinstance(value, list):
        # A list within a list, and one of neither words nor objects, has no path in a map.
        if any(kind != OBJECT for _, kind in kinds):
            return
        kind = OBJECTS if all(isinstance(each, dict) for each in value) else STRINGS
        for each in value if kind == OBJECTS or all(isinstance(each, str) for each in value) else ():
            yield from _leaves(each, prefix, (*kinds, (place, kind)), depth)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield _Leaf(place, str(value), kinds)


def _is_form(path: str, column: Column) -> bool:
    """Whether the word lists know every key on the way: it is a word of the form then, and not of a person."""
    *inside, last = path.split(".") if path else (column.name,)
    return all(_is_known(key, inside=True) for key in inside) and (not path or _is_known(last))


@lru_cache(maxsize=16_384)
def _is_known(key: str, *, inside: bool = False) -> bool:
    """Whether the word lists know this key, and it is therefore a word of the form and not of a person."""
    words = tokens(key)
    if column_categories().find(words) or graded_words("columns", "secrets").find(words):
        return True
    people = graded_words("tables", "people").find(words)
    known = {*word_set("keys"), *word_set("neutral"), *word_set("turns")}
    return bool(people) or (inside and all(word in known for word in words)) or words in (("id",), ("uuid",))
