"""The people of a submission, and the checks on what is said about them."""

import unicodedata
from dataclasses import dataclass
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from requests_app.errors import BadInput
from requests_app.lifecycle.models import Asker

UNSTORABLE = "An answer holds a character that cannot be stored. Please type it again."
# The marks that make a reader see a line in another order than it is written.
TURNS_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
NAME_MAX, EMAIL_MAX, DETAILS_MAX = 200, 254, 5000


@dataclass(frozen=True)
class AskedBy:
    """Who asks: the person, or somebody for them. Codes go to the person's address whoever asks."""

    asked_by: Asker = Asker.SELF
    name: str = ""
    email: str = ""


ONESELF = AskedBy()


@dataclass(frozen=True)
class SubjectDetails:
    """The person a request is about, as given, and who asks for them."""

    name: str
    email: str
    details: str = ""
    asker: AskedBy = ONESELF


def checked_subject(subject: SubjectDetails) -> SubjectDetails:
    """Return the person's details trimmed. Raises BadInput."""
    name, email = _line(subject.name, NAME_MAX), storable(subject.email, EMAIL_MAX)
    details = storable(subject.details, DETAILS_MAX)
    if not name:
        raise BadInput("Enter the name of the person.")
    reached = _address(email, "Enter a mail address in the form name@example.com.")
    return SubjectDetails(name, reached, details, checked_asker(subject.asker))


def checked_asker(asker: AskedBy) -> AskedBy:
    """Return who asks, trimmed; nothing is kept of a person who asks for themselves. Raises BadInput."""
    if asker.asked_by == Asker.SELF:
        return ONESELF
    name, email = _line(asker.name, NAME_MAX), storable(asker.email, EMAIL_MAX)
    if not name:
        raise BadInput("Enter the name of whoever asks for the person.")
    sentence = "Enter the mail address of whoever asks for the person, in the form name@example.com."
    return AskedBy(asker.asked_by, name, _address(email, sentence))


def storable(text: str, length: int) -> str:
    """Return a text trimmed. Raises BadInput where it cannot be stored or is longer than `length`."""
    # Half of a pair has no place in UTF-8: it could be stored, and broke the first letter that is written.
    if "\0" in text or any(unicodedata.category(each) == "Cs" for each in text):
        raise BadInput(UNSTORABLE)
    trimmed = text.strip()
    if len(trimmed) > length:
        raise BadInput("An answer is too long.")
    return trimmed


def _line(text: str, length: int) -> str:
    """Return a text of one line, read in the order in which it stands: a name turns no other words around."""
    line = storable(text, length)
    if any(unicodedata.category(each) == "Cc" or each in TURNS_AROUND for each in line):
        raise BadInput(UNSTORABLE)
    return line


def _address(email: str, sentence: str) -> str:
    try:
        EmailValidator()(email)
    except ValidationError:
        raise BadInput(sentence) from None
    if parseaddr(email)[1] != email or not _is_spelt_plainly(email.rpartition("@")[2]):
        raise BadInput(sentence)
    return email


def _is_spelt_plainly(domain: str) -> bool:
    """Whether a domain has this one spelling; mail systems drop what cannot be seen and fold wide letters.

    Otherwise one mailbox had many spellings, each with a count of codes of its own. Numbers in brackets name a machine,
    not a person's mail.
    """
    hidden = any(unicodedata.category(each) == "Cf" for each in domain)
    return not hidden and not domain.startswith("[") and unicodedata.normalize("NFKC", domain) == domain
