"""The ways one identity may be written in a source, found without any database's own idea of letters.

Letters of ASCII are compared without regard to case. A letter of another script counts as the same only
when each of the two is the other's one upper or lower case: so ö is Ö, while the Kelvin sign is no k, the
Turkish İ no i, and ß no ss, whatever the language of the database.
"""

import unicodedata
from itertools import product
from math import prod
from uuid import UUID

_MOST = 64
# Fewer digits are no telephone number that belongs to one person.
SHORTEST_PHONE = 5
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


def spellings(value: str) -> tuple[str, ...]:
    """Every way to write a value, its ASCII letters in lower case."""
    if value.isascii():
        return (value.lower(),)
    return tuple(dict.fromkeys(each for form in forms(value) for each in _cases(form.translate(_LOWER))))


def forms(value: str) -> tuple[str, ...]:
    """A value as it was given, and with its accents composed and apart."""
    if value.isascii() or any(_is_disguised(mark) for mark in value):
        return (value,)
    return tuple(dict.fromkeys((value, *(unicodedata.normalize(form, value) for form in ("NFC", "NFD")))))


# Kinds whose values mean the same in any case: addresses as everybody handles them, and accounts of GitHub by its word.
CASELESS = frozenset({"email", "github_login"})


def is_caseless(kind: str, value: str) -> bool:
    """Whether a value means the same in any case: addresses and UUIDs do, numbers of customers need not."""
    return kind in CASELESS or is_uuid(value)


def is_uuid(value: str) -> bool:
    """Whether a value is a UUID in any of its spellings."""
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def folded(kind: str, value: str) -> str:
    """What is equal for two values exactly when a database finds them to be the same identity.

    The other side of `spellings`, `forms` and `digits_of`, for sources that are read through: blank edges never count,
    the case of letters for addresses and UUIDs only. It is empty for what is never matched. Files have more marks at
    their edges than blanks, tabs and line ends, which count as little.
    """
    if kind == "phone_number":
        digits = digits_of(value)
        return digits if len(digits) >= SHORTEST_PHONE else ""
    text = value.strip()
    if not text.isascii():
        text = text if any(map(_is_disguised, text)) else unicodedata.normalize("NFC", text)
    if not is_caseless(kind, text):
        return text
    if text.isascii():
        return text.lower()
    return "".join(_one_case(mark) for mark in text.translate(_LOWER))


def digits_of(phone: str) -> str:
    """The digits of a phone number, from its country's code on where it has one."""
    return "".join(mark for mark in phone if mark in "0123456789").removeprefix("00")


def _is_disguised(mark: str) -> bool:
    """Whether Unicode says that this mark is a letter of ASCII, as it does of the Kelvin sign."""
    return not mark.isascii() and unicodedata.normalize("NFC", mark).isascii()


def _cases(text: str) -> list[str]:
    choices = [_letter(mark) for mark in text]
    if prod(map(len, choices)) <= _MOST:
        return ["".join(each) for each in product(*choices)]
    # Long words of another script are written in one case, or as they were given.
    lower = (
        mark.lower() if mark.lower() in letter else mark for mark, letter in zip(text, choices, strict=True)
    )
    upper = (
        mark.upper() if mark.upper() in letter else mark for mark, letter in zip(text, choices, strict=True)
    )
    return [text, "".join(lower), "".join(upper)]


def _letter(mark: str) -> tuple[str, ...]:
    if mark.isascii():
        return (mark,)
    others = [each for each in (mark.lower(), mark.upper()) if _are_a_pair(mark, each)]
    return tuple(dict.fromkeys((mark, *others)))


def _one_case(mark: str) -> str:
    """The same for a letter and its other case, and for nothing else."""
    small = mark.lower()
    return small if not mark.isascii() and _are_a_pair(mark, small) else mark


def _are_a_pair(one: str, other: str) -> bool:
    if len(other) != 1 or other.isascii():
        return False
    return one == other or one in (other.lower(), other.upper())
