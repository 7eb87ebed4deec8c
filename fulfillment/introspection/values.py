"""What sampled values look like: they are counted by their form here, and never leave this file."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import islice
from string import ascii_uppercase

from fulfillment.introspection.words import given_names, word_set

MOST_VALUES = 200
_EMAIL = re.compile(r"[^@\s<>,;\"']{1,64}@[^@\s<>,;\"'.]+(?:\.[^@\s<>,;\"'.]+)+")
_PHONE = re.compile(r"(?=.*[+()\s/.-])\+?\(?\d[\d\s().\-/]{5,19}(?:x\d{1,5})?")
_DIGITS = re.compile(r"\+?\d{7,15}")
_URL = re.compile(r"https?://\S+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LIKE_IP = re.compile(r"[0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*(?:/\d{1,3})?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9 ]{11,40}")
_CARD = re.compile(r"[3-6]\d{3}[ -]?\d{4,6}[ -]?\d{4,5}[ -]?\d{0,4}")
_PASSWORD = re.compile(
    r"\$(?:2[abxy]|5|6|1|P|H|S|wp|argon2\w*|apr1|scrypt|pbkdf2[\w-]*)\$.{8,}"
    r"|(?:pbkdf2_\w+|bcrypt\w*|argon2\w*|scrypt|sha1|md5)\$.{8,}|\{(?:S?SHA\d*|S?MD5|CRYPT|ARGON2\w*)\}.{8,}"
    r"|[0-9a-f]{32,128}:[\w./+=-]{2,64}(?::\d)?"
)
_TOKEN = re.compile(r"[A-Za-z0-9_\-+/=.]{24,}|eyJ[\w-]+\.[\w-]+\.[\w-]*")
_SESSION = re.compile(r'[aO]:\d+:[{"].*|\w+\|[aisbdO]:.*|BAh[\w+/=]{20,}.*|gA[JNR][\w+/=]{20,}.*', re.DOTALL)
_AGENT = re.compile(r"(?:Mozilla|Opera|Dalvik|okhttp|curl)/\d.*", re.DOTALL)
_NATIONAL = re.compile(
    r"\d{3}-\d{2}-\d{4}|\d{3}\.\d{3}\.\d{3}-\d{2}|\d{8}[A-HJ-NP-TV-Z]|[XYZ]\d{7}[A-HJ-NP-TV-Z]"
    r"|[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]|[A-CEGHJ-PR-TW-Z]{2}\d{6}[A-D]|\d{6}(?:\d\d)?[-+]\d{4}"
    r"|[12]\d{2}(?:0[1-9]|1[0-2])\d{2}\d{3}\d{3}\d{2}"
)
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")
_PERSON = re.compile(r"(?:[^\W\d_][\w'’.-]*\s+){1,4}[^\W\d_][\w'’.-]*")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")
_OLDEST, _YOUNGEST = 1900, 13
_ENOUGH, _SOME, _MOSTLY = 6, 0.1, 0.8


def _is_ip(text: str) -> bool:
    if not _LIKE_IP.fullmatch(text):
        return False
    try:
        ip_address(text.partition("/")[0])
    except ValueError:
        return False
    return True


def _is_iban(text: str) -> bool:
    if not _IBAN.fullmatch(text):
        return False
    plain = text.replace(" ", "")
    moved = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(mark, 36)) for mark in moved)) % 97 == 1


def _is_card(text: str) -> bool:
    if not _CARD.fullmatch(text):
        return False
    digits = [int(mark) for mark in reversed(text) if mark.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(digits))
    return 13 <= len(digits) <= 19 and sum(doubled) % 10 == 0


def _is_json(text: str) -> bool:
    if text[0] not in "{[":
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _is_person(text: str) -> bool:
    words = text.split()
    known = given_names()
    return bool(_PERSON.fullmatch(text)) and (words[0].lower() in known or words[-1].lower() in known)


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


_SIGNS: Mapping[str, Callable[[str], bool]] = {
    "email": _fits(_EMAIL),
    "ip": _is_ip,
    "phone": _fits(_PHONE),
    "digits": _fits(_DIGITS),
    "url": _fits(_URL),
    "uuid": _fits(_UUID),
    "iban": _is_iban,
    "card": _is_card,
    "password": _fits(_PASSWORD),
    "token": _fits(_TOKEN),
    "session": _fits(_SESSION),
    "agent": _fits(_AGENT),
    "national": _fits(_NATIONAL),
    "mac": _fits(_MAC),
    "given": lambda text: text.lower() in given_names(),
    "person": _is_person,
    "gender": lambda text: text.lower().rstrip(".") in word_set("genders"),
    "json": _is_json,
    "email_inside": lambda text: len(text) > 20 and " " in text and _EMAIL.search(text) is not None,
    "sentence": lambda text: text.count(" ") >= 4,
}


# Forms that no value without a digit can have, which spares looking for them.
_DIGIT = re.compile(r"\d")
_OF_DIGITS = frozenset({"phone", "digits", "uuid", "iban", "card", "national", "mac", "agent"})
# Marks of which a form has at least one: where none of the values of a column has any, none has the form.
_MARKS: Mapping[str, frozenset[str]] = {
    "email": frozenset("@"),
    "email_inside": frozenset("@"),
    "ip": frozenset(".:"),
    "url": frozenset(":"),
    "uuid": frozenset("-"),
    "iban": frozenset(ascii_uppercase),
    "password": frozenset("$:{"),
    "session": frozenset(":|Bg"),
    "agent": frozenset("/"),
    "mac": frozenset(":-"),
    "json": frozenset("{["),
    "sentence": frozenset(" "),
}


def _is_birth(text: str, year: int) -> bool:
    day = _DAY.fullmatch(text)
    return day is not None and _OLDEST < int(day[1]) <= year - _YOUNGEST


@dataclass(frozen=True, slots=True)
class Signs:
    """How many distinct sampled values there were, and how many of them had each form."""

    values: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    different: float = 0.0

    @property
    def of_several_kinds(self) -> bool:
        """Whether addresses and phone numbers stand side by side, as in rows of (kind, value)."""
        email, phone = self.share("email"), max(self.share("phone"), self.share("digits"))
        both = email + phone + self.share("url")
        return self.values >= _ENOUGH and min(email, phone) >= _SOME and both >= _MOSTLY

    def share(self, sign: str) -> float:
        """The part of the values that had this form, 0 where there were none."""
        return self.counts.get(sign, 0) / self.values if self.values else 0.0


def signs_of(sampled: Iterable[str], *, year: int) -> Signs:
    """Count the forms of some values, in this year; empty ones do not count."""
    every = [text for each in sampled if (text := each.strip())]
    distinct = list(islice(dict.fromkeys(every), MOST_VALUES))
    with_digits = [each for each in distinct if _DIGIT.search(each)]
    marks = set().union(*distinct)
    counts = {
        name: sum(map(fits, with_digits if name in _OF_DIGITS else distinct))
        for name, fits in _SIGNS.items()
        if name not in _MARKS or not marks.isdisjoint(_MARKS[name])
    }
    counts["birth"] = sum(_is_birth(text, year) for text in distinct)
    different = len(set(every)) / len(every) if every else 0.0
    return Signs(len(distinct), {name: count for name, count in counts.items() if count}, different)
