"""A kind of letter: what it is called, which facts its words may name, which of them it must, and a sample."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from django.utils.functional import Promise

from requests_app.errors import NotFound
from requests_app.letters.markup import Value

Context = Mapping[str, object]
Words = str | Promise


@dataclass(frozen=True)
class Placeholder:
    """A fact that words may name. One that `is_block` brings paragraphs or tables and stands alone."""

    name: str
    label: Words
    value: Callable[[Context], Value]
    is_block: bool = False
    # Other ways in which shipped words write it, to be known there.
    variants: Callable[[Context], Iterable[str]] = lambda _context: ()

    @property
    def token(self) -> str:
        """How it is written."""
        return f"{{{{ {self.name} }}}}"


@dataclass(frozen=True)
class Need:
    """What a letter must say: all the facts of one of the `ways`, in its text. `why` says who asks for it."""

    what: Words
    ways: tuple[tuple[str, ...], ...]
    why: Words


@dataclass(frozen=True)
class Shipped:
    """Words in our own markup that come with the product."""

    subject: Words
    body: Words


@dataclass(frozen=True)
class Kind:
    """One kind of letter or mail. `group` is the heading under which staff find it.

    Its shipped words are either `shipped`, or the templates of the mail of that name.
    """

    key: str
    label: Words
    group: Words
    placeholders: tuple[Placeholder, ...]
    needs: tuple[Need, ...]
    sample: Callable[[], Context]
    shipped: Shipped | None = None

    @property
    def by_name(self) -> dict[str, Placeholder]:
        """Its facts by name."""
        return {each.name: each for each in self.placeholders}

    def values(self, context: Context) -> dict[str, Value]:
        """What each of its facts says."""
        return {each.name: each.value(context) for each in self.placeholders}

    @property
    def needed(self) -> frozenset[str]:
        """Every fact that may satisfy a need."""
        return frozenset(chain.from_iterable(chain.from_iterable(need.ways for need in self.needs)))


class UnknownKind(NotFound):
    """No letter of this kind is known."""

    code = "unknown_kind_of_letter"


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    """Make a kind of letter known; called once, from an app's `ready`."""
    _kinds[kind.key] = kind


def kinds() -> list[Kind]:
    """Every kind, in the order in which they were made known."""
    return list(_kinds.values())


def label_of(key: str) -> str:
    """What staff call a kind; the key itself for one that is not known any more."""
    return str(_kinds[key].label) if key in _kinds else key


def kind_of(key: str) -> Kind:
    """The kind with this key. Raises UnknownKind."""
    found = _kinds.get(key)
    if found is None:
        raise UnknownKind("There is no letter of this kind.")
    return found
