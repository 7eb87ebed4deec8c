"""Which way words run, so that a sentence of another script than its letter keeps its full stop at its end."""

from collections.abc import Iterable
from typing import Protocol
from unicodedata import bidirectional

from django import template

register = template.Library()
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


class Run(Protocol):
    """Some words of a line."""

    @property
    def text(self) -> str:
        """The words."""


@register.filter
def direction(words: str | Iterable[Run]) -> str:
    """`ltr` or `rtl`, by the first sign that runs one way; words without one run as ours do."""
    text = words if isinstance(words, str) else "".join(run.text for run in words)
    strong = (way for way in map(bidirectional, text) if way == "L" or way in _RIGHT_TO_LEFT)
    return "rtl" if next(strong, "L") in _RIGHT_TO_LEFT else "ltr"
