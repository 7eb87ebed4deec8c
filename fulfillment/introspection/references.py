"""Find what points where: declared keys, names that say so, values that stand elsewhere, pairs of type and id."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from fulfillment.introspection.links import FoundLink, How, Part
from fulfillment.introspection.named_targets import NamedTargets
from fulfillment.introspection.samples import Samples
from fulfillment.introspection.schema import Column, Family, Schema, Table, TableKind
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import graded_words, tokens

Overlap = Callable[[Sequence[str], Table, str], tuple[int, int] | None]
Nested = Mapping[str, Mapping[str, Sequence[str]]]

_LEAST = 0.45
_NOTHING = frozenset({"", "0", "-1", "null", "{}", "[]"})
_SAME_FAMILY_ONLY = (Family.INTEGER, Family.UUID)
_MOST_CANDIDATES = 3
# What values can add to a guess by name.
_GAIN = 0.12


class References:
    """Finds the references of a schema; `nested` has ids inside JSON values, by table and path."""

    def __init__(
        self, schema: Schema, views: Mapping[str, View], samples: Samples, overlap: Overlap, nested: Nested
    ) -> None:
        self._schema = schema
        self._views = views
        self._samples = samples
        self._overlap = overlap
        self._nested = nested
        self._targets = NamedTargets(schema, views)

    def find(self) -> list[FoundLink]:
        """Every reference, the declared first; a column has at most one of each how."""
        found = list(self._declared())
        taken = {(link.child, name) for link in found for name in link.columns}
        for table in self._schema.tables:
            if table.kind is TableKind.VIEW:
                continue
            for column in self._columns_of(table):
                if (table.name, column.name) not in taken:
                    found.extend(self._inferred(table, column))
        return found

    def _declared(self) -> Iterator[FoundLink]:
        for table in self._schema.tables:
            for key in table.foreign_keys:
                if key.table in self._schema.by_name and set(key.targets) <= set(
                    self._schema.by_name[key.table].by_name
                ):
                    part = self._part(table.name, key.columns[-1], key.table)
                    yield FoundLink(
                        table.name,
                        key.columns,
                        key.table,
                        key.targets,
                        How.DECLARED,
                        part,
                        1.0,
                        "a foreign key",
                    )

    def _columns_of(self, table: Table) -> Iterator[Column]:
        yield from (each for each in table.columns if each.family in (*_SAME_FAMILY_ONLY, Family.TEXT))
        for path, values in self._nested.get(table.name, {}).items():
            numbers = all(each.lstrip("-").isdecimal() for each in values)
            yield Column(path, Family.INTEGER if numbers and values else Family.TEXT, "json")

    def _inferred(self, table: Table, column: Column) -> Iterable[FoundLink]:
        checked: list[FoundLink] = []
        guesses = self._targets.of(table, column)[:_MOST_CANDIDATES]
        values = self._values(table, column) if guesses else []
        for guess in guesses:
            if any(link.confidence > guess.score + _GAIN for link in checked):
                break  # No values could make this one the likelier.
            target = self._schema.by_name[guess.table]
            part = self._part(table.name, column.name, guess.table)
            link = FoundLink(
                table.name,
                (column.name,),
                guess.table,
                (guess.column,),
                How.NAMED,
                part,
                guess.score,
                guess.why,
            )
            found = self._overlap(values, target, guess.column) if values else (0, 0)
            if found is not None:
                link = link.after(*found)
            if _comparable(column, target.by_name[guess.column]) or (
                found and found[0] >= 0.9 * found[1] > 0
            ):
                checked.append(link)
        best = max(checked, key=lambda link: link.confidence, default=None)
        return [best] if best and best.confidence >= _LEAST else []

    def _values(self, table: Table, column: Column) -> list[str]:
        nested = self._nested.get(table.name, {})
        values = nested[column.name] if column.name in nested else self._samples.of(table.name, column.name)
        if column.is_array:
            values = [part for each in values for part in each.strip("{}[]").split(",")]
        plain = (each.strip().strip('"') for each in values)
        return list(dict.fromkeys(each for each in plain if each.lower() not in _NOTHING))

    def _part(self, child: str, column: str, parent: str) -> Part:
        if child == parent:
            return Part.TREE
        words = tokens(column.rpartition(".")[2])
        view = self._views[parent]
        acting = graded_words("columns", "actors").find(words)
        # Who holds a lock on a row or wrote it last may be named by a session as well as by an account.
        is_somebody = view.is_person or view.is_named_person or view.is_sessions
        return Part.ACTOR if acting and is_somebody else Part.SUBJECT


def _comparable(left: Column, right: Column) -> bool:
    """Whether values of two columns are of one kind; text beside numbers is believed for its values only."""
    return left.family == right.family and not right.is_array
