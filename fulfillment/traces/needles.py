"""What to ask a database for, so that it hands over only what is worth a closer look: two plain expressions.

They let through more than the person, never less: in the dialects of regular expressions that PostgreSQL, MariaDB,
SQLite and Python share, without look-around. `look` decides afterwards.
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from fulfillment.traces.folding import exact, loose, spread_umlauts
from fulfillment.traces.patterns import name_words
from fulfillment.traces.person import Form, Identifier, KnownPerson
from fulfillment.traces.phones import phone_number

# How a letter may stand in JSON, in an address of the web, in HTML, in a mail.
_AT = r"(@|%40|&#0*64;|&#x0*40;|&commat;|\\u0040|=40)"
_ODD = r".{1,12}"
_BETWEEN_DIGITS = r"(%20|&nbsp;|[^0-9a-z])*"
_BETWEEN_WORDS = r"[^0-9]{1,30}"
_ACCENTS = {
    "a": "àáâãäåāăąÀÁÂÃÄÅĀĂĄ",
    "c": "çćĉčÇĆĈČ",
    "d": "ďđðĎĐÐ",
    "e": "èéêëēĕėęěÈÉÊËĒĔĖĘĚ",
    "g": "ĝğġģĜĞĠĢ",
    "i": "ìíîïĩīĭįıÌÍÎÏĨĪĬĮİ",
    "l": "ĺļľłĹĻĽŁ",
    "n": "ñńņňÑŃŅŇ",
    "o": "òóôõöøōŏőÒÓÔÕÖØŌŎŐ",
    "r": "ŕŗřŔŖŘ",
    "s": "śŝşšŚŜŞŠ",
    "t": "ţťŢŤ",
    "u": "ùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲ",
    "y": "ýÿÝŸ",
    "z": "źżžŹŻŽ",
}
# Base64 changes between small and capital letters all along; words, paths and digests do not.
_PACKED = r"[a-z0-9][A-Z][A-Za-z0-9+/_]{14,}"
# What stands in every mail whose body is encoded.
_MAIL = "content-transfer-encoding:"
_LAST_DIGITS = 7
_UMLAUT = re.compile(r"(?<=[aou])e")
_LONGEST_SHORT = 16
_Pair = tuple[str, str]


@dataclass(frozen=True)
class Needles:
    """What to ask of a text before it is handed over.

    In lower case it is like one of `likes` (or holds other letters than ASCII, which these leave out) and matches
    `plain`; or as it stands it is like one of `packed_likes`, or matches `packed`. What LIKE answers costs a fifth.
    """

    likes: tuple[str, ...] = field(repr=False)
    plain: str = field(repr=False)
    packed_likes: tuple[str, ...] = field(repr=False)
    packed: str = _PACKED


def needles_of(person: KnownPerson) -> Needles:
    """What to ask for when looking for this person."""
    pairs = [pair for each in person.identifiers for pair in _MAKERS[each.form](each, person)]
    pairs.append((f"%{_MAIL}%", _MAIL))
    return Needles(
        tuple(dict.fromkeys(like for like, _ in pairs)),
        "|".join(dict.fromkeys(plain for _, plain in pairs)),
        tuple(f"%{word}%" for each in person.identifiers for word in _in_base64(each)),
    )


def _email(identifier: Identifier, person: KnownPerson) -> Iterator[_Pair]:
    local, at, domain = exact(identifier.value.strip()).rpartition("@")
    if at and local and domain:
        plus = r"(\+[^@]{0,64})?" if person.plus_is_same else ""
        for each in dict.fromkeys((domain, _in_ascii(domain))):
            yield _like(local, each), f"{_plain(local)}{plus}{_AT}{_plain(each)}"


def _phone(identifier: Identifier, _person: KnownPerson) -> Iterator[_Pair]:
    number = phone_number(identifier.value)
    if number is not None:
        last = number.national[-_LAST_DIGITS:]
        yield _like(*last), _BETWEEN_DIGITS.join(last)


def _iban(identifier: Identifier, _person: KnownPerson) -> Iterator[_Pair]:
    letters = re.sub(r"[^a-z0-9]", "", exact(identifier.value))
    yield _like(*letters), "[ -]?".join(letters)


def _word(identifier: Identifier, _person: KnownPerson) -> Iterator[_Pair]:
    word = exact(identifier.value.strip())
    yield _like(word), f"(^|[^0-9a-z]){_plain(word)}([^0-9a-z]|$)"


def _name(identifier: Identifier, _person: KnownPerson) -> Iterator[_Pair]:
    words = name_words(identifier.value)
    if len(words) > 1:
        for first, last in ((words[0], words[-1]), (words[-1], words[0])):
            yield _like(first, last), f"{_accented(first)}{_BETWEEN_WORDS}{_accented(last)}"


def _postal(identifier: Identifier, _person: KnownPerson) -> Iterator[_Pair]:
    """The house's number and whatever word stands first: enough to bring in the rest."""
    words = re.findall(r"[a-z]+|[0-9]+", loose(spread_umlauts(identifier.value)))
    word = next((each for each in words if each.isalpha() and len(each) > 2), "")
    number = next((each for each in words if each.isdecimal()), "")
    if word and number:
        first, second = sorted((word, number), key=words.index)
        yield _like(first[:6], second[:6]), f"{_accented(first[:6])}.{{0,30}}{_accented(second[:6])}"


def _accented(word: str) -> str:
    written = []
    for number, letter in enumerate(word):
        if letter == "e" and number and word[number - 1] in "aou":
            written.append("e?")
        elif letter in _ACCENTS:
            # A letter written with its accent apart has one more behind it.
            written.append(f"[{letter}{_ACCENTS[letter]}][\u0300-\u036f]?")
        else:
            written.append(re.escape(letter))
    return "".join(written)


def _like(*parts: str) -> str:
    """The parts in their order, whatever is between, and whatever stands where spellings differ."""
    written = "%".join(
        _UMLAUT.sub("%", "".join(mark if mark.isascii() else "%" for mark in part)) for part in parts
    )
    return f"%{written}%".replace("\\", "_")


def _plain(text: str) -> str:
    return "".join(re.escape(letter) if letter.isascii() else _ODD for letter in text)


def _in_ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def _in_base64(identifier: Identifier) -> Iterator[str]:
    """Of what is too short to be seen by its look: the letters that stand in base64 whatever is around.

    There are three of them, for a byte begins at one of three places within four letters.
    """
    value = identifier.value.strip().encode()
    if identifier.form is Form.NAME or identifier.needs_label or len(value) > _LONGEST_SHORT:
        return
    for written in dict.fromkeys((value, value.lower())):
        for ahead in range(3):
            first, last = -(-ahead * 8 // 6), (ahead + len(written)) * 8 // 6
            inner = base64.b64encode(b"\0" * ahead + written).decode()[first:last]
            if len(inner) >= 6:
                yield inner.translate(str.maketrans("+/", "__"))


_Maker = Callable[[Identifier, KnownPerson], Iterator[_Pair]]
_MAKERS: dict[Form, _Maker] = {
    Form.EMAIL: _email,
    Form.PHONE: _phone,
    Form.IBAN: _iban,
    Form.WORD: _word,
    Form.NAME: _name,
    Form.POSTAL: _postal,
}
