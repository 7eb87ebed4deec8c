"""Cells written column by column: values of one kind are looked at together, which costs less than one by one."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from types import NoneType
from typing import Any

from fulfillment.bundles.cells import may_be_moment, readable, spreadsheet
from fulfillment.bundles.decoding import Numeral
from requests_app.spreadsheets import harmless_all

Packed = str | list[str]

_TEXTS, _NUMBERS = {str, NoneType}, {int, Numeral, NoneType}
# As many different texts of a large person are remembered, and no more.
_MOST_WORDS = 8192


def columns_of(rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> list[list[Any]]:
    """The values of each of these fields; None where a record has none."""
    return [_column(rows, name) for name in names]


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        # Records of one collection seldom differ in their fields.
        return [row.get(name) for row in rows]


def for_spreadsheet(values: list[Any]) -> list[Any]:
    """A column of a CSV file, as Python's writer takes it."""
    kinds = set(map(type, values))
    if kinds <= _NUMBERS:
        return values
    if kinds <= _TEXTS:
        return harmless_all([text or "" for text in values])
    return list(map(spreadsheet, values))


class PackedColumns:
    """Columns as the script of the page takes them: the text, and the text to sort by where that differs."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._words = _Words(language)

    def of(self, values: list[Any]) -> list[Packed]:
        """One column of some records."""
        kinds = set(map(type, values))
        if NoneType not in kinds and kinds <= _NUMBERS:
            return list(map(str, values))
        if kinds == {str} and not any(map(may_be_moment, values)) and all(values):
            return values
        words = self._words
        if len(words) > _MOST_WORDS:
            words.clear()
        if kinds <= _TEXTS:
            return [words[text] for text in values]
        return [words[each] if type(each) in _TEXTS else readable(each, self._language) for each in values]


class _Words(dict[str | None, Packed]):
    """Records repeat much of what they say, so a text is put into words once."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, text: str | None) -> Packed:
        # Only what may be a moment is put into other words.
        shown = readable(text, self._language) if not text or may_be_moment(text) else text
        self[text] = found = [shown, text] if text and text != shown else shown
        return found
