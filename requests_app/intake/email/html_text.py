"""HTML into readable text in one pass, whatever the HTML looks like; links are kept, scripts and styles are not."""

import html
import re
from collections.abc import Iterator

TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
HREF = re.compile(r"""\bhref\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
# No letter has such a number, and reading it as one takes long or raises.
ENDLESS_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
BLANKS = re.compile(r"[ \t\r\n\f\u200b\u200c\ufeff]+")
# Their content is no text, up to the end tag.
UNSEEN = {"script", "style", "title", "template", "noscript", "svg", "xml"}
PARAGRAPHS = {"p", "blockquote", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"}
LINES = {
    "div",
    "tr",
    "li",
    "dt",
    "dd",
    "br",
    "section",
    "article",
    "header",
    "footer",
    "address",
    "center",
    "form",
}
LOOKS_LIKE_HTML = re.compile(r"^\s*(?:<!doctype html|<html|<head|<body|<div|<p[\s>]|<table)", re.IGNORECASE)


def html_to_text(source: str) -> str:
    """Return what a person would read."""
    writer = _Writer()
    for is_tag, piece in _pieces(source):
        if is_tag:
            writer.tag(piece)
        else:
            writer.write(piece)
    return writer.text()


def looks_like_html(text: str) -> bool:
    """Whether text is HTML under a wrong name."""
    return bool(LOOKS_LIKE_HTML.match(text)) and text.count("<") > 2


def _pieces(source: str) -> Iterator[tuple[bool, str]]:
    """Text and tags in turn. A search for what never comes is made once, so that time stays linear."""
    at = 0
    ends: dict[str, bool] = {}
    while at < len(source):
        opened = source.find("<", at)
        if opened < 0:
            break
        if opened > at:
            yield False, source[at:opened]
        mark, skip = ("-->", 3) if source.startswith("<!--", opened) else (">", 1)
        found = TAG.match(source, opened)
        if not found and source[opened + 1 : opened + 2] not in ("!", "?", "/"):
            yield False, "<"
            at = opened + 1
            continue
        closed = -1 if ends.get(mark) is False else source.find(mark, opened + 1)
        if closed < 0:
            ends[mark] = False
            closed, skip = opened, 1
        elif found:
            yield True, source[opened : closed + 1]
        at = closed + skip
        if found and found[1].lower() in UNSEEN and source[opened + 1] != "/":
            at = _after(source, at, found[1].lower(), ends)
    if at < len(source):
        yield False, source[at:]


def _after(source: str, at: int, name: str, ends: dict[str, bool]) -> int:
    end_tag = f"</{name}"
    if ends.get(end_tag) is False:
        return at
    found = re.compile(re.escape(end_tag), re.IGNORECASE).search(source, at)
    if not found:
        ends[end_tag] = False
        return at
    return found.start()


class _Writer:
    """Collects text with the line breaks that blocks make."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._preformatted = 0
        self._address = ""
        self._label_from = 0

    def tag(self, source: str) -> None:
        found = TAG.match(source)
        name = found[1].lower() if found else ""
        closes = source.startswith("</")
        if name == "pre":
            self._preformatted = max(0, self._preformatted + (-1 if closes else 1))
        if name in PARAGRAPHS:
            self._pieces.append("\n\n")
        elif name in LINES:
            self._pieces.append("\n")
        elif name in ("td", "th") and not closes:
            self._pieces.append(" ")
        if name == "li" and not closes:
            self._pieces.append("- ")
        if name == "a":
            self._link(source, closes=closes)

    def write(self, source: str) -> None:
        text = html.unescape(ENDLESS_NUMBER.sub("\ufffd", source)).replace("\xa0", " ")
        self._pieces.append(text if self._preformatted else BLANKS.sub(" ", text))

    def text(self) -> str:
        lines = [
            line.strip(" ") if not line.startswith(">") else line
            for line in "".join(self._pieces).split("\n")
        ]
        lines = [re.sub(r" {2,}", " ", line) for line in lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _link(self, source: str, *, closes: bool) -> None:
        if not closes:
            found = HREF.search(source)
            self._address = html.unescape(ENDLESS_NUMBER.sub("", found[1].strip("\"'"))) if found else ""
            self._label_from = len(self._pieces)
            return
        label = "".join(self._pieces[self._label_from :]).strip()
        address = self._address.removeprefix("mailto:")
        if self._address.startswith(("http", "mailto:")) and address not in label and len(address) < 500:
            self._pieces.append(f" ({address})")
        self._address = ""
