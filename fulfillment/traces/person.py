"""What is known of a person: each identifier with its form and how it came to be known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Form(StrEnum):
    """How an identifier is compared, whatever a company calls it."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"
    IBAN = "iban"
    # A customer number, a user name, a key found on the way: compared as a whole word.
    WORD = "word"


_FORMS = (
    ("mail", Form.EMAIL),
    ("phone", Form.PHONE),
    ("mobile", Form.PHONE),
    ("iban", Form.IBAN),
    ("postal", Form.POSTAL),
    ("street", Form.POSTAL),
    ("address", Form.POSTAL),
)
_NAMES = frozenset({"name", "full_name", "person_name", "display_name"})
# Shorter words stand in too many places that have nothing to do with anybody.
LONG_WORD, LONG_NUMBER = 5, 7


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something a person is known by. `kind` is the company's word for it, `found` says where it came from.

    `shared` marks what several accounts use: a household's phone, an office's mailbox.
    """

    kind: str
    value: str = field(repr=False)
    shared: bool = False
    found: str = ""

    @property
    def form(self) -> Form:
        """How it is compared; what a company calls by a name of its own is a whole word."""
        if self.kind in _NAMES:
            return Form.NAME
        return next((form for part, form in _FORMS if part in self.kind), Form.WORD)

    @property
    def needs_label(self) -> bool:
        """Whether it is so short that it counts only where something says what it is: `customer no. 4711`."""
        if self.form is not Form.WORD:
            return False
        return len(self.value) < (LONG_NUMBER if self.value.isdecimal() else LONG_WORD)

    @property
    def proves(self) -> bool:
        """Whether it alone says that this person is meant: never a name, an address of a house, or what is shared."""
        return not self.shared and self.form not in (Form.NAME, Form.POSTAL)


@dataclass(frozen=True)
class KnownPerson:
    """Everything a person is known by, each thing once.

    With `plus_is_same`, `ann+shop@…` is `ann@…`; otherwise they are different mailboxes.
    """

    identifiers: tuple[Identifier, ...] = field(repr=False)
    plus_is_same: bool = False

    @classmethod
    def by(cls, *pairs: tuple[str, str], plus_is_same: bool = False) -> "KnownPerson":
        """A person known by these kinds and values."""
        return cls.known((Identifier(kind, value) for kind, value in pairs), plus_is_same=plus_is_same)

    @classmethod
    def known(cls, identifiers: Iterable[Identifier], *, plus_is_same: bool = False) -> "KnownPerson":
        """A person known by these identifiers; blank ones are left out, the first of two equal ones stays."""
        found: dict[tuple[str, str], Identifier] = {}
        for each in identifiers:
            if each.value.strip():
                found.setdefault((each.kind, each.value.strip()), each)
        return cls(tuple(found.values()), plus_is_same)

    @cached_property
    def names(self) -> tuple[Identifier, ...]:
        """The names of the person."""
        return tuple(each for each in self.identifiers if each.form is Form.NAME)
