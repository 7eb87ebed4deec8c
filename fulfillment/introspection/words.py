"""The reviewed word lists, and names of columns and tables taken apart so that these can be found in them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).with_name("words")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = re.compile(r"[a-z]+|[0-9]+")
_LONGEST_PHRASE = 5
_PLURALS = {"people": "person", "persons": "person", "children": "child", "indices": "index", "men": "man"}
_ENDINGS = (
    *(("ies", "y"), ("sses", "ss"), ("oes", "ao"), ("es", ""), ("es", "e"), ("s", "")),
    *(("nen", ""), ("en", ""), ("n", ""), ("er", ""), ("ler", ""), ("ar", "")),
    *(("i", "e"), ("i", "o"), ("e", "a")),
)
Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase means: the key of its list, whether it says so wherever it stands, and for which types."""

    key: str
    sure: bool
    types: frozenset[str]
    address: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a name: what it means, and from which token to before which one it stands."""

    entry: Entry
    start: int
    end: int


@lru_cache(maxsize=65_536)
def tokens(name: str) -> Tokens:
    """The words of a name, in small letters without accents: customerFirstName gives customer, first, name."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return tuple(_PARTS.findall(_CAMEL.sub(" ", plain).lower()))


@lru_cache(maxsize=65_536)
def forms(word: str) -> frozenset[str]:
    """A word and what it may be the plural of, in the languages of the lists; more than one may be right."""
    found = {word, _PLURALS.get(word, word)}
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            found.add(word[: -len(ending)] + instead)
    return frozenset(found)


def same_noun(left: str, right: str) -> bool:
    """Whether two words are the same but for their number."""
    return left == right or right in forms(left) or left in forms(right)


class Lexicon:
    """Phrases by how they are written together, to be found in the tokens of a name."""

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._entries: dict[str, Entry] = {}
        for phrase, entry in entries:
            self._entries.setdefault("".join(tokens(phrase)), entry)

    def find(self, words: Tokens) -> list[Found]:
        """Every phrase in these words that no longer one covers, in their order."""
        found: list[Found] = []
        start = 0
        while start < len(words):
            match = self._longest_at(words, start)
            if match is None:
                start += 1
            else:
                found.append(match)
                start = match.end
        return found

    def ending(self, word: str) -> Entry | None:
        """The sure phrase that ends a name written without any mark between its words."""
        for cut in range(2, len(word) - 4):
            entry = self._entries.get(word[cut:])
            if entry is not None and entry.sure:
                return entry
        return None

    def _longest_at(self, words: Tokens, start: int) -> Found | None:
        for end in range(min(len(words), start + _LONGEST_PHRASE), start, -1):
            joined = "".join(words[start : end - 1])
            for last in (
                words[end - 1],
                *sorted(forms(words[end - 1]) - {words[end - 1]}, key=len, reverse=True),
            ):
                entry = self._entries.get(joined + last)
                if entry is not None:
                    return Found(entry, start, end)
        return None


@cache
def _lists(name: str) -> Mapping[str, Any]:
    # The base loader leaves every word a string: “no” and “on” are words here.
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes strings only
    return loaded


def _graded(key: str, graded: Mapping[str, Any]) -> Iterable[tuple[str, Entry]]:
    kinds = frozenset(graded.get("types") or ("text",))
    for grade in ("sure", "likely"):
        for phrase in graded.get(grade) or ():
            yield phrase, Entry(key, grade == "sure", kinds, "address" in graded)


@cache
def column_categories() -> Lexicon:
    """What names of columns say of the category of data."""
    lists = _lists("columns")["categories"]
    return Lexicon(pair for key, graded in lists.items() for pair in _graded(key, graded))


@cache
def graded_words(file: str, key: str) -> Lexicon:
    """A graded list: `secrets` and `actors` of the columns, `people` of the tables."""
    return Lexicon(_graded(key, _lists(file)[key]))


@cache
def plain_words(file: str, key: str) -> Lexicon:
    """An ungraded list: `people_roles` of the columns; `machinery` and `sessions` of the tables."""
    return Lexicon((phrase, Entry(key, True, frozenset())) for phrase in _lists(file)[key])


@cache
def word_set(key: str) -> frozenset[str]:
    """A list of single words about columns: `turns`, `neutral`, `keys`, `machines`."""
    return frozenset(_lists("columns")[key])


@cache
def table_topics(key: str) -> Lexicon:
    """`retention` or `policy`: what the name of a table says it is about."""
    lists = _lists("tables")[key]
    if isinstance(lists, list):
        lists = {each["about"]: each["words"] for each in lists}
    return Lexicon(
        (word, Entry(topic, True, frozenset())) for topic, words in lists.items() for word in words
    )


def category_of_topic(topic: str | None) -> str | None:
    """The category of data that a table of this topic holds where its columns say nothing else."""
    categories: Mapping[str, str] = _lists("tables")["categories"]
    return categories.get(topic or "")


@cache
def given_names() -> frozenset[str]:
    """Common given names of many languages, in small letters."""
    return frozenset((_FOLDER / "given_names.txt").read_text(encoding="utf-8").split())
