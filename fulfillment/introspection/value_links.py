"""References that only values give away: a column of text whose values are the numbers or names of people elsewhere."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from fulfillment.introspection.links import FoundLink, How, Part
from fulfillment.introspection.samples import Samples
from fulfillment.introspection.schema import Column, Family, Schema, Table, TableKind
from fulfillment.introspection.tables import View

Overlap = Callable[[Sequence[str], Table, str], tuple[int, int] | None]
_LEAST_VALUES = 5
_MOST_ASKED = 300
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")


def value_links(
    schema: Schema,
    views: Mapping[str, View],
    samples: Samples,
    overlap: Overlap,
    taken: frozenset[tuple[str, str]],
) -> Iterator[FoundLink]:
    """A link for every column that is not known to refer, and of which nearly all values name a person elsewhere."""
    held = list(_names_of_people(schema, views, samples))
    asked = 0
    for table in schema.tables:
        for column in table.columns if table.kind is not TableKind.VIEW else ():
            if column.family is not Family.TEXT or (table.name, column.name) in taken:
                continue
            values = _values(column, samples.of(table.name, column.name))
            for target, name, shape in held:
                if (target.name, name) == (table.name, column.name) or _shape(values) != shape:
                    continue
                asked += 1
                found = overlap(values, target, name) if asked <= _MOST_ASKED else None
                if found and found[0] >= max(_LEAST_VALUES, 0.9 * found[1]):
                    why = f"{found[0]} of {found[1]} sampled values are there"
                    part = Part.TREE if target.name == table.name else Part.SUBJECT
                    yield FoundLink(
                        table.name, (column.name,), target.name, (name,), How.VALUES, part, 0.8, why
                    )
                    break


def _names_of_people(
    schema: Schema, views: Mapping[str, View], samples: Samples
) -> Iterator[tuple[Table, str, str]]:
    """Columns of text that name one person each, and the shape of their values."""
    for table in schema.tables:
        view = views[table.name]
        if not (view.is_person or view.is_named_person):
            continue
        for column in table.columns:
            if column.family is Family.TEXT and not column.is_array and table.is_unique(column.name):
                shape = _shape(_values(column, samples.of(table.name, column.name)))
                # Addresses are found as what they are; a bare word or number says too little.
                if shape and "@" not in shape and shape not in ("a", "9"):
                    yield table, column.name, shape


def _values(column: Column, sampled: Sequence[str]) -> list[str]:
    if column.is_array:
        sampled = [part.strip('" ') for each in sampled for part in each.strip("{}").split(",")]
    return list(dict.fromkeys(each for each in sampled if each))


def _shape(values: Sequence[str]) -> str:
    """What most of the values look like with letters as a and digits as 9; nothing where they differ."""
    if len(values) < _LEAST_VALUES:
        return ""
    shapes = Counter(_DIGITS.sub("9", _LETTERS.sub("a", each)) for each in values[:100])
    shape, count = shapes.most_common(1)[0]
    return shape if count >= 0.8 * shapes.total() else ""
