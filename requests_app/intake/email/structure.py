"""The tree of parts, found by looking for boundaries in the raw bytes; nothing is copied and nothing recurses far.

The standard parser is not used: it raises on deep nesting and needs seconds for many parts. Here depth and number
are limits, and what lies beyond stays one opaque part.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from requests_app.intake.email.headers import Headers, read_headers
from requests_app.intake.email.limits import Limits
from requests_app.intake.email.parsed import Fault
from requests_app.intake.email.transfer import undo_transfer

TYPE = re.compile(r"^[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}$")
FIRST_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?$", re.MULTILINE)
# Where the named one never comes: a line that headers of a part follow.
OTHER_BOUNDARY = re.compile(
    rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-[a-z-]{2,30}[ \t]*:)", re.MULTILINE | re.IGNORECASE
)
BOUNDARY_SEARCHED = 20_000


@dataclass(slots=True)
class Part:
    """One part: its headers, where its body lies, and the parts inside it."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    children: list["Part"] = field(default_factory=list)

    @property
    def main_type(self) -> str:
        """The part of the type before the slash."""
        return self.type.partition("/")[0]

    def content(self, most: int | None = None) -> bytes:
        """The bytes with the transfer encoding undone; `most` bounds what is read, not what comes out."""
        end = self.end if most is None else min(self.end, self.start + most)
        return undo_transfer(self.raw[self.start : end], self.headers.text("content-transfer-encoding"))


class Structure:
    """Reads the parts of one message and counts them."""

    def __init__(self, limits: Limits) -> None:
        self.faults: dict[Fault, None] = {}
        self._limits = limits
        self._parts = 0

    def read(self, raw: bytes, start: int, end: int, *, depth: int = 0, default: str = "text/plain") -> Part:
        """Return the part that lies between two places, with all parts inside it."""
        self._parts += 1
        headers, body = read_headers(raw, start, end, self._limits)
        if headers.was_cut:
            self.faults[Fault.HEADERS_CUT] = None
        part = _part(raw, headers, body, end, default)
        if part.main_type == "multipart":
            self._read_children(part, depth)
        return part

    def _read_children(self, part: Part, depth: int) -> None:
        if depth >= self._limits.depth:
            self.faults[Fault.TOO_DEEP] = None
            return
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        for start, end in _pieces(part):
            if self._parts >= self._limits.parts:
                self.faults[Fault.TOO_MANY_PARTS] = None
                return
            part.children.append(self.read(part.raw, start, end, depth=depth + 1, default=default))
        if not part.children:
            self.faults[Fault.BROKEN_BOUNDARY] = None


def _part(raw: bytes, headers: Headers, start: int, end: int, default: str) -> Part:
    kind, parameters = headers.parameters("content-type")
    kind = kind.replace(" ", "")
    if not TYPE.match(kind):
        # RFC 2045 asks to read what cannot be understood as plain text; bare "text" and "html" do occur.
        kind = {"html": "text/html", "": default}.get(kind, "text/plain")
    disposition, given = headers.parameters("content-disposition")
    name = given.get("filename") or parameters.get("name") or given.get("name") or ""
    return Part(raw, headers, start, end, kind, parameters, disposition, name)


def _pieces(part: Part) -> Iterator[tuple[int, int]]:
    """The places between the boundaries of a multipart; an end that is missing is the end of the part around it."""
    boundary = _boundary(part)
    if not boundary:
        return
    opened = -1
    for start, end, closes in _delimiters(part, boundary):
        if opened >= 0:
            yield opened, max(opened, start)
        # What opens again behind its end is a part all the same: some writers give inner and outer parts one boundary.
        opened = -1 if closes else end
    if opened >= 0:
        yield opened, part.end


def _boundary(part: Part) -> bytes:
    named = b"--" + part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    if named != b"--":
        if part.raw.find(named, part.start, part.end) >= 0:
            return named
        other = OTHER_BOUNDARY.search(part.raw, part.start, min(part.end, part.start + BOUNDARY_SEARCHED))
        return b"--" + other[1] if other else named
    found = FIRST_BOUNDARY.search(part.raw, part.start, min(part.end, part.start + BOUNDARY_SEARCHED))
    return b"--" + found[1] if found else b""


def _delimiters(part: Part, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Start (with the line end before it), end and kind of each boundary line."""
    raw, at = part.raw, part.start
    while (found := raw.find(boundary, at, part.end)) >= 0:
        at = found + len(boundary)
        line_end = raw.find(b"\n", at, part.end)
        after = part.end if line_end < 0 else line_end + 1
        rest = raw[at : min(after, at + 100)].strip()
        begins_line = found == part.start or raw[found - 1 : found] in (b"\n", b"\r")
        if begins_line and rest in (b"", b"--"):
            start = found - 1 if found > part.start else found
            if start > part.start and raw[start - 1 : start + 1] == b"\r\n":
                start -= 1
            yield start, after, rest == b"--"
            at = after
