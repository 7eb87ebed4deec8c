"""Finds the ideas of a vocabulary in a text, in one walk over its words.

A pattern is a row of words. `delet*` is any word that begins so, `*daten` any word that ends so, `a|b` either,
`the?` may be missing, `..` is a gap of up to four words (twelve characters in scripts without blanks).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from requests_app.intake.email.understanding.tokens import WORD, Token, fold

GAP = ".."
WORDS_IN_GAP = 4
CHARACTERS_IN_GAP = 12
MOST_KNOWN = 10_000


class Hit(NamedTuple):
    """An idea met in the text: the numbers of its first and last word, and its sentence."""

    idea: str
    first: int
    last: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a pattern; `kind` is exact, prefix, suffix or gap."""

    kind: str
    text: str

    def fits(self, word: str) -> bool:
        """Whether a word of the text is this word of the pattern."""
        match self.kind:
            case "prefix":
                return word.startswith(self.text)
            case "suffix":
                return word.endswith(self.text)
        return word == self.text


Candidate = tuple[str, tuple[Piece, ...]]


class Finder:
    """The patterns of many ideas, ordered by their first word."""

    def __init__(self, ideas: Mapping[str, Iterable[str]]) -> None:
        self._exact: dict[str, list[Candidate]] = defaultdict(list)
        self._prefix: dict[str, list[Candidate]] = defaultdict(list)
        self._suffix: dict[str, list[Candidate]] = defaultdict(list)
        for idea, patterns in ideas.items():
            for pattern in patterns:
                for first, *rest in pieces_of(pattern):
                    index = {"prefix": self._prefix, "suffix": self._suffix}.get(first.kind, self._exact)
                    index[first.text].append((idea, tuple(rest)))
        self._prefix_lengths = sorted({len(text) for text in self._prefix})
        self._suffix_lengths = sorted({len(text) for text in self._suffix})
        self._known: dict[str, tuple[Candidate, ...]] = {}

    def words(self, kind: str) -> Iterator[str]:
        """Yield the words, or the beginnings, that stand in patterns."""
        index = self._prefix if kind == "prefix" else self._exact
        yield from index
        for candidates in (*self._exact.values(), *self._prefix.values(), *self._suffix.values()):
            for _, rest in candidates:
                yield from (piece.text for piece in rest if piece.kind == kind)

    def find(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Yield every idea met, in the order of the text."""
        for at, token in enumerate(tokens):
            for idea, rest in self._starting_with(token.word):
                last = _follow(rest, tokens, at)
                if last >= 0:
                    yield Hit(idea, at, last, token.sentence)

    def _starting_with(self, word: str) -> tuple[Candidate, ...]:
        """The patterns that a word may begin; most words of a language come again and again."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            known = self._known[word] = tuple(self._candidates(word))
        return known

    def _candidates(self, word: str) -> Iterator[Candidate]:
        yield from self._exact.get(word, ())
        for length in self._prefix_lengths:
            if length > len(word):
                break
            yield from self._prefix.get(word[:length], ())
        for length in self._suffix_lengths:
            if length > len(word):
                break
            yield from self._suffix.get(word[-length:], ())


def pieces_of(pattern: str) -> Iterator[tuple[Piece, ...]]:
    """Yield the rows of words that a pattern stands for."""
    for chosen in product(*(_choices(word) for word in pattern.split())):
        row = tuple(piece for pieces in chosen for piece in pieces)
        if row:
            yield row


def _choices(word: str) -> list[tuple[Piece, ...]]:
    if word == GAP:
        return [(Piece("gap", GAP),)]
    optional = word.endswith("?")
    choices = [_pieces(choice) for choice in word.removesuffix("?").split("|")]
    return [*choices, ()] if optional else choices


def _pieces(choice: str) -> tuple[Piece, ...]:
    words = [fold(found) for found in WORD.findall(choice)]
    if choice.endswith("*"):
        return (*(Piece("exact", word) for word in words[:-1]), Piece("prefix", words[-1]))
    if choice.startswith("*"):
        return (Piece("suffix", words[0]), *(Piece("exact", word) for word in words[1:]))
    return tuple(Piece("exact", word) for word in words)


def _follow(rest: tuple[Piece, ...], tokens: Sequence[Token], at: int) -> int:
    """The number of the last word if the rest of a pattern follows a word, else -1."""
    position = at
    room = 0
    for piece in rest:
        if piece.kind == "gap":
            room = CHARACTERS_IN_GAP if "\u3040" <= tokens[at].word[:1] <= "\u9fff" else WORDS_IN_GAP
            continue
        position = _next(piece, tokens, position + 1, room)
        if position < 0 or tokens[position].sentence != tokens[at].sentence:
            return -1
        room = 0
    return position


def _next(piece: Piece, tokens: Sequence[Token], start: int, room: int) -> int:
    for position in range(start, min(start + room + 1, len(tokens))):
        if piece.fits(tokens[position].word):
            return position
    return -1
