"""The names of everything that is recorded, registered by each app with the sentence that a reader sees."""

from collections.abc import Iterable, Mapping
from string import Formatter

_sentences: dict[str, str] = {}
_preparing: set[str] = set()


class UnknownEvent(LookupError):
    """An event was recorded that no app registered: a mistake in the code, caught by tests."""


def register(sentences: Mapping[str, str], *, preparing: Iterable[str] = ()) -> None:
    """Add event names with their sentences; a sentence may use {placeholders} filled from the entry's facts.

    Whoever did what is named in `preparing` had a hand in an answer, and does not release it.
    """
    _preparing.update(preparing)
    for name, sentence in sentences.items():
        if _sentences.setdefault(name, sentence) != sentence:
            raise ValueError(f"The event {name} is registered twice with different sentences.")


def preparing() -> frozenset[str]:
    """The events that prepare an answer."""
    return frozenset(_preparing)


def require(name: str) -> None:
    """Refuse a name that nobody registered."""
    if name not in _sentences:
        raise UnknownEvent(name)


def sentence_for(name: str, facts: Mapping[str, object]) -> str:
    """The sentence of an event, with its facts; a fact that is missing reads "unknown"."""
    template = _sentences.get(name, name)
    wanted = {field for _, field, _, _ in Formatter().parse(template) if field}
    return template.format(**{field: facts.get(field, "unknown") for field in wanted})


def registered() -> Mapping[str, str]:
    """Every event name with its sentence."""
    return dict(_sentences)
