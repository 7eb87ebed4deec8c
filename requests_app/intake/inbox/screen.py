"""What a mail is beside what it says: written by a machine, by ourselves, or by somebody who is not who it names.

Nothing here keeps a mail out. Signs of a machine only stop our automatic answer: agents send through services for bulk
mail, and their requests are requests.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from requests_app.correspondence.write import mail_domain
from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.inbox.addresses import is_ours
from requests_app.intake.inbox.authentication import Authentication, authenticated


class NoAnswer(StrEnum):
    """Why an automatic answer would be wrong (RFC 3834, and what servers without it do)."""

    NO_RETURN = "no_return"
    NO_SENDER = "no_sender"
    AUTOMATIC = "automatic"
    LIST = "list"
    BULK = "bulk"
    SUPPRESSED = "suppressed"
    REPORT = "report"
    ROBOT = "robot"
    OURS = "ours"
    FORGED = "forged"


LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post", "feedback-id")
BULK = {"bulk", "list", "junk", "auto_reply"}
SUPPRESSES = {"all", "autoreply", "oof"}
ROBOTS = re.compile(
    r"(?:mailer-?daemon|post-?master|no-?_?reply|do-?_?not-?_?reply|donotreply|noreply|bounces?|daemon|nobody|"
    r"auto(?:mat(?:ic|ed))?-?_?(?:reply|response|mailer)|listserv|majordomo|notifications?)(?:[-+._=].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Screened:
    """What was seen: `is_ours` whether an address of ours wrote it, `no_answer` the first reason against an answer."""

    no_answer: NoAnswer | None
    is_ours: bool
    authentication: Authentication


def screen(mail: ParsedEmail, *, mail_from: str | None, answers_us: bool) -> Screened:
    """Return what a mail is. `mail_from` is the sender of its envelope, None where the door does not know it.

    `answers_us` is whether it names a mail of ours that it answers.
    """
    returns_to = _return_path(mail) if mail_from is None else mail_from
    authentication = authenticated(mail, mail_from=returns_to or "")
    ours = _is_from_us(mail)
    reason = _machine(mail, returns_to)
    if reason is None and (ours or (_has_an_id_of_ours(mail) and not answers_us)):
        reason = NoAnswer.OURS
    if reason is None and authentication.is_forged:
        reason = NoAnswer.FORGED
    return Screened(reason, ours, authentication)


def _machine(mail: ParsedEmail, returns_to: str | None) -> NoAnswer | None:
    if not mail.from_address:
        return NoAnswer.NO_SENDER
    if returns_to is not None and returns_to.strip() in ("", "<>"):
        return NoAnswer.NO_RETURN
    if mail.report is not None:
        return NoAnswer.REPORT
    if _says_automatic(mail):
        return NoAnswer.AUTOMATIC
    if any(name in mail.headers for name in LIST_HEADERS):
        return NoAnswer.LIST
    if _words(mail, "precedence") & BULK:
        return NoAnswer.BULK
    if _words(mail, "x-auto-response-suppress") & SUPPRESSES:
        return NoAnswer.SUPPRESSED
    if _is_robot(mail.from_address) or (returns_to and _is_robot(returns_to)):
        return NoAnswer.ROBOT
    return None


def _says_automatic(mail: ParsedEmail) -> bool:
    """`Auto-Submitted: no` is a person, whatever its case and whatever follows it."""
    submitted = [each.partition(";")[0].strip().casefold() for each in mail.headers.get("auto-submitted", ())]
    if any(each not in ("no", "") for each in submitted):
        return True
    return mail.is_automatic or any(
        name in mail.headers for name in ("x-autoreply", "x-autorespond", "x-loop", "x-failed-recipients")
    )


def _is_robot(address: str) -> bool:
    return bool(ROBOTS.fullmatch(address.strip("<> ").rpartition("@")[0]))


def _is_from_us(mail: ParsedEmail) -> bool:
    return any(is_ours(each) for each in (mail.from_address, *mail.headers.get("sender", ())))


def _has_an_id_of_ours(mail: ParsedEmail) -> bool:
    domain = mail.message_id.strip("<>").rpartition("@")[2].casefold()
    return bool(domain) and domain == mail_domain().casefold()


def _words(mail: ParsedEmail, name: str) -> set[str]:
    return {
        word for line in mail.headers.get(name, ()) for word in re.split(r"[\s,;]+", line.casefold()) if word
    }


def _return_path(mail: ParsedEmail) -> str | None:
    """The envelope's sender as the last server wrote it down; None where none did."""
    found = mail.headers.get("return-path", ())
    return found[0].strip().strip("<>").strip() if found else None
