"""Patterns that find an identifier in text, in every spelling that is the same, and never in somebody else's."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from fulfillment.traces.folding import exact, loose, spread_umlauts
from fulfillment.traces.person import Form, Identifier, KnownPerson
from fulfillment.traces.phones import phone_pattern

# What may stand between the words of a name.
_BETWEEN = r"(?:\s{1,3}|\.\s?|-)"
# Umlauts are written as two letters where a keyboard lacks them.
_UMLAUT = re.compile(r"(?<=[aou])e")
_SAID_TO_BE = r"custom|client|kund|account|konto|user|member|mitglied|login|abonne"
_MARKS = r"[\s.:#=_/()\"'-]{0,4}"
_AHEAD = rf"[a-z]{{0,8}}{_MARKS}(?:(?:id|no|nr|num[a-z]*){_MARKS})?\Z"
# Words that say of any number that it is one.
_SAYS_NOTHING = frozenset({"id", "ids", "no", "nr", "number", "numbers", "key", "code", "name"})
_LABEL_AHEAD = 40


@dataclass(frozen=True, slots=True)
class Match:
    """An identifier found in a text, from `start` to `end`."""

    identifier: Identifier
    start: int
    end: int


@dataclass(frozen=True)
class Pattern:
    """What finds one identifier: an expression over the text folded in one of the two ways."""

    identifier: Identifier
    expression: re.Pattern[str] = field(repr=False)
    is_loose: bool = False
    # Whether it must begin with a capital: `may mark` are words, `May Mark` is a name turned round.
    is_capital: bool = False
    # Letters that stand in every match, as a quick look whether it is worth trying.
    hint: str = field(default="", repr=False)


def patterns_of(person: KnownPerson) -> tuple[Pattern, ...]:
    """The patterns that find a person; an identifier that cannot be searched for has none."""
    return _patterns(person.identifiers, person.plus_is_same)


def is_said_to_be_one(identifier: Identifier, label: str) -> bool:
    """Whether a column's name or a key says that a number is somebody's, or what the identifier is called."""
    return bool(_said(identifier.kind)[0].search(label.lower()))


def is_said_ahead(identifier: Identifier, text: str, start: int) -> bool:
    """Whether the words right ahead of a place say it, with no other number between."""
    return bool(_said(identifier.kind)[1].search(text[max(0, start - _LABEL_AHEAD) : start].lower()))


@lru_cache(maxsize=256)
def _said(kind: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    own = [re.escape(word) for word in kind.lower().split("_") if len(word) > 2 and word not in _SAYS_NOTHING]
    words = f"(?:{'|'.join((_SAID_TO_BE, *own))})"
    return re.compile(words), re.compile(words + _AHEAD)


@lru_cache(maxsize=64)
def _patterns(identifiers: tuple[Identifier, ...], plus_is_same: bool) -> tuple[Pattern, ...]:
    return tuple(pattern for each in identifiers for pattern in _MAKERS[each.form](each, plus_is_same))


def _email(identifier: Identifier, plus_is_same: bool) -> Iterator[Pattern]:
    """Not within a longer address: `ann@` is neither `joann@` nor `jo.ann@`, `.de` not `.de.example`."""
    address = exact(identifier.value.strip())
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        return
    plus = r"(?:\+[\w.\-+]{0,64})?" if plus_is_same else ""
    ahead = r"(?<!\w)(?<!\w[.+'&%\-])(?<!\w[.+'&%\-]{2})"
    for each in dict.fromkeys((domain, _in_ascii(domain))):
        written = rf"{ahead}{re.escape(local)}{plus}@{re.escape(each)}(?!\w|[.\-]\w)"
        yield Pattern(identifier, re.compile(written), hint=f"@{each}")


def _in_ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def _phone(identifier: Identifier, _plus: bool) -> Iterator[Pattern]:
    written = phone_pattern(identifier.value)
    if written is not None:
        yield Pattern(identifier, re.compile(written))


def _iban(identifier: Identifier, _plus: bool) -> Iterator[Pattern]:
    letters = re.sub(r"[^a-z0-9]", "", exact(identifier.value))
    if letters:
        spread = r"[\s\-]?".join(letters)
        yield Pattern(identifier, re.compile(rf"(?<!\w){spread}(?!\w)"), hint=letters[:2])


def _word(identifier: Identifier, _plus: bool) -> Iterator[Pattern]:
    word = exact(identifier.value.strip())
    written = rf"(?<![\w\-]){re.escape(word)}(?![\w\-])"
    yield Pattern(identifier, re.compile(written), hint=word)


def _name(identifier: Identifier, _plus: bool) -> Iterator[Pattern]:
    """In either order, with another given name or its letter between; a single word is nobody's name alone."""
    words = name_words(identifier.value)
    if len(words) < 2:
        return
    first, last = _spelled(words[0]), _spelled(words[-1])
    middle = "".join(rf"(?:{_BETWEEN}{_spelled(each)})?" for each in words[1:-1])
    other = r"(?:\s\w{1,12}\.?)?" if len(words) == 2 else ""
    forwards = rf"{first}{middle}{other}{_BETWEEN}{last}"
    turned = rf"{last},\s{{0,3}}{first}{middle}"
    yield Pattern(identifier, re.compile(rf"(?<!\w)(?:{forwards}|{turned})(?![\w@])"), is_loose=True)
    bare = rf"(?<!\w){last}\s{{1,3}}{first}{middle}(?![\w@])"
    yield Pattern(identifier, re.compile(bare), is_loose=True, is_capital=True)


def _postal(identifier: Identifier, _plus: bool) -> Iterator[Pattern]:
    """The words in their order, with what separates lines or fields between them."""
    words = re.findall(r"\w+", loose(identifier.value))
    if len(words) < 2 or not any(any(mark.isdecimal() for mark in word) for word in words):
        return
    written = r"[\W_]{0,4}".join(_street(word) for word in words)
    yield Pattern(identifier, re.compile(rf"(?<!\w){written}(?!\w)"), is_loose=True)


def name_words(name: str) -> list[str]:
    """The words of a name in their order, loosely folded; `Lee, Ann` is `Ann Lee`."""
    last, comma, first = name.partition(",")
    return re.findall(r"[\w']+", loose(spread_umlauts(f"{first} {last}" if comma else name)))


def _spelled(word: str) -> str:
    return _UMLAUT.sub("e?", re.escape(word))


def _street(word: str) -> str:
    for full, short in (("strasse", "str"), ("street", "st"), ("road", "rd"), ("avenue", "ave")):
        if word.endswith(full):
            return f"{_spelled(word.removesuffix(full))}(?:{full}|{short})"
    return _spelled(word)


_Maker = Callable[[Identifier, bool], Iterator[Pattern]]
_MAKERS: dict[Form, _Maker] = {
    Form.EMAIL: _email,
    Form.PHONE: _phone,
    Form.IBAN: _iban,
    Form.WORD: _word,
    Form.NAME: _name,
    Form.POSTAL: _postal,
}
