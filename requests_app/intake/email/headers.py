"""The header block of a message or of a part: fields as bytes, and where the body begins."""

import re
from dataclasses import dataclass, field

from requests_app.intake.email.header_words import header_text, raw_text
from requests_app.intake.email.limits import Limits
from requests_app.intake.email.parameters import parse_parameters

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
# The separator of a mailbox file, and what a relay makes of it.
ENVELOPE_LINE = re.compile(rb">?From ")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one block by lower-case name, in the order they stand."""

    fields: tuple[tuple[str, bytes], ...] = ()
    was_cut: bool = False
    _hint: str | None = field(default=None)

    def raw(self, name: str) -> str:
        """The first field of this name with its encoded words left as they are, or nothing."""
        return next(iter(self.raws(name)), "")

    def raws(self, name: str) -> tuple[str, ...]:
        """Every field of this name with its encoded words left as they are."""
        return tuple(raw_text(value, hint=self._hint) for key, value in self.fields if key == name)

    def text(self, name: str) -> str:
        """The first field of this name that says something, decoded, or nothing."""
        return next(iter(self.texts(name)), "")

    def texts(self, name: str) -> tuple[str, ...]:
        """Every field of this name that says something, decoded."""
        found = (header_text(value, hint=self._hint) for key, value in self.fields if key == name)
        return tuple(text for text in found if text)

    def parameters(self, name: str) -> tuple[str, dict[str, str]]:
        """The value and the parameters of a field such as Content-Type."""
        return parse_parameters(self.raw(name))


def read_headers(raw: bytes, start: int, end: int, limits: Limits) -> tuple[Headers, int]:
    """Return the header block that starts at a place, and the place where the body begins."""
    fields: list[tuple[str, bytes]] = []
    at = start
    was_cut = False
    while at < end:
        line_end = _line_end(raw, at, end)
        line = raw[at : min(line_end, at + limits.header + 1)]
        if not line.strip(b"\r\n"):
            at = line_end
            break
        found = FIELD.match(line)
        if found:
            fields.append((found[1].decode("ascii").lower(), line[found.end() : limits.header]))
        elif line[:1] in b" \t" and fields:
            name, value = fields[-1]
            fields[-1] = (name, (value + line)[: limits.header])
        elif not (at == start and ENVELOPE_LINE.match(line)) and (
            fields or at != start or line[:1] not in b" \t"
        ):
            # No field and no fold: the blank line before the body is missing.
            break
        was_cut = was_cut or line_end - at > limits.header or at - start > limits.header_block
        at = line_end
        if at - start > limits.header_block:
            at = _after_block(raw, at, end)
            break
    _, parameters = Headers(tuple(fields)).parameters("content-type")
    return Headers(tuple(fields), was_cut, parameters.get("charset")), at


def _line_end(raw: bytes, at: int, end: int) -> int:
    found = raw.find(b"\n", at, end)
    return end if found < 0 else found + 1


def _after_block(raw: bytes, at: int, end: int) -> int:
    found = re.compile(rb"\n\r?\n").search(raw, max(at - 2, 0), end)
    return found.end() if found else end
