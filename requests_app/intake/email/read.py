"""A raw message → what it says and what it asks for, as one value."""

from dataclasses import dataclass
from enum import StrEnum

from requests_app.intake.email.language import language_of
from requests_app.intake.email.parse import parse_email
from requests_app.intake.email.parsed import Fault, ParsedEmail
from requests_app.intake.email.quotes import split_quotes, without_signature
from requests_app.intake.email.understanding.understand import LooksLikeRequest, Understanding, understand

ENOUGH_WORDS = 3
# Nobody knows what it asks for: a person has to look.
NOT_UNDERSTOOD = Understanding(LooksLikeRequest.UNSURE)


class NotRead(StrEnum):
    """Why nothing but the headers of a message is known."""

    OVERSIZE = "oversize"
    UNREADABLE = "unreadable"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    DIED = "died"
    BAD_ANSWER = "bad_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """A message as read and understood.

    Where `not_read` says why not, `mail` holds what its headers say. Where `not_understood` does, the mail was read,
    and reading on was what went wrong.
    """

    mail: ParsedEmail
    understanding: Understanding = NOT_UNDERSTOOD
    not_read: NotRead | None = None
    not_understood: NotRead | None = None


def read_mail(raw: bytes) -> ReadMail:
    """Return what a message says and asks for, read in this process: for messages of our own."""
    mail = parse_email(raw)
    return ReadMail(mail=mail, understanding=understand_mail(mail), not_read=not_read_for(mail))


def not_read_for(mail: ParsedEmail) -> NotRead | None:
    """Return why a mail could not be read, where its faults say so."""
    if Fault.OVERSIZE in mail.faults:
        return NotRead.OVERSIZE
    return NotRead.UNREADABLE if Fault.UNREADABLE in mail.faults else None


def understand_mail(mail: ParsedEmail) -> Understanding:
    """Return what a mail asks for, by its new text; a forwarded or attached mail speaks where that says little."""
    split = split_quotes(mail.text)
    own = without_signature(split.new)
    passed_on = split.quoted if split.is_forward or len(own.split()) < ENOUGH_WORDS else ""
    text = "\n\n".join(part for part in (own, passed_on, mail.attached_text) if part)
    return understand(mail.subject, text, language=language_of(f"{text}\n{mail.subject}"))
