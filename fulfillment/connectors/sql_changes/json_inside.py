"""New values inside JSON: the paths of one column as a tree, and that tree as one expression over the column.

Each list and object is put together once, however many paths lead through it. A path goes through objects, and through
lists where the map says that there is one; what lies on it and is neither is no place to write, and is found by
`out_of_place` before anything changes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, case, false, func, literal_column, or_, select

from fulfillment.connectors.sql_changes.json_ways import EMPTY, LIST, OBJECT, JsonWays, Piece
from fulfillment.connectors.sql_json_lists import EACH

New = Callable[[Piece], Piece]
Holds = Callable[[Piece], ColumnElement[bool]]


@dataclass
class Node:
    """A place inside a value: what it becomes, or what lies in it; `EACH` is every element of a list."""

    inside: dict[str, "Node"] = field(default_factory=dict)
    new: New | None = None
    # Whether it is to be there even where it was not.
    anew: bool = False

    def plant(self, path: Sequence[str], new: New, *, anew: bool) -> None:
        """Add a path below this place."""
        self.anew = self.anew or anew
        if not path:
            self.new = new
            return
        self.inside.setdefault(path[0], Node()).plant(path[1:], new, anew=anew)


@dataclass(frozen=True, slots=True)
class Inside:
    """Writes the expressions for one kind of database."""

    ways: JsonWays

    def rewritten(self, node: Node, piece: Piece) -> Piece:
        """A piece as it is to be."""
        if node.new is not None:
            return node.new(piece)
        if EACH in node.inside:
            return self._each(node.inside[EACH], piece)
        base = self._object(piece) if node.anew else piece
        written = base
        for anew in (False, True):
            values = {
                name: func.coalesce(
                    self.rewritten(child, self.ways.inner(piece, name)), self.ways.constant(None)
                )
                for name, child in node.inside.items()
                if child.anew is anew
            }
            written = self.ways.put(written, values, anew=anew) if values else written
        return case((self.ways.kind(base) == OBJECT, written), else_=piece)

    def out_of_place(self, node: Node, piece: Piece) -> ColumnElement[bool]:
        """Whether something lies on a path that the path cannot lead through."""
        if node.new is not None:
            return false()
        kind = func.coalesce(self.ways.kind(piece), EMPTY)
        if EACH in node.inside:
            child = node.inside[EACH]
            return or_(
                kind.not_in([EMPTY, LIST]), self._any(piece, lambda each: self.out_of_place(child, each))
            )
        inside = ((child, self.ways.inner(piece, name)) for name, child in node.inside.items())
        deeper = (self.out_of_place(child, each) for child, each in inside)
        return or_(kind.not_in([EMPTY, OBJECT]), *deeper)

    def somewhere(self, path: Sequence[str], piece: Piece, holds: Holds) -> ColumnElement[bool]:
        """Whether a condition holds of what a path leads to, or of any of it."""
        if not path:
            return holds(piece)
        first, *rest = path
        if first == EACH:
            return self._any(piece, lambda each: self.somewhere(rest, each, holds))
        return self.somewhere(rest, self.ways.inner(piece, first), holds)

    def _object(self, piece: Piece) -> Piece:
        """An empty one where there is nothing."""
        is_nothing = func.coalesce(self.ways.kind(piece), EMPTY) == EMPTY
        return case((is_nothing, self.ways.constant({})), else_=piece)

    def _each(self, child: Node, piece: Piece) -> Piece:
        rows, each, place = self.ways.elements(piece)
        new = (
            select(self.ways.listed(self.rewritten(child, each), place))
            .select_from(rows)
            .correlate_except(rows)
        )
        return case((self.ways.kind(piece) == LIST, new.scalar_subquery()), else_=piece)

    def _any(self, piece: Piece, holds: Holds) -> ColumnElement[bool]:
        rows, each, _ = self.ways.elements(piece)
        return (
            select(literal_column("1")).select_from(rows).where(holds(each)).correlate_except(rows).exists()
        )
