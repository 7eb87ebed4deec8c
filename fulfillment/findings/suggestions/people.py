"""Other people whom the records of a request name in fields for it: looked for in its free text as well."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.selectors import MappedFinding
from fulfillment.findings.store import lines_of
from fulfillment.findings.suggestions.found import Found, Why
from fulfillment.findings.suggestions.given_names import is_given_name
from fulfillment.findings.suggestions.name_words import AMBIGUOUS
from fulfillment.findings.suggestions.names import Word, words_of
from fulfillment.traces.folding import loose

# Whom one record names, by kind.
Named = Callable[[dict[str, Any]], Iterable[tuple[str, str]]]
# So many are kept; who knows more people than that is a company, and its texts are read by the other signs.
MOST = 5_000
_NUMBER = re.compile(r"(?<![\w@.-])[\w-]{5,40}(?![\w@-])")


@dataclass
class People:
    """Full names and account numbers of others, in the spelling in which they are compared."""

    names: set[str] = field(default_factory=set, repr=False)
    numbers: set[str] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for name in self.names:
            parts = tuple(each.folded for each in words_of(name.title()))
            if len(parts) > 1:
                self._by_first[parts[0]].append(parts)

    @property
    def is_nobody(self) -> bool:
        """Whether nobody is known."""
        return not self.names and not self.numbers

    def stored(self) -> dict[str, list[str]]:
        """For a sealed column."""
        return {"names": sorted(self.names), "numbers": sorted(self.numbers)}

    @classmethod
    def read(cls, held: dict[str, Any]) -> "People":
        """What `stored` gave."""
        return cls(set(held.get("names", ())), set(held.get("numbers", ())))

    def named_in(self, text: str) -> Iterator[Found]:
        """Where a text speaks of them: by full name, by given name, or by number."""
        if self._by_first:
            yield from self._names(words_of(text))
        if self.numbers:
            for hit in _NUMBER.finditer(text):
                if loose(hit[0]) in self.numbers:
                    yield Found(Kind.IDENTITY, Why.KNOWN, *hit.span())

    def _names(self, words: list[Word]) -> Iterator[Found]:
        at = 0
        while at < len(words):
            length = self._length_at(words, at)
            if length:
                yield Found(Kind.NAME, Why.KNOWN, words[at].start, words[at + length - 1].end)
            at += length or 1

    def _length_at(self, words: list[Word], at: int) -> int:
        """How many words from here on are one of them; the longest name counts."""
        first = words[at]
        known = self._by_first.get(first.folded, ()) if first.is_capital else ()
        lengths = [len(name) for name in known if _follow(words, at, name)]
        if lengths:
            return max(lengths)
        is_plain = first.folded not in AMBIGUOUS and is_given_name(first.folded)
        return int(bool(known) and is_plain)


def people_in(
    found: Iterable[tuple[MappedFinding, Named]],
    *,
    read: Callable[[bytes], dict[str, Any]],
    beat: Callable[[], None],
) -> People:
    """Everybody else whom records name; with each finding comes what says whom one of its records names.

    Raises FindingsLost.
    """
    names: set[str] = set()
    numbers: set[str] = set()
    for mapped, named in found:
        for line in lines_of(mapped.finding):
            beat()
            for kind, value in named(read(line)):
                (names if kind == Kind.NAME else numbers).add(loose(value))
            if len(names) + len(numbers) >= MOST:
                return People(names, numbers)
    return People(names, numbers)


def _follow(words: list[Word], at: int, name: tuple[str, ...]) -> bool:
    here = words[at : at + len(name)]
    return tuple(each.folded for each in here) == name and all(len(each.gap) <= 2 for each in here[1:])
