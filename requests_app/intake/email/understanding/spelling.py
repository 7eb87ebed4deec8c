"""A slip of the finger put right: a word that is one letter too many, too few or two swapped from one we know."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from requests_app.intake.email.understanding.tokens import Token

# Shorter words lie too near each other.
SHORTEST = 6
SHORTEST_SWAPPED = 5
LONGEST = 24
MOST_REMEMBERED = 20_000


class Speller:
    """The words of one language, and what each slip from one of them looks like."""

    def __init__(self, exact: Iterable[str], beginnings: Iterable[str]) -> None:
        self._beginnings = tuple(each for each in beginnings if each)
        self._words = frozenset((*exact, *self._beginnings))
        self._known = {word for word in self._words if SHORTEST <= len(word) <= LONGEST and word.isalpha()}
        self._with_one_missing = {
            slip: word
            for word in sorted(self._known)
            for slip in _one_missing(word)
            if len(slip) >= SHORTEST - 1
        }
        self._righted = lru_cache(maxsize=MOST_REMEMBERED)(self._right)

    def righted(self, tokens: Sequence[Token]) -> Sequence[Token]:
        """Return the words of a text with slips put right; their places stay."""
        found = [self._righted(token.word) for token in tokens]
        if not any(found):
            return tokens
        return [
            token._replace(word=word) if word else token for token, word in zip(tokens, found, strict=True)
        ]

    def _right(self, word: str) -> str:
        """The word that was meant, or nothing where it is known or like none."""
        if not SHORTEST - 1 <= len(word) <= LONGEST or word in self._words or not word.isalpha():
            return ""
        if word.startswith(self._beginnings):
            return ""
        missing = self._with_one_missing.get(word)
        if missing and missing[0] == word[0]:
            return missing
        swapped = (each for each in _swapped(word) if len(each) >= SHORTEST_SWAPPED and each in self._words)
        return next(swapped, "") or next((each for each in _one_missing(word) if each in self._known), "")


def _one_missing(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _swapped(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1))
