"""Which records of files and APIs are worth a closer look: what a database answers itself, answered here."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fulfillment.traces.needles import Needles

# PNG, JPEG, GIF, and the family of WebP: nothing in them unpacks to text.
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")


class Likely:
    """Lets through more than the person, never less."""

    def __init__(self, needles: Needles) -> None:
        self._plain = re.compile(needles.plain, re.DOTALL)
        self._packed = re.compile(needles.packed)
        self._parts = [
            re.compile(".*".join(_literal(part) for part in like.split("%") if part), re.DOTALL)
            for like in needles.packed_likes
        ]

    def text(self, text: str) -> bool:
        """Whether a text may hold the person, as it reads or packed."""
        small = text.lower()
        if self._plain.search(small):
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


def _literal(part: str) -> str:
    """A part of a LIKE, in which an underscore is any one letter."""
    return ".".join(re.escape(each) for each in part.split("_"))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield name
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    else:
        yield value
