"""Blocks as plain text, for mails and for whoever reads no PDF; and plain text as blocks."""

import re
from collections.abc import Iterable

from requests_app.letters.blocks import Block, Bullets, Heading, Paragraph, Runs, Table, bullets, paragraph

_GAP = re.compile(r"\n[ \t]*\n\s*")


def text_of(blocks: Iterable[Block]) -> str:
    """The words of some blocks, a blank line between them."""
    return "\n\n".join(filter(None, map(_text, blocks)))


def blocks_of(text: str) -> tuple[Block, ...]:
    """Plain text as blocks: blank lines part them, lines that begin with a dash are a list. Nothing else is read."""
    return tuple(_read(part) for part in _GAP.split(text.strip()) if part.strip())


def _read(part: str) -> Block:
    lines = part.split("\n")
    if all(line.startswith("- ") for line in lines):
        return bullets(line[2:] for line in lines)
    return paragraph("\n".join(line.strip() for line in lines))


def _text(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return said(runs)
        case Heading(text):
            return f"{text}\n{'-' * len(text)}"
        case Bullets(items):
            return "\n".join(f"- {said(item)}" for item in items)
        case Table():
            return _table(block)


def said(runs: Runs) -> str:
    """The words of some runs."""
    return "".join(run.text for run in runs)


def _table(block: Table) -> str:
    """One entry a row: a table of the width of a mail would cut its words."""
    entries = [f"{block.caption}:"]
    for first, *others in block.rows:
        facts = [
            f"  {heading}: {cell}" for heading, cell in zip(block.headings[1:], others, strict=True) if cell
        ]
        entries.append("\n".join([f"* {first}", *facts]))
    return "\n".join(entries)
