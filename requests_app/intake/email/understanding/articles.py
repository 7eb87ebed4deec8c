"""Articles of laws that a letter cites, and the rights they grant."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from requests_app.intake.email.understanding.load import LAW, law_finder, laws
from requests_app.intake.email.understanding.matching import Hit
from requests_app.intake.email.understanding.tokens import Token
from requests_app.intake.email.understanding.vocabulary import AskedRight, Law

# "Articles 15, 17 and 20": numbers with at most one short word between them.
MOST_NUMBERS = 6
JOINING = {
    "and",
    "und",
    "et",
    "y",
    "e",
    "en",
    "i",
    "oraz",
    "och",
    "ve",
    "및",
    "to",
    "bis",
    "a",
    "et/ou",
    "ou",
    "or",
    "oder",
    "art",
    "article",
}
MOST_PARTS = 4
PART = re.compile("^(?:[ivx]{1,5}|[a-z]|[0-9]{1,2})$")
BEFORE_A_PART = {
    "第",
    "条",
    "項",
    "号",
    "abs",
    "absatz",
    "lit",
    "par",
    "paragraph",
    "inciso",
    "n",
    "no",
    "bent",
    "ust",
}
NAMED_LAW = 0.6
GUESSED_LAW = 0.45


@dataclass(frozen=True, slots=True)
class Cited:
    """A right that a cited article grants, and the words that cite it."""

    right: AskedRight
    law: str
    first: int
    last: int
    sentence: int
    weight: float


def cited_laws(tokens: Sequence[Token]) -> tuple[tuple[Hit, ...], tuple[Cited, ...]]:
    """Return the laws named in a text, and the rights that the articles it cites grant."""
    hits = tuple(law_finder().find(tokens))
    named = tuple(hit for hit in hits if hit.idea.startswith(LAW))
    found: dict[tuple[AskedRight, str], Cited] = {}
    for hit in hits:
        if hit.idea in ("before_number", "after_number"):
            for number, last in _numbers(tokens, hit):
                whole = [number, *(f"{number}.{part}" for part in _parts(tokens, last))]
                for cited in _grants(whole, hit, last, named):
                    found.setdefault((cited.right, cited.law), cited)
    return named, tuple(found.values())


def _numbers(tokens: Sequence[Token], hit: Hit) -> Iterator[tuple[str, int]]:
    if hit.idea == "after_number":
        before = hit.first - 1
        if before >= 0 and tokens[before].word.isdigit():
            yield _whole(tokens, before), hit.last
        return
    at = hit.last + 1
    for _ in range(MOST_NUMBERS):
        if at < len(tokens) and tokens[at].word in JOINING:
            at += 1
        if (
            at >= len(tokens)
            or not tokens[at].word[:1].isdigit()
            or tokens[at].sentence != tokens[hit.last].sentence
        ):
            return
        yield _whole(tokens, at), at
        at += 1


def _whole(tokens: Sequence[Token], at: int) -> str:
    """A number with the number after its point, as in 1798.105."""
    if at + 1 < len(tokens) and len(tokens[at].word) == 4 and tokens[at + 1].start == tokens[at].end + 1:
        return f"{tokens[at].word}.{tokens[at + 1].word}"
    return tokens[at].word


def _parts(tokens: Sequence[Token], at: int) -> Iterator[str]:
    """The letters and numbers of a part that follow an article: "18, VI", "11/1-e", "第33条第5項"."""
    for token in tokens[at + 1 : at + 1 + MOST_PARTS]:
        if token.sentence != tokens[at].sentence:
            return
        if token.word in BEFORE_A_PART:
            continue
        if not PART.match(token.word):
            return
        yield token.word


def _grants(whole: Sequence[str], hit: Hit, last: int, named: Sequence[Hit]) -> Iterator[Cited]:
    """What an article grants, or one of its parts, which is more than the article alone."""
    keys = {found.idea.removeprefix(LAW) for found in named}
    known = [law for law in laws().laws if law.key in keys] or [laws().laws[0]]
    weight = NAMED_LAW if keys else GUESSED_LAW
    number = next((each for each in reversed(whole) if any(each in law.articles for law in known)), whole[0])
    for law in _nearest(known, number):
        yield Cited(law.articles[number], law.key, hit.first, last, hit.sentence, weight)


def _nearest(known: Sequence[Law], number: str) -> list[Law]:
    """The laws that have the article; where several do, the European one goes first."""
    return [law for law in known if number in law.articles][:1]
