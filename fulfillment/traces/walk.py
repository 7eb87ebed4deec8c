"""Walks through a value, however it is packed, down to the texts in it; and packs again what was changed there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fulfillment.traces.decoders import (
    archive,
    base64_text,
    charset,
    compressed,
    json_text,
    mail,
    pdf,
    php_text,
    signed_text,
    tape,
)
from fulfillment.traces.limits import Budget
from fulfillment.traces.packed import Content, Opened, TextPart
from fulfillment.traces.text import views

_BY_MARKS = (compressed.opened, archive.opened, tape.opened, pdf.opened, mail.opened)
_IN_TEXT = (signed_text.parts_of, base64_text.parts_of)


@dataclass(frozen=True)
class Place:
    """Where a text stands: the name it goes by there, and the way to it through what it is packed in."""

    key: str = ""
    way: tuple[str, ...] = ()
    decoders: tuple[str, ...] = ()

    def into(self, decoder: str, key: str, place: str) -> "Place":
        """A place further in."""
        step = " ".join(word for word in (decoder, place) if word)
        return Place(
            key or self.key,
            (*self.way, step) if step else self.way,
            (*self.decoders, decoder) if decoder else self.decoders,
        )


Visit = Callable[[str, Place], str]


@dataclass
class Walk:
    """One walk through one value. `visit` is given every text and says what it should be.

    What it changes is packed as it was, and `changed` counts those texts; `stuck` names the places where that could
    not be done, and the value stays what it was there. `budget.cut` names what was not read to its end.
    """

    visit: Visit
    budget: Budget
    stuck: list[Place] = field(default_factory=list)
    changed: int = 0

    def value(self, value: Any, place: Place) -> Any:
        """Any value that a source gives: text, bytes, numbers, and JSON as objects."""
        if isinstance(value, str):
            return self.text(value, place)
        if isinstance(value, bytes | bytearray | memoryview):
            return self.data(bytes(value), place)
        if isinstance(value, Mapping):
            return self._object(value, place)
        if isinstance(value, list | tuple):
            return [self.value(each, place.into("", "", f"[{at}]")) for at, each in enumerate(value)]
        if value is None or isinstance(value, bool):
            return value
        written = str(value)
        return value if self._visited(written, place) == written else None

    def _object(self, value: Mapping[Any, Any], place: Place) -> dict[str, Any]:
        walked: dict[str, Any] = {}
        for key, each in value.items():
            name = self.text(str(key), place.into("", "", f".{key} (key)"))
            while name in walked:
                name += "'"
            walked[name] = self.value(each, place.into("", str(key), f".{key}"))
        return walked

    def text(self, text: str, place: Place) -> str:
        """A text: taken apart where it is JSON or PHP, its packed stretches walked, then visited as it stands."""
        if not self._may_go_on(place, len(text)):
            return text
        for is_one, parts_of in (
            (json_text.is_json, json_text.parts_of),
            (php_text.is_serialised, php_text.parts_of),
        ):
            if is_one(text):
                return self._spliced(text, list(parts_of(text)), place)
        if mail.looks_like_mail(text):
            return self.data(text.encode(), place.into("", "", "")).decode()
        return self._visited(self._spliced(text, _packed_in(text), place), place)

    def _visited(self, text: str, place: Place) -> str:
        written = self.visit(text, place)
        self.changed += written != text
        return written

    def data(self, data: bytes, place: Place) -> bytes:
        """Bytes: unpacked by what they begin with, otherwise read as text."""
        if not self._may_go_on(place, len(data)):
            return data
        opened = self._opened(data)
        before = self.changed
        contents = [
            self._content(part.content, place.into(opened.decoder, part.key, part.place))
            for part in opened.parts
        ]
        if contents == [part.content for part in opened.parts]:
            return data
        if opened.rebuild is None:
            self.stuck.append(place.into(opened.decoder, "", ""))
            self.changed = before
            return data
        return opened.rebuild(contents)

    def _opened(self, data: bytes) -> Opened:
        for read in _BY_MARKS:
            found = read(data, self.budget)
            if found is not None:
                return found
        plain = charset.opened(data)
        if plain.rebuild is None:
            return compressed.opened_unmarked(data, self.budget) or plain
        return plain

    def _content(self, content: Content, place: Place) -> Content:
        return self.text(content, place) if isinstance(content, str) else self.data(content, place)

    def _spliced(self, text: str, parts: list[TextPart], place: Place) -> str:
        written, last = [], 0
        for part in parts:
            further = place.into(part.decoder, part.key, part.place)
            before = self.changed
            content = self._content(part.content, further)
            if content == part.content:
                continue
            if part.encode is None:
                self.stuck.append(further)
                self.changed = before
                continue
            written += [text[last : part.start], part.encode(content)]
            last = part.end
        return "".join((*written, text[last:])) if written else text

    def _may_go_on(self, place: Place, size: int) -> bool:
        if len(place.decoders) > self.budget.limits.depth:
            self.budget.note("depth")
            return False
        # What the source itself gave is read in any case; it was there already.
        return not place.way or self.budget.spend(
            size, decoder=place.decoders[-1] if place.decoders else "size"
        )


def _packed_in(text: str) -> list[TextPart]:
    """The packed stretches of a text, those that show only after url-decoding too, none within another."""
    found = sorted(_all_packed_in(text), key=lambda part: (part.start, -part.end))
    kept: list[TextPart] = []
    for part in found:
        last = kept[-1] if kept else None
        # A token of the web has two payloads in one stretch.
        is_same = last is not None and (part.decoder, part.start) == (last.decoder, last.start)
        if last is None or part.start >= last.end or (is_same and part.decoder == "jwt"):
            kept.append(part)
    return kept


def _all_packed_in(text: str) -> Iterator[TextPart]:
    for view in views(text):
        for parts_of in _IN_TEXT:
            for part in parts_of(view.text):
                start, end = view.raw(part.start, part.end)
                yield replace(part, start=start, end=end, encode=_encoded(part, view.encode))


def _encoded(part: TextPart, outer: Callable[[str], str]) -> Callable[[Content], str] | None:
    inner = part.encode
    return None if inner is None else lambda content: outer(inner(content))
