"""Identifiers in free text: addresses, phone numbers, bank accounts, and names right beside them."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from stdnum import iban

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.suggestions.caseless import caseless_beside
from fulfillment.findings.suggestions.found import Found, Why
from fulfillment.findings.suggestions.name_words import NOBODY

EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?![\w-])")
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
PHONE = re.compile(r"(?<![\w.:/@#=-])(?:\+|00|\(?0)\d?[\d ()/.\-\u2010-\u2015]{5,20}\d(?![\w:]|[.-]\d)")
_DIGITS_ALONE = re.compile(r"(?<![\w.:/@#=+-])[1-9][\d ()/.-]{6,18}\d(?![\w:]|[.-]\d)")
_CALLS = re.compile(
    r"(?:phone|tel(?:efon|ephone|éfono)?|mobile?|handy|cell|call|fax|whatsapp|тел|電話|nummer)\W{0,3}(?:\w+\W){0,3}\Z",
    re.IGNORECASE,
)
_LONGEST_AHEAD = 40

_LETTER = r"[^\W\d_]"
_WORD = rf"(?-i:[A-ZÀ-ÞĀ-ŽΆ-ΏΑ-ΩЀ-Я]{_LETTER}*(?:['’\-]{_LETTER}+)*)"
_PART = r"(?:de|da|do|dos|du|van|von|der|den|del|di|la|le|bin|al|el|af|zu)"
NAME = rf"{_WORD}(?: (?:{_PART} ){{0,2}}{_WORD}){{1,3}}"
_BESIDE_BEFORE = re.compile(rf"({NAME})[ ,:]{{0,2}}[(<\[]?[ ]?\Z")
_BESIDE_AFTER = re.compile(rf"[ ]?[)>\]]?[ ,]{{0,2}}[(]?({NAME})")


def identifiers_in(text: str, region: str) -> Iterator[Found]:
    """Addresses, numbers and accounts of a text, whoever's they are; `region` reads numbers without a country."""
    taken: list[tuple[int, int]] = []
    if "@" in text:
        for hit in EMAIL.finditer(text):
            taken.append(hit.span())
            yield Found(Kind.EMAIL, Why.ADDRESS, *_without_dot(hit))
    if _has_digits(text):
        for hit in IBAN.finditer(text):
            span = _account(hit)
            if span is not None:
                taken.append(span)
                yield Found(Kind.IBAN, Why.CHECKSUM, *span)
        for pattern in (PHONE, _DIGITS_ALONE):
            for hit in pattern.finditer(text):
                is_free = not any(hit.start() < end and start < hit.end() for start, end in taken)
                if is_free and _is_phone(hit, text, region, is_bare=pattern is _DIGITS_ALONE):
                    taken.append(hit.span())
                    yield Found(Kind.PHONE, Why.NUMBER, *hit.span())


def names_beside(text: str, start: int, end: int) -> Iterator[Found]:
    """The name right before or after an identifier: `Rui Duarte <rui@example.com>`."""
    before = _BESIDE_BEFORE.search(text[max(0, start - 60) : start])
    if before is not None:
        ahead = max(0, start - 60)
        span = _name(text, ahead + before.start(1), ahead + before.end(1))
        if span is not None:
            yield Found(Kind.NAME, Why.BESIDE, *span)
            return
    after = _BESIDE_AFTER.match(text[end : end + 60])
    if after is not None:
        span = _name(text, end + after.start(1), end + after.end(1))
        if span is not None:
            yield Found(Kind.NAME, Why.BESIDE, *span)
            return
    yield from caseless_beside(text, start, end)


def _name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The words of a name without those before it that are none; at least two are left."""
    words = [(start + hit.start(), start + hit.end()) for hit in re.finditer(r"\S+", text[start:end])]
    while words and text[slice(*words[0])].lower().strip(".,") in NOBODY:
        words.pop(0)
    while words and text[slice(*words[-1])].lower().strip(".,") in NOBODY:
        words.pop()
    return (words[0][0], words[-1][1]) if len(words) > 1 else None


def _without_dot(hit: "re.Match[str]") -> tuple[int, int]:
    """A full stop at the end is the sentence's."""
    return hit.start(), hit.start() + len(hit[0].rstrip(".-_"))


def _account(hit: "re.Match[str]") -> tuple[int, int] | None:
    """The stretch whose check digits are right; what follows may be a word in capitals."""
    written = hit[0]
    while len(written) >= 15:
        if iban.is_valid(written):
            return hit.start(), hit.start() + len(written)
        written = written.rpartition(" ")[0]
    return None


def _is_phone(hit: "re.Match[str]", text: str, region: str, *, is_bare: bool) -> bool:
    ahead = text[max(0, hit.start() - _LONGEST_AHEAD) : hit.start()]
    if is_bare and not _CALLS.search(ahead):
        return False
    return _is_valid(hit[0], region)


@lru_cache(maxsize=20_000)
def _is_valid(written: str, region: str) -> bool:
    """Whether such a number can exist; dates, amounts and numbers of orders cannot."""
    written = f"+{written[2:]}" if written.startswith("00") else written
    try:
        number = phonenumbers.parse(written, region or None)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))


def _has_digits(text: str) -> bool:
    return any(mark in text for mark in "0123456789") and len(text) > 6
