"""Words about the person, taken out of records of others in one object; everything else there stays as it is."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from typing import Any

from fulfillment.connectors.changing import Mention
from fulfillment.connectors.file_changes.places import Spot, places_of
from fulfillment.connectors.file_changes.rewriting import csv_line
from fulfillment.connectors.file_changes.writing import NewVersion, packing_of
from fulfillment.connectors.file_sweeps.formats import CONTENT, StoredObject, text_of
from fulfillment.connectors.file_sweeps.lines import begun, text_lines
from fulfillment.connectors.json_places import replaced_in_text
from fulfillment.connectors.json_redacting import redacted_json
from fulfillment.traces.decoders.json_text import is_json
from fulfillment.traces.person import KnownPerson
from fulfillment.traces.redact import Redacted, redact_value

STUCK = "They stand in a form that cannot be written anew, so they stay; a person has to look."
LETTERS = (
    "It is written in letters that cannot be written anew line by line, so they stay; a person has to look."
)
STAYS = "The record is the person's own and stays by a rule or a hold, with its words."
_LETTERS = ("utf-8", "cp1252")


class Standing(Enum):
    """What becomes of a record besides: it is somebody else's, the person's own that goes, stays, or is masked."""

    OF_OTHERS = "of_others"
    GOES = "goes"
    STAYS = "stays"
    MASKED = "masked"


class _Stays(Exception):
    """Words that cannot be taken out; the argument says why."""


@dataclass
class Words:
    """What is to be done in one object; `taken` are the digests of the records, `not_taken` why others stay."""

    about: StoredObject
    taken: dict[str, list[str]] = field(default_factory=dict)
    not_taken: dict[tuple[str, str], int] = field(default_factory=dict)
    # By the first line: the last one, and all that takes their place.
    lines: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    whole: bytes | None = None

    @property
    def changes(self) -> bool:
        """Whether the object is written anew for them."""
        return bool(self.lines or self.rows or self.whole is not None)

    def write(self, source: str, new: NewVersion) -> None:
        """Write the object anew, from `source`. Raises Fatal, and OSError."""
        if self.rows:
            parquet = import_module("fulfillment.connectors.file_changes.parquet_rewriting")
            filesystem = self.about.store.filesystem
            parquet.rewrite_values(filesystem, source, new, name=self.about.name, values=self.rows)
            return
        with new.opened() as out:
            for piece in self._lines(source) if self.whole is None else (self.whole,):
                out.write(piece)

    def _lines(self, source: str) -> Iterator[bytes]:
        with self.about.store.filesystem.open(source, "rb", compression=packing_of(self.about.path)) as raw:
            mark, _, _ = begun(raw)
            raw.seek(0)
            yield mark
            gone_to = 0
            for number, line in enumerate(text_lines(raw), start=1):
                if number in self.lines:
                    gone_to, piece = self.lines[number]
                    yield piece
                elif number > gone_to:
                    yield line.written or b""


def words_in(
    about: StoredObject,
    mentions: list[Mention],
    person: KnownPerson,
    *,
    stands: Callable[[str, Mapping[str, Any]], Standing],
    mapped: Callable[[str], frozenset[str]],
) -> Words:
    """What to do in one object. Raises Fatal, Retryable.

    `stands` says what becomes of a record of a collection besides; `mapped` which of its fields the map itself masks.
    """
    words, found = Words(about), places_of(about, mentions)
    for mention, why in found.not_found:
        _leave(words, mention, why)
    for mention, spot in found.spots:
        standing = stands(mention.table, spot.values)
        if standing is Standing.STAYS:
            _leave(words, mention, STAYS)
        if standing in (Standing.STAYS, Standing.GOES):
            continue
        hidden = mapped(mention.table) if standing is Standing.MASKED else frozenset[str]()
        columns = tuple(each for each in mention.columns if each not in hidden)
        try:
            is_taken = _Taking(words, spot, person, columns).taken()
        except _Stays as stays:
            _leave(words, mention, str(stays))
            continue
        if is_taken:
            words.taken.setdefault(mention.table, []).append(mention.digest)
    return words


def _leave(words: Words, mention: Mention, why: str) -> None:
    words.not_taken[mention.table, why] = words.not_taken.get((mention.table, why), 0) + 1


@dataclass
class _Taking:
    """One record, and the fields of it that hold words."""

    words: Words
    spot: Spot
    person: KnownPerson
    columns: tuple[str, ...]

    def taken(self) -> bool:
        """Whether anything was taken out. Raises _Stays."""
        if self.spot.lines:
            return self._of_text()
        if self.spot.number:
            return self._of_row()
        return self._of_object()

    def _of_row(self) -> bool:
        new = {}
        for name in self.columns:
            found = self._without(name, self.spot.values.get(name))
            if found.taken:
                new[name] = found.value
        if new:
            self.words.rows[self.spot.number] = new
        return bool(new)

    def _of_object(self) -> bool:
        data: bytes = self.spot.values[CONTENT]
        text = text_of(data)
        if text is None:
            found = self._without(CONTENT, data)
            new = found.value
        else:
            changed = self._json_or_text(CONTENT, text)
            new = _written(data, text, changed)
        if new == data:
            return False
        self.words.whole = new
        return True

    def _of_text(self) -> bool:
        text = self.spot.text
        body = text.rstrip("\r\n")
        if self.spot.names is not None:
            changed = self._of_csv(body)
        elif "line" in self.columns and self.spot.values.keys() == {"line"}:
            changed = self._json_or_text("line", body)
        else:
            changed = self._of_json(body)
        if changed == body:
            return False
        written = b"".join(each.written or b"" for each in self.spot.lines)
        new = _written(written, text, changed + text[len(body) :])
        self.words.lines[self.spot.first] = (self.spot.first + len(self.spot.lines) - 1, new)
        return True

    def _of_json(self, body: str) -> str:
        for name in self.columns:

            def new(piece: str, name: str = name) -> str:
                return str(_whole(redacted_json(piece, self.person, column=name)).value)

            body = replaced_in_text(body, (name,), new)
        return body

    def _of_csv(self, body: str) -> str:
        names, values = self.spot.names or (), list(self.spot.values.values())
        wanted = list(values)
        for name in self.columns:
            if name in names:
                at = names.index(name)
                wanted[at] = self._without(name, values[at]).value
        return _csv_with(body, self.spot.delimiter, values, wanted)

    def _json_or_text(self, name: str, text: str) -> str:
        if is_json(text):
            return str(_whole(redacted_json(text, self.person, column=name)).value)
        return str(self._without(name, text).value)

    def _without(self, name: str, value: Any) -> Redacted:
        return _whole(redact_value(value, self.person, column=name, is_proven=True))


def _whole(found: Redacted) -> Redacted:
    if not found.is_whole:
        raise _Stays(STUCK)
    return found


def _written(old: bytes, text: str, new: str) -> bytes:
    """A new text in the letters of the old one."""
    for letters in _LETTERS:
        try:
            if old.decode(letters) == text:
                return new.encode(letters)
        except UnicodeError:
            continue
    raise _Stays(LETTERS)


def _csv_with(body: str, delimiter: str, old: list[str], new: list[str]) -> str:
    """A record with other values; of fields that stay, quotation marks and all."""
    if old == new:
        return body
    fields = _fields(body, delimiter)
    if [_one(each, delimiter) for each in fields] != old:
        return csv_line(new, delimiter)
    pairs = zip(fields, old, new, strict=True)
    return delimiter.join(
        raw if before == after else _like(raw, after, delimiter) for raw, before, after in pairs
    )


def _fields(body: str, delimiter: str) -> list[str]:
    """The fields of a record as they are written."""
    found, start, at, is_quoted = [], 0, 0, False
    while at < len(body):
        letter = body[at]
        if letter == '"' and (is_quoted or at == start):
            is_quoted = not is_quoted
            if not is_quoted and body[at + 1 : at + 2] == '"':
                is_quoted, at = True, at + 1
        elif letter == delimiter and not is_quoted:
            found.append(body[start:at])
            start = at + 1
        at += 1
    return [*found, body[start:]]


def _one(raw: str, delimiter: str) -> str | None:
    try:
        rows = list(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter))
    except csv.Error:
        return None
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else "" if not raw else None


def _like(raw: str, value: str, delimiter: str) -> str:
    if raw.startswith('"'):
        return '"' + value.replace('"', '""') + '"'
    return csv_line([value], delimiter)
