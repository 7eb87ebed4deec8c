"""A whole record: what is found in its fields, names written in two of them, and whether it names somebody else."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fulfillment.traces.folding import without_umlauts
from fulfillment.traces.judge import ACTED, Kind, judge
from fulfillment.traces.limits import Limits
from fulfillment.traces.look import Hit, look
from fulfillment.traces.patterns import name_words
from fulfillment.traces.person import Form, KnownPerson
from fulfillment.traces.text import matches

_FIRST = re.compile(r"(?:^|_)(?:first|given|fore|vor)_?(?:name|names)$", re.IGNORECASE)
_LAST = re.compile(r"(?:^|_)(?:last|family|sur|nach)_?(?:name|names)$", re.IGNORECASE)
_NAME = re.compile(
    r"^(?:full|customer|contact|person|display|holder|account|billing|shipping|recipient|client)?_?name$",
    re.IGNORECASE,
)
_LIKE_A_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,3}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True)
class LookedAt:
    """What a record is to the person: its hits, what it was judged to be, and what was not read to its end."""

    hits: tuple[Hit, ...]
    kind: Kind | None
    cut: tuple[str, ...] = ()


def look_at_record(
    record: Mapping[str, Any], person: KnownPerson, *, limits: Limits | None = None
) -> LookedAt:
    """Look for the person in all the fields of a record, and judge it as a whole."""
    hits: list[Hit] = []
    cut: dict[str, None] = {}
    for column, value in (*record.items(), *_joined_names(record)):
        seen = look(value, person, column=column, limits=limits)
        hits += seen.hits
        cut.update((f"{column}: {what}", None) for what in seen.cut)
    return LookedAt(tuple(hits), judge(hits, another=_whom_else(record, person)), tuple(cut))


def _joined_names(record: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Given name and surname that stand in fields of their own, as one."""
    first = next((name for name in record if _FIRST.search(name)), None)
    last = next((name for name in record if _LAST.search(name)), None)
    if first and last and record[first] and record[last]:
        yield f"{first}, {last}", f"{record[first]} {record[last]}"


def _whom_else(record: Mapping[str, Any], person: KnownPerson) -> frozenset[Form]:
    """By which forms the record names somebody else; whoever only did something to it does not count."""
    others: set[Form] = set()
    named = [
        (name, value)
        for name, value in record.items()
        if isinstance(value, str) and not ACTED.search(name.lower())
    ]
    names = [value for name, value in named if _NAME.search(name) and _LIKE_A_NAME.fullmatch(value.strip())]
    names += [value for _, value in _joined_names(record)]
    if person.names and any(not _may_be(value, person) for value in names):
        others.add(Form.NAME)
    for name, value in named:
        if "mail" in name.lower() and _ADDRESS.fullmatch(value.strip()) and not matches(value, person):
            others.add(Form.EMAIL)
    return frozenset(others)


def _may_be(name: str, person: KnownPerson) -> bool:
    """Whether it may be the person under another surname: a given name is theirs, or its first letter."""
    words = {without_umlauts(word) for word in name_words(name)}
    for known in person.names:
        own = [without_umlauts(word) for word in name_words(known.value)]
        given = own[:-1] or own
        if any(word in words or word[0] in words for word in given):
            return True
        if any(len(word) == 1 and word == each[0] for word in words for each in given):
            return True
    return False
