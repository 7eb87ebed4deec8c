"""The people of a submission, and the checks on what is said about them."""

from dataclasses import dataclass
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from requests_app.errors import BadInput
from requests_app.lifecycle.models import Asker

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
    name, email = storable(subject.name, NAME_MAX), storable(subject.email, EMAIL_MAX)
    details = storable(subject.details, DETAILS_MAX)
    if not name:
        raise BadInput("Enter the name of the person.")
    reached = _address(email, "Enter a mail address in the form name@example.com.")
    return SubjectDetails(name, reached, details, checked_asker(subject.asker))


def checked_asker(asker: AskedBy) -> AskedBy:
    """Return who asks, trimmed; nothing is kept of a person who asks for themselves. Raises BadInput."""
    if asker.asked_by == Asker.SELF:
        return ONESELF
    name, email = storable(asker.name, NAME_MAX), storable(asker.email, EMAIL_MAX)
    if not name:
        raise BadInput("Enter the name of whoever asks for the person.")
    sentence = "Enter the mail address of whoever asks for the person, in the form name@example.com."
    return AskedBy(asker.asked_by, name, _address(email, sentence))


def storable(text: str, length: int) -> str:
    """Return a text trimmed. Raises BadInput where it cannot be stored or is longer than `length`."""
    if "\0" in text:
        raise BadInput("An answer holds a character that cannot be stored. Please type it again.")
    trimmed = text.strip()
    if len(trimmed) > length:
        raise BadInput("An answer is too long.")
    return trimmed


def _address(email: str, sentence: str) -> str:
    try:
        EmailValidator()(email)
    except ValidationError:
        raise BadInput(sentence) from None
    if parseaddr(email)[1] != email:
        raise BadInput(sentence)
    return email
