"""What the name and the columns of a table say of it before any row is read: a person, an address, machinery."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from fulfillment.introspection.schema import Family, Schema, Table
from fulfillment.introspection.words import (
    Entry,
    Tokens,
    column_categories,
    graded_words,
    plain_words,
    table_topics,
    tokens,
    word_set,
)

# How much a column of this kind speaks for its table being about people.
_PERSONAL = {
    "user.contact.email": 2,
    "user.name.first": 1,
    "user.name.last": 2,
    "user.name": 1,
    "user.account.username": 2,
    "user.contact.phone_number": 1,
    "user.demographic.date_of_birth": 2,
    "user.demographic.gender": 1,
    "user.contact.address.street": 1,
    "user.contact.address.postal_code": 1,
    "user.government_id.national_identification_number": 2,
    "user.unique_id": 1,
}
_ENOUGH = 3
_SHARED_PREFIX = 0.6
_PLACES = frozenset({"address", "addresses", "adresse", "direccion", "indirizzo"})
_NAMES = frozenset({"user.contact.email", "user.name.first", "user.name.last", "user.name"})
_NOISE = frozenset({"entity", "table", "tbl", "master", "main", "base", "rec", "record", "tab"})


@dataclass(frozen=True, slots=True)
class View:
    """A table with what is known of it; `core` is its name without what all tables begin with."""

    table: Table
    core: Tokens
    is_person: bool
    is_named_person: bool
    is_address: bool
    is_machinery: bool
    is_sessions: bool
    retention: str | None
    policy: str | None

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


def views_of(schema: Schema) -> Mapping[str, View]:
    """Every table with what is known of it."""
    prefix = _shared_prefix(schema.tables)
    return {each.name: _view(each, prefix) for each in schema.tables}


def object_view(view: View, names: Iterable[str]) -> View:
    """What is known of an object in a JSON column of this table: it may be about a person where the table is not.

    A name makes it so only beside what surely is a person's, such as an address.
    """
    entries = list(_entries_of(names))
    score = sum(_PERSONAL.get(key, 0) for key in {each.key for each in entries})
    is_sure = any(each.sure and each.key in _PERSONAL for each in entries)
    return replace(view, is_person=view.is_person or (is_sure and score >= _ENOUGH))


def _shared_prefix(tables: Iterable[Table]) -> str:
    """The word with which most tables begin, such as wp or oc; a word for people is none of them."""
    first = Counter(words[0] for each in tables if len(words := tokens(each.schema_and_name[1])) > 1)
    common = first.most_common(1)
    if not common or common[0][1] < max(4, _SHARED_PREFIX * first.total()):
        return ""
    return "" if graded_words("tables", "people").find((common[0][0],)) else common[0][0]


def _core(name: str, prefix: str) -> Tokens:
    words = tokens(name)
    if prefix and len(words) > 1 and words[0] == prefix:
        words = words[1:]
    kept = tuple(word for word in words if word not in _NOISE and not word.isdecimal())
    return kept or words


def _view(table: Table, prefix: str) -> View:
    core = _core(table.schema_and_name[1], prefix)
    # The last words of a name say what it is, the first what it belongs to: user_roles are roles.
    people = [each for each in graded_words("tables", "people").find(core) if each.end == len(core)]
    machinery = [each for each in plain_words("tables", "machinery").find(core) if each.end == len(core)]
    entries = list(
        _entries_of(each.name for each in table.columns if each.family in (Family.TEXT, Family.DATE))
    )
    keys = [each.key for each in entries]
    # A name and a slug make a label as well as a person: such words count where the table says that it is people.
    score = sum(_PERSONAL.get(key, 0) for key in {each.key for each in entries if each.sure or people})
    named = bool(people) and people[0].entry.sure
    details = [each for each in plain_words("tables", "details").find(core) if each.end == len(core)]
    is_detail = bool(details) and bool(graded_words("tables", "people").find(core[: details[0].start]))
    parts = len({key for key in keys if key.startswith("user.contact.address.")})
    is_place = core[-1] in _PLACES
    seems_one = score + 2 * named + bool(people) >= _ENOUGH and not machinery and score > 0
    return View(
        table=table,
        core=core,
        # A table of addresses that names nobody has a telephone as often as not; several people may live at one.
        is_person=is_detail or (seems_one and (named or not is_place or not _NAMES.isdisjoint(keys))),
        is_named_person=named and not machinery,
        is_address=parts >= 2 or is_place,
        is_machinery=bool(machinery) and score < 2 * _ENOUGH,
        is_sessions=any(each.end == len(core) for each in plain_words("tables", "sessions").find(core)),
        retention=_topic("retention", core),
        policy=_topic("policy", core),
    )


def _entries_of(names: Iterable[str]) -> Iterator[Entry]:
    """What names of columns end in, but for those of machines: smtp_email is nobody's."""
    for name in names:
        words = tokens(name)
        if word_set("machines").isdisjoint(words):
            found = column_categories().find(words)
            if found and found[-1].end == len(words):
                yield found[-1].entry


def _topic(key: str, core: Tokens) -> str | None:
    found = table_topics(key).find(core)
    return found[-1].entry.key if found else None
