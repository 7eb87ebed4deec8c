"""One stored mail from its bytes to its end: read apart, then everything else in one transaction.

Whoever dies on the way leaves the row as it was, and the next attempt does all of it again: nothing was sent, for what
is to be sent are rows of the same transaction. A mail that cannot be brought to an end is shown to a person instead of
being tried for ever.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from requests_app.audit.record import record
from requests_app.encryption.errors import SealBroken, StoredFileMissing
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.intake.email.apart.read_apart import read_apart
from requests_app.intake.email.apart.reader import ReaderNotStarted
from requests_app.intake.email.parse import headers_alone
from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.email.read import NotRead, ReadMail
from requests_app.intake.inbox.act import SYSTEM, act
from requests_app.intake.inbox.classify import classified
from requests_app.intake.inbox.decide import Decision, Reason, decide
from requests_app.intake.inbox.hashes import address_hash, content_hash, id_hash
from requests_app.intake.inbox.match import NOTHING, match
from requests_app.intake.inbox.models import Door, InboundEmail, MailOutcome
from requests_app.intake.inbox.repeats import first_of
from requests_app.intake.inbox.screen import screen
from requests_app.leases.lease import Lease, take
from requests_app.lifecycle.models import SubjectRequest

# The reader's own limit is a minute.
LEASE = timedelta(minutes=2)
# A mail that broke our code so often is for a person; one whose worker was killed is tried more often.
MOST_BREAKS, MOST_ATTEMPTS = 3, 6
WAIT = timedelta(seconds=10)
# Doors that know the envelope, where an empty sender is a sender.
KNOWS_ENVELOPE = {Door.LMTP, Door.PIPE}


def work_on_mail(*, email_id: UUID | str, at: datetime) -> bool:
    """Bring a stored mail to its end. Returns whether that was done now."""
    lease = take(InboundEmail, email_id, length=LEASE)
    if lease is None:
        return False
    email = InboundEmail.objects.get(pk=email_id)
    try:
        read = _read(email, lease)
    except ReaderNotStarted:
        lease.not_yet(after=WAIT)
        return False
    with lease.settled():
        decision = _decided(email, read, is_given_up=_is_given_up(email, lease), at=at)
        email.said = _said(email, read)
        email.outcome, email.reason, email.flags = decision.outcome, decision.reason, list(decision.flags)
        email.ended_at = at
        facts = {"outcome": decision.outcome, "reason": decision.reason, "door": email.door}
        record(event="mail.ended", target=email, by=SYSTEM, at=at, facts=facts)
        email.save(update_fields=ENDED)
        lease.done(outcome=decision.outcome)
    return True


ENDED = (
    "said", "message_id_hash", "content_hash", "sender_hash", "language", "reason", "flags", "ended_at",
    "answer", "answer_reason", "submission", "subject_request", "about", "duplicate_of",
)  # fmt: skip


def _read(email: InboundEmail, lease: Lease) -> ReadMail:
    raw = raw_of(email)
    if raw is None:
        return ReadMail(mail=ParsedEmail(size=email.size), not_read=NotRead.UNREADABLE)
    if email.is_cut:
        return ReadMail(mail=headers_alone(raw), not_read=NotRead.OVERSIZE)
    if _is_given_up(email, lease):
        return ReadMail(mail=headers_alone(raw), not_read=NotRead.DIED)
    return read_apart(raw)


def raw_of(email: InboundEmail) -> bytes | None:
    """The bytes of a mail as they came; None where they are gone or were changed."""
    if not email.has_raw:
        return None
    try:
        with open_sealed(
            current_store(), name=email.store_name, wrapped_key=bytes(email.wrapped_key)
        ) as file:
            return file.read()
    except (StoredFileMissing, SealBroken):
        return None


def _is_given_up(email: InboundEmail, lease: Lease) -> bool:
    broke = bool(email.last_error)
    return lease.attempt > (MOST_BREAKS if broke else MOST_ATTEMPTS)


def _decided(email: InboundEmail, read: ReadMail, *, is_given_up: bool, at: datetime) -> Decision:
    mail = read.mail
    email.message_id_hash = id_hash(mail.message_id)
    email.sender_hash = address_hash(mail.from_address)
    email.language = read.understanding.language
    if is_given_up:
        return Decision(MailOutcome.QUARANTINED, Reason.BROKE)
    if not read.not_read:
        email.content_hash = content_hash(mail)
    email.duplicate_of = first_of(email)
    matched = NOTHING if email.duplicate_of else match(mail, rcpt_to=email.rcpt_to, at=at)
    mail_from = email.mail_from if email.mail_from or email.door in KNOWS_ENVELOPE else None
    screened = screen(mail, mail_from=mail_from, answers_us=matched.answers is not None)
    decision = decide(
        read,
        screened,
        matched,
        is_repeat=email.duplicate_of is not None,
        is_from_person=_is_from_person(mail, matched.subject_request),
    )
    if email.duplicate_of is not None:
        email.submission, email.subject_request = (
            email.duplicate_of.submission,
            email.duplicate_of.subject_request,
        )
    return act(email, read, screened, matched, decision, at=at)


def _is_from_person(mail: ParsedEmail, subject_request: SubjectRequest | None) -> bool:
    if subject_request is None:
        return False
    known = {subject_request.subject_email.casefold(), subject_request.asker_email.casefold()}
    return mail.from_address.casefold() in known - {""}


def _said(email: InboundEmail, read: ReadMail) -> Mapping[str, Any]:
    """What staff see of a mail, as the JSON that the command line prints, with whom it was sent to."""
    shown = dict(classified(read))
    for name in ("outcome", "reason", "requests"):
        shown.pop(name)
    mail = read.mail
    return shown | {
        "to": [each.address for each in mail.to],
        "cc": [each.address for each in mail.cc],
        "reply_to": [each.address for each in mail.reply_to],
        "date": " ".join(mail.headers.get("date", ())[:1]),
        "message_id": mail.message_id,
        "answers_to": list(mail.answers_to),
        "report": [
            {"address": each.address, "action": each.action, "status": each.status}
            for each in (mail.report.recipients if mail.report else ())
        ],
    }
