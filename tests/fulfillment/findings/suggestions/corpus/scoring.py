"""How many of the marked names are found, and how many suggestions are right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fulfillment.findings.suggestions.names import names_in
from fulfillment.findings.suggestions.own import Own
from fulfillment.findings.suggestions.texts import identifiers_in, names_beside

FOLDER = Path(__file__).parent
OWN = Own("Ada Åström")
_MARKED = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True)
class Sentence:
    """One line: its text without brackets, and where the names stand."""

    language: str
    text: str
    names: tuple[tuple[int, int], ...]


@dataclass
class Score:
    """How many names there are, how many were found, and how many suggestions were right."""

    names: int = 0
    found: int = 0
    suggested: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        """Of the names, how many were found."""
        return self.found / max(self.names, 1)

    @property
    def precision(self) -> float:
        """Of the suggestions, how many were names."""
        return self.right / max(self.suggested, 1)


def sentences(part: str) -> Iterator[Sentence]:
    """The sentences of a part."""
    for line in (FOLDER / f"{part}.tsv").read_text(encoding="utf-8").splitlines():
        language, _tab, marked = line.partition("\t")
        names, text, at = [], "", 0
        for hit in _MARKED.finditer(marked):
            text += marked[at : hit.start()]
            names.append((len(text), len(text) + len(hit[1])))
            text, at = text + hit[1], hit.end()
        yield Sentence(language, text + marked[at:], tuple(names))


def suggested_in(text: str) -> set[tuple[int, int]]:
    """Where names of others are suggested."""
    found = {(each.start, each.end) for each in names_in(text)}
    for identifier in identifiers_in(text, "DE"):
        found |= {(each.start, each.end) for each in names_beside(text, identifier.start, identifier.end)}
    return {span for span in found if not OWN.is_own_name(text[slice(*span)])}


def score(part: str, *, languages: frozenset[str] = frozenset()) -> Score:
    """A name is found when its own words are suggested (a title may be left out); a suggestion is right in a name."""
    total = Score()
    for sentence in sentences(part):
        if languages and sentence.language not in languages:
            continue
        spans = suggested_in(sentence.text)
        total.names += len(sentence.names)
        total.found += sum(any(_covers(span, name) for span in spans) for name in sentence.names)
        total.suggested += len(spans)
        total.right += sum(any(_meets(span, name) for name in sentence.names) for span in spans)
    return total


def _covers(span: tuple[int, int], name: tuple[int, int]) -> bool:
    """Its end, which is the family name, and its begin but for a title."""
    return _meets(span, name) and span[1] >= name[1]


def _meets(span: tuple[int, int], name: tuple[int, int]) -> bool:
    return span[0] < name[1] and name[0] < span[1]
