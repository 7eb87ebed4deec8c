"""The diff as pages of a form: which lines stand on which page, and what a reader typed beside each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fulfillment.datamaps.fides import DATA_CATEGORIES
from fulfillment.introspection.accept import Decision, decision_on
from fulfillment.introspection.compare import Change, Comparison, Kind, TableChanges
from fulfillment.introspection.models import MapProposal

LINES_A_PAGE = 60
_SIGNS = {Kind.ADDED: "add", Kind.CHANGED: "chg", Kind.GONE: "del", Kind.LEFT_OUT: "chg"}


@dataclass(frozen=True)
class Line:
    """One line of the form. `number` names its fields; `wrong` says what cannot be taken of what was typed."""

    number: int
    change: Change
    accepted: bool
    category: str
    seen: bool
    wrong: str = ""

    @property
    def css(self) -> str:
        """The class of the row."""
        return _SIGNS[self.change.kind]


@dataclass(frozen=True)
class Block:
    """A table with its lines; the tables that are to be left out stand in one block without a name."""

    table: TableChanges | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Tally:
    """How many lines stand on the page that is open, and where the decisions of the others stand.

    What is ticked on the open page is what the reader sees there; nothing of it is kept before they say so.
    """

    here: int
    accepted: int
    open: int


def pages_of(comparison: Comparison) -> list[list[TableChanges | None]]:
    """Tables, a few to a page so that it can be read; None stands for those that are to be left out."""
    pages: list[list[TableChanges | None]] = [[]]
    room = LINES_A_PAGE
    for table in comparison.tables:
        if len(table.changes) > room and pages[-1]:
            pages.append([])
            room = LINES_A_PAGE
        pages[-1].append(table)
        room -= len(table.changes)
    if comparison.left_out:
        if len(comparison.left_out) > room and pages[-1]:
            pages.append([])
        pages[-1].append(None)
    return pages


def blocks_of(
    page: Sequence[TableChanges | None],
    comparison: Comparison,
    proposal: MapProposal,
    typed: Mapping[str, str] | None = None,
) -> list[Block]:
    """The lines of one page, as they were decided before, or as they were just typed."""
    numbers = {id(change): number for number, change in enumerate(comparison.every)}
    blocks = []
    for table in page:
        changes = comparison.left_out if table is None else table.changes
        lines = tuple(_line(numbers[id(each)], each, proposal, typed) for each in changes)
        blocks.append(Block(table, lines))
    return blocks


def _line(number: int, change: Change, proposal: MapProposal, typed: Mapping[str, str] | None) -> Line:
    if typed is not None:
        category = typed.get(f"category-{number}", "").strip() if change.takes_category else ""
        return Line(number, change, f"ok-{number}" in typed, category, True, _wrong(category))
    decision = decision_on(proposal, change)
    if decision is None:
        return Line(number, change, change.is_accepted_by_default, change.category, False)
    return Line(number, change, decision.accepted, decision.category, True)


def _wrong(category: str) -> str:
    """The first word of what was typed that fideslang does not know."""
    named = (each.strip() for each in category.split(","))
    return next((each for each in named if each and each not in DATA_CATEGORIES), "")


def decisions_of(blocks: Sequence[Block]) -> dict[Change, Decision]:
    """What the lines of a page say."""
    return {each.change: Decision(each.accepted, each.category) for block in blocks for each in block.lines}


def tally_of(blocks: Sequence[Block], comparison: Comparison, proposal: MapProposal) -> Tally:
    """How many lines these blocks have, and how many of the others were accepted and not looked at."""
    here = {id(line.change) for block in blocks for line in block.lines}
    others = [decision_on(proposal, each) for each in comparison.every if id(each) not in here]
    accepted = sum(each is not None and each.accepted for each in others)
    return Tally(len(here), accepted, sum(each is None for each in others))
