"""The automatic answer to a mail that became a request: into the thread it came from, or held for a person.

What a request writes as it begins is that answer: the mail by which the person confirms. It goes into the thread of the
mail, names the reference, and repeats nothing of what came.
"""

from collections.abc import Sequence
from datetime import datetime

from requests_app.correspondence.held import hold_back
from requests_app.correspondence.models import Message
from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.inbox.limits import take_answer
from requests_app.intake.inbox.models import Answer, InboundEmail
from requests_app.intake.inbox.screen import Screened
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest

MOST_REFERENCES = 20


def answer(
    email: InboundEmail,
    mail: ParsedEmail,
    opened: Sequence[SubjectRequest],
    screened: Screened,
    *,
    at: datetime,
) -> None:
    """Send what the new requests wrote into the thread of their mail, or hold it; noted on the row, not saved."""
    written = list(Message.objects.filter(subject_request__in=opened, work_state=WorkState.WAITING))
    if not written:
        return
    against = screened.no_answer or take_answer(mail.from_address, at=at)
    if against is not None:
        hold_back(written, because=against.value)
        email.answer, email.answer_reason = Answer.HELD, against.value
        return
    email.answer = Answer.WRITTEN
    for message in written:
        message.answers, message.is_automatic_answer = thread_of(mail), True
        message.save(update_fields=["answers", "is_automatic_answer"])


def thread_of(mail: ParsedEmail) -> list[str]:
    """The Message-IDs that an answer to a mail refers to, the mail's own last (RFC 5322, 3.6.4)."""
    before = [each for each in mail.answers_to if each != mail.message_id][-MOST_REFERENCES:]
    # What no header can hold as it is would come out as something else.
    return [each for each in (*before, mail.message_id) if each and each.isascii()]
