"""The words staff write: blank lines part paragraphs, `- ` begins an item, `**` is strong, `{{ name }}` is a fact.

That is the whole language. It has no conditions, no loops, no filters, no attributes; what is not one of these stays
as it was typed. A paragraph or list item is left out when a fact in it has nothing to say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from requests_app.letters.blocks import Block, Bullets, Paragraph, Run, Runs

# Names are looked up among those that the kind of letter allows, never evaluated.
NAMED = re.compile(r"\{\{ ?([a-z][a-z_]{0,40}) ?\}\}")
# Bounded, so that a text full of openings without an end costs no more than any other of its length.
_STRONG = re.compile(r"\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*", re.DOTALL)
_GAP = re.compile(r"\n[ \t]*\n\s*")
# What looks like a fact or a command and is none.
ODD = re.compile(r"\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|\{#.{0,300}?#\}", re.DOTALL)

Value = str | tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Either words, or the name of a fact."""

    words: str
    is_name: bool
    is_strong: bool


def names_in(words: str) -> list[str]:
    """The facts that some words name, in their order."""
    return [found[1] for found in NAMED.finditer(words)]


def odd_in(words: str) -> list[str]:
    """What stays as it was typed although it may have been meant otherwise."""
    return list(dict.fromkeys(found[0] for found in ODD.finditer(words) if not NAMED.fullmatch(found[0])))


def parts_of(words: str) -> list[str]:
    """The paragraphs and lists of some words."""
    return [part.strip() for part in _GAP.split(_lines(words).strip()) if part.strip()]


def filled(words: str, values: Mapping[str, Value]) -> tuple[Block, ...]:
    """The blocks of some words, with the facts put in. A name that is not among them stays as it was typed."""
    return tuple(_blocks(words, values))


def filled_line(words: str, values: Mapping[str, Value]) -> str:
    """One line with the facts put in."""
    runs = _runs(" ".join(words.split()), values, may_be_strong=False)
    return "".join(run.text for run in runs or ())


def _blocks(words: str, values: Mapping[str, Value]) -> Iterator[Block]:
    for part in parts_of(words):
        whole = NAMED.fullmatch(part)
        value = values.get(whole[1]) if whole else None
        if isinstance(value, tuple):
            yield from value
        elif all(line.startswith("- ") for line in part.split("\n")):
            items = [_runs(line[2:], values) for line in part.split("\n")]
            kept = tuple(item for item in items if item is not None)
            if kept:
                yield Bullets(kept)
        elif (runs := _runs(part, values)) is not None:
            yield Paragraph(runs)


def _runs(words: str, values: Mapping[str, Value], *, may_be_strong: bool = True) -> Runs | None:
    """None when a fact has nothing to say. What a fact says is never read as markup."""
    runs: list[Run] = []
    for piece in _pieces(words, may_be_strong=may_be_strong):
        value = values.get(piece.words) if piece.is_name else piece.words
        if value == "" or isinstance(value, tuple):
            return None
        text = value if value is not None else f"{{{{ {piece.words} }}}}"
        runs.append(Run(text, piece.is_strong))
    return tuple(runs)


def _pieces(words: str, *, may_be_strong: bool) -> Iterator[_Piece]:
    at = 0
    for strong in _STRONG.finditer(words) if may_be_strong else ():
        yield from _facts(words[at : strong.start()], is_strong=False)
        yield from _facts(strong[1], is_strong=True)
        at = strong.end()
    yield from _facts(words[at:], is_strong=False)


def _facts(words: str, *, is_strong: bool) -> Iterator[_Piece]:
    at = 0
    for name in NAMED.finditer(words):
        if name.start() > at:
            yield _Piece(words[at : name.start()], is_name=False, is_strong=is_strong)
        yield _Piece(name[1], is_name=True, is_strong=is_strong)
        at = name.end()
    if at < len(words):
        yield _Piece(words[at:], is_name=False, is_strong=is_strong)


def _lines(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\r", "\n")
