"""What the indexes of a PostgreSQL table let a search enter by, read from the words of their definitions."""

import re
from collections.abc import Iterable

from fulfillment.connectors.sql_entries import Entry

_NO_COLLATION, _DEFAULT = "0", "100"
# What columns have that name no rules of their own.
USUAL = (_NO_COLLATION, _DEFAULT)
# "C" and "POSIX": byte by byte, and a blank is the first mark that is seen.
_BYTE_BY_BYTE = ("950", "951")
_CASTS = re.compile(r"::(text|character varying|bpchar)\b|[() ]")


def quoted(name: str) -> str:
    """A name between quotes."""
    return '"' + name.replace('"', '""') + '"'


def entries_of(name: str, collation: str, heads: Iterable[str], *, is_plain: bool) -> frozenset[Entry]:
    """What the indexes give for a column; each head is a collation's number and what the index begins with.

    `is_plain` says whether the database's own collation has a blank before "!" and lower() as in English; of
    others than that and "C" nothing is known.
    """
    is_known = collation in _BYTE_BY_BYTE or (collation == _DEFAULT and is_plain)
    spelled = {
        f"{function}{_bare(each)}": entry
        for each in (name, quoted(name))
        for function, entry in _BY_FUNCTION.items()
    }
    entries: set[Entry] = set()
    for head in heads:
        number, _, definition = head.partition(" ")
        entry = spelled.get(_bare(definition)) if number in (_NO_COLLATION, collation) else None
        if entry is Entry.VALUE:
            entries |= {Entry.VALUE, *([Entry.BLANKS_FIRST] if is_known else [])}
        elif entry is not None and is_known:
            entries.add(entry)
    return frozenset(entries)


def _bare(definition: str) -> str:
    return _CASTS.sub("", definition)


_BY_FUNCTION = {
    "": Entry.VALUE,
    "lower": Entry.LOWER,
    "lowerbtrim": Entry.FOLDED,
    "lowerTRIMBOTHFROM": Entry.FOLDED,
}
