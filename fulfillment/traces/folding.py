"""Two ways in which spellings are the same: exactly but for case, and loosely as people write names."""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

# Letters that no decomposition takes apart, as people write them without their keyboard.
_APART = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "th"})
_SPREAD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_UMLAUT = re.compile(r"(?<=[aou])e")


def exact(text: str) -> str:
    """The text without regard to case, each letter in its place; a look-alike of another script stays what it is.

    `K`, the Kelvin sign, would become a k of plain ASCII by `str.lower`, and somebody's address somebody else's.
    """
    return text.lower() if text.isascii() else "".join(map(_exact_letter, text))


def loose(text: str) -> str:
    """The text without case, accents and ligatures: `Łukasz Müller` and `LUKASZ MULLER` are the same."""
    return text.lower() if text.isascii() else "".join(map(_loose_letter, text))


def without_umlauts(text: str) -> str:
    """Loosely folded, with `ae`, `oe` and `ue` as one letter: `Müller`, `Mueller` and `Muller` are the same."""
    return _UMLAUT.sub("", loose(text))


def spread_umlauts(text: str) -> str:
    """The text with its umlauts as two letters each."""
    return unicodedata.normalize("NFC", text).translate(_SPREAD)


def loose_places(text: str) -> list[int]:
    """For each place of `loose(text)` and its end, the place in `text` that it comes from."""
    if text.isascii():
        return list(range(len(text) + 1))
    widths = [len(_loose_letter(letter)) for letter in text]
    starts = [0, *accumulate(widths)]
    places = [0] * (starts[-1] + 1)
    for number, width in enumerate(widths):
        places[starts[number] : starts[number] + width] = [number] * width
    places[starts[-1]] = len(text)
    return places


@lru_cache(maxsize=4096)
def _exact_letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    small = letter.casefold()
    return small if len(small) == 1 and not small.isascii() else letter


@lru_cache(maxsize=4096)
def _loose_letter(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter)
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return bare.casefold().translate(_APART)
