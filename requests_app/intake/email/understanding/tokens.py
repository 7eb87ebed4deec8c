"""Text cut into sentences and words, each word folded so that spelling variants meet."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Scripts that write without blanks are cut into single characters.
UNSPACED = "\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
WORD = re.compile(f"[{UNSPACED}]|§|[^\\W_{UNSPACED}]+")
SENTENCE_END = re.compile(
    r"[.!?؟]+[\"'»”)]*\s|[。！？!?؟;]|\n[ \t]*\n|\n[ \t]*(?:[-*•–·]|\(?[a-z0-9]{1,2}[.)])[ \t]"
)
MARKS = re.compile("[\u0640\u064b-\u065f\u0670\u200c\u200d]")
SAME_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا"}
    | {"ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك"}
)
# "loeschen" where the letter of the keyboard is missing; patterns are folded alike, so that nothing is lost.
SPELLED_OUT = re.compile("(?<=[aou])e")
ARABIC = re.compile("^[\u0600-\u06ff]+$")
# "and", "for", "with", "the" are written as part of an Arabic word.
ARABIC_PREFIXES = ("ال", "لل", "و", "ف", "ب", "ل", "ك")
SHORTEST_STEM = 3


class Token(NamedTuple):
    """A word of the text: folded, with its place and the number of its sentence."""

    word: str
    start: int
    end: int
    sentence: int


def tokens_of(text: str, *, most: int) -> tuple[Token, ...]:
    """Return the first `most` words of a text."""
    found: list[Token] = []
    sentence = 0
    end = 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        if found and between != " " and _ends_sentence(between, match[0]):
            sentence += 1
        found.append(Token(fold(match[0]), match.start(), match.end(), sentence))
        end = match.end()
        if len(found) >= most:
            break
    return tuple(found)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word without case, accents and, in Arabic, the particles written onto it."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(SAME_LETTERS)
    return _arabic_stem(MARKS.sub("", plain)) if ARABIC.match(plain) else SPELLED_OUT.sub("", plain)


def _arabic_stem(word: str) -> str:
    while prefix := next((each for each in ARABIC_PREFIXES if word.startswith(each)), ""):
        if len(word) - len(prefix) < SHORTEST_STEM:
            break
        word = word[len(prefix) :]
    return word


def _ends_sentence(between: str, following: str) -> bool:
    found = SENTENCE_END.search(between)
    if not found:
        return False
    # "Art. 15" and "e.g. this" go on; a full stop is an end only before a capital or another script.
    is_stop = (
        found[0].lstrip().startswith(".") and "\n" not in found[0].strip(" ") and between.count("\n\n") == 0
    )
    return not (is_stop and (following[0].islower() or following[0].isdigit()))
