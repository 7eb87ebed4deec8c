"""Address headers, read in one pass: no header can make it slow, and a broken one still gives what it holds."""

import re
from collections.abc import Iterator
from itertools import islice

from requests_app.intake.email.header_words import decode_words
from requests_app.intake.email.parsed import Mailbox
from requests_app.intake.email.storable import storable_line

BARE = re.compile(r"[^\s<>()\[\],;:\"'@]{1,128}@[^\s<>()\[\],;:\"'@]{1,255}")
# The bounds keep it linear where a quotation or a comment never ends.
PIECE = re.compile(
    r'"(?:[^"\\]|\\.){0,500}"|\((?:[^()\\]|\\.){0,500}\)|<[^<>]*>|[,;:]|[^"(<,;:]+|.', re.DOTALL
)
ESCAPED = re.compile(r"\\(.)")


def parse_addresses(text: str, *, most: int) -> tuple[Mailbox, ...]:
    """Return the mailboxes of a header whose words are still encoded, the first `most` of them."""
    found = tuple(islice(_mailboxes(text), most))
    if found or "=?" not in text:
        return found
    # Some writers encode name and address together as one word.
    return tuple(islice(_mailboxes(decode_words(text)), most))


def _mailboxes(text: str) -> Iterator[Mailbox]:
    name: list[str] = []
    comment = ""
    for piece in PIECE.findall(text):
        if piece.startswith("<") and len(piece) > 1:
            address = _address(piece[1:-1])
            if address:
                yield Mailbox(_name(name) or comment, address)
                name, comment = [], ""
        elif piece.startswith("(") and len(piece) > 1:
            comment = _plain(piece[1:-1])
        elif piece in ",;":
            yield from _bare(name, comment)
            # "Doe, Ann <ann@omne.example>" without quotes: what has no address is the start of a name.
            name = [*name, ", "] if piece == "," and name and not BARE.search("".join(name)) else []
            comment = ""
        elif piece == ":" and not BARE.search("".join(name)):
            name = []
        else:
            name.append(piece)
    yield from _bare(name, comment)


def _bare(name: list[str], comment: str) -> Iterator[Mailbox]:
    text = "".join(name)
    found = BARE.search(text)
    if found:
        before = _plain(text[: found.start()].strip(" '\"<"))
        yield Mailbox(before or comment, _address(found[0]))


def _address(text: str) -> str:
    """The address in angle brackets: blanks and a scheme around it fall away, a route before it too."""
    text = decode_words(text) if "=?" in text else storable_line(text)
    found = BARE.search(text.removeprefix("mailto:"))
    if found:
        return found[0].rstrip(".")
    quoted = re.fullmatch(r'\s*("[^"]{1,128}"@[^\s<>"@]{1,255})\s*', text)
    return quoted[1] if quoted else ""


def _name(pieces: list[str]) -> str:
    return storable_line("".join(_plain(piece) for piece in pieces)).strip(" ,<>")


def _plain(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return decode_words(ESCAPED.sub(r"\1", text[1:-1]))
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    return f"{lead}{decode_words(text)}{tail}"
