"""The letter as values: every fact the law asks for, worked out for the data that was actually found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fulfillment.bundles.cells import readable
from fulfillment.bundles.contents import BundleInput, CollectionContent, SourceContent
from fulfillment.bundles.sections import records
from fulfillment.recipients.shown import WHAT
from requests_app.lists import listed
from requests_app.policy.company import Promise

# The letter shows the beginning of each collection; the files beside it hold all.
MOST_RECORDS = 50
MOST_LINES = 400
MOST_COLUMNS = 10
LONGEST_CELL = 300
LINE_LENGTH = 170
# Of a column: at least what a short word needs, and for the longest word not more than this of the page.
LEAST_SHARE, LONGEST_WORD = 8, 40
_BREAKS = re.compile(r"\s+|(?<=-)")
# Each is a sentence's beginning, so that a comma would not do.
BETWEEN_BASES = " · "


@dataclass(frozen=True)
class PurposeLine:
    """Why some categories are used, and on what ground."""

    purpose: str
    bases: str
    categories: str


@dataclass(frozen=True)
class RecipientLine:
    """Who receives which categories, and how many records that concerns; `names` are those of the kind we know."""

    recipient: str
    names: str
    categories: str
    records: str


@dataclass(frozen=True)
class ToldLine:
    """Who was told of what, and on which day; without one, why not."""

    recipient: str
    what: str
    on: date | None
    why_not: str


@dataclass(frozen=True)
class CategoryLine:
    """A category of the privacy policy and what was found of it: label, how long it is kept, records."""

    category: str
    parts: list[tuple[str, str, str]]


@dataclass(frozen=True)
class RecordsTable:
    """The first records of a collection: a table, or a list of facts each where fields are many."""

    collection: CollectionContent
    headings: list[str]
    rows: list[list[str]]

    @property
    def is_narrow(self) -> bool:
        """Whether a table fits the width of a page."""
        return len(self.headings) <= MOST_COLUMNS

    @property
    def widths(self) -> list[int]:
        """The share of the page that each column gets, in per cent, by what it holds."""
        columns = [[heading, *(row[at] for row in self.rows)] for at, heading in enumerate(self.headings)]
        longest = [max(10, *(min(len(cell), 60) for cell in column)) for column in columns]
        # Every column gets what its longest word needs, so that no address breaks; the rest is shared out.
        least = [_share_of_longest_word(column) for column in columns]
        if sum(least) > 100:
            least = [LEAST_SHARE] * len(columns)
        spare = 100 - sum(least)
        shares = [
            needed + int(length / sum(longest) * spare) for needed, length in zip(least, longest, strict=True)
        ]
        shares[longest.index(max(longest))] += 100 - sum(shares)
        return shares

    @property
    def cards(self) -> list[list[tuple[str, str]]]:
        """Each record as label and value."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]

    @property
    def told(self) -> str:
        """How many of how many are shown."""
        held = self.collection.row_count
        if len(self.rows) == held:
            return records(held)
        return _("%(shown)s of %(held)s records; all of them are in the CSV and JSON files") % {
            "shown": f"{len(self.rows):,}",
            "held": f"{held:,}",
        }


def title_of(contents: BundleInput) -> str:
    """What the letter answers."""
    if contents.right == "portability":
        return _("Our answer to your request to move your information")
    return _("Our answer to your request for a copy")


def held(contents: BundleInput) -> list[CollectionContent]:
    """What we hold, whether it is in the bundle or withheld: the facts of the law are about all of it."""
    return [each for each in contents.collections if each.row_count > 0]


def purpose_lines(contents: BundleInput) -> list[PurposeLine]:
    """One line per purpose, in the order of the policy."""
    lines = []
    for purpose in contents.company.purposes:
        ours = [each for each in held(contents) if _(purpose.label) in each.purposes]
        if ours:
            lines.append(
                PurposeLine(
                    _(purpose.label),
                    BETWEEN_BASES.join(_once(each.legal_basis for each in ours)) or "–",
                    _listed(_category(each) for each in ours),
                )
            )
    return lines


def rights_told(contents: BundleInput) -> list[Promise]:
    """What else the person may ask for where they live, in the words of the policy."""
    return [each for each in contents.company.rights if each.key in contents.other_rights]


def recipient_lines(contents: BundleInput) -> list[RecipientLine]:
    """One line per recipient, in the order of the policy."""
    lines = []
    for recipient in contents.company.recipients:
        label = _(recipient.label)
        ours = [each for each in held(contents) if label in each.recipients]
        if ours:
            count = sum(each.row_count for each in ours)
            names = listed(contents.recipient_names.get(label, ()))
            lines.append(RecipientLine(label, names, _listed(map(_category, ours)), f"{count:,}"))
    return lines


def told_lines(contents: BundleInput) -> list[ToldLine]:
    """One line per recipient and change that an earlier request of the person brought."""
    return [
        ToldLine(each.recipient, str(WHAT.get(each.kind, each.kind)), each.on, each.why_not)
        for each in contents.told
    ]


def category_lines(contents: BundleInput) -> list[CategoryLine]:
    """One line per category that was found."""
    lines = []
    for category in _once(_category(each) for each in held(contents)):
        ours = [each for each in held(contents) if _category(each) == category]
        parts = [(each.label, each.retention or "–", f"{each.row_count:,}") for each in ours]
        lines.append(CategoryLine(category, parts))
    return lines


def origin_lines(contents: BundleInput) -> list[tuple[str, str]]:
    """Where the data come from, and which categories."""
    origins = _once(each.origin for each in held(contents))
    return [
        (origin, _listed(_category(each) for each in held(contents) if each.origin == origin))
        for origin in origins
    ]


def outcome(source: SourceContent) -> str:
    """What came of a source, in a word or the reason why it was not searched."""
    if not source.searched:
        return _("Not searched: %s") % source.note
    return _("Found") if source.row_count else _("Nothing held")


def record_tables(contents: BundleInput) -> list[RecordsTable]:
    """The beginning of each collection, within the caps."""
    begun = [(each, _beginning(each)) for each in contents.exported]
    shown = _shared_out([rows for _collection, rows in begun])
    return [
        RecordsTable(collection, collection.headings, rows[:count])
        for (collection, rows), count in zip(begun, shown, strict=True)
        if count
    ]


def _beginning(collection: CollectionContent) -> list[list[str]]:
    names = [field.name for field in collection.fields]
    return [
        [_short(readable(record.get(name))) for name in names]
        for record in collection.first_rows(MOST_RECORDS)
    ]


def _shared_out(tables: list[list[list[str]]]) -> list[int]:
    """How many rows of each table fit: the first of each, then the second of each, and so on while lines are left.

    A long table takes nothing from those behind it.
    """
    shown, left = [0] * len(tables), MOST_LINES
    for turn in range(MOST_RECORDS):
        for at, rows in enumerate(tables):
            if shown[at] == turn < len(rows) and (height := _lines(rows[turn])) <= left:
                shown[at] += 1
                left -= height
    return shown


def _share_of_longest_word(column: list[str]) -> int:
    """How many per cent of a line the longest word of a column takes, with the space behind it."""
    longest = max((len(word) for cell in column for word in _BREAKS.split(cell)), default=0)
    return max(LEAST_SHARE, -(-(min(longest, LONGEST_WORD) + 2) * 100 // LINE_LENGTH))


def _lines(row: list[str]) -> int:
    """About how many printed lines a record takes."""
    width = LINE_LENGTH // len(row) if len(row) <= MOST_COLUMNS else LINE_LENGTH
    heights = [cell.count("\n") + 1 + len(cell) // width for cell in row]
    return max(heights) if len(row) <= MOST_COLUMNS else sum(heights)


def _category(collection: CollectionContent) -> str:
    return collection.category or collection.label


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, words)))


def _listed(words: Iterable[str]) -> str:
    return listed(_once(words)) or "–"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL].rstrip()} …"
