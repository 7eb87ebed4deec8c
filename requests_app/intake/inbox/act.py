"""What follows from a decision, in the transaction that ends the mail: all of it, or nothing."""

import re
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.models import Message
from requests_app.errors import BadInput
from requests_app.intake.checked import DETAILS_MAX, NAME_MAX, TURNS_AROUND, SubjectDetails
from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.email.read import ReadMail
from requests_app.intake.inbox.answer import answer
from requests_app.intake.inbox.decide import Decision, Reason
from requests_app.intake.inbox.match import Matched
from requests_app.intake.inbox.models import InboundEmail, MailOutcome
from requests_app.intake.inbox.screen import Screened
from requests_app.intake.submit import Wanted, submit_requests
from requests_app.jurisdictions.load import RightNotGranted
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import Channel, SubjectRequest

SYSTEM = Actor.system("mail")
FALLBACK_LANGUAGE = "en"
# An enhanced status code (RFC 3463): nothing else of a report is kept outside sealed columns.
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def act(
    email: InboundEmail,
    read: ReadMail,
    screened: Screened,
    matched: Matched,
    decision: Decision,
    *,
    at: datetime,
) -> Decision:
    """Carry a decision out. Returns it, or what came of it where the request could not be opened."""
    if decision.outcome == MailOutcome.CREATED:
        return _create(email, read, screened, decision, at=at)
    if matched.subject_request is not None:
        email.subject_request, email.about = matched.subject_request, matched.answers
    if decision.outcome == MailOutcome.JOINED and matched.subject_request is not None:
        facts = {"by": decision.reason, "flags": list(decision.flags)}
        record(event="mail.joined", target=matched.subject_request, by=SYSTEM, at=at, facts=facts)
    if decision.outcome == MailOutcome.BOUNCE_LINKED and matched.answers is not None:
        _came_back(matched.answers, read.mail, at=at)
    return decision


def _create(
    email: InboundEmail, read: ReadMail, screened: Screened, decision: Decision, *, at: datetime
) -> Decision:
    try:
        with transaction.atomic():
            opened = _opened(email, read, decision.rights)
            email.submission = opened[0].submission
            answer(email, read.mail, opened, screened, at=at)
    except (BadInput, RightNotGranted):
        # A right that no law and no policy gives there, an address that cannot be written to: a person says what then.
        email.submission = None
        return replace(decision, outcome=MailOutcome.TRIAGE, reason=Reason.NOT_OFFERED, rights=())
    return decision


def _opened(email: InboundEmail, read: ReadMail, rights: tuple[str, ...]) -> list[SubjectRequest]:
    mail = read.mail
    person = SubjectDetails(
        name=_name_of(mail), email=mail.from_address, details=mail.text[:DETAILS_MAX].strip()
    )
    return submit_requests(
        channel=Channel.MAIL,
        wanted=[Wanted(right) for right in rights],
        subject=person,
        place=None,
        language=language_of_letters(read.understanding.language),
        received_at=email.received_at,
        by=SYSTEM,
        answers={"inbound_email": str(email.pk)},
    )


def _name_of(mail: ParsedEmail) -> str:
    """The name that a sender gives; else the part of the address before the @, for a letter needs some."""
    named = "".join(each for each in mail.from_name if each not in TURNS_AROUND)[:NAME_MAX].strip()
    return named or mail.from_address.partition("@")[0]


def language_of_letters(code: str) -> str:
    """The language in which we write to somebody who writes in this one: the same, a kin of it, or English."""
    ours = [known for known, _ in settings.LANGUAGES]
    if code in ours:
        return code
    kin = (known for known in ours if known.partition("-")[0] == code.partition("-")[0])
    return next(kin, FALLBACK_LANGUAGE)


def _came_back(message: Message, mail: ParsedEmail, *, at: datetime) -> None:
    """A mail of ours that was refused for good is for a person, like one that our own server could not send."""
    failed = [each for each in mail.report.recipients if each.action == "failed"] if mail.report else []
    if not failed:
        return
    status = failed[0].status if STATUS.fullmatch(failed[0].status) else "5.0.0"
    reason = f"The mail came back: the server of the address refused it ({status})."
    sent = Message.objects.filter(pk=message.pk, work_state=WorkState.DONE)
    if sent.update(work_state=WorkState.DEAD, last_error=reason):
        facts = {"notice": message.notice, "status": status}
        record(event="message.came_back", target=message.concerns, by=SYSTEM, at=at, facts=facts)
