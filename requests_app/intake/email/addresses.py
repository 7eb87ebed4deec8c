"""Address headers, read in one pass: no header can make it slow, and a broken one still gives what it holds."""

import re
from collections.abc import Iterator
from itertools import islice

from requests_app.intake.email.header_words import decode_words
from requests_app.intake.email.parsed import Mailbox
from requests_app.intake.email.storable import storable_line

# O'Neil has an apostrophe; a whole address is often put between two.
BARE = re.compile(
    r"[^\s<>()\[\],;:\"'@][^\s<>()\[\],;:\"@]{0,127}@(?:[^\s<>()\[\],;:\"'@]{1,255}|\[[0-9A-Fa-f.:IPvx]{2,60}\])"
)
QUOTED = re.compile(r"\"[^\"]{1,128}\"@[^\s<>\"@,;]{1,255}")
AROUND_SIGNS = re.compile(r"\s*([@.])\s*")
# An encoded word may hold a comma. The bounds keep it linear where a quotation or a comment never ends.
PIECE = re.compile(
    r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s<>]{0,500}\?="
    r"|\"(?:[^\"\\]|\\.){0,500}\"|\((?:[^()\\]|\\.|\([^()]{0,200}\)){0,500}\)|<[^<>]*>|[,;:]|[^\"(<,;:=]+|.",
    re.DOTALL,
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
    found = QUOTED.search(text) or BARE.search(text)
    if found:
        before = _plain(text[: found.start()].strip(" '\"<"))
        yield Mailbox(before or comment, found[0].rstrip("."))


def _address(text: str) -> str:
    """The address in angle brackets: blanks and a scheme around it fall away, a route before it too."""
    text = decode_words(text) if "=?" in text else storable_line(text)
    found = (
        QUOTED.search(text)
        or BARE.search(text.removeprefix("mailto:"))
        or BARE.search(AROUND_SIGNS.sub(r"\1", text))
    )
    return found[0].rstrip(".") if found else ""


def _name(pieces: list[str]) -> str:
    """The words before an address; those that stand side by side are decoded together."""
    found: list[str] = []
    run = ""
    for piece in pieces:
        if len(piece) > 1 and piece[0] == '"':
            found += [_plain(run), _plain(piece)]
            run = ""
        else:
            run += piece
    name = storable_line("".join((*found, _plain(run)))).strip(" ,<>")
    return name[1:-1] if len(name) > 2 and name[0] == name[-1] == "'" else name


def _plain(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return decode_words(ESCAPED.sub(r"\1", text[1:-1]))
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    return f"{lead}{decode_words(text)}{tail}"
