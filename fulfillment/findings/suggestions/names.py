"""Names in free text, each with what speaks for it: a title, what is said of them, or a given name with another one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.suggestions import name_words as known
from fulfillment.findings.suggestions.found import Found, Why
from fulfillment.findings.suggestions.given_names import may_be_given_name
from fulfillment.traces.folding import loose

_LETTERS = r"[^\W\d_]+"
_WORD = re.compile(rf"{_LETTERS}(?:['’\-]{_LETTERS})*")
# French and Italian write small words against the next one: `qu'Antoine`.
_ELIDED = re.compile(r"(?:qu|jusqu|lorsqu|[ldjmnstc]|dell|all|nell)['’](?=\w{2})", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…;\n\r\t]|  ")
MOST_WORDS, LOOKED_BACK, LOOKED_AHEAD = 4, 3, 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, folded, and what lies between it and the word before."""

    start: int
    end: int
    folded: str
    is_capital: bool
    gap: str

    @property
    def is_initial(self) -> bool:
        """Whether it is one letter of a name."""
        return self.end - self.start == 1 and self.is_capital


def names_in(text: str) -> Iterator[Found]:
    """The names that a text says of somebody, whoever it is."""
    words = words_of(text)
    last_end = -1
    for first, end in _runs(words):
        at = first
        while at < end:
            begin, stop, is_titled = _cut(words, at, end)
            if begin >= stop:
                break
            is_joined = last_end >= 0 and _is_joined(words, last_end, begin)
            why = _why(words, begin, stop, is_titled=is_titled, is_joined=is_joined)
            if why is not None:
                last_end = stop
                yield Found(Kind.NAME, why, words[begin].start, _end_of(text, words[stop - 1]))
            at = stop


def _end_of(text: str, last: Word) -> int:
    """The full stop of an initial is the name's."""
    return last.end + 1 if last.is_initial and text[last.end : last.end + 1] == "." else last.end


def words_of(text: str) -> list[Word]:
    """The words of a text, numbers and signs between them."""
    words, before = [], 0
    for hit in _WORD.finditer(text):
        elided = _ELIDED.match(hit[0]) if "'" in hit[0] or "’" in hit[0] else None
        start = hit.start() + (elided.end() if elided and hit[0][elided.end()].isupper() else 0)
        folded = loose(text[start : hit.end()]).replace("’", "'")
        words.append(Word(start, hit.end(), folded, text[start].isupper(), text[before:start]))
        before = hit.end()
    return words


def _runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Stretches of words with capitals, with the small words that names have inside of them."""
    at = 0
    while at < len(words):
        if not words[at].is_capital:
            at += 1
            continue
        first, at = at, at + 1
        while at < len(words):
            ahead = at
            while ahead < len(words) and ahead < at + 3 and _is_particle(words, ahead):
                ahead += 1
            if ahead >= len(words) or not words[ahead].is_capital or not _touches(words, ahead):
                break
            at = ahead + 1
        yield first, at


def _is_particle(words: Sequence[Word], at: int) -> bool:
    return not words[at].is_capital and words[at].folded in known.PARTICLES and words[at].gap == " "


def _touches(words: Sequence[Word], at: int) -> bool:
    """Whether a word goes on with the one before: `J. Smith` and `Dr. Smith` do, two sentences do not."""
    gap, before = words[at].gap, words[at - 1]
    if gap in (" ", "\u00a0"):
        return True
    return gap in (". ", ".", ".\u00a0") and (before.is_initial or before.folded in known.SHORTENED)


def _cut(words: Sequence[Word], first: int, end: int) -> tuple[int, int, bool]:
    """The next words of a run that may be a name, and whether a title stands right before them."""
    at, is_titled = first, _is_title(words, first - 1) and _touches(words, first)
    while at < end:
        if _is_title(words, at):
            is_titled = True
        elif words[at].folded in known.HEADS:
            is_titled = False
        elif words[at].is_capital:
            break
        at += 1
    stop = at
    while stop < end and not _is_nobody(words[stop]) and not _stands_behind(words[stop]):
        stop += 1
    if at < stop < end and _stands_behind(words[stop]):
        return at, stop + 1, True
    while stop > at and not words[stop - 1].is_capital:
        stop -= 1
    return at, stop, is_titled


def _is_nobody(word: Word) -> bool:
    """Small words such as `de` stand inside of names as well."""
    return word.is_capital and word.folded in known.NOBODY


def _is_title(words: Sequence[Word], at: int) -> bool:
    """`M.` and `Mr`, `frau`; a single letter only where something follows that no initial is."""
    if at < 0:
        return False
    folded = words[at].folded
    if folded == "m":
        return words[at].is_capital and at + 1 < len(words) and words[at + 1].gap == ". "
    # `ss` of the Italian `dott.ssa`.
    return folded in known.TITLES or folded == "ssa"


def _stands_behind(word: Word) -> bool:
    return (
        word.is_capital
        and word.gap == " "
        and word.folded.startswith(known.TITLES_BEHIND)
        and (len(word.folded) <= 8)
    )


def _why(words: Sequence[Word], first: int, stop: int, *, is_titled: bool, is_joined: bool) -> Why | None:
    """What speaks for a name; None where nothing does."""
    name = [each for each in words[first:stop] if each.is_capital]
    if len(name) > MOST_WORDS or (len(name[0].folded) < 2 and len(name) < 2):
        return None
    if is_titled:
        return Why.TITLED
    if _is_a_place(words, first, stop):
        return None
    is_full, certain = len(name) > 1, _is_certain(name[0])
    if (certain or (is_full and _some_given(name))) and _is_addressed(words, first, stop):
        return Why.GREETED
    if _is_said(_before(words, first), name, certain=certain) or (is_joined and certain):
        return Why.SAID
    if (is_full or _is_given(name[0])) and _begins_with(words, stop, known.DOINGS):
        return Why.DOES
    is_listed = is_full and certain and name[1].folded not in known.AMBIGUOUS - known.NOBODY
    return Why.LISTED if is_listed else None


def _is_said(back: Sequence[str], name: Sequence[Word], *, certain: bool) -> bool:
    """Whether the words before a name say that somebody comes: `my sister`, `the driver`, `spoke with`."""
    is_full = len(name) > 1
    if _last(back) & known.RELATIONS:
        return is_full or _is_given(name[0])
    if _last(back) & known.ROLES and (certain or (is_full and _some_given(name))):
        return True
    return _ends_with(back, known.INTRODUCERS) and _is_introduced(back, name, certain=certain)


def _is_introduced(back: Sequence[str], name: Sequence[Word], *, certain: bool) -> bool:
    """After `spoke with` two words will do; after a mere `with` one of them is a given name for certain."""
    if len(name) > 1 and back[-1:] and not set(back[-1:]) & known.WEAK:
        return True
    return certain or (len(name) > 1 and _some_given(name))


def _is_certain(word: Word) -> bool:
    """A given name that is no other word."""
    return _is_given(word) and word.folded not in known.AMBIGUOUS


def _is_given(word: Word) -> bool:
    return may_be_given_name(word.folded)


def _some_given(name: Sequence[Word]) -> bool:
    return any(_is_certain(each) for each in name)


def _is_a_place(words: Sequence[Word], first: int, stop: int) -> bool:
    """Whether a street, a house or a thing bears the name: such a word stands in it or right beside it."""
    near = {each.folded for each in words[first:stop]}
    near |= {each.folded.rpartition("-")[2] for each in words[first:stop]}
    if first and words[first].gap == " ":
        near.add(words[first - 1].folded)
    if stop < len(words) and words[stop].gap == " ":
        near.add(words[stop].folded)
    ends = ("strasse", "straße", "allee", "platz", "weg", "gasse")
    return bool(near & known.PLACES) or any(each.endswith(ends) for each in near)


def _is_addressed(words: Sequence[Word], first: int, stop: int) -> bool:
    """`Dear Maria,` or `Regards, Tom` with nothing behind it."""
    if first == 0:
        return False
    before, gap = words[first - 1], words[first].gap
    if before.folded in known.GREETINGS and gap in (" ", ", "):
        return True
    is_last = stop == len(words) or bool(_SENTENCE_END.search(words[stop].gap))
    return (
        before.folded in known.CLOSINGS
        and len(gap) <= 4
        and (is_last or "," in gap or "\n" in gap or gap == " ")
    )


def _before(words: Sequence[Word], first: int) -> list[str]:
    """The words before a name, in its sentence, the nearest last."""
    found: list[str] = []
    for at in range(first - 1, max(-1, first - 1 - LOOKED_BACK), -1):
        is_short = words[at].folded in known.SHORTENED
        if _SENTENCE_END.search(words[at + 1].gap) and not is_short:
            break
        found.append(words[at].folded)
    return found[::-1]


def _last(back: Sequence[str]) -> set[str]:
    return {part for each in back[-1:] for part in (each, each.rpartition("-")[2])}


def _ends_with(back: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    return any(tuple(back[-length:]) in phrases for length in range(1, len(back) + 1))


def _begins_with(words: Sequence[Word], stop: int, phrases: frozenset[tuple[str, ...]]) -> bool:
    ahead = words[stop : stop + LOOKED_AHEAD]
    said = tuple(
        each.folded
        for each in takewhile(lambda each: not _SENTENCE_END.search(each.gap) and "," not in each.gap, ahead)
    )
    return any(said[:length] in phrases for length in range(1, len(said) + 1))


def _is_joined(words: Sequence[Word], last_end: int, first: int) -> bool:
    """Whether a name follows another one with `and` or a comma between them."""
    if first == last_end:
        return words[first].gap.strip() in (",", ";", "/")
    return first == last_end + 1 and words[last_end].folded in known.AND
