"""A person's given name or surname alone, where the record means this person: `Ms Lee`, `Dear Ann`, `Ann said`."""

import re
from collections.abc import Iterator

from fulfillment.traces.folding import without_umlauts
from fulfillment.traces.patterns import Match, name_words
from fulfillment.traces.person import Identifier, KnownPerson

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{2,})?")
_SHORTEST = 2
_BESIDE = re.compile(r"[ \t\u00a0-]{1,2}\Z|\. \Z")
_BEFORE_NAMES = (
    "mr mrs ms miss mx dr prof sir madam madame herr herrn frau senor senora sr sra monsieur m mme mlle signor "
    "signora dear hi hello hey hallo liebe lieber cher chere caro cara thanks thank danke customer client kunde kundin "
    "from for to with and by on at but as if so that when the her his she he"
)
_TITLES = frozenset(_BEFORE_NAMES.split())


def parts_of_names(text: str, person: KnownPerson) -> Iterator[Match]:
    """Where a part of a name stands for the person.

    A word that is not written with a capital is a word. One beside another name belongs to somebody else: in
    `Tom Lee` the surname is Tom's, in `Ann Smith` the given name is hers.
    """
    firsts, lasts = _parts(person)
    if not firsts and not lasts:
        return
    words = list(_WORD.finditer(text))
    for number, word in enumerate(words):
        if not word[0][0].isupper():
            continue
        plain = without_umlauts(re.split("['’]", word[0])[0])
        if plain in firsts and not _is_name(text, words, number, +1, lasts):
            yield _match(firsts[plain], word)
        elif plain in lasts and not _is_name(text, words, number, -1, firsts):
            yield _match(lasts[plain], word)


def _match(identifier: Identifier, word: re.Match[str]) -> Match:
    return Match(identifier, word.start(), word.start() + len(re.split("['’]", word[0])[0]))


def _parts(person: KnownPerson) -> tuple[dict[str, Identifier], dict[str, Identifier]]:
    firsts: dict[str, Identifier] = {}
    lasts: dict[str, Identifier] = {}
    for each in person.names:
        words = [without_umlauts(word) for word in name_words(each.value) if len(word) >= _SHORTEST]
        if len(words) > 1:
            lasts.setdefault(words[-1], each)
        for word in words[:-1] or words:
            firsts.setdefault(word, each)
    return firsts, lasts


def _is_name(
    text: str, words: list[re.Match[str]], number: int, step: int, own: dict[str, Identifier]
) -> bool:
    """Whether the word beside it makes it somebody else's name."""
    beside = number + step
    if not 0 <= beside < len(words):
        return False
    first, second = (words[number], words[beside]) if step > 0 else (words[beside], words[number])
    if not _BESIDE.fullmatch(text[first.end() : second.start()]):
        return False
    other = words[beside][0]
    plain = without_umlauts(other)
    return other[0].isupper() and plain not in own and plain not in _TITLES
