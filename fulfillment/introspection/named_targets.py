"""To which table and column the name of a column points: customer_id, idCliente, post_author, user_uuid, order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fulfillment.introspection.schema import Column, Family, Schema, Table, TableKind
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import (
    Tokens,
    forms,
    graded_words,
    plain_words,
    same_noun,
    tokens,
    word_set,
)

_GENERIC = frozenset(
    {"id", "uid", "uuid", "guid", "pk", "key", "code", "name", "oid", "number", "no", "nr", "rowid"}
)
_FIRST = frozenset({"id", "fk", "ref", "cod", "codigo", "num", "numero", "key", "x", "nr"})


@dataclass(frozen=True, slots=True)
class Target:
    """A column that a name may point at, with how surely the name alone says so."""

    table: str
    column: str
    score: float
    why: str


class NamedTargets:
    """Looks names up among all tables."""

    def __init__(self, schema: Schema, views: Mapping[str, View]) -> None:
        self._views = views
        self._tables = [each for each in schema.tables if each.kind is not TableKind.VIEW]
        self._by_last: dict[str, list[View]] = defaultdict(list)
        self._by_key: dict[str, list[Table]] = defaultdict(list)
        for table in self._tables:
            view = views[table.name]
            for word in {*forms(view.core[-1]), *forms("".join(view.core))}:
                self._by_last[word].append(view)
            for name in _own_keys(table):
                self._by_key[name.lower()].append(table)
        self._main = self._main_people()[:3]

    def of(self, table: Table, column: Column) -> list[Target]:
        """What a column's name may point at, the likeliest first."""
        words, is_key = _stem(tokens(column.name.rpartition(".")[2]))
        found: dict[tuple[str, str], Target] = {}
        if not words and (column.is_array or (column.name,) == table.primary_key):
            return []
        if self._is_own_key(table, column, words) or _counts(column, words, is_key):
            return []
        for target in (
            *self._named(table, column, words, is_key),
            *self._same_key(table, column),
            *self._acting(table, column),
            *self._in_the_same(table, column),
        ):
            place = (target.table, target.column)
            if place != (table.name, column.name) and (
                place not in found or found[place].score < target.score
            ):
                found[place] = target
        return sorted(found.values(), key=lambda each: (-each.score, len(each.table)))

    def _is_own_key(self, table: Table, column: Column, words: Tokens) -> bool:
        """Whether it names the table's own rows: contact_id of contacts is nobody's number elsewhere."""
        alike = _likeness(words, self._views[table.name].core) if words else 0
        # Of several columns of a key only the one of the very name is: role_id of user_roles leads to roles.
        return (
            alike > 0
            if (column.name,) == table.primary_key
            else column.name in table.primary_key and alike > 0.8
        )

    def _named(self, table: Table, column: Column, words: Tokens, is_key: bool) -> Iterator[Target]:
        if not words or (not is_key and column.family is Family.TEXT):
            return
        for view in self._candidates(words):
            if not is_key and len(words) < len(view.core):
                continue  # A bare `type` or `level` is a number of its own, and no row of media_type.
            score = _likeness(words, view.core) - (0 if is_key else 0.15)
            if tokens(table.name)[:1] == tokens(view.name)[:1] and len(tokens(view.name)) > 1:
                score += 0.03
            is_own = (column.name,) == table.primary_key and view.name == table.name
            if score >= 0.5 and not is_own:
                yield from self._at(table, column, view, score, f"the name says {' '.join(words)}")
        roles = plain_words("columns", "people_roles").find(words)
        if roles and roles[-1].end == len(words) and (column.name,) != table.primary_key:
            for place, view in enumerate(self._main):
                score = 0.62 - 0.05 * place
                yield from self._at(table, column, view, score, f"the name says {words[-1]}, who is a person")

    def _acting(self, table: Table, column: Column) -> Iterator[Target]:
        """Somebody who worked on the row: created_by, write_uid, last_editor_id."""
        words = tokens(column.name)
        found = graded_words("columns", "actors").find(words)
        is_key = column.family is not Family.TEXT or words[-1] in word_set("keys")
        if found and is_key and all(word in word_set("keys") for word in words[found[-1].end :]):
            for place, view in enumerate(self._main):
                yield from self._at(
                    table, column, view, 0.6 - 0.05 * place, "the name says who worked on the row"
                )

    def _in_the_same(self, table: Table, column: Column) -> Iterator[Target]:
        """Another row of the same table: parent_id, reply_to."""
        words, is_key = _stem(tokens(column.name))
        found = plain_words("columns", "trees").find(words)
        if found and found[-1].end == len(words) and len(words) <= 3:
            numbers = (Family.INTEGER, Family.UUID)
            for name in table.primary_key if len(table.primary_key) == 1 else ():
                family = table.by_name[name].family
                if family == column.family and (is_key or family in numbers):
                    yield Target(table.name, name, 0.7, f"the name says {words[-1]}")

    def _candidates(self, words: Tokens) -> list[View]:
        """Tables whose last word is any of these words, or all of them together."""
        whole = (*words, "".join(words), "".join(words[-2:]))
        ends = (words[-1][cut:] for cut in range(2, len(words[-1]) - 4))
        wanted = {form for word in whole for form in forms(word)} | set(ends)
        return list({id(view): view for word in wanted for view in self._by_last.get(word, ())}.values())

    def _at(self, table: Table, column: Column, view: View, score: float, why: str) -> Iterator[Target]:
        """The column of a table that a reference would point at: the one of the same name, or the key."""
        target = view.table
        for name in _own_keys(target):
            same = tokens(name) == tokens(column.name)
            ends = tokens(column.name)[-1:] == tokens(name)[-1:] and tokens(name)[-1] in _GENERIC
            is_key = (name,) == target.primary_key
            if is_key or same or (ends and target.by_name[name].family == column.family):
                if target.by_name[name].family != column.family:
                    yield Target(target.name, name, score - 0.1, why)
                else:
                    yield Target(
                        target.name, name, score + (0.03 if same or (ends and not is_key) else 0), why
                    )

    def _same_key(self, table: Table, column: Column) -> Iterator[Target]:
        """A key elsewhere that has the very name of this column, when that is not a name that all keys have."""
        name = column.name.lower()
        if name in _GENERIC or (column.name,) == table.primary_key:
            return
        holders = [each for each in self._by_key.get(name, ()) if each.name != table.name]
        first = [each for each in holders if not any(name in key.columns for key in each.foreign_keys)]
        for each in first if len(first) <= 2 else ():
            real = next(key for key in _own_keys(each) if key.lower() == name)
            if each.by_name[real].family == column.family:
                yield Target(each.name, real, 0.8, "the key of that table has the same name")

    def _main_people(self) -> list[View]:
        """The tables of people that others mean when they say author, owner or member, the likeliest first."""
        people = [view for view in map(self._view_of, self._tables) if view.is_person or view.is_named_person]
        people = [view for view in people if len(view.table.primary_key) == 1]
        counts = {view.name: 0 for view in people}
        for table in self._tables:
            for key in table.foreign_keys:
                if key.table in counts:
                    counts[key.table] += 1
            for column in table.columns:
                words, is_key = _stem(tokens(column.name))
                for view in people:
                    counts[view.name] += is_key and bool(words) and _likeness(words, view.core) >= 0.9
        users = {"user", "benutzer", "usuario", "utilisateur", "utente", "gebruiker"}
        for view in people:
            counts[view.name] += 3 * any(same_noun(view.core[-1], word) for word in users)
        return sorted(people, key=lambda view: (-counts[view.name], len(view.core)))

    def _view_of(self, table: Table) -> View:
        return self._views[table.name]


def _own_keys(table: Table) -> tuple[str, ...]:
    """The columns by which single rows of a table can be named: the key, then what is unique."""
    single = [name for names in sorted(table.unique) if len(names) == 1 for name in names]
    primary = table.primary_key if len(table.primary_key) == 1 else ()
    return tuple(name for name in dict.fromkeys((*primary, *single)) if name in table.by_name)


def _stem(words: Tokens) -> tuple[Tokens, bool]:
    """A name without the words that only say that it refers to something, and whether there were any."""
    keys = word_set("keys")
    end = len(words)
    while end > 0 and (words[end - 1] in keys or words[end - 1].isdecimal()):
        end -= 1
    start = 1 if end > 1 and words[0] in _FIRST else 0
    if end == len(words) and len(words) == 1 and len(words[0]) > 4 and words[0].endswith("id"):
        return (words[0][:-2],), True  # userid, customerid
    return words[start:end], end < len(words) or start > 0


def _counts(column: Column, words: Tokens, is_key: bool) -> bool:
    """Whether it says how many there are: subscribers, num_comments."""
    first, last = tokens(column.name)[0], tokens(column.name)[-1]
    is_many = last.endswith("s") and not last.endswith(("ss", "us", "is"))
    numbered = not is_key or first in ("num", "nr", "no", "x")
    return column.family is Family.INTEGER and not column.is_array and bool(words) and is_many and numbered


def _likeness(words: Tokens, core: Tokens) -> float:
    """How surely these words mean a table of this name."""
    if _same(words, core):
        return 0.85
    if len(words) < len(core) and _same(words, core[-len(words) :]):
        return 0.72 - 0.05 * (len(core) - len(words))
    if len(words) > len(core) and _same(words[-len(core) :], core):
        return 0.75
    if len(words) > len(core) and _same(words[: len(core)], core):
        return 0.6
    last = "".join(core)
    if (
        len(last) >= 5
        and len(words[-1]) > len(last) + 2
        and any(words[-1].endswith(each) for each in forms(last))
    ):
        return 0.65  # lieferanschrift ends with anschrift
    return 0.0


def _same(words: Tokens, core: Tokens) -> bool:
    if len(words) == len(core):
        return words[:-1] == core[:-1] and same_noun(words[-1], core[-1])
    return same_noun("".join(words), "".join(core))
