"""Telephone numbers as people write them: with a country or without, with blanks, strokes and brackets."""

import re
from dataclasses import dataclass

# Country codes of ITU-T E.164: of one digit, of two; all others have three.
_ONE = frozenset("17")
_OF_TWO = (
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
    "81 82 84 86 90 91 92 93 94 95 98"
)
_TWO = frozenset(_OF_TWO.split())
_GAP = r"[\s().\-/\u2010-\u2015]{0,3}"
# Fewer digits are an extension, or a number of another kind.
_FEWEST = 6
# So many digits stand for nothing else, and are found without the 0 that a column of numbers drops.
_BARE = 9


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number taken apart; `country` is empty where it was written without."""

    country: str
    national: str


def phone_number(written: str) -> PhoneNumber | None:
    """The number in what somebody wrote; None where there are too few digits for one."""
    marks = re.sub(r"\(0\)", "", written)
    digits = "".join(mark for mark in marks if mark.isdecimal() and mark.isascii())
    is_abroad = marks.lstrip().startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    if not is_abroad:
        national = digits.removeprefix("0")
        return PhoneNumber("", national) if len(national) >= _FEWEST else None
    size = 1 if digits[:1] in _ONE else 2 if digits[:2] in _TWO else 3
    national = digits[size:].removeprefix("0")
    return PhoneNumber(digits[:size], national) if len(national) >= _FEWEST else None


def phone_pattern(written: str) -> str | None:
    """A pattern for all the ways to write the same number; None where this is no number.

    A known `+49 30 …` is found as `030 …` too. A known `030 …` is found with any country before it: nobody said
    which one.
    """
    number = phone_number(written)
    if number is None:
        return None
    country = _GAP.join(number.country) if number.country else r"[1-9]\d{0,2}"
    abroad = rf"(?:\+|\b00){_GAP}{country}{_GAP}(?:\(0\){_GAP}|0{_GAP})?"
    plain = [abroad, rf"\(?0{_GAP}"]
    if number.country:
        plain.append(_GAP.join(number.country) + _GAP)
    # Without plus, 00 or 0 it may be written as abroad with the plus lost.
    has_lost_plus = not number.country and not written.lstrip(" (").startswith("0")
    if has_lost_plus:
        plain.append(rf"(?:\+|\b00){_GAP}")
    may_be_bare = has_lost_plus or len(number.national) >= _BARE or number.country == "1"
    ahead = f"(?:{'|'.join(plain)})" + (r"|\(?" if may_be_bare else "")
    return rf"(?<![\w+])(?<!\d[.\-/])(?:{ahead}){_GAP.join(number.national)}(?![\-/]?\d|\w)"
