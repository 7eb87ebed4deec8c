"""Which records of files and APIs are worth a closer look: what a database answers itself, answered here."""

import re
from collections.abc import Iterator
from typing import Any

from fulfillment.traces.needles import Needles

# PNG, JPEG, GIF, and the family of WebP: nothing in them unpacks to text.
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")


class Likely:
    """Lets through more than the person, never less."""

    def __init__(self, needles: Needles) -> None:
        self._plain = re.compile(needles.plain, re.DOTALL)
        self._ways = [tuple(re.split("[%_]+", like.strip("%_"))) for like in needles.likes]
        self._packed = re.compile(needles.packed)
        self._parts = [
            re.compile(".*".join(_literal(part) for part in like.split("%") if part), re.DOTALL)
            for like in needles.packed_likes
        ]

    def text(self, text: str) -> bool:
        """Whether a text may hold the person, as it reads or packed."""
        small = text.lower()
        # Looking for letters as they stand costs a tenth of an expression; it holds for ASCII only, as in a database.
        if (not small.isascii() or self._is_like(small)) and self._plain.search(small):
            return True
        if small == text:
            return False
        return self._packed.search(text) is not None or any(part.search(text) for part in self._parts)

    def data(self, data: bytes) -> bool:
        """The same of bytes: anything may be packed in them, but in a picture only what is plain."""
        if not data.startswith(_PICTURES):
            return bool(data)
        return self._plain.search(data.decode("latin-1").lower()) is not None

    def record(self, values: Any) -> bool:
        """The same of a record with values of any type, names of fields too."""
        texts: list[str] = []
        for each in _leaves(values):
            if isinstance(each, bytes):
                if self.data(each):
                    return True
            elif each is not None:
                texts.append(str(each))
        return self.text("\n".join(texts))

    def _is_like(self, small: str) -> bool:
        """Whether the parts of one of the needles stand there, one behind another."""
        for parts in self._ways:
            at = 0
            for part in parts:
                at = small.find(part, at)
                if at < 0:
                    break
                at += len(part)
            else:
                return True
        return False


def _literal(part: str) -> str:
    """A part of a LIKE, in which an underscore is any one letter."""
    return ".".join(re.escape(each) for each in part.split("_"))


def _leaves(value: Any) -> Iterator[Any]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            # In their order: a name may stand in two fields, the first before the last.
            for name, inner in reversed(each.items()):
                waiting += (inner, name)
        elif isinstance(each, list | tuple):
            waiting += reversed(each)
        else:
            yield each
