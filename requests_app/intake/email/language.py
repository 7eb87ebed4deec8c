"""The language of a text: by its script, then by its small words and the letters only it writes."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from requests_app.intake.email.understanding.load import FOLDER, read_file

UNKNOWN = "und"
MOST_READ = 6_000
WORD = re.compile(r"[^\W\d_]+")
NOISE = re.compile(r"https?://\S+|\S+@\S+")
# The share of letters a script must have; Japanese is mixed with Chinese characters, so a few kana decide.
SHARE = 0.3
SHARE_OF_KANA = 0.05
LETTER = 1.5
# One small word of its own, or a few that it shares with another language.
ENOUGH = 0.5

Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Languages(BaseModel):
    """What tells languages apart: scripts that one language writes, small words, letters."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    scripts: Mapping[Code, str]
    letters: Mapping[str, Mapping[Code, str]]
    words: Mapping[Code, str]


def language_of(text: str) -> str:
    """Return the code of the language of a text, or `und` where it gives no sign."""
    sample = NOISE.sub(" ", text[:MOST_READ])
    counted = {letter: count for letter, count in Counter(sample).items() if letter.isalpha()}
    if not counted:
        return UNKNOWN
    return _by_script(counted) or _by_words(sample)


def _by_script(counted: Mapping[str, int]) -> str:
    letters = sum(counted.values())
    shares = {
        code: sum(
            count for letter, count in counted.items() if any(low <= letter <= high for low, high in ranges)
        )
        for code, ranges in _scripts().items()
    }
    if shares["ja"] >= SHARE_OF_KANA * letters:
        return "ja"
    code = max(shares, key=lambda each: shares[each])
    if shares[code] < SHARE * letters:
        return ""
    marks = _languages().letters.get(code, {})
    counts = {other: sum(counted.get(letter, 0) for letter in own) for other, own in marks.items()}
    other = max(counts, key=lambda each: counts[each], default="")
    return other if other and counts[other] > 0 else code


def _by_words(sample: str) -> str:
    scores: defaultdict[str, float] = defaultdict(float)
    for word, count in Counter(WORD.findall(sample.lower())).items():
        for code, weight in _weights().get(word, ()):
            scores[code] += weight * min(count, 5)
    letters = Counter(sample.lower())
    for code, own in _languages().letters["latin"].items():
        scores[code] += min(LETTER * sum(letters[letter] for letter in own), 6 * LETTER)
    best = max(scores, key=lambda each: scores[each])
    return best if scores[best] >= ENOUGH else UNKNOWN


@cache
def _languages() -> Languages:
    return read_file(FOLDER / "languages.yaml", Languages)


@cache
def _scripts() -> Mapping[str, tuple[tuple[str, str], ...]]:
    return {
        code: tuple((each[0], each[-1]) for each in ranges.split())
        for code, ranges in _languages().scripts.items()
    }


@cache
def _weights() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """For each small word the languages that use it; a word of many languages says little."""
    users: dict[str, list[str]] = {}
    for code, words in _languages().words.items():
        for word in dict.fromkeys(words.split()):
            users.setdefault(word, []).append(code)
    return {word: tuple((code, 1 / len(codes) ** 2) for code in codes) for word, codes in users.items()}
