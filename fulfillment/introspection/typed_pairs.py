"""Pairs of a type and an id, as frameworks write them: commentable_type and commentable_id, res_model and res_id."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from fulfillment.introspection.links import FoundLink, How, Part
from fulfillment.introspection.samples import Samples
from fulfillment.introspection.schema import Column, Family, Schema, Table, TableKind
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import Tokens, same_noun, tokens

_TYPES = frozenset({"type", "model", "class", "doctype", "entity", "table", "object", "klass", "resource"})
_IDS = frozenset({"id", "pk", "uuid", "key", "name", "ids"})
# The content types of Django stand in a table of their own.
_CONTENT_TYPES = "django_content_type"
_MOST_TYPES = 30


def typed_links(schema: Schema, views: Mapping[str, View], samples: Samples) -> Iterator[FoundLink]:
    """A link for every table that the types of a pair name; a type that names none is not written anywhere."""
    by_name = _tables_by_name(schema, views)
    content_types = _content_types(samples)
    for table in schema.tables:
        if table.kind is TableKind.VIEW:
            continue
        for kind, key in _pairs(table):
            found: dict[str, list[str]] = {}
            for value in list(dict.fromkeys(samples.of(table.name, kind.name)))[:_MOST_TYPES]:
                named = by_name.get(_class_words(content_types.get(value, value)))
                if named is not None and len(named.primary_key) == 1:
                    found.setdefault(named.name, []).append(value)
            for name, types in found.items():
                target = schema.by_name[name].primary_key
                why = f"{kind.name} beside it names {name}"
                yield FoundLink(
                    table.name,
                    (key.name,),
                    name,
                    target,
                    How.TYPED,
                    Part.SUBJECT,
                    0.8,
                    why,
                    beside=kind.name,
                    types=tuple(types),
                )


def _pairs(table: Table) -> Iterator[tuple[Column, Column]]:
    """Columns of a type, each with the column of its id."""
    by_words = {tokens(each.name): each for each in table.columns}
    yield from _run_together(table)
    for words, column in by_words.items():
        is_kind = words and words[-1] in _TYPES and column.family is Family.TEXT
        if not is_kind and words[-2:] != ("type", "id"):
            continue
        stem = words[:-2] if words[-2:] == ("type", "id") else words[:-1]
        for other, candidate in by_words.items():
            same = other[:-1] == stem and bool(other) and other[-1] in _IDS and bool(stem)
            # res_model with res_id, content_type_id with object_id, model with res_id, parenttype with parent.
            known = other[-1:] in (("id",), ("pk",)) and other[:-1] in (("object",), ("res",), ("model",))
            bare = words[-1] in ("model", "object") and len(words) <= 2 and known
            if candidate is not column and (same or bare or (stem == ("content",) and known)):
                yield column, candidate


def _run_together(table: Table) -> Iterator[tuple[Column, Column]]:
    """objecttype beside objectid: PostgreSQL writes ObjectType so; itemtype beside items_id."""
    by_name = {each.name.lower(): each for each in table.columns}
    for name, column in by_name.items():
        stem = name.removesuffix("type")
        if stem != name and len(stem) >= 3 and stem.isalpha() and column.family is Family.TEXT:
            for other in (f"{stem}id", f"{stem}s_id", f"{stem}_id"):
                if other in by_name and by_name[other].family in (Family.INTEGER, Family.UUID, Family.TEXT):
                    yield column, by_name[other]
                    break


def _tables_by_name(schema: Schema, views: Mapping[str, View]) -> Mapping[Tokens, Table]:
    found: dict[Tokens, list[Table]] = defaultdict(list)
    for table in schema.tables:
        for words in {tokens(table.schema_and_name[1]), views[table.name].core}:
            found[_singular(words)].append(table)
    return {words: tables[0] for words, tables in found.items() if len(tables) == 1}


def _class_words(value: str) -> Tokens:
    """App\\Models\\OrderLine, Shop::OrderLine, shop.orderline and order_line all mean one table."""
    last = value.replace("\\", "/").replace("::", "/").rpartition("/")[2]
    return _singular(tokens(last)) if len(last) <= 80 else ()


def _singular(words: Tokens) -> Tokens:
    """All words as one, in a spelling that singular and plural share."""
    joined = "".join(words)
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if joined.endswith(ending) and not joined.endswith("ss") and not same_noun(joined, "status"):
            return (joined[: -len(ending)] + instead,)
    return (joined,)


def _content_types(samples: Samples) -> Mapping[str, str]:
    held = samples.by_table.get(_CONTENT_TYPES, {})
    if not {"id", "app_label", "model"} <= held.keys():
        return {}
    rows = zip(held["id"], held["app_label"], held["model"], strict=True)
    return {str(number): f"{app}_{model}" for number, app, model in rows if number and app and model}
