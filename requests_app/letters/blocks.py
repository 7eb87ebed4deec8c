"""What a letter says, as plain values: paragraphs, headings, lists, tables. No markup is in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in one weight."""

    text: str
    is_strong: bool = False

    @property
    def is_address(self) -> bool:
        """Whether it is an address of the web, which runs from left to right in every script."""
        return self.text.startswith(("https://", "http://"))


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; line breaks in its words are kept."""

    runs: Runs

    shape = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part."""

    text: str

    shape = "heading"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Runs, ...]

    shape = "bullets"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first cell of a row names it."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    shape = "table"


Block = Paragraph | Heading | Bullets | Table


def paragraph(text: str) -> Paragraph:
    """Plain words as a paragraph."""
    return Paragraph((Run(text),))


def bullets(items: Iterable[str]) -> Bullets:
    """Plain words as a list."""
    return Bullets(tuple((Run(item),) for item in items))


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Plain words as a table."""
    return Table(caption, tuple(headings), tuple(tuple(row) for row in rows))


def to_plain(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The blocks as JSON holds them."""
    return [_plain(block) for block in blocks]


def from_plain(stored: Iterable[dict[str, Any]]) -> tuple[Block, ...]:
    """The blocks that JSON holds."""
    return tuple(_block(each) for each in stored)


def _plain(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(runs):
            return {"shape": "paragraph", "runs": _plain_runs(runs)}
        case Heading(text):
            return {"shape": "heading", "text": text}
        case Bullets(items):
            return {"shape": "bullets", "items": [_plain_runs(item) for item in items]}
        case Table(caption, headings, rows):
            return {
                "shape": "table",
                "caption": caption,
                "headings": list(headings),
                "rows": [*map(list, rows)],
            }


def _block(stored: dict[str, Any]) -> Block:
    shape = stored["shape"]
    if shape == "paragraph":
        return Paragraph(_runs(stored["runs"]))
    if shape == "heading":
        return Heading(stored["text"])
    if shape == "bullets":
        return Bullets(tuple(_runs(item) for item in stored["items"]))
    return table(stored["caption"], stored["headings"], stored["rows"])


def _plain_runs(runs: Runs) -> list[list[object]]:
    return [[run.text, run.is_strong] for run in runs]


def _runs(stored: Iterable[Sequence[Any]]) -> Runs:
    return tuple(Run(text, bool(is_strong)) for text, is_strong in stored)
