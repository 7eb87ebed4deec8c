"""JSON held as text: its strings, keys and numbers where they stand, so that nothing else of it is touched."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fulfillment.traces.packed import Content, TextPart, as_text

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}\[\],:]', re.DOTALL)
_OPENS, _CLOSES = "{[", "}]"


@dataclass
class _Where:
    """How far into objects and lists the reader is."""

    path: list[str | int] = field(default_factory=list)

    def opens(self, bracket: str) -> None:
        self.path.append("" if bracket == "{" else 0)

    def next_one(self) -> None:
        last = self.path[-1]
        self.path[-1] = last + 1 if isinstance(last, int) else ""

    @property
    def awaits_key(self) -> bool:
        return bool(self.path) and self.path[-1] == ""

    @property
    def key(self) -> str:
        """The name that the value goes by: its own, or that of the list it stands in."""
        return next((each for each in reversed(self.path) if isinstance(each, str)), "")

    def __str__(self) -> str:
        return "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in self.path)


def is_json(text: str) -> bool:
    """Whether the text is a JSON object, list or string."""
    bare = text.strip()
    if bare[:1] + bare[-1:] not in ("{}", "[]", '""') or len(bare) < 2:
        return False
    try:
        json.loads(bare)
    except (ValueError, RecursionError):
        return False
    return True


def parts_of(text: str) -> Iterator[TextPart]:
    """Every key, string and number of a JSON text."""
    where = _Where()
    for hit in _TOKEN.finditer(text):
        written = hit[0]
        if written in _OPENS:
            where.opens(written)
        elif written in _CLOSES:
            where.path.pop()
        elif written == ",":
            where.next_one()
        elif written.startswith('"'):
            yield _string(hit, where)
        elif written != ":":
            yield TextPart("json", *hit.span(), written, _number, where.key, str(where))


def _string(hit: re.Match[str], where: _Where) -> TextPart:
    content, place = json.loads(hit[0], strict=False), str(where)
    if where.awaits_key:
        where.path[-1] = content or " "
        return TextPart("json", *hit.span(), content, _written_as(hit[0]), "", f"{place} (key)")
    return TextPart("json", *hit.span(), content, _written_as(hit[0]), where.key, place)


def _written_as(token: str) -> "_Writer":
    return _Writer(ensure_ascii="\\u" in token)


@dataclass(frozen=True)
class _Writer:
    ensure_ascii: bool

    def __call__(self, content: Content) -> str:
        return json.dumps(as_text(content), ensure_ascii=self.ensure_ascii)


def _number(_content: Content) -> str:
    """A number that was somebody's has no words left standing."""
    return "null"
