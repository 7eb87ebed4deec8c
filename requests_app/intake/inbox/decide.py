"""Where a mail ends: a pure table of rules, the first that holds decides.

When in doubt a person looks, with the clock running from the arrival: no law asks for a form (EDPB Guidelines 01/2022,
paragraphs 50 to 57), and what is set aside asks for nothing in any word we know.
"""

from dataclasses import dataclass
from enum import StrEnum

from requests_app.intake.email.read import ReadMail
from requests_app.intake.email.understanding.understand import LooksLikeRequest
from requests_app.intake.email.understanding.vocabulary import Circumstance
from requests_app.intake.email.understanding.weigh import SURE
from requests_app.intake.inbox.match import Matched
from requests_app.intake.inbox.models import MailOutcome
from requests_app.intake.inbox.screen import Screened

Ends = MailOutcome


class Reason(StrEnum):
    """Why a mail ended where it did; what could not be read has the reader's own reasons beside these."""

    LOOKS_LIKE_A_REQUEST = "looks_like_a_request"
    REPLY_ADDRESS = "reply_address"
    OWN_MESSAGE_ID = "own_message_id"
    SAME_MAIL = "same_mail"
    CAME_BACK = "came_back"
    REPORT_OF_NOTHING = "report_of_nothing"
    AUTOMATIC_ANSWER = "automatic_answer"
    OWN_MAIL = "own_mail"
    ORDINARY_MAIL = "ordinary_mail"
    SEVERAL_THREADS = "several_threads"
    REPLY_TO_CLOSED = "reply_to_closed"
    ENCRYPTED = "encrypted"
    NOT_UNDERSTOOD = "not_understood"
    UNSURE = "unsure"
    FOR_SOMEBODY_ELSE = "for_somebody_else"
    REMINDER = "reminder"
    NO_SENDER = "no_sender"
    FROM_OUR_ADDRESS = "from_our_address"
    MANY_FROM_SENDER = "many_from_sender"
    NOT_OFFERED = "not_offered"
    BROKE = "broke"


class Flag(StrEnum):
    """What a person must know beside the outcome."""

    STRANGER = "stranger"
    ASKS_FOR_MORE = "asks_for_more"
    SEVERAL_PEOPLE = "several_people"
    ENTERPRISE_USER = "enterprise_user"
    FORGED_SENDER = "forged_sender"


# Somebody writes for somebody else, or about an earlier mail that we cannot place: a person says for whom it is.
SPEAKS_FOR_OTHERS = {Circumstance.AGENT, Circumstance.CHILD, Circumstance.THIRD_PARTY}


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome with its reason; `rights` are those that a new request is opened for, best first."""

    outcome: MailOutcome
    reason: str
    rights: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


def decide(
    read: ReadMail, screened: Screened, matched: Matched, *, is_repeat: bool, is_from_person: bool
) -> Decision:
    """Return where a mail ends. `is_from_person` is whether it comes from the address that the matched request has."""
    if read.not_read:
        return Decision(Ends.QUARANTINED, read.not_read.value)
    if is_repeat:
        return Decision(Ends.DUPLICATE, Reason.SAME_MAIL)
    if matched.is_our_own:
        return Decision(Ends.SET_ASIDE, Reason.OWN_MAIL)
    if matched.is_torn:
        return Decision(Ends.TRIAGE, Reason.SEVERAL_THREADS, flags=_flags(read, screened))
    if matched.subject_request is not None:
        return _in_thread(read, screened, matched, is_from_person=is_from_person)
    return _by_itself(read, screened)


def _in_thread(read: ReadMail, screened: Screened, matched: Matched, *, is_from_person: bool) -> Decision:
    mail, request = read.mail, matched.subject_request
    if mail.report is not None:
        return Decision(Ends.BOUNCE_LINKED, Reason.CAME_BACK)
    if mail.is_automatic:
        return Decision(Ends.AUTO_LINKED, Reason.AUTOMATIC_ANSWER)
    others = {right for right, sure in _asked(read) if sure} - {request.right if request else ""}
    flags = (
        *_flags(read, screened),
        *(() if is_from_person else (Flag.STRANGER,)),
        *((Flag.ASKS_FOR_MORE,) if others else ()),
    )
    if request is not None and request.is_closed:
        return Decision(Ends.TRIAGE, Reason.REPLY_TO_CLOSED, flags=flags)
    return Decision(Ends.JOINED, matched.by.value if matched.by else Reason.REPLY_ADDRESS, flags=flags)


def _by_itself(read: ReadMail, screened: Screened) -> Decision:
    mail, looks = read.mail, read.understanding.looks_like_request
    flags = _flags(read, screened)
    if mail.report is not None and looks != LooksLikeRequest.YES:
        return Decision(Ends.SET_ASIDE, Reason.REPORT_OF_NOTHING)
    if mail.is_automatic and looks != LooksLikeRequest.YES and not read.not_understood:
        return Decision(Ends.SET_ASIDE, Reason.AUTOMATIC_ANSWER)
    if mail.is_encrypted:
        return Decision(Ends.TRIAGE, Reason.ENCRYPTED, flags=flags)
    if read.not_understood:
        return Decision(Ends.TRIAGE, Reason.NOT_UNDERSTOOD, flags=flags)
    if looks == LooksLikeRequest.NO:
        return Decision(Ends.SET_ASIDE, Reason.ORDINARY_MAIL)
    hindered = Reason.UNSURE if looks == LooksLikeRequest.UNSURE else _hindrance(read, screened)
    if hindered:
        return Decision(Ends.TRIAGE, hindered, flags=flags)
    rights = tuple(right for right, sure in _asked(read) if sure)
    return Decision(Ends.CREATED, Reason.LOOKS_LIKE_A_REQUEST, rights=rights, flags=flags)


def _hindrance(read: ReadMail, screened: Screened) -> Reason | None:
    """Why a person looks first although it is a request for certain: the clock runs meanwhile."""
    circumstances = set(read.understanding.circumstances)
    if read.mail.report is not None:
        return Reason.REPORT_OF_NOTHING
    if not read.mail.from_address:
        return Reason.NO_SENDER
    if screened.is_ours:
        return Reason.FROM_OUR_ADDRESS
    if circumstances & SPEAKS_FOR_OTHERS:
        return Reason.FOR_SOMEBODY_ELSE
    return Reason.REMINDER if Circumstance.REMINDER in circumstances else None


def _asked(read: ReadMail) -> list[tuple[str, bool]]:
    """The rights that a mail seems to ask for, best first, and whether each is sure."""
    return [(found.right.value, found.confidence >= SURE) for found in read.understanding.findings]


def _flags(read: ReadMail, screened: Screened) -> tuple[Flag, ...]:
    circumstances = read.understanding.circumstances
    seen = (
        (Flag.SEVERAL_PEOPLE, Circumstance.THIRD_PARTY in circumstances),
        (Flag.ENTERPRISE_USER, Circumstance.ENTERPRISE_USER in circumstances),
        (Flag.FORGED_SENDER, screened.authentication.is_forged),
    )
    return tuple(flag for flag, is_seen in seen if is_seen)
