"""Finding a person in plain text, and in text where some letters stand as url-encoding or HTML entities."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from fulfillment.traces.folding import exact, loose, loose_places
from fulfillment.traces.patterns import Match, Pattern, is_said_ahead, is_said_to_be_one, patterns_of
from fulfillment.traces.person import Identifier, KnownPerson

_URL_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@dataclass(frozen=True)
class View:
    """A text as it reads once decoded; `places` leads each place of it, and its end, back to the raw text."""

    name: str
    text: str
    places: list[int] | None = None
    encode: Callable[[str], str] = str

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the raw text that reads as `start` to `end`."""
        return (start, end) if self.places is None else (self.places[start], self.places[end])


def views(text: str) -> Iterator[View]:
    """The text as it stands, and as it reads where it holds url-encoding or entities."""
    yield View("", text)
    if "%" in text and _URL_ENCODED.search(text):
        yield _view("url", text, _URL_ENCODED, unquote, lambda plain: quote(plain, safe=""))
    if "&" in text and _ENTITY.search(text):
        yield _view("html", text, _ENTITY, html.unescape, html.escape)


def matches(text: str, person: KnownPerson, *, label: str = "") -> list[Match]:
    """Where the person stands in a plain text; `label` is the name of the column or key that holds it."""
    found: list[Match] = []
    tight, wide = exact(text), None
    for pattern in patterns_of(person):
        if pattern.is_loose:
            wide = loose(text) if wide is None else wide
            found += _loosely(pattern, text, wide)
        elif not pattern.hint or pattern.hint in tight:
            found += _tightly(pattern, tight, label)
    return sorted(found, key=lambda match: (match.start, -match.end))


def _tightly(pattern: Pattern, folded: str, label: str) -> Iterator[Match]:
    for hit in pattern.expression.finditer(folded):
        identifier = pattern.identifier
        if identifier.needs_label and not _is_said(identifier, folded, hit, label):
            continue
        yield Match(identifier, hit.start(), hit.end())


def _is_said(identifier: Identifier, folded: str, hit: re.Match[str], label: str) -> bool:
    """Whether a short number is said to be one: by the words ahead, or by the name of the field that it fills."""
    fills_it = hit[0] == folded.strip()
    return is_said_ahead(identifier, folded, hit.start()) or (
        fills_it and is_said_to_be_one(identifier, label)
    )


def _loosely(pattern: Pattern, text: str, folded: str) -> Iterator[Match]:
    hits = list(pattern.expression.finditer(folded))
    if not hits:
        return
    places = loose_places(text)
    for hit in hits:
        # Up to the next letter, so that accents written apart go with theirs.
        start, end = places[hit.start()], places[hit.end()]
        if not pattern.is_capital or text[start].isupper():
            yield Match(pattern.identifier, start, end)


def _view(
    name: str,
    text: str,
    encoded: re.Pattern[str],
    decode: Callable[[str], str],
    encode: Callable[[str], str],
) -> View:
    written: list[str] = []
    places: list[int] = []
    last = 0
    for hit in encoded.finditer(text):
        plain = decode(hit[0])
        written += [text[last : hit.start()], plain]
        places += range(last, hit.start())
        places += _spread(plain, hit, decode)
        last = hit.end()
    written.append(text[last:])
    places += range(last, len(text) + 1)
    return View(name, "".join(written), places, encode)


def _spread(plain: str, hit: re.Match[str], decode: Callable[[str], str]) -> list[int]:
    """The raw place of each decoded letter: several letters may come out of one run of %XX."""
    if len(plain) <= 1 or not hit[0].startswith("%"):
        return [hit.start()] * len(plain)
    places, at = [], hit.start()
    for letter in plain:
        places.append(at)
        at += 3 * len(letter.encode(errors="replace"))
    return places if at == hit.end() else [hit.start()] * len(plain)
