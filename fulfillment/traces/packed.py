"""What decoders give: the parts of a packed value, each with the way back where there is one."""

from collections.abc import Callable
from dataclasses import dataclass, field

Content = str | bytes


@dataclass(frozen=True)
class TextPart:
    """A stretch of a text that holds something packed.

    `encode` writes changed content so that it can stand in the stretch's place; it is None where that cannot be
    done, because a signature would break or the packing cannot be written. `key` is the name the part goes by.
    """

    decoder: str
    start: int
    end: int
    content: Content = field(repr=False)
    encode: Callable[[Content], str] | None = None
    key: str = ""
    place: str = ""


@dataclass(frozen=True)
class BytesPart:
    """Something held in bytes, by its name within them; whether it may be changed says the whole."""

    content: Content = field(repr=False)
    key: str = ""
    place: str = ""


@dataclass(frozen=True)
class Opened:
    """Bytes taken apart. `rebuild` puts them together again with changed contents, None where that cannot be done."""

    decoder: str
    parts: tuple[BytesPart, ...]
    rebuild: Callable[[list[Content]], bytes] | None = None


def as_bytes(content: Content) -> bytes:
    """Content as bytes; text in UTF-8."""
    return content.encode() if isinstance(content, str) else content


def as_text(content: Content) -> str:
    """Content as text; bytes as UTF-8."""
    return content.decode() if isinstance(content, bytes) else content
